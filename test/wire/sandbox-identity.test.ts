import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

describe('sandbox: identity', () => {
  let sandbox: SandboxUnderTest
  before(async () => { sandbox = await startSandbox() })
  after(async () => sandbox.stop())

  const application = (wanted: 'native' | 'confidential') => sandbox.applications.find(({ type }) => type === wanted)!
  const admin = () => sandbox.users.find(({ login }) => login === 'admin')!
  const verifier = randomBytes(32).toString('base64url')

  function authorizeUrl(more: Record<string, string | undefined> = {}): URL {
    const native = application('native')
    const url = new URL(`${sandbox.url}/id/connect/authorize`)
    const parameters = {
      client_id: native.clientId, redirect_uri: native.redirectUris[0], response_type: 'code',
      scope: 'openid profile read',
      state: 'some-state', nonce: 'some-nonce',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256', ...more,
    }
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
    return url
  }

  async function askToken(fields: Record<string, string>, headers: Record<string, string> = {}) {
    const response = await fetch(
      `${sandbox.url}/id/connect/token`, { method: 'POST', body: new URLSearchParams(fields), headers },
    )
    return { status: response.status, body: await response.json() as Record<string, unknown> }
  }

  /** Signs in with the browser and trades the code for tokens. */
  async function signIn({ type = 'native', scope = 'openid profile read', browser = new FormBrowser(), user = admin() }: {
    type?: 'native' | 'confidential'; scope?: string; browser?: FormBrowser; user?: { login: string; password: string }
  } = {}) {
    const { clientId, secret, redirectUris } = application(type)
    const callback = await browser.signIn(authorizeUrl({ client_id: clientId, scope }), user)
    return askToken({
      grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '', redirect_uri: redirectUris[0]!,
      code_verifier: verifier,
      client_id: clientId, ...(secret === undefined ? {} : { client_secret: secret }),
    })
  }

  const claimsOf = (token: unknown, part = 1) =>
    JSON.parse(Buffer.from(String(token).split('.').at(part) ?? '', 'base64url').toString()) as Record<string, unknown>

  const api = (path: string, token: unknown) => fetch(
    sandbox.url + path, { headers: { authorization: `Bearer ${String(token)}` } },
  )

  it('announces itself under the ID site', async () => {
    const response = await fetch(`${sandbox.url}/id/.well-known/openid-configuration`)
    const document = await response.json() as Record<string, unknown>
    const id = `${sandbox.url}/id`
    assert.equal(document['issuer'], id)
    assert.equal(document['authorization_endpoint'], `${id}/connect/authorize`)
    assert.equal(document['token_endpoint'], `${id}/connect/token`)
    assert.equal(document['end_session_endpoint'], `${id}/connect/endsession`)
    assert.equal(document['jwks_uri'], `${id}/.well-known/openid-configuration/jwks`)
    assert.deepEqual(document['code_challenge_methods_supported'], ['S256'])
    assert.equal((await fetch(document['jwks_uri'])).status, 200)
  })

  it('signs in, and the access token carries ERP.net\'s claims', async () => {
    const { status, body } = await signIn()
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body['token_type'], 'Bearer')
    assert.equal(body['expires_in'], 3600)
    assert.equal(body['scope'], 'openid profile read')
    assert.equal('refresh_token' in body, false)

    const { alg, typ } = claimsOf(body['access_token'], 0)
    assert.deepEqual({ alg, typ }, { alg: 'RS256', typ: 'at+jwt' })
    const claims = claimsOf(body['access_token'])
    assert.deepEqual(claims['aud'], ['DomainAPI', 'TableAPI', 'OLAP', 'AppServer', `${sandbox.url}/id/resources`])
    assert.deepEqual(claims['scope'], ['openid', 'profile', 'read'])
    assert.equal(Number(claims['exp']) - Number(claims['iat']), 3600)
    assert.equal(claims['nbf'], claims['iat'])
    const { iss, client_id, sub, name, email, email_verified, locale, user_type, is_admin, db, idp } = claims
    assert.deepEqual({ iss, client_id, sub, name, email, email_verified, locale, user_type, is_admin, db, idp }, {
      iss: `${sandbox.url}/id`, client_id: 'com.example/erpnet-tools', sub: 'admin', name: 'Sandbox Administrator',
      email: 'admin@balkan-trade.example', email_verified: 'true', locale: 'en', user_type: 'InternalUser',
      is_admin: 'true',
      db: 'E1_SANDBOX', idp: 'local',
    })
    for (const claim of ['id', 'sid', 'jti', 'auth_time']) assert.ok(claims[claim], `no ${claim}`)

    const idClaims = claimsOf(body['id_token'])
    assert.equal(Number(idClaims['exp']) - Number(idClaims['iat']), 300)
    const { aud, nonce, sub: idSub, sid, amr, idp: idIdp } = idClaims
    assert.deepEqual({ aud, nonce, sub: idSub, sid, amr, idp: idIdp }, {
      aud: 'com.example/erpnet-tools', nonce: 'some-nonce', sub: 'admin', sid: claims['sid'], amr: ['pwd'],
      idp: 'local',
    })
    assert.ok(idClaims['auth_time'])
    assert.equal('name' in idClaims, false)

    assert.equal((await api('/tableapi/odata/', body['access_token'])).status, 200)
    const me = await (await api('/profile/me', body['access_token'])).json() as Record<string, unknown>
    assert.equal(me['id'], claims['id'])
  })

  it('signs in a user with a Cyrillic name, by confidential application', async () => {
    const user = sandbox.users.find(({ login }) => login === 'ivan.petrov')!
    const { body } = await signIn({ type: 'confidential', user })
    const { name, is_admin } = claimsOf(body['access_token'])
    assert.deepEqual({ name, is_admin }, { name: 'Иван Петров', is_admin: 'false' })
  })

  it('opens no API with openid profile alone', async () => {
    const { body } = await signIn({ scope: 'openid profile' })
    assert.equal(claimsOf(body['access_token'])['aud'], `${sandbox.url}/id/resources`)
    assert.equal((await api('/tableapi/odata/', body['access_token'])).status, 401)
    assert.equal((await api('/profile/me', body['access_token'])).status, 200)
  })

  it('wants the scope read: 403 with update alone', async () => {
    const { body } = await signIn({ scope: 'openid update' })
    assert.equal((await api('/tableapi/odata/', body['access_token'])).status, 403)
  })

  it('gives all scopes of the application when none is asked', async () => {
    const url = authorizeUrl()
    url.searchParams.delete('scope')
    const callback = await new FormBrowser().signIn(url, admin())
    const native = application('native')
    const { body } = await askToken({
      grant_type: 'authorization_code', code: callback.searchParams.get('code')!, redirect_uri: native.redirectUris[0]!,
      code_verifier: verifier, client_id: native.clientId,
    })
    assert.equal(body['scope'], native.scope)
  })

  it('shows who asks for what, says when the password is wrong, and takes the right one then', async () => {
    const browser = new FormBrowser()
    const page = await browser.open(authorizeUrl({ scope: 'openid read update' }))
    assert.ok(page instanceof Page)
    const words = ['ERP.net Developer Tools', '(read)', '(update)', 'label for="password"']
    for (const word of words) assert.ok(page.text.includes(word), word)
    const again = await page.submit({ login: '"><b>', password: 'wrong', action: 'sign-in' })
    assert.ok(again instanceof Page)
    assert.match(again.text, /role="alert"[^>]*>The login or the password is wrong/)
    assert.equal(again.text.includes('<b>"'), false)
    const end = await again.submit({ ...admin(), action: 'sign-in' })
    assert.ok(end instanceof URL)
    assert.equal(end.searchParams.get('state'), 'some-state')
    assert.ok(end.searchParams.get('code'))
  })

  it('goes on without a page when the browser is signed in, unless prompt=login', async () => {
    const browser = new FormBrowser()
    await browser.signIn(authorizeUrl(), admin())
    assert.ok(await browser.open(authorizeUrl()) instanceof URL)
    assert.ok(await browser.open(authorizeUrl({ scope: 'openid read offline_access' })) instanceof URL)
    assert.ok(await browser.open(authorizeUrl({ prompt: 'login' })) instanceof Page)
  })

  it('answers access_denied when the user cancels', async () => {
    const page = await new FormBrowser().open(authorizeUrl())
    assert.ok(page instanceof Page)
    const end = await page.submit({ action: 'cancel' })
    assert.ok(end instanceof URL)
    assert.equal(end.origin + end.pathname, 'http://127.0.0.1:53177/callback')
    assert.equal(end.searchParams.get('error'), 'access_denied')
    assert.equal(end.searchParams.get('state'), 'some-state')
  })

  describe('refuses to authorize', () => {
    const strangers = [
      'http://127.0.0.1:53180/callback', 'http://127.0.0.1:53177/Callback', 'http://localhost:53177/callback',
      'http://127.0.0.1:53177/callback/',
    ]
    for (const uri of strangers) {
      it(`the redirect address ${uri}, with a page`, async () => {
        const page = await new FormBrowser().open(authorizeUrl({ redirect_uri: uri }))
        assert.ok(page instanceof Page)
        assert.equal(page.status, 400)
        assert.match(page.text, /redirect_uri/)
      })
    }
    const cases: readonly (readonly [string, Record<string, string | undefined>, string])[] = [
      ['a public client without PKCE', { code_challenge: undefined }, 'invalid_request'],
      ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['a scope that the application has not', { scope: 'openid sec' }, 'invalid_scope'],
      ['an implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
    ]
    for (const [name, parameters, error] of cases) {
      it(name, async () => {
        const end = await new FormBrowser().open(authorizeUrl(parameters))
        assert.ok(end instanceof URL)
        assert.equal(new URLSearchParams(end.search || end.hash.slice(1)).get('error'), error)
      })
    }
    it('an unknown application, with a page', async () => {
      const page = await new FormBrowser().open(authorizeUrl({ client_id: 'com.example/nobody' }))
      assert.ok(page instanceof Page)
      assert.match(page.text, /invalid_client/)
    })
  })

  describe('refuses tokens', () => {
    const code = async () => (await new FormBrowser().signIn(authorizeUrl(), admin())).searchParams.get('code')!
    const right = async () => ({
      grant_type: 'authorization_code', code: await code(), redirect_uri: application('native').redirectUris[0]!,
      code_verifier: verifier,
      client_id: application('native').clientId,
    })
    const cases: readonly (readonly [string, Record<string, string>, string])[] = [
      ['another verifier', { code_verifier: 'x'.repeat(43) }, 'invalid_grant'],
      ['another redirect address', { redirect_uri: 'http://127.0.0.1:53178/callback' }, 'invalid_grant'],
      ['a code that it never gave', { code: 'nonsense' }, 'invalid_grant'],
      ['an unknown application', { client_id: 'com.example/nobody' }, 'invalid_client'],
      ['a superfluous secret', { client_secret: 'secret' }, 'invalid_client'],
      ['a grant that the application may not use', { grant_type: 'client_credentials' }, 'unauthorized_client'],
      ['a grant that is not there', { grant_type: 'password' }, 'unsupported_grant_type'],
    ]
    for (const [name, fields, error] of cases) {
      it(`for ${name}`, async () => {
        const { status, body } = await askToken({ ...await right(), ...fields })
        assert.equal(body['error'], error, JSON.stringify(body))
        assert.ok(status === 400 || status === 401)
      })
    }
    it('for a code used twice', async () => {
      const fields = await right()
      assert.equal((await askToken(fields)).status, 200)
      assert.equal((await askToken(fields)).body['error'], 'invalid_grant')
    })
    it('to a confidential application without or with a wrong secret, or with Basic', async () => {
      const { clientId, secret = '' } = application('confidential')
      const fields = { ...await right(), client_id: clientId }
      assert.equal((await askToken(fields)).body['error'], 'invalid_client')
      assert.equal((await askToken({ ...fields, client_secret: 'wrong' })).body['error'], 'invalid_client')
      const basic = `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${secret}`).toString('base64')}`
      assert.equal((await askToken(fields, { authorization: basic })).body['error'], 'invalid_client')
    })
  })

  for (const type of ['native', 'confidential'] as const) {
    it(`rotates refresh tokens of a ${type} application, and refuses the used one alone`, async () => {
      const { clientId, secret } = application(type)
      const first = await signIn({ type, scope: 'openid read offline_access' })
      const renew = (token: unknown) => askToken({
        grant_type: 'refresh_token', refresh_token: String(token), client_id: clientId,
        ...(secret === undefined ? {} : { client_secret: secret }),
      })
      const second = await renew(first.body['refresh_token'])
      assert.equal(second.status, 200, JSON.stringify(second.body))
      assert.notEqual(second.body['refresh_token'], first.body['refresh_token'])
      assert.equal((await renew(first.body['refresh_token'])).body['error'], 'invalid_grant')
      const third = await renew(second.body['refresh_token'])
      assert.equal(third.status, 200)
      const [before, now] = [claimsOf(first.body['access_token']), claimsOf(third.body['access_token'])]
      assert.equal(now['sid'], before['sid'])
      assert.equal(now['auth_time'], before['auth_time'])
      assert.equal((await api('/tableapi/odata/', third.body['access_token'])).status, 200)
    })
  }

  it('signs out through the browser: the session is free, the refresh token dead, the address registered', async () => {
    const browser = new FormBrowser()
    const { body } = await signIn({ browser, scope: 'openid read offline_access' })
    const before = (await sandbox.control.state()).sessions
    await (await api('/tableapi/odata/', body['access_token'])).text()
    assert.equal((await sandbox.control.state()).sessions, before + 1)

    const url = new URL(`${sandbox.url}/id/connect/endsession`)
    url.searchParams.set('id_token_hint', String(body['id_token']))
    url.searchParams.set('post_logout_redirect_uri', 'http://127.0.0.1:53199/signed-out')
    const refused = await browser.open(url)
    assert.ok(refused instanceof Page)
    assert.equal(refused.status, 400)

    url.searchParams.set('post_logout_redirect_uri', 'http://127.0.0.1:53178/signed-out')
    url.searchParams.set('state', 'bye')
    const page = await browser.open(url)
    assert.ok(page instanceof Page)
    assert.match(page.text, /<script>document.getElementById\('sign-out'\).click\(\)/)
    const end = await page.submit({ logout: 'yes' })
    assert.equal(end instanceof URL && end.href, 'http://127.0.0.1:53178/signed-out?state=bye')

    assert.equal((await sandbox.control.state()).sessions, before)
    const { error } = (await askToken({
      grant_type: 'refresh_token', refresh_token: String(body['refresh_token']),
      client_id: application('native').clientId,
    })).body
    assert.equal(error, 'invalid_grant')
    // A token that is still valid opens a new session (protocol sheet, section 2).
    assert.equal((await api('/tableapi/odata/', body['access_token'])).status, 200)
    assert.ok(await browser.open(authorizeUrl()) instanceof Page, 'the browser is signed out')
    const again = await signIn({ browser, scope: 'openid read offline_access' })
    assert.equal(again.status, 200, 'one can sign in again')
  })

  it('lets access tokens expire when asked', async () => {
    await sandbox.control.quirks({ 'token-seconds': 1 })
    const { body } = await signIn()
    await sandbox.control.quirks({ 'token-seconds': false })
    assert.equal(body['expires_in'], 1)
    const { exp } = claimsOf(body['access_token'])
    while (Date.now() / 1000 < Number(exp)) await (await api('/tableapi/odata/', body['access_token'])).text()
    const late = await api('/tableapi/odata/', body['access_token'])
    assert.equal(late.status, 401)
    assert.match(await late.text(), /expired/)
  })

  describe('credentials of the APIs', () => {
    const cases: readonly (readonly [string, (token: string) => Record<string, string>, number])[] = [
      ['Bearer', token => ({ authorization: `Bearer ${token}` }), 200],
      ['X-Api-Key', token => ({ 'x-api-key': token }), 200],
      ['Api-Key', token => ({ 'api-key': token }), 200],
      ['two headers', token => ({ 'api-key': token, authorization: `Bearer ${token}` }), 401],
      ['two keys', token => ({ 'api-key': token, 'x-api-key': token }), 401],
      ['Basic', () => ({ authorization: `Basic ${Buffer.from('admin:admin-pass').toString('base64')}` }), 401],
      ['another token', token => ({ authorization: `Bearer ${token.slice(0, -1)}` }), 401],
      ['nothing', () => ({}), 401],
    ]
    for (const [name, headers, status] of cases) {
      it(`${name}: ${status}`, async () => {
        const response = await fetch(`${sandbox.url}/tableapi/odata/`, { headers: headers(sandbox.referenceToken) })
        assert.equal(response.status, status)
        const body = await response.json() as Record<string, unknown>
        if (status !== 401) return
        assert.deepEqual(Object.keys(body), ['message', 'code', 'type', 'info', 'messageFormat', 'parameters'])
      })
    }
    it('a JWT that was changed: 401', async () => {
      const { body } = await signIn()
      const [head, , signature] = String(body['access_token']).split('.')
      const claims = Buffer.from(
        JSON.stringify({ ...claimsOf(body['access_token']), is_admin: 'no' }),
      ).toString('base64url')
      assert.equal((await api('/tableapi/odata/', [head, claims, signature].join('.'))).status, 401)
    })
    it('an ID token: 401', async () => {
      const { body } = await signIn()
      assert.equal((await api('/tableapi/odata/', body['id_token'])).status, 401)
    })
    it('the form of the reference token', () => assert.match(sandbox.referenceToken, /^enrt_[0-9A-F]{64}$/))
  })
})
