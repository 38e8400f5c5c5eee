import assert from 'node:assert/strict'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { IdentityClient, type Json } from '../fakes/identity.ts'
import { useSandbox } from '../fakes/sandbox.ts'

describe('sandbox: profile and Instance Manager', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  describe('who am I', () => {
    const me = async (token: unknown, language?: string) => {
      const headers = {
        authorization: `Bearer ${String(token)}`, ...language === undefined ? {} : { 'accept-language': language },
      }
      return await (await fetch(`${sandbox.url}/profile/me`, { headers })).json() as Json
    }

    it('has all the fields, by JWT and by PAT', async () => {
      const { access_token: token } = await identity.signIn({ login: 'ivan.petrov' })
      const answer = await me(token)
      const { url } = sandbox
      assert.deepEqual(answer, {
        id: identity.user('ivan.petrov').id, login: 'ivan.petrov', name: 'Иван Петров',
        email: 'ivan.petrov@balkan-trade.example', isAdmin: false, userType: 'InternalUser', preferredLanguage: 'bg',
        phoneNumber: null, isActive: true, pictureUrl: null, largePictureUrl: null, person: { name: 'Иван Петров' },
        domain: { name: 'Балкан Трейд' }, instance: { database: 'E1_SANDBOX', url },
        links: {
          profile: `${url}/profile`, accessTokens: `${url}/profile/security/tokens`,
          devices: `${url}/profile/security/devices`, changePassword: `${url}/profile/security/password`,
        },
      })
      const personal = sandbox.referenceTokens.find(({ user }) => user === 'ivan.petrov')?.token
      assert.deepEqual(await me(personal), answer)
      assert.equal((await me(sandbox.referenceToken))['isAdmin'], true)
    })

    it('person and domain may be null', async () => {
      const { access_token: token } = await identity.signIn({
        client: 'com.example/community', scope: 'openid profile', login: 'elena.customer',
      })
      const { person, domain, userType } = await me(token)
      assert.deepEqual({ person, domain, userType }, { person: null, domain: null, userType: 'ExternalCommunityUser' })
    })

    const languages = [
      ['bg', 'Балкан Трейд'], ['bg-BG,en;q=0.8', 'Балкан Трейд'], ['bg;q=0.2, en-GB;q=0.9', 'Balkan Trade'],
      ['de, bg;q=0.5', 'Балкан Трейд'], ['de', 'Balkan Trade'], [undefined, 'Balkan Trade'],
    ] as const
    for (const [language, name] of languages) {
      it(`in the language that Accept-Language picks: ${language ?? 'the user’s own'}`, async () => {
        assert.deepEqual((await me(sandbox.referenceToken, language))['domain'], { name })
      })
    }

    it('is nothing for a service, neither by client credentials nor by SAT: 403', async () => {
      assert.equal(await identity.call((await identity.credentials()).body['access_token'], '/profile/me'), 403)
      const system = sandbox.referenceTokens.find(({ kind }) => kind === 'SAT')?.token
      assert.equal(await identity.call(system, '/profile/me'), 403)
    })

    it('is nothing for nobody: 401', async () => {
      assert.equal((await fetch(`${sandbox.url}/profile/me`)).status, 401)
    })
  })

  describe('registering an application by link', () => {
    const link = (more: Record<string, string | undefined> = {}) => {
      const url = new URL(`${sandbox.url}/manage/apps/install`)
      const parameters: Record<string, string | undefined> = {
        applicationUri: 'com.example/new', applicationName: 'A <new> one', clientType: 'Public',
        redirectUri: 'https://new.example.com/callback', impersonate: 'internal', scope: 'openid profile read', ...more,
      }
      for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
      return url
    }
    const open = async (more: Record<string, string | undefined> = {}) => {
      const page = await new FormBrowser().open(link(more))
      assert.ok(page instanceof Page)
      return page
    }
    const authorize = (clientId: string) => new FormBrowser().open(identity.authorizeUrl({
      client_id: clientId, redirect_uri: 'https://new.example.com/callback', scope: undefined,
    }))

    it('shows what it will be, asks an administrator to sign in, and the application works at once', async () => {
      const page = await open()
      assert.equal(page.headers.get('x-frame-options'), 'DENY')
      for (const word of ['com.example/new', 'A &#60;new&#62; one', 'Public', 'https://new.example.com/callback']) {
        assert.ok(page.text.includes(word), word)
      }
      const before = await authorize('com.example/new')
      assert.equal(before instanceof Page && before.status, 400)
      const done = await page.submit(identity.user())
      assert.match(done instanceof Page ? done.text : '', /is registered/)

      const form = await authorize('com.example/new')
      assert.ok(form instanceof Page)
      const end = await form.submit({ ...identity.user(), action: 'sign-in' })
      assert.ok(end instanceof URL)
      const { status, body } = await identity.askToken({
        grant_type: 'authorization_code', code: end.searchParams.get('code') ?? '', client_id: 'com.example/new',
        redirect_uri: 'https://new.example.com/callback', code_verifier: identity.verifier,
      })
      assert.equal(status, 200)
      assert.equal(body['scope'], 'openid profile read')
      assert.equal(await identity.call(body['access_token']), 200)
      assert.equal((await open()).status, 400, 'a second time it is there already')
    })

    it('takes nobody but an administrator, and no form that was made up', async () => {
      const refused: (readonly [string, Record<string, string>])[] = [
        ['another user', identity.user('ivan.petrov')], ['a wrong password', { login: 'admin', password: 'wrong' }],
        ['a made-up form', { ...identity.user(), form: 'x' }],
      ]
      for (const [name, fields] of refused) {
        const end = await (await open({ applicationUri: 'com.example/other' })).submit(fields)
        assert.equal(end instanceof Page && end.status, 403, name)
      }
      const end = await authorize('com.example/other')
      assert.equal(end instanceof Page && end.status, 400)
    })

    it('with a policy for reference tokens and a system user', async () => {
      const page = await open({
        applicationUri: 'com.example/nightly', clientType: undefined, redirectUri: undefined, impersonate: undefined,
        serviceAccess: 'referenceToken', referenceTokens: 'administratorsOnly', scope: 'read', requestSecret: 'false',
      })
      assert.match(page.text, /ClientType: <b>None.*SystemUserAllowed: <b>true.*AccessTokens: <b>AdministratorsOnly/)
      await page.submit(identity.user())
      const tokens = await new FormBrowser().open(`${sandbox.url}/manage/security/tokens`)
      assert.ok(tokens instanceof Page)
      const list = await tokens.submit(identity.user())
      assert.ok(list instanceof Page)
      const made = await list.submit({ application: 'com.example/nightly', days: '1', action: 'issue' })
      assert.equal(await identity.call(/enrt_\w+/.exec(made instanceof Page ? made.text : '')?.[0]), 200)
    })

    it('delivers no secret, so that a confidential one waits for it', async () => {
      const page = await open({ applicationUri: 'com.example/web', clientType: 'Confidential', requestSecret: 'true' })
      const done = await page.submit(identity.user())
      assert.doesNotMatch(done instanceof Page ? done.text : '', /secret/i)
      const { body } = await identity.askToken({ grant_type: 'client_credentials', client_id: 'com.example/web', client_secret: 'undefined' })
      assert.equal(body['error'], 'invalid_client')
    })

    const wrong: readonly (readonly [string, Record<string, string | undefined>])[] = [
      ['without applicationUri', { applicationUri: undefined }], ['without applicationName', { applicationName: '' }],
      ['of a public client with a loopback address', { redirectUri: 'http://127.0.0.1:53177/callback' }],
      ['without a redirectUri where somebody signs in', { redirectUri: undefined }],
      ['with an unknown parameter', { nix: '1' }], ['with the scope sec', { scope: 'openid sec' }],
      ['with an unknown clientType', { clientType: 'public' }], ['with an unknown impersonate', { impersonate: 'x' }],
      ['with an unknown serviceAccess', { serviceAccess: 'x' }], ['with unknown referenceTokens', { referenceTokens: 'x' }],
    ]
    for (const [name, more] of wrong) {
      it(`${name} is refused`, async () => {
        assert.equal((await open({ applicationUri: 'com.example/wrong', ...more })).status, 400)
      })
    }
  })
})
