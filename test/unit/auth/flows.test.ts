import assert from 'node:assert/strict'
import { requestedScopes, sessionScopes } from '../../../src/core/auth/flows.ts'
import { readConnection } from '../../../src/core/instance/connection.ts'

describe('requestedScopes', () => {
  const cases: readonly (readonly [scopes: string[], staySignedIn: boolean, expected: string])[] = [
    [['read'], false, 'openid profile read'],
    [['read'], true, 'openid profile read offline_access'],
    [['read', 'update'], false, 'openid profile read update'],
    [[], false, 'openid profile'],
    [['profile', 'read', 'offline_access'], true, 'openid profile read offline_access'],
  ]
  for (const [scopes, staySignedIn, expected] of cases) {
    it(`[${scopes.join()}]${staySignedIn ? ', staying signed in' : ''} asks for ${expected}`, () => {
      const connection = readConnection({ id: 'demo', url: 'demodb', application: 'native', clientId: 'x', scopes, staySignedIn })
      assert.equal(requestedScopes(connection).join(' '), expected)
    })
  }
})

describe('sessionScopes', () => {
  const cases: readonly (readonly [application: string, expected: string])[] = [
    ['native', 'openid profile read'], ['portal', 'read'], ['service', 'read'], ['referenceToken', 'read'],
  ]
  for (const [application, expected] of cases) {
    it(`of ${application}: ${expected}`, () => {
      const connection = readConnection({ id: 'demo', url: 'demodb', application, clientId: 'x', scopes: ['read'] })
      assert.equal(sessionScopes(connection).join(' '), expected)
    })
  }
})
