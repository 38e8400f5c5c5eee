import assert from 'node:assert/strict'
import { type FindingCode, FINDING_CODES, inspectSession } from '../../../src/core/auth/inspection.ts'
import type { TokenSession } from '../../../src/core/auth/sessionStore.ts'
import { isErpError, type Facts } from '../../../src/core/base/errors.ts'
import { readConnection, type Connection } from '../../../src/core/instance/connection.ts'
import { jwt } from '../../fakes/jwt.ts'

const NOW = 1_800_000_000_000
const HOUR = 3_600_000
const ISSUER = 'https://demodb.my.erp.net/id'
const APIS = ['DomainAPI', 'TableAPI', `${ISSUER}/resources`]

interface Case {
  readonly connection?: Record<string, unknown>
  readonly claims?: Record<string, unknown>
  readonly session?: Partial<TokenSession>
  readonly tokens?: Partial<TokenSession['tokens']>
}

function connectionOf(more: Record<string, unknown> = {}): Connection {
  return readConnection({ id: 'demo', url: 'demodb', application: 'native', clientId: 'com.acme/x', ...more })
}

/** A token with nothing wrong, but for what the case says. */
function inspect({ connection, claims, session, tokens }: Case) {
  const exp = (NOW + HOUR) / 1000
  const accessToken = jwt({
    iss: ISSUER, aud: APIS, scope: ['openid', 'profile', 'read'], exp, sub: 'ivan', sid: 'S1', user_type: 'InternalUser', ...claims,
  })
  return inspectSession(connectionOf(connection), {
    kind: 'tokens', issuer: ISSUER, clientId: 'com.acme/x', ...session,
    tokens: { accessToken, scopes: ['openid', 'profile', 'read'], expiresAt: NOW + HOUR, account: { login: 'ivan', name: 'Ivan' }, ...tokens },
  }, NOW)
}

const SERVICE = {
  connection: { application: 'service' },
  claims: { sub: undefined, sid: undefined, user_type: undefined, client_system_user: 'robot', client_system_user_type: 'SystemUserNoLogin' },
}

