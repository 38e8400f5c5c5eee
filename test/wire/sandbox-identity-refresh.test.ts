import assert from 'node:assert/strict'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { claimsOf, IdentityClient } from '../fakes/identity.ts'
import { useSandbox } from '../fakes/sandbox.ts'

const HOUR = 3600
const DAY = 24 * HOUR

describe('sandbox: refresh tokens', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  const scope = 'openid read offline_access'
  afterEach(async () => sandbox.control.clearQuirks())

  const clients = ['com.example/erpnet-tools', 'com.example/web-reports']

  it('are issued only when offline_access was asked', async () => {
    assert.equal('refresh_token' in await identity.signIn(), false)
    assert.ok((await identity.signIn({ scope }))['refresh_token'])
  })

  for (const client of clients) {
    it(`of ${client} rotate: the used one is refused at once, and it alone`, async () => {
      const first = await identity.signIn({ client, scope })
      const second = await identity.renew(first['refresh_token'], client)
      assert.equal(second.status, 200, JSON.stringify(second.body))
      assert.notEqual(second.body['refresh_token'], first['refresh_token'])
      assert.equal((await identity.renew(first['refresh_token'], client)).body['error'], 'invalid_grant')
      const third = await identity.renew(second.body['refresh_token'], client)
      assert.equal(third.status, 200)
      const [before, now] = [claimsOf(first['access_token']), claimsOf(third.body['access_token'])]
      assert.equal(now['sid'], before['sid'], 'the session stays')
      assert.equal(now['auth_time'], before['auth_time'])
      assert.equal(await identity.call(third.body['access_token']), 200)
    })
  }

  it('of a confidential application live for a month', async () => {
    const client = identity.confidential
    const { refresh_token: first } = await identity.signIn({ client, scope })
    await sandbox.control.advance(30 * DAY - HOUR)
    const { status, body } = await identity.renew(first, client)
    assert.equal(status, 200)
    await sandbox.control.advance(30 * DAY)
    assert.equal((await identity.renew(body['refresh_token'], client)).body['error'], 'invalid_grant')
  })

  it('of a public application live for 24 hours', async () => {
    await sandbox.control.quirks({ 'refresh-public': 'day' })
    const { refresh_token: first } = await identity.signIn({ scope })
    await sandbox.control.advance(DAY - HOUR)
    const { status, body } = await identity.renew(first)
    assert.equal(status, 200)
    await sandbox.control.advance(DAY)
    assert.equal((await identity.renew(body['refresh_token'])).body['error'], 'invalid_grant')
  })

  it('of a public application are not issued at all, by quirk', async () => {
    await sandbox.control.quirks({ 'refresh-public': 'none' })
    assert.equal('refresh_token' in await identity.signIn({ scope }), false)
    assert.ok((await identity.signIn({ client: identity.confidential, scope }))['refresh_token'])
  })

  it('stay valid when the answer to a refresh has no new one, by quirk', async () => {
    await sandbox.control.quirks({ 'refresh-kept': true })
    const { refresh_token: token } = await identity.signIn({ scope })
    for (let times = 0; times < 2; times += 1) {
      const { status, body } = await identity.renew(token)
      assert.equal(status, 200)
      assert.equal('refresh_token' in body, false)
      assert.equal(await identity.call(body['access_token']), 200)
    }
  })

  it('are revoked by a sign-out', async () => {
    const browser = new FormBrowser()
    const { refresh_token: token, id_token: hint } = await identity.signIn({ browser, scope })
    await identity.endSession(browser, { id_token_hint: String(hint) })
    assert.equal((await identity.renew(token)).body['error'], 'invalid_grant')
  })

  it('are revoked by a change of password, of that user alone', async () => {
    const { refresh_token: token } = await identity.signIn({ login: 'ivan.petrov', scope })
    const { refresh_token: other } = await identity.signIn({ scope })
    const page = await new FormBrowser().open(`${sandbox.url}/profile/security/password`)
    assert.ok(page instanceof Page)
    const done = await page.submit({ ...identity.user('ivan.petrov'), 'new-password': 'another-pass' })
    assert.ok(done instanceof Page)
    assert.match(done.text, /Your password is changed/)
    assert.equal((await identity.renew(token)).body['error'], 'invalid_grant')
    assert.equal((await identity.renew(other)).status, 200)
    await sandbox.control.accounts({ user: 'ivan.petrov', password: identity.user('ivan.petrov').password })
  })

  it('of a user or an application that was disabled are refused', async () => {
    const { refresh_token: users } = await identity.signIn({ login: 'ivan.petrov', scope })
    await sandbox.control.accounts({ user: 'ivan.petrov', active: false })
    assert.equal((await identity.renew(users)).body['error'], 'invalid_grant')
    await sandbox.control.accounts({ user: 'ivan.petrov', active: true })

    const { refresh_token: token } = await identity.signIn({ scope })
    await sandbox.control.accounts({ application: identity.native, isEnabled: false })
    assert.equal((await identity.renew(token)).body['error'], 'invalid_client')
    await sandbox.control.accounts({ application: identity.native, isEnabled: true })
    assert.equal((await identity.renew(token)).status, 200)
  })

  it('can ask for less, and never for more', async () => {
    const { refresh_token: first } = await identity.signIn({ scope: 'openid read update offline_access' })
    const { body } = await identity.renew(first, identity.native, { scope: 'openid read offline_access' })
    assert.equal(body['scope'], 'openid read offline_access')
    const { refresh_token: second } = await identity.signIn({ scope })
    const more = await identity.renew(second, identity.native, { scope: 'openid update' })
    assert.equal(more.body['error'], 'invalid_scope')
  })

  it('of another application are refused', async () => {
    const { refresh_token: token } = await identity.signIn({ scope })
    assert.equal((await identity.renew(token, identity.confidential)).body['error'], 'invalid_grant')
    assert.equal((await identity.renew('nonsense')).body['error'], 'invalid_grant')
  })
})
