import assert from 'node:assert/strict'
import { InMemoryWebStorage, OidcClient, WebStorageStateStore, type OidcClientSettings } from 'oidc-client-ts'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { IdentityClient } from '../fakes/identity.ts'
import { useSandbox } from '../fakes/sandbox.ts'

/** A client library that neither we nor the makers of the extension's own have written. */
describe('sandbox: OpenID Connect by another client library', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  function clientOf(clientId: string, more: Partial<OidcClientSettings> = {}): OidcClient {
    const { secret, redirectUris } = identity.application(clientId)
    return new OidcClient({
      authority: identity.id, client_id: clientId, redirect_uri: redirectUris[0] ?? '',
      post_logout_redirect_uri: 'http://127.0.0.1:53177/signed-out', scope: 'openid profile read offline_access',
      ...secret === undefined ? {} : { client_secret: secret },
      stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }), ...more,
    })
  }

  for (const clientId of ['com.example/erpnet-tools', 'com.example/web-reports']) {
    it(`signs in, refreshes and signs out as ${clientId}`, async () => {
      const client = clientOf(clientId)
      const browser = new FormBrowser()
      const { url } = await client.createSigninRequest({ nonce: 'n' })
      const callback = await browser.signIn(url, identity.user('ivan.petrov'))
      const answer = await client.processSigninResponse(callback.href)
      assert.equal(answer.profile.sub, 'ivan.petrov')
      assert.equal(answer.scope, 'openid profile read offline_access')
      assert.equal(await identity.call(answer.access_token), 200)

      const renewed = await client.useRefreshToken({
        // The library's class for it is in its types alone.
        state: JSON.parse(JSON.stringify(answer)) as Parameters<OidcClient['useRefreshToken']>[0]['state'],
      })
      assert.notEqual(renewed.refresh_token, answer.refresh_token)
      assert.equal(await identity.call(renewed.access_token), 200)

      const { sessions } = await sandbox.control.state()
      const signOut = await client.createSignoutRequest({ id_token_hint: renewed.id_token ?? '', state: 'bye' })
      const end = await browser.open(signOut.url)
      assert.ok(end instanceof URL)
      await client.processSignoutResponse(end.href)
      assert.equal((await sandbox.control.state()).sessions, sessions - 1)
    })
  }

  it('hears of a refusal in its own words', async () => {
    const client = clientOf('com.example/viewer', { scope: 'openid update' })
    const { url } = await client.createSigninRequest({})
    const end = await new FormBrowser().open(url)
    assert.ok(end instanceof URL)
    await assert.rejects(client.processSigninResponse(end.href), { error: 'invalid_scope' })
  })

  it('hears that the user has cancelled', async () => {
    const client = clientOf('com.example/erpnet-tools')
    const page = await new FormBrowser().open((await client.createSigninRequest({})).url)
    assert.ok(page instanceof Page)
    const end = await page.submit({ action: 'cancel' })
    assert.ok(end instanceof URL)
    await assert.rejects(client.processSigninResponse(end.href), { error: 'access_denied' })
  })
})
