import { isDeepStrictEqual } from 'node:util'
import { sessionScopes } from '../../core/auth/flows.ts'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Sessions } from './sessions.ts'

/** A session as VS Code's authentication has it; its id and its account's are those of the connection. */
export interface AccountSession {
  readonly id: string
  readonly accessToken: string
  readonly account: { readonly id: string, readonly label: string }
  readonly scopes: readonly string[]
}

export interface AccountChange {
  readonly added: readonly AccountSession[]
  readonly removed: readonly AccountSession[]
  readonly changed: readonly AccountSession[]
}

export interface AccountsParts {
  readonly connections: Pick<Connections, 'list' | 'selected'> & {
    readonly onDidChange: (listener: () => void) => { dispose(): unknown }
  }
  readonly sessions: Pick<Sessions, 'open' | 'state' | 'signIn' | 'onDidChange'>
  /** Told what is not as it was told last. */
  readonly changed: (change: AccountChange) => void
}

/** Every connection that is signed in is an account. Another person at the same connection is another account. */
export class Accounts {
  readonly #parts: AccountsParts
  /** What was told last, by id. */
  readonly #told = new Map<string, AccountSession>()
  /** The latest look at each connection. */
  readonly #looks = new Map<string, symbol>()
  readonly #listeners: readonly { dispose(): unknown }[]
  #listed: readonly Connection[]

  constructor(parts: AccountsParts) {
    const { connections, sessions } = parts
    this.#parts = parts
    this.#listed = connections.list()
    this.#listeners = [
      sessions.onDidChange(({ connection, what }) => what === 'used' ? undefined : this.#lookAgain(connection)),
      connections.onDidChange(() => this.#compareLists()),
    ]
  }

  /** Those that grant all the scopes; never asks anybody. A session whose instance can't be reached is left out. */
  async sessions(scopes: readonly string[], accountId: string | undefined): Promise<AccountSession[]> {
    const connections = this.#parts.connections.list().filter(({ id }) => accountId === undefined || accountId === id)
    const found = await Promise.all(connections.map(connection => this.#look(connection).catch(() => undefined)))
    return found.filter(session => session !== undefined).filter(session => missing(scopes, session.scopes) === undefined)
  }

  /**
   * Signs in to the account's connection; without one to a connection that asks for the scopes: the selected one before
   * the others, and those that are signed out before those that would get another account.
   *
   * @throws `scope-missing` before anybody is asked where no such connection asks for a scope, or when it isn't granted;
   *   `connection-unknown`, `no-connection`, and what the sign-in throws
   */
  async signIn(scopes: readonly string[], accountId: string | undefined): Promise<AccountSession> {
    const connection = await this.#choose(scopes, accountId)
    await this.#parts.sessions.signIn(connection)
    const session = await this.#look(connection)
    if (session === undefined) throw new ErpError('signed-out', { connection: connection.name })
    const scope = missing(scopes, session.scopes)
    if (scope !== undefined) throw new ErpError('scope-missing', { scope, place: 'application' })
    return session
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose()
  }

  async #choose(scopes: readonly string[], accountId: string | undefined): Promise<Connection> {
    const { connections, sessions } = this.#parts
    const selected = connections.selected()
    const all = accountId !== undefined
      ? connections.list().filter(({ id }) => id === accountId)
      : connections.list().toSorted((one, other) => Number(other.id === selected?.id) - Number(one.id === selected?.id))
    const [first] = all
    if (first === undefined) {
      throw accountId === undefined ? new ErpError('no-connection') : new ErpError('connection-unknown', { id: accountId })
    }
    const fitting = all.filter(connection => missing(scopes, sessionScopes(connection)) === undefined)
    const scope = missing(scopes, sessionScopes(first))
    if (fitting.length === 0 && scope !== undefined) throw new ErpError('scope-missing', { scope, place: 'connection' })
    const states = await Promise.all(fitting.map(connection => sessions.state(connection)))
    return fitting.find((_, index) => states[index]?.signedIn === false) ?? fitting[0] ?? first
  }

  async #open(connection: Connection): Promise<AccountSession | undefined> {
    const { id, name } = connection
    const open = await this.#parts.sessions.open(connection)
    if (open === undefined) return undefined
    const label = open.account === undefined ? name : `${open.account} (${name})`
    return { id, accessToken: open.token, account: { id, label }, scopes: open.scopes }
  }

  /** Those that were added, edited or removed. */
  #compareLists(): void {
    const before = this.#listed
    this.#listed = this.#parts.connections.list()
    const isIn = (list: readonly Connection[], connection: Connection) => list.some(other => isDeepStrictEqual(other, connection))
    for (const connection of this.#listed) if (!isIn(before, connection)) this.#lookAgain(connection)
    for (const { id } of before) {
      if (this.#listed.some(connection => connection.id === id)) continue
      this.#looks.delete(id)
      this.#tell(id, undefined)
    }
  }

  /** Trouble on the way is no sign-out: then nothing is told. */
  #lookAgain(connection: Connection): void {
    this.#look(connection).catch(() => undefined)
  }

  /** Opens the session, and tells what has changed; not if somebody has looked later, who may know better. */
  async #look(connection: Connection): Promise<AccountSession | undefined> {
    const look = Symbol()
    this.#looks.set(connection.id, look)
    const session = await this.#open(connection)
    if (this.#looks.get(connection.id) === look) this.#tell(connection.id, session)
    return session
  }

  #tell(id: string, after: AccountSession | undefined): void {
    const before = this.#told.get(id)
    if (isDeepStrictEqual(before, after)) return
    if (after === undefined) this.#told.delete(id)
    else this.#told.set(id, after)
    const isSame = before?.account.label === after?.account.label
    this.#parts.changed({
      added: isSame || after === undefined ? [] : [after],
      removed: isSame || before === undefined ? [] : [before],
      changed: isSame && after !== undefined ? [after] : [],
    })
  }
}

/** The first scope that isn't among those. */
function missing(scopes: readonly string[], among: readonly string[]): string | undefined {
  return scopes.find(scope => !among.includes(scope))
}
