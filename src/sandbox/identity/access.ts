import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { Problem } from '../http.ts'
import type { Accounts, User } from './accounts.ts'
import type { SigningKey } from './keys.ts'

/** Who calls an API. `session` is the key of its session, and so of its licence slot. */
export interface Caller {
  readonly user: User | undefined
  readonly session: string
}

export interface AccessParts {
  readonly issuer: string
  readonly accounts: Accounts
  readonly key: SigningKey
}

/** Checks what a request brings against one API, as strictly as ERP.net (protocol sheet, sections 2 and 5). */
export class Access {
  readonly #parts: AccessParts

  constructor(parts: AccessParts) {
    this.#parts = parts
  }

  /**
   * @param audience the API's own name, e.g. `TableAPI`; undefined where any signed-in user may come
   * @throws Problem 401 without a valid token, 403 without the scope `read`
   */
  check(request: IncomingMessage, audience: string | undefined): Caller {
    const token = readToken(request)
    if (token.startsWith('enrt_')) return this.#reference(token)
    const claims = this.#parts.key.claims(token, 'at+jwt')
    const now = Date.now() / 1000
    if (claims?.['iss'] !== this.#parts.issuer) throw unauthorized('The access token is not valid.')
    if (typeof claims['exp'] !== 'number' || claims['exp'] <= now) throw unauthorized('The access token has expired.')
    if (audience !== undefined) {
      if (!listed(claims['aud'], audience)) throw unauthorized(`The access token is not meant for ${audience}.`)
      if (!listed(claims['scope'], 'read')) {
        throw new Problem(403, 'AuthorizationException', "The scope 'read' is missing.")
      }
    }
    const user = this.#parts.accounts.users.find(({ id }) => id === claims['id'])
    return { user, session: String(claims['sid'] ?? claims['client_id']) }
  }

  #reference(token: string): Caller {
    const { referenceToken, users } = this.#parts.accounts
    if (token !== referenceToken) throw unauthorized('The reference token is not valid.')
    return { user: users[0], session: createHash('sha256').update(token).digest('hex') }
  }
}

/** One credential, in one of three headers, never two (protocol sheet, section 2, "Reference tokens"). */
function readToken({ headers }: IncomingMessage): string {
  const keys = [headers['x-api-key'], headers['api-key']].filter(key => typeof key === 'string')
  const [scheme, bearer] = headers.authorization?.split(' ') ?? []
  if (keys.length + Number(scheme !== undefined) > 1) throw unauthorized('More than one credential was sent.')
  const [key] = keys
  // A JWT is a bearer token only: the key headers are for reference tokens.
  if (key?.startsWith('enrt_') === true) return key
  if (scheme?.toLowerCase() === 'bearer' && bearer) return bearer
  throw unauthorized('Authentication is required.')
}

function listed(claim: unknown, name: string): boolean {
  return Array.isArray(claim) ? claim.includes(name) : claim === name
}

function unauthorized(message: string): Problem {
  return new Problem(401, 'AuthenticationException', message, { 'www-authenticate': 'Bearer' })
}
