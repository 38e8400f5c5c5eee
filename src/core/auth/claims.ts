import { isJsonObject, type JsonObject } from '../base/json.ts'
import { plainLine } from '../base/redact.ts'

/**
 * What a token says of itself (protocol sheet, section 2, "Access tokens"). Nobody has checked its signature: it is
 * shown, and decides nothing that the server wouldn't decide again.
 */
export interface Claims {
  readonly issuer?: string
  /** `aud`: the APIs that it is meant for. */
  readonly audiences: readonly string[]
  readonly scopes: readonly string[]
  /** Milliseconds since 1970, by the clock of the server. */
  readonly issuedAt?: number
  readonly expiresAt?: number
  readonly clientId?: string
  /** The login of a user. */
  readonly subject?: string
  readonly name?: string
  /** `InternalUser`, `ExternalCommunityUser`, `SystemUserNoLogin` … */
  readonly userType?: string
  readonly isAdmin?: boolean
  /** Names the session at the instance, which holds the licence slot. */
  readonly session?: string
  /** Of an application's own token: the user as whom it acts. */
  readonly systemUser?: string
  readonly systemUserType?: string
}

/** An external user, to whom no API opens (protocol sheet, section 2, "The five application types"). */
export const EXTERNAL_USER = 'ExternalCommunityUser'

/** The claims of a JWT; undefined for an opaque token. */
export function readClaims(token: string): Claims | undefined {
  const [, payload, signature] = token.split('.')
  if (payload === undefined || signature === undefined) return undefined
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), char => char.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    return isJsonObject(claims) ? claimsOf(claims) : undefined
  } catch {
    return undefined
  }
}

/** Of a JWT's payload. Lists may be one text, and flags texts; a claim of another type counts as missing. */
export function claimsOf(claims: JsonObject): Claims {
  const isAdmin = claims['is_admin']
  return {
    audiences: texts(claims['aud']),
    scopes: texts(claims['scope']),
    ...known({
      issuer: text(claims['iss']),
      issuedAt: milliseconds(claims['iat']),
      expiresAt: milliseconds(claims['exp']),
      clientId: text(claims['client_id']),
      subject: text(claims['sub']),
      name: text(claims['name']),
      userType: text(claims['user_type']),
      isAdmin: isAdmin === true || isAdmin === 'true' ? true : isAdmin === false || isAdmin === 'false' ? false : undefined,
      session: text(claims['sid']),
      systemUser: text(claims['client_system_user']),
      systemUserType: text(claims['client_system_user_type']),
    }),
  }
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out what is undefined. */
function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim.trim() !== '' ? plainLine(claim, 200) : undefined
}

/** A claim that is a list, or one text with spaces. */
function texts(claim: unknown): string[] {
  const list: readonly unknown[] = typeof claim === 'string' ? claim.split(' ') : Array.isArray(claim) ? claim : []
  return list.flatMap(item => text(item) ?? [])
}

/** Seconds since 1970, as far as a `Date` goes. */
function milliseconds(claim: unknown): number | undefined {
  return typeof claim === 'number' && Math.abs(claim) <= 8.64e12 ? claim * 1000 : undefined
}
