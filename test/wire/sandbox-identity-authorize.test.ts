import assert from 'node:assert/strict'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { claimsOf, IdentityClient, type Json } from '../fakes/identity.ts'
import { useSandbox } from '../fakes/sandbox.ts'

describe('sandbox: authorization', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  afterEach(async () => sandbox.control.clearQuirks())

  const discovery = async () => (await fetch(`${identity.id}/.well-known/openid-configuration`)).json() as Promise<Json>

  describe('discovery', () => {
    it('names the issuer, which is the ID site, and the endpoints below it', async () => {
      const document = await discovery()
      const { id } = identity
      assert.equal(document['issuer'], id)
      assert.equal(document['authorization_endpoint'], `${id}/connect/authorize`)
      assert.equal(document['token_endpoint'], `${id}/connect/token`)
      assert.equal(document['end_session_endpoint'], `${id}/connect/endsession`)
      assert.equal(document['jwks_uri'], `${id}/.well-known/openid-configuration/jwks`)
      assert.equal((await fetch(document['jwks_uri'])).status, 200)
    })

    it('names what is documented and nothing more', async () => {
      const document = await discovery()
      assert.deepEqual(document['grant_types_supported'], ['authorization_code', 'refresh_token', 'client_credentials'])
      assert.deepEqual(document['response_types_supported'], ['code', 'code id_token'])
      assert.deepEqual(document['response_modes_supported'], ['query', 'form_post'])
      assert.deepEqual(document['code_challenge_methods_supported'], ['S256'])
      assert.deepEqual(document['token_endpoint_auth_methods_supported'], ['none', 'client_secret_post'])
      assert.deepEqual(document['scopes_supported'], ['openid', 'profile', 'read', 'update', 'offline_access'])
      for (const name of ['userinfo', 'introspection', 'revocation', 'registration', 'device_authorization']) {
        assert.equal(`${name}_endpoint` in document, false, name)
      }
      assert.equal('acr_values_supported' in document, false)
    })

    it('may omit the scope read, which can be had all the same', async () => {
      await sandbox.control.quirks({ 'discovery-without-read': true })
      const { scopes_supported: scopes } = await discovery()
      assert.deepEqual(scopes, ['openid', 'profile', 'update', 'offline_access'])
      assert.equal((await identity.signIn({ scope: 'openid read' }))['scope'], 'openid read')
    })

    const strangers = [
      'connect/userinfo', 'connect/introspect', 'connect/revocation', '.well-known/oauth-authorization-server', 'me',
    ]
    for (const path of strangers) {
      it(`there is no ${path}`, async () => {
        for (const method of ['GET', 'POST']) {
          assert.equal((await fetch(`${identity.id}/${path}`, { method })).status, 404)
        }
      })
    }
  })

  describe('the sign-in page', () => {
    it('shows who asks for what, says when the password is wrong, and takes the right one then', async () => {
      const page = await new FormBrowser().open(identity.authorizeUrl({ scope: 'openid read update' }))
      assert.ok(page instanceof Page)
      const words = ['ERP.net Developer Tools', '(read)', '(update)', 'label for="password"']
      for (const word of words) assert.ok(page.text.includes(word), word)
      const again = await page.submit({ login: '"><b>', password: 'wrong', action: 'sign-in' })
      assert.ok(again instanceof Page)
      assert.match(again.text, /role="alert"[^>]*>The login or the password is wrong/)
      assert.equal(again.text.includes('<b>"'), false)
      const end = await again.submit({ ...identity.user(), action: 'sign-in' })
      assert.ok(end instanceof URL)
      assert.equal(end.searchParams.get('state'), 'some-state')
      assert.ok(end.searchParams.get('code'))
    })

    it('cannot be embedded in a frame, nor can a page of errors', async () => {
      const urls = [identity.authorizeUrl(), identity.authorizeUrl({ redirect_uri: 'http://127.0.0.1:1/' })]
      for (const url of urls) {
        const page = await new FormBrowser().open(url)
        assert.ok(page instanceof Page)
        assert.equal(page.headers.get('x-frame-options'), 'DENY')
        assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/)
      }
    })

    it('answers access_denied when the user cancels', async () => {
      const page = await new FormBrowser().open(identity.authorizeUrl())
      assert.ok(page instanceof Page)
      const end = await page.submit({ action: 'cancel' })
      assert.ok(end instanceof URL)
      assert.equal(end.origin + end.pathname, 'http://127.0.0.1:53177/callback')
      assert.equal(end.searchParams.get('error'), 'access_denied')
      assert.equal(end.searchParams.get('state'), 'some-state')
    })

    it('is left out when the browser is signed in, unless prompt=login', async () => {
      const browser = new FormBrowser()
      await browser.signIn(identity.authorizeUrl(), identity.user())
      assert.ok(await browser.open(identity.authorizeUrl()) instanceof URL)
      assert.ok(await browser.open(identity.authorizeUrl({ scope: 'openid read offline_access' })) instanceof URL)
      assert.ok(await browser.open(identity.authorizeUrl({ prompt: 'login' })) instanceof Page)
    })

    it('takes no user who was disabled, and asks again who was signed in', async () => {
      const browser = new FormBrowser()
      const user = identity.user('ivan.petrov')
      await browser.signIn(identity.authorizeUrl(), user)
      const { access_token: token } = await identity.signIn({ login: 'ivan.petrov' })
      await sandbox.control.accounts({ user: 'ivan.petrov', active: false })
      const page = await browser.open(identity.authorizeUrl())
      assert.ok(page instanceof Page)
      assert.ok(await page.submit({ ...user, action: 'sign-in' }) instanceof Page)
      assert.equal(await identity.call(token), 401)
      await sandbox.control.accounts({ user: 'ivan.petrov', active: true })
      assert.equal(await identity.call(token), 200)
    })
  })

  describe('of a redirect address', () => {
    const strangers = [
      ['another port', 'http://127.0.0.1:53180/callback'], ['no port', 'http://127.0.0.1/callback'],
      ['another case', 'http://127.0.0.1:53177/Callback'], ['another host', 'http://localhost:53177/callback'],
      ['another slash', 'http://127.0.0.1:53177/callback/'], ['a query', 'http://127.0.0.1:53177/callback?a=1'],
    ] as const
    for (const [name, uri] of strangers) {
      it(`with ${name}, is refused with a page: invalid_redirect_uri`, async () => {
        for (const client of [identity.native, identity.confidential]) {
          assert.equal(await identity.refusal({ client_id: client, redirect_uri: uri }), 'invalid_redirect_uri')
        }
      })
    }

    it('that is registered, any one of several', async () => {
      for (const uri of identity.application(identity.native).redirectUris) {
        const end = await new FormBrowser().signIn(identity.authorizeUrl({ redirect_uri: uri }), identity.user())
        assert.equal(end.origin + end.pathname, uri)
      }
    })

    it('errors are OAuth JSON for those who ask for JSON', async () => {
      const url = identity.authorizeUrl({ redirect_uri: 'http://127.0.0.1:1/' })
      const response = await fetch(url, { headers: { accept: 'application/json' } })
      const { error, error_description: description } = await response.json() as Json
      assert.equal(response.status, 400)
      assert.equal(error, 'invalid_redirect_uri')
      assert.ok(description)
    })
  })

  describe('refuses', () => {
    const cases: readonly (readonly [string, Record<string, string | undefined>, string])[] = [
      ['a public client without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
      ['a plain challenge', { code_challenge_method: 'plain' }, 'invalid_request'],
      ['a challenge without S256', { code_challenge_method: undefined }, 'invalid_request'],
      ['an implicit flow', { response_type: 'token' }, 'unsupported_response_type'],
      ['an ID token alone', { response_type: 'id_token' }, 'unsupported_response_type'],
      ['code id_token of a public client', { response_type: 'code id_token', response_mode: 'form_post' }, 'invalid_request'],
      ['an answer in the fragment', { response_mode: 'fragment' }, 'invalid_request'],
      ['prompt=none', { prompt: 'none' }, 'invalid_request'],
      ['acr_values', { acr_values: 'high' }, 'invalid_request'],
      ['max_age', { max_age: '10' }, 'invalid_request'],
      ['another resource', { resource: 'https://example.com' }, 'invalid_request'],
      ['a missing client_id', { client_id: undefined }, 'invalid_request'],
      ['a missing redirect_uri', { redirect_uri: undefined }, 'invalid_request'],
      ['a missing response_type', { response_type: undefined }, 'invalid_request'],
      ['an unknown application', { client_id: 'com.example/nobody' }, 'invalid_client'],
      ['a disabled application', { client_id: 'com.example/retired' }, 'invalid_client'],
      ['a service application', { client_id: 'com.example/stock-sync' }, 'invalid_redirect_uri'],
    ]
    for (const [name, parameters, error] of cases) {
      it(`${name}: ${error}`, async () => assert.equal(await identity.refusal(parameters), error))
    }

    it('a disabled application as unauthorized_client, by quirk', async () => {
      await sandbox.control.quirks({ 'disabled-unauthorized': true })
      assert.equal(await identity.refusal({ client_id: 'com.example/retired' }), 'unauthorized_client')
      assert.equal(await identity.refusal({ client_id: 'com.example/nobody' }), 'invalid_client')
    })

    it('users whom the application does not admit', async () => {
      const ends: (string | null)[] = []
      for (const [client, login] of [
        [identity.native, 'elena.customer'], ['com.example/customers-only', 'admin'],
        ['com.example/customers-only', 'elena.customer'], ['com.example/community', 'admin'],
      ] as const) {
        const end = await new FormBrowser().signIn(identity.authorizeUrl({ client_id: client }), identity.user(login))
        ends.push(end.searchParams.get('error'))
      }
      assert.deepEqual(ends, ['access_denied', 'access_denied', null, null])
    })
  })

  describe('code id_token, of a confidential application', () => {
    const ask = { response_type: 'code id_token', response_mode: 'form_post', code_challenge: undefined, code_challenge_method: undefined }

    it('is posted to its address, and the code is good with the secret alone', async () => {
      const browser = new FormBrowser()
      const page = await browser.open(identity.authorizeUrl({ client_id: identity.confidential, ...ask }))
      assert.ok(page instanceof Page)
      const posted = await page.submit({ ...identity.user(), action: 'sign-in' })
      assert.ok(posted instanceof Page)
      assert.match(posted.text, /<form method="post" action="http:\/\/127.0.0.1:53177\/callback">/)
      const fields = posted.hidden()
      const { aud, nonce, c_hash: hash, name } = claimsOf(fields['id_token'])
      assert.deepEqual({ aud, nonce, name }, { aud: identity.confidential, nonce: 'some-nonce', name: undefined })
      assert.ok(hash)
      assert.equal(fields['state'], 'some-state')
      const { clientId, secret, redirectUris } = identity.application(identity.confidential)
      const { status } = await identity.askToken({
        grant_type: 'authorization_code', code: fields['code'], client_id: clientId, client_secret: secret,
        redirect_uri: redirectUris[0],
      })
      assert.equal(status, 200)
    })

    it('needs a nonce and form_post', async () => {
      const client = { client_id: identity.confidential }
      assert.equal(await identity.refusal({ ...client, ...ask, response_mode: undefined }), 'invalid_request')
      const page = await new FormBrowser().open(identity.authorizeUrl({ ...client, ...ask, nonce: undefined }))
      assert.ok(page instanceof Page)
      assert.equal(page.hidden()['error'], 'invalid_request')
    })
  })

  describe('scopes', () => {
    const allowed: readonly (readonly [string, string, string])[] = [
      ['sec, which is reserved', 'com.example/erpnet-tools', 'openid sec'],
      ['DomainApi, which is obsolete', 'com.example/erpnet-tools', 'openid DomainApi'],
      ['one that there is not', 'com.example/erpnet-tools', 'openid nix'],
      ['update, of an application that may only read', 'com.example/viewer', 'openid read update'],
      ['offline_access, of an application that may not have it', 'com.example/kiosk', 'openid read offline_access'],
      ['read, of a portal: there the sign-in is for identity only', 'com.example/customer-portal', 'openid profile read'],
    ]
    for (const [name, client, scope] of allowed) {
      it(`${name}: invalid_scope, or by quirk left out`, async () => {
        assert.equal(await identity.refusal({ client_id: client, scope }), 'invalid_scope')
        await sandbox.control.quirks({ 'scopes-left-out': true })
        const { scope: granted } = await identity.signIn({ client, scope })
        assert.equal(granted, scope.split(' ').slice(0, -1).join(' '))
      })
    }

    it('all of the application when none is asked', async () => {
      const url = identity.authorizeUrl({ scope: undefined })
      url.searchParams.delete('scope')
      const callback = await new FormBrowser().signIn(url, identity.user())
      const code = { ...await identity.code(), code: callback.searchParams.get('code') ?? '' }
      const { body } = await identity.askToken(code)
      assert.equal(body['scope'], identity.application(identity.native).scope)
    })
  })
})
