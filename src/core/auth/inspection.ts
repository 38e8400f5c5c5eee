import type { Facts } from '../base/errors.ts'
import type { Connection } from '../instance/connection.ts'
import { type Claims, EXTERNAL_USER, readClaims } from './claims.ts'
import { FLOWS } from './flows.ts'
import { checkReferenceToken } from './referenceToken.ts'
import type { Session, TokenSession } from './sessionStore.ts'
import { opensApis } from './tokens.ts'

/** What is known of the token that a connection's API calls are made with; null where it can't be known. */
export interface Inspection {
  /** `reference`: an opaque key, made by hand; everything else of it is null. */
  readonly kind: 'jwt' | 'reference'
  readonly issuer: string | null
  readonly audiences: readonly string[] | null
  readonly scopes: readonly string[] | null
  /** ISO 8601, in UTC, by the clock of the server. */
  readonly expires: string | null
  /** The user's login; null where the application calls the APIs by itself. */
  readonly subject: string | null
  /** Of the user, or of the system user as whom the application acts. */
  readonly userType: string | null
  /** Where the application calls the APIs by itself. */
  readonly service: Service | null
  /** Of a portal: who has signed in. */
  readonly visitor?: Visitor
  readonly findings: readonly Finding[]
}

export interface Service {
  readonly clientId: string
  readonly systemUser: string | null
}

export interface Visitor {
  readonly subject: string
  readonly name: string
  readonly external: boolean
}

/** Something that deserves a person's attention; the shell finds the words. */
export interface Finding {
  readonly code: FindingCode
  readonly facts: Facts
}

export const FINDING_CODES = [
  'expired', // facts: next (`renewal` or `sign-in`)
  'expires-soon', // facts: minutes, next
  'clock-skew', // facts: seconds by which this machine is behind the server (negative: ahead)
  'external-user',
  'no-api-audience',
  'scope-read-missing', // facts: place (`connection` or `application`)
  'scopes-not-granted', // facts: scopes
  'update-not-asked',
  'update-on-production',
  'other-issuer', // facts: issuer, expected
  'no-session', // no `sid`
  'no-refresh-token', // although the person wants to stay signed in
  'no-system-user', // of a service
  'opaque', // an access token that isn't a JWT
  'unusual-form', // of a reference token
] as const
export type FindingCode = (typeof FINDING_CODES)[number]

/** Before that it isn't worth a word. */
const SOON_MS = 5 * 60_000
/** The way of an answer takes its time. */
const SKEW_MS = 60_000

/** Reads what is kept of a sign-in. Sends nothing, renews nothing. @param now milliseconds since 1970, here */
export function inspectSession(connection: Connection, session: Session, now: number): Inspection {
  if (session.kind === 'tokens') return inspectTokens(connection, session, now)
  const unusual = checkReferenceToken(session.token).warning !== undefined
  return {
    kind: 'reference', issuer: null, audiences: null, scopes: null, expires: null, subject: null, userType: null,
    service: null, findings: unusual ? [{ code: 'unusual-form', facts: {} }] : [],
  }
}

function inspectTokens(connection: Connection, session: TokenSession, now: number): Inspection {
  const { tokens, visitor } = session
  const claims = readClaims(tokens.accessToken)
  const isService = FLOWS[connection.application].apis === 'service'
  return {
    kind: 'jwt',
    issuer: claims?.issuer ?? null,
    audiences: claims?.audiences ?? null,
    scopes: grantedScopes(session),
    expires: new Date(claims?.expiresAt ?? tokens.expiresAt).toISOString(),
    subject: isService ? null : claims?.subject ?? tokens.account?.login ?? null,
    userType: (isService ? claims?.systemUserType : claims?.userType) ?? null,
    service: isService ? { clientId: session.clientId, systemUser: claims?.systemUser ?? null } : null,
    ...(visitor === undefined ? {} : {
      visitor: { subject: visitor.account.login, name: visitor.account.name, external: visitor.account.external === true },
    }),
    findings: [
      ...ofTime(connection, session, claims, now), ...ofAccess(connection, session, claims), ...ofSession(connection, session, claims),
    ],
  }
}

/** What the token says itself counts; an opaque one leaves it to the answer that it came with. */
export function grantedScopes({ tokens }: TokenSession): readonly string[] {
  const said = readClaims(tokens.accessToken)?.scopes ?? []
  return said.length > 0 ? said : tokens.scopes
}

/** The connection's scopes that the identity service left out (protocol sheet, section 2, "Scopes"). */
export function missingScopes(connection: Connection, session: TokenSession): string[] {
  const granted = [...grantedScopes(session), ...session.tokens.scopes]
  return connection.scopes.filter(scope => !granted.includes(scope))
}

function ofTime(connection: Connection, { tokens }: TokenSession, claims: Claims | undefined, now: number): Finding[] {
  const renews = tokens.refreshToken !== undefined || FLOWS[connection.application].apis === 'service'
  const next = renews ? 'renewal' : 'sign-in'
  const left = tokens.expiresAt - now
  const skew = (claims?.expiresAt ?? tokens.expiresAt) - tokens.expiresAt
  return [
    ...when(left <= 0, 'expired', { next }),
    ...when(left > 0 && left <= SOON_MS, 'expires-soon', { minutes: Math.ceil(left / 60_000), next }),
    ...when(Math.abs(skew) > SKEW_MS, 'clock-skew', { seconds: Math.round(skew / 1000) }),
  ]
}

function ofAccess(connection: Connection, session: TokenSession, claims: Claims | undefined): Finding[] {
  const granted = grantedScopes(session)
  const others = missingScopes(connection, session).filter(scope => scope !== 'read')
  const isExternal = claims?.userType === EXTERNAL_USER
  const opens = claims === undefined || opensApis({ ...session.tokens, audiences: claims.audiences })
  const update = granted.includes('update')
  const place = connection.scopes.includes('read') ? 'application' : 'connection'
  return [
    ...when(claims === undefined, 'opaque'),
    ...when(isExternal, 'external-user'),
    ...when(!isExternal && !opens, 'no-api-audience'),
    ...when(!isExternal && !granted.includes('read'), 'scope-read-missing', { place }),
    ...when(others.length > 0, 'scopes-not-granted', { scopes: others.join(' ') }),
    ...when(update && !connection.scopes.includes('update'), 'update-not-asked'),
    ...when(update && connection.production, 'update-on-production'),
  ]
}

function ofSession(connection: Connection, session: TokenSession, claims: Claims | undefined): Finding[] {
  const isService = FLOWS[connection.application].apis === 'service'
  const { issuer = session.issuer, session: sid, systemUser } = claims ?? {}
  return [
    ...when(issuer !== session.issuer, 'other-issuer', { issuer, expected: session.issuer }),
    ...when(!isService && claims !== undefined && sid === undefined, 'no-session'),
    ...when(!isService && connection.staySignedIn && session.tokens.refreshToken === undefined, 'no-refresh-token'),
    ...when(isService && claims !== undefined && systemUser === undefined, 'no-system-user'),
  ]
}

function when(holds: boolean, code: FindingCode, facts: Facts = {}): Finding[] {
  return holds ? [{ code, facts }] : []
}
