import { fork, type ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import type { ErrorCode } from '../../src/core/base/errors.ts'
import { ErpError } from '../../src/core/base/errors.ts'
import type { Connection } from '../../src/core/instance/connection.ts'
import type { SignInChange } from '../../src/extension/signIn/changes.ts'
import type { Credentials } from './person.ts'
import { MemorySecrets } from './secrets.ts'

/**
 * Several windows on one secret store that behaves as desktop VS Code's does: it is shared, and tells every window of
 * every change.
 */

export interface WindowSetting {
  readonly connection: Connection
  readonly user: Credentials
  readonly ports: readonly number[]
  /** The folder of their locks. */
  readonly locks: string
}

export interface WindowCall {
  readonly id: number
  readonly call: 'signIn' | 'signOut' | 'state' | 'access'
  readonly refused?: string | undefined
}

export type SecretCall =
  | { readonly what: 'get' | 'delete'; readonly key: string }
  | { readonly what: 'store'; readonly key: string; readonly value: string }

export type ToWindow = WindowCall | { readonly answer: number; readonly value: string | undefined } | { readonly changed: string }

export type FromWindow =
  | (SecretCall & { readonly secret: number })
  | { readonly done: number; readonly result?: unknown; readonly failure?: ErrorCode }
  | { readonly change: SignInChange['what'] }

export class EditorWindow {
  readonly #child: ChildProcess
  readonly #events = new EventEmitter()
  readonly #ended: Promise<unknown>
  readonly changes: SignInChange['what'][] = []
  #lastId = 0

  constructor(setting: WindowSetting, onSecret: (call: SecretCall) => Promise<string | undefined>) {
    this.#child = fork(join(import.meta.dirname, 'windowProcess.ts'), [JSON.stringify(setting)])
    this.#ended = once(this.#child, 'exit')
    this.#child.on('message', (message: FromWindow) => {
      if ('secret' in message) void onSecret(message).then(value => this.send({ answer: message.secret, value }))
      else if ('done' in message) this.#events.emit(`done ${message.done}`, message)
      else {
        this.changes.push(message.change)
        this.#events.emit('change')
      }
    })
  }

  send(message: ToWindow): void {
    if (this.#child.connected) this.#child.send(message)
  }

  /** @throws ErpError */
  async call(call: WindowCall['call'], refused?: string): Promise<unknown> {
    const id = ++this.#lastId
    const answer = once(this.#events, `done ${id}`) as Promise<[{ result?: unknown; failure?: ErrorCode }]>
    this.send({ id, call, refused })
    const [{ result, failure }] = await answer
    if (failure !== undefined) throw new ErpError(failure)
    return result
  }

  /** Waits until the window has told of such a change since it was asked last, and forgets those told so far. */
  async changed(what: SignInChange['what']): Promise<void> {
    while (!this.changes.includes(what)) await once(this.#events, 'change')
    this.changes.length = 0
  }

  async close(): Promise<void> {
    this.#child.disconnect()
    await this.#ended
  }
}

export class SharedEditor {
  readonly secrets = new MemorySecrets()
  readonly #windows: EditorWindow[] = []

  open(setting: WindowSetting): EditorWindow {
    const window = new EditorWindow(setting, call => this.#serve(call))
    this.#windows.push(window)
    return window
  }

  async close(): Promise<void> {
    await Promise.all(this.#windows.map(window => window.close()))
  }

  async #serve(call: SecretCall): Promise<string | undefined> {
    if (call.what === 'get') return this.secrets.get(call.key)
    await (call.what === 'store' ? this.secrets.store(call.key, call.value) : this.secrets.delete(call.key))
    for (const window of this.#windows) window.send({ changed: call.key })
    return undefined
  }
}