describe('Inspecting a token', () => {
  it('tells a user’s', () => {
    assert.deepEqual(inspect({}), {
      kind: 'jwt', issuer: ISSUER, audiences: APIS, scopes: ['openid', 'profile', 'read'], expires: new Date(NOW + HOUR).toISOString(),
      subject: 'ivan', userType: 'InternalUser', service: null, findings: [],
    })
  })

  it('tells a service’s', () => {
    const { subject, userType, service, findings } = inspect(SERVICE)
    assert.deepEqual({ subject, userType, service, findings },
      { subject: null, userType: 'SystemUserNoLogin', service: { clientId: 'com.acme/x', systemUser: 'robot' }, findings: [] })
  })

  it('tells both of a portal: the visitor and the service', () => {
    const { service, visitor, findings } = inspect({
      ...SERVICE, connection: { application: 'portal' },
      session: { visitor: { account: { login: 'maria', name: 'Maria', external: true }, idToken: 'x' } },
    })
    assert.deepEqual({ service, visitor, findings }, {
      service: { clientId: 'com.acme/x', systemUser: 'robot' }, visitor: { subject: 'maria', name: 'Maria', external: true }, findings: [],
    })
  })

  it('never holds a token', () => {
    const text = JSON.stringify(inspect({ tokens: { refreshToken: 'refresh-secret', idToken: jwt({ sub: 'ivan' }) } }))
    assert.doesNotMatch(text, /refresh-secret|eyJ/)
  })

  const findings: readonly (readonly [what: string, given: Case, code: FindingCode, facts?: Facts])[] = [
    ['expired', { tokens: { expiresAt: NOW }, claims: { exp: NOW / 1000 } }, 'expired', { next: 'sign-in' }],
    ['expired, with a refresh token', { tokens: { expiresAt: NOW - 1, refreshToken: 'r' }, claims: { exp: NOW / 1000 } }, 'expired', { next: 'renewal' }],
    ['expires in 90 s', { tokens: { expiresAt: NOW + 90_000 }, claims: { exp: NOW / 1000 + 90 } }, 'expires-soon', { minutes: 2, next: 'sign-in' }],
    ['expires soon, a service', { ...SERVICE, tokens: { expiresAt: NOW + 60_000 }, claims: { ...SERVICE.claims, exp: NOW / 1000 + 60 } }, 'expires-soon', { minutes: 1, next: 'renewal' }],
    ['this machine is behind', { claims: { exp: (NOW + HOUR) / 1000 + 300 } }, 'clock-skew', { seconds: 300 }],
    ['this machine is ahead', { claims: { exp: (NOW + HOUR) / 1000 - 300 } }, 'clock-skew', { seconds: -300 }],
    ['from outside', { claims: { user_type: 'ExternalCommunityUser', aud: `${ISSUER}/resources`, scope: 'openid' } }, 'external-user'],
    ['no API in aud', { claims: { aud: `${ISSUER}/resources` } }, 'no-api-audience'],
    ['read not granted', { claims: { scope: 'openid profile' } }, 'scope-read-missing', { place: 'application' }],
    ['read not asked', { connection: { scopes: [] }, claims: { scope: 'openid' } }, 'scope-read-missing', { place: 'connection' }],
    ['update not granted', { connection: { scopes: ['read', 'update'] } }, 'scopes-not-granted', { scopes: 'update' }],
    ['update not asked', { claims: { scope: ['read', 'update'] } }, 'update-not-asked'],
    ['update on production', { connection: { scopes: ['read', 'update'], production: true }, claims: { scope: 'read update' } }, 'update-on-production'],
    ['another issuer', { claims: { iss: 'https://id.erp.net' } }, 'other-issuer', { issuer: 'https://id.erp.net', expected: ISSUER }],
    ['no sid', { claims: { sid: undefined } }, 'no-session'],
    ['no refresh token', { connection: { staySignedIn: true } }, 'no-refresh-token'],
    ['a service without a user', { ...SERVICE, claims: { ...SERVICE.claims, client_system_user: undefined } }, 'no-system-user'],
    ['opaque', { tokens: { accessToken: 'opaque' } }, 'opaque'],
  ]
  for (const [what, given, code, facts = {}] of findings) {
    it(`notices: ${what}`, () => assert.deepEqual(inspect(given).findings, [{ code, facts }]))
  }

  const fine: readonly (readonly [what: string, given: Case])[] = [
    ['flags as texts', { claims: { is_admin: 'false', email_verified: 'true' } }],
    ['a clock that is nearly right', { claims: { exp: (NOW + HOUR) / 1000 + 30 } }],
    ['a refresh token that came', { connection: { staySignedIn: true }, tokens: { refreshToken: 'r' } }],
    ['an answer that named the scopes, and a token that does not', { claims: { scope: undefined } }],
    ['one API in aud', { claims: { aud: 'TableAPI' } }],
  ]
  for (const [what, given] of fine) {
    it(`is content with ${what}`, () => assert.deepEqual(inspect(given).findings, []))
  }

  it('knows nothing of a reference token, but an unusual form', () => {
    const connection = connectionOf({ application: 'referenceToken' })
    const usual = inspectSession(connection, { kind: 'referenceToken', token: 'enrt_0123456789ABCDEF' }, NOW)
    assert.deepEqual(usual, {
      kind: 'reference', issuer: null, audiences: null, scopes: null, expires: null, subject: null, userType: null, service: null, findings: [],
    })
    const unusual = inspectSession(connection, { kind: 'referenceToken', token: 'pat-77' }, NOW)
    assert.deepEqual(unusual.findings, [{ code: 'unusual-form', facts: {} }])
    assert.doesNotMatch(JSON.stringify(unusual), /pat-77/)
  })

  it('is tested for every finding', () => {
    const tested = new Set<string>([...findings.map(([, , code]) => code), 'unusual-form'])
    assert.deepEqual(FINDING_CODES.filter(code => !tested.has(code)), [])
  })

  it('a token that could not be kept is refused, and not shown', () => {
    assert.throws(() => inspectSession(connectionOf({ application: 'referenceToken' }), { kind: 'referenceToken', token: 'Bearer x' }, NOW),
      error => isErpError(error, 'reference-token-form'))
  })
})
