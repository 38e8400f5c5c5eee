import { once } from 'node:events'
import { EventEmitter } from 'node:events'
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

import { RequestLog } from './requests.ts'

/** A table request that is being answered. */
export interface TableRun {
  readonly id: number
  readonly table: string
  /** Handed to the client's socket so far. */
  rows: number
  bytes: number
  stalled: boolean
}

/** What a test sees of the sandbox through control. */
export interface State {
  /** Open connections, those of control left out. */
  readonly sockets: number
  /** Those of them that have carried a Table API request. */
  readonly tableSockets: number
  /** Table requests being answered. */
  readonly running: readonly TableRun[]
  /** Requests of both APIs that wait for their turn. */
  readonly queued: number
  readonly sessions: number
  /** Requests so far, those that are being answered (by all sites), and what was sent, in bytes; control left out. */
  readonly requests: number
  readonly answering: number
  readonly bytesSent: number
}

type SocketKind = 'control' | 'table' | 'other'

/** Keeps count of what goes on, and tells who waits for it when something changes. */
export class Monitor {
  readonly requests = new RequestLog(() => this.changed())
  readonly #events = new EventEmitter().setMaxListeners(0)
  readonly #sockets = new Map<Socket, SocketKind>()
  readonly #running = new Set<TableRun>()
  #lastRun = 0
  #queued = 0
  #sessions = 0

  watch(server: Server): void {
    server.on('connection', socket => {
      this.#sockets.set(socket, 'other')
      socket.once('close', () => {
        this.#sockets.delete(socket)
        this.changed()
      })
    })
  }

  /** What a connection is used for; `table` stays. */
  mark(socket: Socket, kind: SocketKind): void {
    if (this.#sockets.get(socket) !== 'table') this.#sockets.set(socket, kind)
    this.changed()
  }

  begin(table: string): TableRun {
    this.#lastRun += 1
    const run: TableRun = { id: this.#lastRun, table, rows: 0, bytes: 0, stalled: false }
    this.#running.add(run)
    this.changed()
    return run
  }

  end(run: TableRun): void {
    this.#running.delete(run)
    this.changed()
  }

  /** Waits until control releases the stalled answers. @throws AbortError */
  async stalled(run: TableRun, signal: AbortSignal): Promise<void> {
    run.stalled = true
    this.changed()
    await once(this.#events, 'release', { signal })
    run.stalled = false
    this.changed()
  }

  release(): void {
    this.#events.emit('release')
  }

  get queued(): number {
    return this.#queued
  }

  set queued(count: number) {
    this.#queued = count
    this.changed()
  }

  set sessions(count: number) {
    this.#sessions = count
    this.changed()
  }

  changed(): void {
    this.#events.emit('change')
  }

  state(): State {
    const kinds = [...this.#sockets.values()]
    return {
      sockets: kinds.filter(kind => kind !== 'control').length,
      tableSockets: kinds.filter(kind => kind === 'table').length,
      running: [...this.#running].map(run => ({ ...run })),
      queued: this.#queued,
      sessions: this.#sessions,
      ...this.requests.counts,
    }
  }

  /** The first state that fits. @throws AbortError */
  async until(fits: (state: State) => boolean, signal: AbortSignal): Promise<State> {
    for (;;) {
      const state = this.state()
      if (fits(state)) return state
      await once(this.#events, 'change', { signal })
    }
  }
}
