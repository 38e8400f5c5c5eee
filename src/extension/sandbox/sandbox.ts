import { type Disposable, EventEmitter, l10n, type Memento } from 'vscode'
import { unlessAborted } from '../../core/base/cancel.ts'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import { type Connection, connectionId, readConnection, serialise } from '../../core/instance/connection.ts'
import type { HeldSandbox, SandboxEnd, SandboxPlace } from '../../node/sandboxProcess.ts'
import type { Connections, SandboxStatus } from '../platform/contracts.ts'

/** A list of connections that takes one more for as long as the window likes. */
export interface LendingConnections extends Connections {
  lend(connection: Connection | undefined): void
}

export interface SandboxOptions {
  readonly place: Omit<SandboxPlace, 'node'>
  readonly connections: LendingConnections
  readonly tokens: {
    keepReferenceToken(connection: Connection, token: string): Promise<void>
    state(connection: Connection): Promise<{ readonly signedIn: boolean }>
    forget(connection: Connection): Promise<void>
  }
  /** Remembers over a reload by which connection this window uses the sandbox. */
  readonly memento: Memento
  /** Told what went wrong while nobody waited for it. */
  readonly onFailure: (error: ErpError) => void
}

const IN_USE = 'erpnet.sandbox.inUse'

/**
 * The sandbox as this window uses it: from `open` to `stop`, to the removal of its connection, or to the window's end.
 * The process is shared with the other windows; it ends with the last that holds it (`node/sandboxProcess.ts`).
 */
export class Sandbox implements Disposable {
  readonly #options: SandboxOptions
  readonly #changed = new EventEmitter<void>()
  readonly #listener: Disposable
  #phase: SandboxStatus['phase'] | undefined
  /** Under which id, at which address its connection is lent; kept when it has ended, to be started again. */
  #lent: { readonly id: string; readonly url: string } | undefined
  #held: HeldSandbox | undefined
  #opening: { readonly promise: Promise<Connection>; readonly abort: AbortController } | undefined
  readonly onDidChange = this.#changed.event

  constructor(options: SandboxOptions) {
    this.#options = options
    this.#listener = options.connections.onDidChange(() => {
      if (this.#lent !== undefined && this.#connection() === undefined) this.#leave()
    })
  }

  /** Undefined where this window doesn't use it. */
  status(): SandboxStatus | undefined {
    if (this.#phase === undefined) return undefined
    const connection = this.#connection()
    return connection === undefined ? { phase: this.#phase } : { phase: this.#phase, connection }
  }

  /**
   * Starts it where it isn't running, and signs in. What is running is left as it is.
   *
   * @throws `cancelled` (by `stop`), `sandbox-not-started`, `sandbox-node-too-old`, `secret-not-kept`
   */
  open(): Promise<Connection> {
    if (this.#opening === undefined) {
      const abort = new AbortController()
      const promise = this.#open(abort.signal).finally(() => (this.#opening = undefined))
      this.#opening = { promise, abort }
    }
    return this.#opening.promise
  }

  /** After a reload: goes on with the sandbox that this window used, if it is still there. */
  async resume(): Promise<void> {
    const { memento, tokens, place, onFailure } = this.#options
    const used = memento.get(IN_USE)
    if (used === undefined) return
    try {
      const { holdSandbox } = await import('../../node/sandboxProcess.ts')
      const held = await holdSandbox(place)
      const former = readConnection(used)
      if (held?.url !== former.url) await tokens.forget(former)
      if (this.#opening !== undefined || this.#held !== undefined) held?.release()
      else if (held === undefined) await this.#remember(undefined)
      else await this.#adopt(held)
    } catch (error) {
      onFailure(asErpError(error))
    }
  }

  /** Ends it for all windows; one that is starting is not started. Settles when the process is gone. */
  async stop(): Promise<void> {
    const opening = this.#opening
    opening?.abort.abort()
    await opening?.promise.catch(() => undefined)
    const held = this.#held
    const { stopSandbox } = await import('../../node/sandboxProcess.ts')
    await stopSandbox(this.#options.place)
    await this.#ended(held, 'stopped')
    held?.release()
  }

  /**
   * The connection as it is now, for one that may be the sandbox's; waits for one that is starting.
   *
   * @throws `sandbox-stopped`; what `open` throws
   */
  async ready(connection: Connection, signal?: AbortSignal): Promise<Connection> {
    if (connection.id !== this.#lent?.id) return connection
    if (this.#opening !== undefined) return unlessAborted(this.#opening.promise, signal)
    const current = this.#connection()
    if (current === undefined) return connection
    if (this.#phase !== 'running') throw new ErpError('sandbox-stopped')
    return current
  }

  dispose(): void {
    this.#opening?.abort.abort()
    this.#held?.release()
    this.#listener.dispose()
    this.#changed.dispose()
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    const running = this.#held === undefined ? undefined : this.#connection()
    if (this.#held !== undefined && running !== undefined) {
      const { tokens } = this.#options
      if (!(await tokens.state(running)).signedIn) await tokens.keepReferenceToken(running, this.#held.referenceToken)
      return running
    }
    const before = this.#phase
    this.#show('starting')
    try {
      const { openSandbox } = await import('../../node/sandboxProcess.ts')
      const held = await openSandbox({ ...this.#options.place, node: process.execPath }, signal)
      return await this.#adopt(held)
    } catch (error) {
      this.#show(before)
      throw error
    }
  }

  async #adopt(held: HeldSandbox): Promise<Connection> {
    const { connections, tokens } = this.#options
    const known = this.#connection()
    const id = known?.id ?? connectionId('sandbox', connections.list().map(connection => connection.id))
    const connection = known === undefined
      ? readConnection({ id, name: l10n.t('Sandbox'), url: held.url, application: 'referenceToken' })
      : { ...known, url: held.url }
    try {
      await tokens.keepReferenceToken(connection, held.referenceToken)
    } catch (error) {
      held.release()
      throw error
    }
    this.#held?.release() // where it was found twice at once
    this.#held = held
    this.#lent = { id, url: held.url }
    connections.lend(connection)
    this.#show('running')
    void held.ended.then(end => this.#ended(held, end)).catch((error: unknown) => this.#options.onFailure(asErpError(error)))
    await this.#remember(connection)
    return connection
  }

  async #ended(held: HeldSandbox | undefined, end: SandboxEnd): Promise<void> {
    if (held === undefined || held !== this.#held || end === 'released') return
    this.#held = undefined
    const connection = this.#connection()
    this.#show(end)
    if (end === 'crashed') this.#options.onFailure(new ErpError('sandbox-crashed'))
    if (connection !== undefined) await this.#options.tokens.forget(connection)
    await this.#remember(undefined)
  }

  /** The connection was removed, so this window uses the sandbox no more. */
  #leave(): void {
    this.#held?.release()
    this.#held = undefined
    this.#lent = undefined
    this.#show(undefined)
    void this.#remember(undefined)
  }

  #connection(): Connection | undefined {
    return this.#options.connections.list().find(({ id, url }) => id === this.#lent?.id && url === this.#lent.url)
  }

  #show(phase: SandboxStatus['phase'] | undefined): void {
    this.#phase = phase
    this.#changed.fire()
  }

  async #remember(connection: Connection | undefined): Promise<void> {
    await this.#options.memento.update(IN_USE, connection === undefined ? undefined : serialise(connection))
  }
}
