import assert from 'node:assert/strict'
import { type Attributes, describeApplication } from '../../../src/core/auth/trustedApplication.ts'
import { readConnection } from '../../../src/core/instance/connection.ts'

const ROOT = 'https://demodb.my.erp.net'
const CALLBACKS = 'http://127.0.0.1:53177/callback,http://127.0.0.1:53178/callback'
const SIGNED_OUT = 'http://127.0.0.1:53177/signed-out,http://127.0.0.1:53178/signed-out'

function describeFor(application: string, more: Record<string, unknown> = {}, secretHash?: string) {
  return describeApplication({
    connection: readConnection({ id: 'demo', url: ROOT, application, clientId: 'com.acme/erpnet-tools', ...more }),
    root: ROOT, odataRoot: `${ROOT}/api/domain/odata/`, ports: [53177, 53178], secretHash, systemUser: 'somebody',
  })
}

/** What all types have. */
const COMMON = { Name: 'ERP.net Developer Tools', ApplicationUri: 'com.acme/erpnet-tools', BasicAuthenticationAllowed: false, IsEnabled: true }
const BROWSER = { ImpersonateLoginUrl: CALLBACKS, ImpersonateLogoutUrl: SIGNED_OUT }
const NO_BROWSER = { ImpersonateLoginUrl: '', ImpersonateLogoutUrl: '' }
const NO_TOKENS = { AccessTokens: 'None', ReferenceTokens: 'None' }
const NOBODY = { SystemUserAllowed: false, SystemUser: '' }
const SYSTEM_USER = { SystemUserAllowed: true, SystemUser: 'somebody' }
const INTERNAL = { ImpersonateAsInternalUserAllowed: true, ImpersonateAsCommunityUserAllowed: false }

describe('The Trusted Application to register', () => {
  const types: readonly (readonly [application: string, attributes: Attributes])[] = [
    ['native', { ...COMMON, ...BROWSER, ...INTERNAL, ...NOBODY, ...NO_TOKENS, ClientType: 'Public', Scope: 'openid profile read' }],
    ['confidential', { ...COMMON, ...BROWSER, ...INTERNAL, ...NOBODY, ...NO_TOKENS, ClientType: 'Confidential', Scope: 'openid profile read' }],
    ['portal', {
      ...COMMON, ...BROWSER, ...SYSTEM_USER, ...NO_TOKENS, ClientType: 'Confidential', Scope: 'openid profile read',
      ImpersonateAsInternalUserAllowed: true, ImpersonateAsCommunityUserAllowed: true,
    }],
    ['service', {
      ...COMMON, ...NO_BROWSER, ...SYSTEM_USER, ...NO_TOKENS, ClientType: 'Confidential', Scope: 'read',
      ImpersonateAsInternalUserAllowed: false, ImpersonateAsCommunityUserAllowed: false,
    }],
    ['referenceToken', {
      ...COMMON, ...NO_BROWSER, ...INTERNAL, ...NOBODY, ClientType: 'None', Scope: 'read',
      AccessTokens: 'AuthenticatedUsers', ReferenceTokens: 'AuthenticatedUsers',
    }],
  ]
  for (const [application, attributes] of types) {
    it(`${application}: its attributes`, () => assert.deepEqual(describeFor(application).attributes, attributes))
  }

  it('asks for staying signed in and for updates only where the connection does', () => {
    assert.equal(describeFor('native', { staySignedIn: true, scopes: ['read', 'update'] }).attributes['Scope'], 'openid profile read update offline_access')
    assert.equal(describeFor('service', { staySignedIn: true }).attributes['Scope'], 'read')
  })

  it('names a form for an application that the connection does not name', () => {
    assert.equal(describeFor('referenceToken', { clientId: undefined }).attributes['ApplicationUri'], 'com.example/erpnet-tools')
  })

  const links: readonly (readonly [application: string, query: string])[] = [
    ['native', 'clientType=Public&redirectUri=http%3A%2F%2F127.0.0.1%3A53177%2Fcallback&impersonate=internal&serviceAccess=none&referenceTokens=none&scope=openid%20profile%20read'],
    ['confidential', 'clientType=Confidential&redirectUri=http%3A%2F%2F127.0.0.1%3A53177%2Fcallback&impersonate=internal&serviceAccess=none&referenceTokens=none&scope=openid%20profile%20read'],
    ['portal', 'clientType=Confidential&redirectUri=http%3A%2F%2F127.0.0.1%3A53177%2Fcallback&impersonate=all&serviceAccess=clientCredentials&referenceTokens=none&scope=openid%20profile%20read'],
    ['service', 'clientType=Confidential&impersonate=none&serviceAccess=clientCredentials&referenceTokens=none&scope=read'],
    ['referenceToken', 'impersonate=internal&serviceAccess=none&referenceTokens=authenticatedUsers&scope=read'],
  ]
  for (const [application, query] of links) {
    it(`${application}: its install link, encoded once`, () => {
      const start = `${ROOT}/manage/apps/install?applicationUri=com.acme%2Ferpnet-tools&applicationName=ERP.net%20Developer%20Tools&`
      assert.equal(describeFor(application).installLink, start + query)
    })
  }

  it('lists the redirect addresses of the settings, and none where nobody signs in', () => {
    assert.deepEqual(describeFor('native').redirectUris, CALLBACKS.split(','))
    assert.deepEqual(describeFor('service').redirectUris, [])
  })

  it('is a request in the form of ERP.net’s guide', () => {
    const { method, url, body } = describeFor('portal', {}, 'aGFzaA==').request
    assert.deepEqual([method, url], ['POST', `${ROOT}/api/domain/odata/Systems_Security_TrustedApplications`])
    assert.deepEqual(body, {
      Name: 'ERP.net Developer Tools', ApplicationUri: 'com.acme/erpnet-tools', ClientType: 'Confidential', ApplicationSecretHash: 'aGFzaA==',
      ImpersonateLoginUrl: CALLBACKS, ImpersonateLogoutUrl: SIGNED_OUT,
      ImpersonateAsInternalUserAllowed: true, ImpersonateAsCommunityUserAllowed: true,
      SystemUserAllowed: true, SystemUser: { '@odata.id': 'Systems_Security_Users(00000000-0000-0000-0000-000000000000)' },
      Scope: 'openid profile read', ReferenceTokens: 'None', BasicAuthenticationAllowed: false, IsEnabled: true,
    })
  })

  it('leaves out of the request what is empty', () => {
    const names = Object.keys(describeFor('service').request.body)
    assert.deepEqual(names.filter(name => ['ImpersonateLoginUrl', 'ImpersonateLogoutUrl', 'AccessTokens', 'ApplicationSecretHash'].includes(name)), [])
    assert.ok(!('SystemUser' in describeFor('native').request.body))
  })
})
