import assert from 'node:assert/strict'

import { FormBrowser, Page } from '../fakes/form-browser.ts'
import { IdentityClient } from '../fakes/identity.ts'
import { useSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

type Wanted = Partial<SandboxUnderTest['referenceTokens'][number]>

const DAY = 24 * 3600

describe('sandbox: reference tokens', () => {
  const sandbox = useSandbox()
  const identity = new IdentityClient(sandbox)
  const find = (wanted: Wanted) => sandbox.referenceTokens.find(
    token => Object.entries(wanted).every(([name, value]) => token[name as keyof Wanted] === value),
  )!.token

  it('begin with enrt_ and are 64 hexadecimal digits in upper case', () => {
    assert.equal(sandbox.referenceToken, sandbox.referenceTokens[0]?.token)
    for (const { token } of sandbox.referenceTokens) assert.match(token, /^enrt_[0-9A-F]{64}$/)
  })

  describe('open the Table API', () => {
    const cases: readonly (readonly [string, Wanted, number])[] = [
      ['of a user (PAT): 200', { kind: 'PAT', user: 'ivan.petrov' }, 200],
      ['of a system user (SAT): 200', { kind: 'SAT', state: 'valid' }, 200],
      ['of an application that may only read: 200', { kind: 'SAT', scope: 'read' }, 200],
      ['of an application that may only update: 403', { scope: 'update' }, 403],
      ['that has expired: 401', { state: 'expired' }, 401],
      ['that was revoked: 401', { state: 'revoked' }, 401],
      ['of a disabled application: 401', { state: 'disabled' }, 401],
      ['of another instance: 401', { state: 'foreign' }, 401],
    ]
    for (const [name, wanted, status] of cases) {
      it(name, async () => assert.equal(await identity.call(find(wanted)), status))
    }

    it('and the Domain API, with the same token', async () => {
      assert.equal(await identity.call(sandbox.referenceToken, '/api/domain/currentmodel'), 200)
    })

    it('not one character may differ: 401', async () => {
      assert.equal(await identity.call(sandbox.referenceToken.slice(0, -1)), 401)
      assert.equal(await identity.call(sandbox.referenceToken.toLowerCase()), 401)
    })
  })

  describe('are sent', () => {
    const cases: readonly (readonly [string, (token: string) => Record<string, string>, number])[] = [
      ['as Bearer: 200', token => ({ authorization: `Bearer ${token}` }), 200],
      ['as X-Api-Key: 200', token => ({ 'x-api-key': token }), 200],
      ['as Api-Key: 200', token => ({ 'api-key': token }), 200],
      ['in two headers: 401', token => ({ 'api-key': token, authorization: `Bearer ${token}` }), 401],
      ['as two keys: 401', token => ({ 'api-key': token, 'x-api-key': token }), 401],
      ['bare: 401', token => ({ authorization: token }), 401],
      ['with more behind: 401', token => ({ authorization: `Bearer ${token} ${token}` }), 401],
      ['not at all: 401', () => ({}), 401],
      ['not at all, but Basic: 401', () => ({ authorization: `Basic ${btoa('admin:admin-pass')}` }), 401],
      ['not at all, but an ErpSession: 401', () => ({ authorization: 'ErpSession 1' }), 401],
    ]
    for (const [name, headers, status] of cases) {
      it(name, async () => {
        const response = await fetch(`${sandbox.url}/tableapi/odata/`, { headers: headers(sandbox.referenceToken) })
        assert.equal(response.status, status)
        const body = await response.json() as Record<string, unknown>
        if (status === 401) {
          assert.deepEqual(Object.keys(body), ['message', 'code', 'type', 'info', 'messageFormat', 'parameters'])
        }
      })
    }

    it('in the header of an API key, which takes no JWT: 401', async () => {
      const { access_token: token } = await identity.signIn()
      assert.equal(await identity.call('', '/tableapi/odata/', { headers: { 'x-api-key': String(token) } }), 401)
    })
  })

  it('are never exchanged for other tokens', async () => {
    const token = sandbox.referenceToken
    assert.equal((await identity.renew(token)).body['error'], 'invalid_grant')
    assert.equal((await identity.askToken({ ...await identity.code(), code: token })).body['error'], 'invalid_grant')
    const { body } = await identity.askToken(
      { grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange', subject_token: token, client_id: identity.native },
    )
    assert.equal(body['error'], 'unsupported_grant_type')
    const header = await identity.askToken({ grant_type: 'client_credentials' }, { authorization: `Bearer ${token}` })
    assert.equal(header.body['error'], 'invalid_client')
  })

  it('are bound to their application: disabling it disables them, and enabling it brings them back', async () => {
    await sandbox.control.accounts({ application: 'com.example/automation', isEnabled: false })
    assert.equal(await identity.call(sandbox.referenceToken), 401)
    await sandbox.control.accounts({ application: 'com.example/automation', isEnabled: true })
    assert.equal(await identity.call(sandbox.referenceToken), 200)
  })

  describe('issued by hand', () => {
    async function open(site: 'profile' | 'manage', login: string): Promise<Page> {
      const page = await new FormBrowser().open(`${sandbox.url}/${site}/security/tokens`)
      assert.ok(page instanceof Page)
      assert.equal(page.headers.get('x-frame-options'), 'DENY')
      return submit(page, { ...identity.user(login), action: 'sign-in' })
    }
    async function submit(page: Page, fields: Record<string, string>): Promise<Page> {
      const end = await page.submit(fields)
      assert.ok(end instanceof Page)
      return end
    }
    const offered = (page: Page) => [...page.text.matchAll(/<option value="([^"]+)"/g)].map(([, client]) => client)
    const shown = (page: Page) => /enrt_\w+/.exec(page.text)?.[0]

    it('by a user at the profile site, shown once, for as long as chosen', async () => {
      const page = await submit(await open('profile', 'ivan.petrov'), {
        application: 'com.example/automation', days: '2', action: 'issue',
      })
      const token = shown(page)
      assert.ok(token)
      assert.equal(await identity.call(token), 200)
      assert.equal(shown(await open('profile', 'ivan.petrov')), undefined)
      await sandbox.control.advance(2 * DAY - 60)
      assert.equal(await identity.call(token), 200)
      await sandbox.control.advance(60)
      assert.equal(await identity.call(token), 401)
    })

    it('and revoked there', async () => {
      let page = await submit(await open('profile', 'ivan.petrov'), {
        application: 'com.example/automation', days: '30', action: 'issue',
      })
      const token = shown(page)
      assert.equal(await identity.call(token), 200)
      const number = [...page.text.matchAll(/name="revoke" value="(\d+)"/g)].at(-1)?.[1] ?? ''
      page = await submit(page, { revoke: number })
      assert.match(page.text, /revoked/)
      assert.equal(await identity.call(token), 401)
    })

    it('for applications whose policy lets this user: AuthenticatedUsers, AdministratorsOnly, None', async () => {
      assert.deepEqual(offered(await open('profile', 'ivan.petrov')), ['com.example/automation', 'com.example/importer'])
      assert.deepEqual(
        offered(await open('profile', 'admin')), ['com.example/automation', 'com.example/bi', 'com.example/importer'],
      )
      for (const application of ['com.example/bi', 'com.example/erpnet-tools', 'com.example/retired']) {
        const page = await submit(await open('profile', 'ivan.petrov'), { application, days: '1', action: 'issue' })
        assert.equal(page.status, 403)
      }
    })

    it('never by an external user', async () => {
      assert.deepEqual(offered(await open('profile', 'elena.customer')), [])
    })

    it('for a system user by an administrator alone, at the Instance Manager', async () => {
      assert.equal((await open('manage', 'ivan.petrov')).status, 403)
      const page = await open('manage', 'admin')
      assert.deepEqual(offered(page), ['com.example/automation', 'com.example/bi'])
      const token = shown(await submit(page, { application: 'com.example/bi', days: '1', action: 'issue' }))
      assert.equal(await identity.call(token), 200)
      assert.equal(await identity.call(token, '/profile/me'), 403)
    })

    it('not by a form that was made up, or sent twice, or for longer than a year', async () => {
      const page = await open('profile', 'admin')
      const wish = { application: 'com.example/automation', days: '1', action: 'issue' }
      assert.equal((await submit(page, { ...wish, form: 'x' })).status, 403)
      assert.equal((await submit(page, { ...wish, days: '366' })).status, 400)
      assert.equal((await submit(page, wish)).status, 403)
    })
  })

  describe('once given out', () => {
    it('are revoked at once', async () => {
      const token = find({ user: 'ivan.petrov' })
      assert.equal(await identity.call(token), 200)
      await sandbox.control.accounts({ referenceToken: token, revoked: true })
      assert.equal(await identity.call(token), 401)
    })
  })
})
