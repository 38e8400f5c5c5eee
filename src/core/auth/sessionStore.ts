import type { Lock, SecretStore } from '../base/effects.ts'
import { isJsonObject } from '../base/json.ts'
import { type Connection, placeOf } from '../instance/connection.ts'
import { FLOWS } from './flows.ts'
import type { Account, TokenSet } from './tokens.ts'

/** What a sign-in leaves behind; kept in the secret store only. */
export type Session = TokenSession | ReferenceTokenSession

export interface TokenSession {
  readonly kind: 'tokens'
  /** The identity service that issued the tokens; they are renewed there and nowhere else. */
  readonly issuer: string
  /** The application that they were issued to. */
  readonly clientId: string
  /** Those that the APIs are called with. */
  readonly tokens: TokenSet
  /** Who has signed in where the application calls the APIs by itself (a portal). */
  readonly visitor?: Visitor
}

export interface Visitor {
  readonly account: Account
  readonly idToken: string
}

export interface ReferenceTokenSession {
  readonly kind: 'referenceToken'
  readonly token: string
}

/** Of the JSON below. Another version is read as no session: the user signs in again. */
const VERSION = 1

/**
 * Sessions and client secrets in the secret store, one entry a connection and instance. The instance's root is a part
 * of every key: somebody who edits a connection's address doesn't send its token to another host.
 */
export class SessionStore {
  readonly #secrets: SecretStore
  readonly #lock: Lock

  /** @param lock held for each change, no longer than it takes: windows change a session one after another */
  constructor(secrets: SecretStore, lock: Lock) {
    this.#secrets = secrets
    this.#lock = lock
  }

  /** The session of that connection; none if it was made for another application. Reading never writes. */
  async read(connection: Connection): Promise<Session | undefined> {
    const text = await this.#secrets.get(key('session', connection))
    const session = text === undefined ? undefined : parse(text)
    return session !== undefined && belongsTo(session, connection) ? session : undefined
  }

  /** What can't be read (it is damaged, or of a newer version) is set aside before the new session takes its place. */
  async write(connection: Connection, session: Session): Promise<void> {
    await this.#change(connection, () => this.#put(connection, session))
  }

  /**
   * Puts new tokens into the session that holds that access token; not if another sign-in, renewal or sign-out was
   * quicker.
   */
  async renew(connection: Connection, accessToken: string, tokens: TokenSet): Promise<boolean> {
    return this.#change(connection, async () => {
      const session = await this.read(connection)
      if (session?.kind !== 'tokens' || session.tokens.accessToken !== accessToken) return false
      await this.#put(connection, { ...session, tokens })
      return true
    })
  }

  async remove(connection: Connection): Promise<void> {
    await this.#change(connection, () => this.#secrets.delete(key('session', connection)))
  }

  readClientSecret(connection: Connection): Promise<string | undefined> {
    return this.#secrets.get(key('clientSecret', connection))
  }

  writeClientSecret(connection: Connection, secret: string): Promise<void> {
    return this.#secrets.store(key('clientSecret', connection), secret)
  }

  /** Removes everything that was ever kept of a connection. */
  async forget(connection: Connection): Promise<void> {
    await this.#change(connection, async () => {
      for (const what of ENTRIES) await this.#secrets.delete(key(what, connection))
    })
  }

  async #put(connection: Connection, session: Session): Promise<void> {
    const place = key('session', connection)
    const old = await this.#secrets.get(place)
    if (old !== undefined && parse(old) === undefined) await this.#secrets.store(key('unreadable', connection), old)
    await this.#secrets.store(place, JSON.stringify({ version: VERSION, ...session }))
  }

  #change<T>(connection: Connection, action: () => Promise<T>): Promise<T> {
    return this.#lock.hold(`store ${key('session', connection)}`, action)
  }
}

const ENTRIES = ['session', 'clientSecret', 'unreadable'] as const

/** Is that secret the session of the connection? Secret stores tell of changes by key. */
export function isSessionKey(text: string, connection: Connection): boolean {
  return text === key('session', connection)
}

function key(what: (typeof ENTRIES)[number], connection: Connection): string {
  return `${what} ${placeOf(connection)}`
}

function belongsTo(session: Session, { application, clientId }: Connection): boolean {
  const { apis, browser } = FLOWS[application]
  if (session.kind === 'referenceToken') return apis === 'referenceToken'
  const hasVisitor = session.visitor !== undefined
  return apis !== 'referenceToken' && session.clientId === clientId && hasVisitor === (browser && apis === 'service')
}

function parse(text: string): Session | undefined {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(record) || record['version'] !== VERSION) return undefined
  const { kind, token, issuer, clientId, tokens, visitor } = record
  if (kind === 'referenceToken' && typeof token === 'string') return { kind, token }
  if (kind === 'tokens' && typeof issuer === 'string' && typeof clientId === 'string' && isTokenSet(tokens)) {
    if (visitor === undefined) return { kind, issuer, clientId, tokens }
    return isVisitor(visitor) ? { kind, issuer, clientId, tokens, visitor } : undefined
  }
  return undefined
}

function isTokenSet(value: unknown): value is TokenSet {
  if (!isJsonObject(value)) return false
  const { accessToken, refreshToken, idToken, scopes, expiresAt, account, audiences } = value
  return typeof accessToken === 'string'
    && isTextOrNone(refreshToken)
    && isTextOrNone(idToken)
    && areTexts(scopes)
    && typeof expiresAt === 'number'
    && (account === undefined || isAccount(account))
    && (audiences === undefined || areTexts(audiences))
}

function isVisitor(value: unknown): value is Visitor {
  return isJsonObject(value) && typeof value['idToken'] === 'string' && isAccount(value['account'])
}

function isAccount(value: unknown): value is Account {
  return isJsonObject(value) && typeof value['login'] === 'string' && typeof value['name'] === 'string'
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(item => typeof item === 'string')
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}
