import {
  type AuthenticationGetSessionOptions, type AuthenticationProvider, type AuthenticationProviderAuthenticationSessionsChangeEvent,
  type AuthenticationProviderSessionOptions, type AuthenticationSession, authentication, Disposable, EventEmitter,
} from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Sessions } from './sessions.ts'

const ID = 'erpnet'

/**
 * The authentication provider `erpnet`: every connection is an account of VS Code's Accounts menu, and other extensions
 * can ask for its sessions. A session's id is its connection's.
 */
export class ErpAuthenticationProvider implements AuthenticationProvider, Disposable {
  readonly #connections: Connections
  readonly #sessions: Sessions
  readonly #changed = new EventEmitter<AuthenticationProviderAuthenticationSessionsChangeEvent>()
  /** What VS Code was last told, by id. */
  readonly #known = new Map<string, AuthenticationSession>()
  readonly #disposables: Disposable
  readonly onDidChangeSessions = this.#changed.event

  constructor({ connections, sessions }: { connections: Connections; sessions: Sessions }) {
    this.#connections = connections
    this.#sessions = sessions
    this.#disposables = Disposable.from(
      this.#changed,
      sessions.onDidChange(({ connection, what }) => what === 'used' ? undefined : void this.#tellChange(connection)),
      authentication.registerAuthenticationProvider(ID, 'ERP.net', this, { supportsMultipleAccounts: true }),
    )
  }

  /** Those that grant the scopes; never asks anybody. A session whose instance can't be reached is left out. */
  async getSessions(
    scopes: readonly string[] | undefined, { account }: AuthenticationGetSessionOptions | AuthenticationProviderSessionOptions,
  ): Promise<AuthenticationSession[]> {
    const connections = this.#connections.list().filter(({ id }) => account === undefined || account.id === id)
    const sessions = await Promise.all(connections.map(async connection => this.#find(connection)))
    const found = sessions.filter(session => session !== undefined)
    for (const session of found) this.#known.set(session.id, session)
    return found.filter(session => (scopes ?? []).every(scope => session.scopes.includes(scope)))
  }

  /** Signs in to the account's connection, else to the selected one. */
  async createSession(scopes: readonly string[], { account }: AuthenticationProviderSessionOptions): Promise<AuthenticationSession> {
    const connection = account === undefined ? this.#connections.selected() : this.#connections.get(account.id)
    if (connection === undefined) throw new ErpError('no-connection')
    await this.#sessions.signIn(connection)
    const session = await this.#find(connection)
    if (session === undefined) throw new ErpError('signed-out', { connection: connection.name })
    // what a connection doesn't ask for, nobody gets through it
    if (!scopes.every(scope => session.scopes.includes(scope))) {
      throw new ErpError('connection-invalid', { field: 'scopes', reason: 'missing' })
    }
    return session
  }

  async removeSession(sessionId: string): Promise<void> {
    await this.#sessions.signOut(this.#connections.get(sessionId))
  }

  dispose(): void {
    this.#disposables.dispose()
  }

  async #find(connection: Connection): Promise<AuthenticationSession | undefined> {
    const { id, name } = connection
    const open = await this.#sessions.open(connection).catch(() => undefined)
    if (open === undefined) return undefined
    const label = open.account === undefined ? name : `${open.account} (${name})`
    return { id, accessToken: open.token, account: { id, label }, scopes: open.scopes }
  }

  async #tellChange(connection: Connection): Promise<void> {
    const before = this.#known.get(connection.id)
    const after = await this.#find(connection)
    if (after === undefined) this.#known.delete(connection.id)
    else this.#known.set(connection.id, after)
    if (before === undefined && after === undefined) return
    this.#changed.fire({
      added: before === undefined && after !== undefined ? [after] : [],
      removed: before !== undefined && after === undefined ? [before] : [],
      changed: before !== undefined && after !== undefined ? [after] : [],
    })
  }
}
