import assert from 'node:assert/strict'

import { claimsOf, IdentityClient, type Json } from '../fakes/identity.ts'
import { startSandbox, useSandbox } from '../fakes/sandbox.ts'

describe('sandbox: tokens', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  afterEach(async () => sandbox.control.clearQuirks())

  describe('an access token', () => {
    it('of a user is a JWT with all of ERP.net\'s claims, for an hour', async () => {
      const body = await identity.signIn()
      const { token_type: type, expires_in: seconds, scope } = body
      assert.deepEqual({ type, seconds, scope }, { type: 'Bearer', seconds: 3600, scope: 'openid profile read' })
      assert.equal('refresh_token' in body, false)
      const { alg, typ } = claimsOf(body['access_token'], 0)
      assert.deepEqual({ alg, typ }, { alg: 'RS256', typ: 'at+jwt' })
      const { iat, nbf, exp, jti, sid, auth_time: authTime, ...claims } = claimsOf(body['access_token'])
      assert.equal(Number(exp) - Number(iat), 3600)
      assert.equal(nbf, iat)
      for (const claim of [jti, sid, authTime]) assert.ok(claim)
      assert.deepEqual(claims, {
        iss: identity.id, aud: ['DomainAPI', 'TableAPI', 'OLAP', 'AppServer', `${identity.id}/resources`],
        scope: ['openid', 'profile', 'read'], client_id: 'com.example/erpnet-tools', sub: 'admin',
        id: identity.user().id, name: 'Sandbox Administrator', email: 'admin@balkan-trade.example',
        email_verified: 'true', locale: 'en', user_type: 'InternalUser', is_admin: 'true', db: 'E1_SANDBOX',
        idp: 'local',
      })
      assert.equal(await identity.call(body['access_token']), 200)
      assert.equal(await identity.call(body['access_token'], '/api/domain/currentmodel'), 200)
    })

    it('tells is_admin and email_verified as strings, by quirk as booleans', async () => {
      const flags = async () => {
        const { access_token: token } = await identity.signIn({ client: identity.confidential, login: 'ivan.petrov' })
        const { is_admin: admin, email_verified: verified, name } = claimsOf(token)
        return { admin, verified, name }
      }
      assert.deepEqual(await flags(), { admin: 'false', verified: 'true', name: 'Иван Петров' })
      await sandbox.control.quirks({ 'claim-booleans': true })
      assert.deepEqual(await flags(), { admin: false, verified: true, name: 'Иван Петров' })
    })

    it('got with openid profile alone has one audience, as a plain string, and opens no API', async () => {
      const { access_token: token } = await identity.signIn({ scope: 'openid profile' })
      assert.equal(claimsOf(token)['aud'], `${identity.id}/resources`)
      assert.equal(await identity.call(token), 401)
      assert.equal(await identity.call(token, '/api/domain/currentmodel'), 401)
      assert.equal(await identity.call(token, '/profile/me'), 200)
    })

    it('opens only the APIs in its audience', async () => {
      await sandbox.control.quirks({ 'token-audience': 'DomainAPI' })
      const { access_token: token } = await identity.signIn()
      assert.deepEqual(claimsOf(token)['aud'], ['DomainAPI', `${identity.id}/resources`])
      assert.equal(await identity.call(token), 401)
      assert.equal(await identity.call(token, '/api/domain/currentmodel'), 200)
    })

    it('reads with the scope read, and with update alone not: 403', async () => {
      const { access_token: token } = await identity.signIn({ scope: 'openid update' })
      assert.equal(await identity.call(token), 403)
      assert.equal(await identity.call(token, '/api/domain/currentmodel'), 403)
    })

    it('writes nothing without the scope update: 403', async () => {
      const { access_token: token } = await identity.signIn()
      const headers = { authorization: `Bearer ${String(token)}` }
      for (const path of ['/api/domain/odata/Crm_Sales_SalesOrders', '/tableapi/odata/Gen_Documents']) {
        assert.equal(await identity.call(token, path, { method: 'POST', body: '{}', headers }), 403)
      }
    })

    it('is never an API token for an external user, whatever was asked', async () => {
      for (const client of ['com.example/community', identity.portal]) {
        const scope = client === identity.portal ? 'openid profile' : 'openid profile read update'
        const body = await identity.signIn({ client, scope, login: 'elena.customer' })
        assert.equal(body['scope'], 'openid profile')
        const claims = claimsOf(body['access_token'])
        assert.equal(claims['aud'], `${identity.id}/resources`)
        assert.equal(claims['user_type'], 'ExternalCommunityUser')
        assert.equal(await identity.call(body['access_token']), 401)
        assert.equal(await identity.call(body['access_token'], '/profile/me'), 200)
      }
    })

    it('that was changed, or is an ID token: 401', async () => {
      const { access_token: token, id_token: idToken } = await identity.signIn()
      const [head, , signature] = String(token).split('.')
      const claims = Buffer.from(JSON.stringify({ ...claimsOf(token), is_admin: 'no' })).toString('base64url')
      assert.equal(await identity.call([head, claims, signature].join('.')), 401)
      assert.equal(await identity.call(idToken), 401)
    })

    it('of another instance: 401', async () => {
      const other = await startSandbox()
      const { access_token: token } = await new IdentityClient(other).signIn()
      await other.stop()
      assert.equal(await identity.call(token), 401)
    })
  })

  it('an ID token lives for 5 minutes, with nonce, sid and at_hash, and tells no name or e-mail', async () => {
    const body = await identity.signIn()
    const { alg } = claimsOf(body['id_token'], 0)
    const { iat, exp, auth_time: authTime, at_hash: hash, ...claims } = claimsOf(body['id_token'])
    assert.equal(alg, 'RS256')
    assert.equal(Number(exp) - Number(iat), 300)
    assert.ok(authTime)
    assert.ok(hash)
    assert.deepEqual(claims, {
      iss: identity.id, aud: 'com.example/erpnet-tools', sub: 'admin', nonce: 'some-nonce', amr: ['pwd'], idp: 'local',
      sid: claimsOf(body['access_token'])['sid'],
    })
    assert.equal('id_token' in await identity.signIn({ scope: 'read', ask: { nonce: undefined } }), false)
  })

  it('an answer may lack token_type, by quirk', async () => {
    await sandbox.control.quirks({ 'no-token-type': true })
    assert.equal('token_type' in await identity.signIn(), false)
    assert.equal('token_type' in (await identity.credentials()).body, false)
  })

  describe('client_credentials', () => {
    it('makes a token of the system user, without a sub, that opens the APIs', async () => {
      const { status, body } = await identity.credentials()
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type'])
      const { iat, nbf, exp, jti, ...claims } = claimsOf(body['access_token'])
      assert.equal(Number(exp) - Number(iat), 3600)
      assert.equal(nbf, iat)
      assert.ok(jti)
      assert.deepEqual(claims, {
        iss: identity.id, aud: ['DomainAPI', 'TableAPI', 'OLAP', 'AppServer', `${identity.id}/resources`],
        scope: ['read', 'update'], client_id: identity.service, client_db: 'E1_SANDBOX',
        client_system_user: 'sync.service', client_system_user_type: 'SystemUserNoLogin',
        client_system_user_id: identity.application(identity.service).systemUser?.id,
      })
      assert.equal(await identity.call(body['access_token']), 200)
    })

    it('gives all scopes of the application when none is asked, else those that were', async () => {
      assert.equal((await identity.credentials()).body['scope'], 'read update')
      assert.equal((await identity.credentials(identity.service, { scope: 'read' })).body['scope'], 'read')
      for (const scope of ['read openid', 'sec', 'offline_access', 'nix']) {
        assert.equal((await identity.credentials(identity.service, { scope })).body['error'], 'invalid_scope')
      }
      await sandbox.control.quirks({ 'scopes-left-out': true })
      assert.equal((await identity.credentials(identity.service, { scope: 'read openid' })).body['scope'], 'read')
    })

    it('opens the APIs for a portal, whose users sign in at the same application', async () => {
      const { body } = await identity.credentials(identity.portal)
      assert.equal(await identity.call(body['access_token']), 200)
      const user = await identity.signIn({ client: identity.portal, scope: 'openid profile' })
      assert.equal(await identity.call(user['access_token']), 401)
    })

    it('is not allowed without SystemUserAllowed, or without a system user: unauthorized_client', async () => {
      for (const client of [identity.confidential, 'com.example/nobody-behind']) {
        assert.equal((await identity.credentials(client)).body['error'], 'unauthorized_client')
      }
      const { body } = await identity.askToken({ grant_type: 'client_credentials', client_id: identity.native })
      assert.equal(body['error'], 'unauthorized_client')
    })

    it('makes no token for an application that is there for reference tokens alone', async () => {
      const { body } = await identity.credentials('com.example/automation')
      assert.equal(body['error'], 'invalid_client')
    })
  })

  describe('refuses', () => {
    const right = () => identity.code()
    const cases: readonly (readonly [string, Record<string, string | undefined>, string])[] = [
      ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
      ['no verifier', { code_verifier: undefined }, 'invalid_grant'],
      ['another redirect address', { redirect_uri: 'http://127.0.0.1:53178/callback' }, 'invalid_grant'],
      ['a code that it never gave', { code: 'nonsense' }, 'invalid_grant'],
      ['an unknown application', { client_id: 'com.example/nobody' }, 'invalid_client'],
      ['a disabled application', { client_id: 'com.example/retired' }, 'invalid_client'],
      ['a superfluous secret', { client_secret: 'secret' }, 'invalid_client'],
      ['the code of another application', { client_id: 'com.example/viewer' }, 'invalid_grant'],
      ['a grant that is not there', { grant_type: 'password' }, 'unsupported_grant_type'],
      ['an implicit grant', { grant_type: 'implicit' }, 'unsupported_grant_type'],
      ['a missing grant_type', { grant_type: undefined }, 'invalid_request'],
      ['a missing client_id', { client_id: undefined }, 'invalid_request'],
      ['a missing code', { code: undefined }, 'invalid_request'],
      ['a missing redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
      ['a missing refresh_token', { grant_type: 'refresh_token' }, 'invalid_request'],
    ]
    for (const [name, fields, error] of cases) {
      it(`${name}: ${error}`, async () => {
        const { status, body } = await identity.askToken({ ...await right(), ...fields })
        assert.equal(body['error'], error, JSON.stringify(body))
        assert.ok(body['error_description'])
        assert.equal(status, error === 'invalid_client' ? 401 : 400)
      })
    }

    it('a code used twice', async () => {
      const fields = await right()
      assert.equal((await identity.askToken(fields)).status, 200)
      assert.equal((await identity.askToken(fields)).body['error'], 'invalid_grant')
    })

    it('a code after 5 minutes', async () => {
      const fields = await right()
      await sandbox.control.advance(301)
      assert.equal((await identity.askToken(fields)).body['error'], 'invalid_grant')
    })

    it('a confidential application without its secret, with a wrong one, with the hash of it, or with Basic', async () => {
      const fields = await identity.code({ client: identity.confidential })
      const { secret = '' } = identity.application(identity.confidential)
      const hash = await (await fetch(`${sandbox.url}/tools/sha256?secret=${secret}`)).json() as Json
      for (const wrong of [undefined, 'wrong', String(hash['sha256'])]) {
        assert.equal((await identity.askToken({ ...fields, client_secret: wrong })).body['error'], 'invalid_client')
      }
      const basic = `Basic ${Buffer.from(`${encodeURIComponent(identity.confidential)}:${secret}`).toString('base64')}`
      for (const more of [{ ...fields, client_secret: undefined }, { grant_type: 'client_credentials' }]) {
        assert.equal((await identity.askToken(more, { authorization: basic })).body['error'], 'invalid_client')
      }
      assert.equal((await identity.askToken(fields)).status, 200)
    })

    it('in JSON also to a browser that would rather have a page', async () => {
      const { body } = await identity.askToken({ grant_type: 'password', client_id: identity.native }, { accept: 'text/html' })
      assert.equal(body['error'], 'unsupported_grant_type')
    })

    it('an application that was disabled meanwhile, as invalid_client or by quirk unauthorized_client', async () => {
      const fields = await identity.code({ client: identity.confidential })
      await sandbox.control.accounts({ application: identity.confidential, isEnabled: false })
      assert.equal((await identity.askToken(fields)).body['error'], 'invalid_client')
      await sandbox.control.quirks({ 'disabled-unauthorized': true })
      assert.equal((await identity.askToken(fields)).body['error'], 'unauthorized_client')
      await sandbox.control.accounts({ application: identity.confidential, isEnabled: true })
      assert.equal((await identity.askToken(fields)).status, 200)
    })
  })
})
