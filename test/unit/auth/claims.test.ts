import assert from 'node:assert/strict'
import { type Claims, claimsOf, readClaims } from '../../../src/core/auth/claims.ts'
import { jwt } from '../../fakes/jwt.ts'

const NONE: Claims = { audiences: [], scopes: [] }

describe('The claims of a token', () => {
  const cases: readonly (readonly [what: string, claims: Record<string, unknown>, expected: Partial<Claims>])[] = [
    ['aud as a list', { aud: ['DomainAPI', 'TableAPI'] }, { audiences: ['DomainAPI', 'TableAPI'] }],
    ['aud as a text', { aud: 'https://demodb.my.erp.net/id/resources' }, { audiences: ['https://demodb.my.erp.net/id/resources'] }],
    ['scope as a list', { scope: ['openid', 'read'] }, { scopes: ['openid', 'read'] }],
    ['scope as a text', { scope: 'openid  read' }, { scopes: ['openid', 'read'] }],
    ['what isn’t a text in a list', { aud: ['DomainAPI', 7, null, ''] }, { audiences: ['DomainAPI'] }],
    ['is_admin as a flag', { is_admin: true }, { isAdmin: true }],
    ['is_admin as a flag, false', { is_admin: false }, { isAdmin: false }],
    ['is_admin as a text', { is_admin: 'true' }, { isAdmin: true }],
    ['is_admin as a text, false', { is_admin: 'false' }, { isAdmin: false }],
    ['is_admin as something else', { is_admin: 1 }, {}],
    ['times', { iat: 1_800_000_000, exp: 1_800_003_600.5 }, { issuedAt: 1_800_000_000_000, expiresAt: 1_800_003_600_500 }],
    ['times that no calendar has', { iat: '1800000000', exp: 1e300 }, {}],
    ['a user', { sub: 'ivan', name: 'Иван Петров', user_type: 'InternalUser', sid: 'S1', iss: 'https://x/id', client_id: 'com.acme/x' },
      { subject: 'ivan', name: 'Иван Петров', userType: 'InternalUser', session: 'S1', issuer: 'https://x/id', clientId: 'com.acme/x' }],
    ['a service', { client_system_user: 'robot', client_system_user_type: 'SystemUserNoLogin' }, { systemUser: 'robot', systemUserType: 'SystemUserNoLogin' }],
    ['empty texts', { sub: ' ', iss: '', name: null }, {}],
    ['line breaks', { name: 'Ivan\n\u202ePetrov' }, { name: 'Ivan Petrov' }],
  ]
  for (const [what, claims, expected] of cases) {
    it(what, () => assert.deepEqual(readClaims(jwt(claims)), { ...NONE, ...expected }))
  }

  for (const token of ['', 'enrt_0123', 'a.b', 'a.b.c', '..', `x.${Buffer.from('[]').toString('base64url')}.y`, 'eyJ.*.x']) {
    it(`${JSON.stringify(token)} has none`, () => assert.equal(readClaims(token), undefined))
  }

  it('read from an object already decoded', () => {
    assert.deepEqual(claimsOf({ sub: 'ivan', aud: 'com.acme/x' }), { subject: 'ivan', audiences: ['com.acme/x'], scopes: [] })
  })
})
