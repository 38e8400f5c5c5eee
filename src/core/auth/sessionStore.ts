import type { SecretStore } from '../base/effects.ts'
import { isJsonObject } from '../base/json.ts'
import type { Connection } from '../instance/connection.ts'
import { FLOWS } from './flows.ts'
import type { TokenSet } from './tokens.ts'

/** What a sign-in leaves behind; kept in the secret store only. */
export type Session = TokenSession | ReferenceTokenSession

export interface TokenSession {
  readonly kind: 'tokens'
  /** The identity service that issued the tokens; they are renewed there and nowhere else. */
  readonly issuer: string
  /** The application that they were issued to. */
  readonly clientId: string
  readonly tokens: TokenSet
}

export interface ReferenceTokenSession {
  readonly kind: 'referenceToken'
  readonly token: string
}

/** Of the JSON below. Another version is read as no session: the user signs in again. */
const VERSION = 1

/**
 * Sessions and client secrets in the secret store. The instance's root is a part of every key: somebody who edits a
 * connection's address doesn't send its token to another host.
 */
export class SessionStore {
  readonly #secrets: SecretStore

  constructor(secrets: SecretStore) {
    this.#secrets = secrets
  }

  /** The session of that connection; none if it was made for another application. */
  async read(connection: Connection): Promise<Session | undefined> {
    const text = await this.#secrets.get(key('session', connection))
    const session = text === undefined ? undefined : parse(text)
    return session !== undefined && belongsTo(session, connection) ? session : undefined
  }

  write(connection: Connection, session: Session): Promise<void> {
    return this.#secrets.store(key('session', connection), JSON.stringify({ version: VERSION, ...session }))
  }

  remove(connection: Connection): Promise<void> {
    return this.#secrets.delete(key('session', connection))
  }

  readClientSecret(connection: Connection): Promise<string | undefined> {
    return this.#secrets.get(key('clientSecret', connection))
  }

  writeClientSecret(connection: Connection, secret: string): Promise<void> {
    return this.#secrets.store(key('clientSecret', connection), secret)
  }

  removeClientSecret(connection: Connection): Promise<void> {
    return this.#secrets.delete(key('clientSecret', connection))
  }
}

function key(what: 'session' | 'clientSecret', { id, url }: Connection): string {
  return `${what} ${id} ${url}`
}

function belongsTo(session: Session, { application, clientId }: Connection): boolean {
  return session.kind === 'tokens'
    ? FLOWS[application].signIn === 'browser' && session.clientId === clientId
    : FLOWS[application].signIn === 'token'
}

function parse(text: string): Session | undefined {
  let record: unknown
  try {
    record = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!isJsonObject(record) || record['version'] !== VERSION) return undefined
  const { kind, token, issuer, clientId, tokens } = record
  if (kind === 'referenceToken' && typeof token === 'string') return { kind, token }
  if (kind === 'tokens' && typeof issuer === 'string' && typeof clientId === 'string' && isTokenSet(tokens)) {
    return { kind, issuer, clientId, tokens }
  }
  return undefined
}

function isTokenSet(value: unknown): value is TokenSet {
  if (!isJsonObject(value)) return false
  const { accessToken, refreshToken, idToken, scopes, expiresAt, account } = value
  return typeof accessToken === 'string'
    && isTextOrNone(refreshToken)
    && isTextOrNone(idToken)
    && Array.isArray(scopes) && scopes.every(scope => typeof scope === 'string')
    && typeof expiresAt === 'number'
    && (account === undefined || (isJsonObject(account) && typeof account['login'] === 'string' && typeof account['name'] === 'string'))
}

function isTextOrNone(value: unknown): boolean {
  return value === undefined || typeof value === 'string'
}
