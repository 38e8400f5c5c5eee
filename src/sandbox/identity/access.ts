import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

import { Problem } from '../http.ts'
import { userOf, type Accounts, type User } from './accounts.ts'
import { stateOf, tokenScopes } from './issuing.ts'
import type { SigningKey } from './keys.ts'

/** Who calls an API. `session` is the key of its session, and so of its licence slot. */
export interface Caller {
  /** None when an application calls in its own name. */
  readonly user: User | undefined
  readonly session: string
}

/** A caller, and what the credential is good for. */
interface Credential extends Caller {
  readonly audience: unknown
  readonly scope: unknown
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
   * @param api its own name, e.g. `TableAPI`; undefined where any signed-in user may come
   * @throws Problem 401 without a valid token, 403 without the scope: `read`, for anything but reading `update`
   */
  check(request: IncomingMessage, api: string | undefined): Caller {
    const token = readToken(request)
    const credential = token.startsWith('enrt_') ? this.#reference(token, api) : this.#jwt(token)
    const { audience, scope, user, session } = credential
    if (api !== undefined) {
      if (!listed(audience, api)) throw unauthorized(`The access token is not meant for ${api}.`)
      const needed = request.method === 'GET' || request.method === 'HEAD' ? 'read' : 'update'
      if (!listed(scope, needed)) {
        throw new Problem(403, 'AuthorizationException', `The scope '${needed}' is missing.`)
      }
    }
    return { user, session }
  }

  #jwt(token: string): Credential {
    const { key, issuer, accounts } = this.#parts
    const claims = key.claims(token, 'at+jwt')
    const now = Date.now() / 1000
    if (claims?.['iss'] !== issuer) throw unauthorized('The access token is not valid.')
    const { exp, nbf, sub, aud: audience, scope } = claims
    if (typeof exp !== 'number' || exp <= now) throw unauthorized('The access token has expired.')
    if (typeof nbf !== 'number' || nbf > now) throw unauthorized('The access token is not valid yet.')
    if (typeof sub !== 'string') {
      return { audience, scope, user: undefined, session: `${SERVICE}${String(claims['client_id'])}` }
    }
    const user = userOf(accounts, sub)
    if (!user) throw unauthorized('The user may not sign in.')
    return { audience, scope, user, session: String(claims['sid']) }
  }

  /** Any API that there is. @throws Problem 401 unless it is valid now */
  #reference(text: string, api: string | undefined): Credential {
    const { accounts } = this.#parts
    const token = accounts.referenceTokens.find(candidate => candidate.token === text)
    const state = token && stateOf(accounts, token)
    if (!token || state !== 'valid') throw unauthorized(REFERENCE_WORDS[state ?? 'unknown'])
    const key = createHash('sha256').update(text).digest('hex')
    return {
      audience: api, scope: tokenScopes(accounts, token),
      ...(token.kind === 'PAT'
        ? { user: userOf(accounts, token.user), session: key }
        : { user: undefined, session: `${SERVICE}${key}` }),
    }
  }
}

/** How the key of an application's own session begins. */
export const SERVICE = 'service:'

const REFERENCE_WORDS = {
  unknown: 'The reference token is not valid.', valid: '', expired: 'The reference token has expired.',
  revoked: 'The reference token has been revoked.',
  disabled: 'The application of the reference token, or its user, is disabled.',
} as const

/** One credential, in one of three headers, never two (protocol sheet, section 2, "Reference tokens"). */
function readToken({ headers }: IncomingMessage): string {
  const keys = [headers['x-api-key'], headers['api-key']].filter(key => typeof key === 'string')
  const [scheme, bearer, ...more] = headers.authorization?.split(' ') ?? []
  if (keys.length + Number(scheme !== undefined) > 1) throw unauthorized('More than one credential was sent.')
  const [key] = keys
  // A JWT is a bearer token only: the key headers are for reference tokens.
  if (key?.startsWith('enrt_') === true) return key
  if (scheme?.toLowerCase() === 'bearer' && bearer && more.length === 0) return bearer
  throw unauthorized('Authentication is required.')
}

function listed(claim: unknown, name: string): boolean {
  return Array.isArray(claim) ? claim.includes(name) : claim === name
}

function unauthorized(message: string): Problem {
  return new Problem(401, 'AuthenticationException', message, { 'www-authenticate': 'Bearer' })
}
