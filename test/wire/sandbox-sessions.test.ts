import assert from 'node:assert/strict'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { claimsOf, IdentityClient } from '../fakes/identity.ts'
import { useSandbox } from '../fakes/sandbox.ts'

const MINUTE = 60

describe('sandbox: sessions and licences', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  beforeEach(async () => {
    // Whatever a test has opened is over by then.
    await sandbox.control.advance(61 * MINUTE)
    assert.equal(await open(), 0)
  })
  afterEach(async () => {
    await sandbox.control.clearQuirks()
    await sandbox.control.limits({ slots: 20 })
  })

  const open = async () => (await sandbox.control.state()).sessions

  describe('a session', () => {
    it('begins with the first call of an API, not with the token', async () => {
      const { access_token: token } = await identity.signIn()
      assert.equal(await open(), 0)
      await identity.call(token)
      assert.equal(await open(), 1)
      await identity.call(token)
      await identity.call(token, '/api/domain/currentmodel')
      assert.equal(await open(), 1)
    })

    it('is not begun by anonymous calls, nor by the profile', async () => {
      for (const path of ['/tools/auto-discovery', '/tools/ver', '/api/domain/standardmodel']) {
        assert.equal((await fetch(sandbox.url + path)).status, 200)
      }
      assert.equal(await identity.call((await identity.signIn())['access_token'], '/profile/me'), 200)
      assert.equal(await open(), 0)
    })

    it('ends after 20 minutes without a call', async () => {
      const { access_token: token } = await identity.signIn()
      await identity.call(token)
      await sandbox.control.advance(19 * MINUTE)
      await identity.call(token)
      await sandbox.control.advance(19 * MINUTE)
      assert.equal(await open(), 1)
      await sandbox.control.advance(MINUTE)
      assert.equal(await open(), 0)
      assert.equal(await identity.call(token), 200, 'a token that is still valid opens a new one')
      assert.equal(await open(), 1)
    })

    it('of a service ends after an hour in all, that of a user goes on', async () => {
      await sandbox.control.quirks({ 'token-seconds': 7200 })
      const { access_token: user } = await identity.signIn()
      const { access_token: service } = (await identity.credentials()).body
      for (let minutes = 0; minutes < 50; minutes += 10) {
        await identity.call(user)
        await identity.call(service)
        await sandbox.control.advance(10 * MINUTE)
      }
      await identity.call(user)
      await identity.call(service)
      assert.equal(await open(), 2)
      await sandbox.control.advance(10 * MINUTE)
      assert.equal(await open(), 1)
      assert.equal(await identity.call(service), 200)
      assert.equal(await open(), 2)
    })

    it('is one for parallel calls of one token, and for all tokens of a service', async () => {
      const { access_token: token } = await identity.signIn()
      await Promise.all([1, 2, 3].map(() => identity.call(token, '/api/domain/currentmodel')))
      for (let times = 0; times < 2; times += 1) await identity.call((await identity.credentials()).body['access_token'])
      assert.equal(await open(), 2)
    })

    it('is one for each reference token', async () => {
      for (const { token } of sandbox.referenceTokens.filter(({ state }) => state === 'valid').slice(0, 3)) {
        await identity.call(token)
        await identity.call(token)
      }
      assert.equal(await open(), 3)
    })

    it('is kept by a refresh', async () => {
      const first = await identity.signIn({ scope: 'openid read offline_access' })
      await identity.call(first['access_token'])
      await identity.call((await identity.renew(first['refresh_token'])).body['access_token'])
      assert.equal(await open(), 1)
    })

    it('is another one for a second sign-in by the same person', async () => {
      for (let times = 0; times < 2; times += 1) await identity.call((await identity.signIn())['access_token'])
      assert.equal(await open(), 2)
    })

    it('is kept with prompt=login by the same user, and another user gets a new one', async () => {
      const browser = new FormBrowser()
      const scope = 'openid read offline_access'
      const first = await identity.signIn({ browser, scope })
      const same = await identity.signIn({ browser, scope, ask: { prompt: 'login' } })
      const other = await identity.signIn({ browser, scope, ask: { prompt: 'login' }, login: 'ivan.petrov' })
      for (const { access_token: token } of [first, same, other]) assert.equal(await identity.call(token), 200)
      const sids = [first, same, other].map(({ access_token: token }) => claimsOf(token)['sid'])
      assert.equal(sids[0], sids[1])
      assert.notEqual(sids[0], sids[2])
      assert.equal(await open(), 2)
      assert.equal((await identity.renew(first['refresh_token'])).status, 200, 'the first user stays signed in')
    })
  })

  describe('sign-out', () => {
    const BACK = 'http://127.0.0.1:53178/signed-out'

    async function signedIn(wishes: { scope?: string } = {}) {
      const browser = new FormBrowser()
      const body = await identity.signIn({ browser, ...wishes })
      await identity.call(body['access_token'])
      assert.equal(await open(), 1)
      return { browser, token: body['access_token'], hint: String(body['id_token']) }
    }

    it('frees the slot at once, and leads back to the registered address', async () => {
      const { browser, token, hint } = await signedIn()
      const end = await identity.endSession(browser, { id_token_hint: hint, post_logout_redirect_uri: BACK, state: 'bye' })
      assert.equal(end instanceof URL && end.href, `${BACK}?state=bye`)
      assert.equal(await open(), 0)
      assert.ok(await browser.open(identity.authorizeUrl()) instanceof Page, 'the browser is signed out')
      assert.equal(await identity.call(token), 200, 'a token that is still valid opens a new session')
      assert.equal(await open(), 1)
    })

    it('asks first, by quirk, and then frees the slot', async () => {
      await sandbox.control.quirks({ 'sign-out-page': true })
      const { browser, hint } = await signedIn()
      const page = await identity.endSession(browser, { id_token_hint: hint, post_logout_redirect_uri: BACK })
      assert.ok(page instanceof Page)
      assert.match(page.text, /Do you want to sign out\?/)
      assert.equal(await open(), 1)
      const end = await page.submit({ logout: 'yes' })
      assert.equal(end instanceof URL && end.href, BACK)
      assert.equal(await open(), 0)
    })

    it('refuses an address that is not registered, and ends nothing', async () => {
      const { browser, hint } = await signedIn()
      for (const uri of ['http://127.0.0.1:53199/signed-out', 'http://127.0.0.1:53177/callback']) {
        const page = await identity.endSession(browser, { id_token_hint: hint, post_logout_redirect_uri: uri })
        assert.equal(page instanceof Page && page.status, 400)
      }
      assert.equal(await open(), 1)
    })

    it('without an address ends at a page, and without a hint too', async () => {
      for (const hinted of [true, false]) {
        const { browser, hint } = await signedIn()
        const page = await identity.endSession(browser, hinted ? { id_token_hint: hint } : {})
        assert.match(page instanceof Page ? page.text : '', /You are signed out/)
        assert.equal(await open(), 0)
      }
    })

    it('of a sign-in without openid frees the slot as well', async () => {
      const browser = new FormBrowser()
      const { access_token: token } = await identity.signIn({ browser, scope: 'read', ask: { nonce: undefined } })
      await identity.call(token)
      assert.equal(await open(), 1)
      await identity.endSession(browser, {})
      assert.equal(await open(), 0)
    })

    it('of a browser that is not signed in changes nothing', async () => {
      const { hint } = await signedIn()
      const end = await identity.endSession(new FormBrowser(), { id_token_hint: hint, post_logout_redirect_uri: BACK })
      assert.equal(end instanceof URL && end.href, BACK)
      assert.equal(await open(), 1)
    })
  })

  describe('with every slot taken', () => {
    const lookUp = async (token: unknown) => {
      const response = await fetch(`${sandbox.url}/tableapi/odata/`, { headers: { authorization: `Bearer ${String(token)}` } })
      return { status: response.status, text: await response.text() }
    }

    it('a call fails with MaximumLicenseCountExceeded although the token is valid', async () => {
      await sandbox.control.limits({ slots: 1 })
      const { access_token: first } = await identity.signIn()
      const { access_token: second } = await identity.signIn({ login: 'ivan.petrov' })
      assert.equal(await identity.call(first), 200)
      const { status, text } = await lookUp(second)
      assert.equal(status, 500)
      assert.match(text, /MaximumLicenseCountExceeded/)
      assert.equal(await identity.call(first), 200, 'who is in stays in')
      assert.equal((await fetch(`${sandbox.url}/api/domain/standardmodel`)).status, 200, 'anonymous calls take none')
      assert.equal(await identity.call(second, '/profile/me'), 200)
      await sandbox.control.advance(20 * MINUTE)
      assert.equal(await identity.call(second), 200, 'the idle session has made room')
    })

    it('a second sign-in by the same person finds none', async () => {
      await sandbox.control.limits({ slots: 1 })
      assert.equal(await identity.call((await identity.signIn())['access_token']), 200)
      assert.equal(await identity.call((await identity.signIn())['access_token']), 500)
    })

    it('a reserved seat is there for its user, and hits another', async () => {
      await sandbox.control.limits({ slots: 2 })
      await sandbox.control.accounts({ user: 'ivan.petrov', reservedSeat: true })
      const tokens = []
      for (const login of ['admin', 'admin', 'ivan.petrov', 'ivan.petrov']) {
        tokens.push((await identity.signIn({ login }))['access_token'])
      }
      const answers = []
      for (const token of tokens) answers.push(await identity.call(token))
      await sandbox.control.accounts({ user: 'ivan.petrov', reservedSeat: false })
      assert.deepEqual(answers, [200, 500, 200, 500])
    })

    it('none is free for anybody, by quirk', async () => {
      await sandbox.control.quirks({ 'no-licence': true })
      const { access_token: token } = await identity.signIn()
      assert.equal(await identity.call(token), 500)
      assert.equal(await identity.call((await identity.credentials()).body['access_token']), 500)
    })
  })

  describe('the clock', () => {
    it('moves on by control: an access token has expired after an hour', async () => {
      const { access_token: token } = await identity.signIn()
      await sandbox.control.advance(59 * MINUTE)
      assert.equal(await identity.call(token), 200)
      await sandbox.control.advance(MINUTE)
      const { status, text } = await lookUpTable(token)
      assert.equal(status, 401)
      assert.match(text, /expired/)
    })

    it('lets access tokens expire sooner, by quirk', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const { access_token: token, expires_in: seconds } = await identity.signIn()
      assert.equal(seconds, 5)
      await sandbox.control.advance(5)
      assert.equal(await identity.call(token), 401)
    })

    for (const skew of [600, -600]) {
      it(`is ${skew} seconds off, by quirk, and the instance judges by it`, async () => {
        const { access_token: before } = await identity.signIn()
        await sandbox.control.quirks({ 'clock-skew': skew })
        const { access_token: token } = await identity.signIn()
        const shift = Number(claimsOf(token)['iat']) - Number(claimsOf(before)['iat'])
        assert.ok(shift >= skew && shift < skew + 60, String(shift))
        const told = Date.parse((await fetch(sandbox.url)).headers.get('date') ?? '')
        assert.ok(Math.abs(told / 1000 - Number(claimsOf(token)['iat'])) < 60, 'its answers tell the same time')
        assert.equal(await identity.call(token), 200)
        await sandbox.control.clearQuirks()
        assert.equal(await identity.call(token), skew > 0 ? 401 : 200, 'a token from the future is not valid yet')
      })
    }

    async function lookUpTable(token: unknown) {
      const headers = { authorization: `Bearer ${String(token)}` }
      const response = await fetch(`${sandbox.url}/tableapi/odata/`, { headers })
      return { status: response.status, text: await response.text() }
    }
  })
})
