import assert from 'node:assert/strict'
import type { TokenSession } from '../../src/core/auth/sessionStore.ts'
import type { Clock } from '../../src/core/base/effects.ts'
import { type ApplicationType, type Connection, readConnection } from '../../src/core/instance/connection.ts'
import { odataRoot, site, tableRoot } from '../../src/core/instance/instance.ts'
import type { Sessions } from '../../src/extension/signIn/sessions.ts'
import { useEngine } from '../fakes/engine.ts'
import { fails } from '../fakes/fails.ts'
import { Person } from '../fakes/person.ts'
import { startSandbox, useSandbox, type ReadyLine, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'

const HOUR_MS = 3_600_000

/** How each of the five application types connects, lasts and ends (protocol sheet, "The five application types"). */
describe('Sign-in of', () => {
  const engine = useEngine()
  const sandbox = useSandbox()
  let secrets: MemorySecrets
  let person: Person
  let sessions: Sessions
  let late: number

  beforeEach(() => {
    secrets = new MemorySecrets()
    const ports = applicationOf('native').redirectUris.map(uri => Number(new URL(uri).port))
    person = new Person({ ports, user: user('ivan.petrov') })
    late = 0
    const clock: Clock = { now: () => Date.now() + late }
    sessions = startSessions({ engine, secrets, ui: person, clock })
  })

  afterEach(async () => {
    sessions.dispose()
    await sandbox.control.clearQuirks()
  })

  const user = (login: string) => sandbox.users.find(candidate => candidate.login === login)!
  const applicationOf = (type: ApplicationType) => sandbox.applications.find(candidate => candidate.type === type)!

  /** The first application of that type, or the one that is named; the person knows its secret. */
  function connectionOf(type: ApplicationType, more: Record<string, unknown> = {}): Connection {
    const clientId = more['clientId'] ?? applicationOf(type).clientId
    person.clientSecret = sandbox.applications.find(candidate => candidate.clientId === clientId)?.secret
    return readConnection({ id: 'demo', name: 'Demo', url: sandbox.url, application: type, clientId, ...more })
  }

  async function signIn(connection: Connection): Promise<void> {
    await sessions.signIn(connection)
    await person.browsed()
  }

  /** Calls both APIs, as everything in the extension does. @returns the token */
  async function callApis(connection: Connection): Promise<string> {
    const { instance, token } = await sessions.access(connection)
    assert.ok(await engine.call('domainVersion', { base: odataRoot(site(instance, 'DomainAPI')), token }))
    assert.ok(await engine.call('resources', { base: tableRoot(site(instance, 'TableAPI')), token }) > 10)
    return token
  }

  async function stored(connection: Connection): Promise<TokenSession> {
    const session = await sessions.stored(connection)
    assert.ok(session?.kind === 'tokens')
    return session
  }

  /** What the person sees, but for the time. */
  async function stateOf(connection: Connection) {
    const { signedIn, account, service, external, renewable } = await sessions.state(connection)
    return { signedIn, account, service, external, renewable }
  }

  const signedInAs = (account: string | undefined, renewable: boolean, more: { service?: string; external?: true } = {}) =>
    ({ signedIn: true, account, renewable, service: undefined, external: undefined, ...more })

  /** Nothing was signed in, and nothing is kept. */
  async function isSignedOut(connection: Connection): Promise<void> {
    await person.browsed()
    assert.equal((await sessions.state(connection)).signedIn, false)
    assert.equal(secrets.entries.size, 0)
  }

  async function signsOut(connection: Connection, end: string): Promise<void> {
    person.atPage = url => person.press(url, { logout: 'yes' })
    await sessions.signOut(connection)
    assert.equal(await person.wasSignedOut(), end)
    assert.equal((await sessions.state(connection)).signedIn, false)
    await fails(sessions.access(connection), 'signed-out')
    await person.browsed()
  }

  for (const type of ['native', 'confidential'] as const) {
    it(`a ${type} application: the user’s own token calls the APIs, lasts by its refresh token, ends in the browser`, async () => {
      const connection = connectionOf(type, { staySignedIn: true })
      await signIn(connection)
      assert.deepEqual(await stateOf(connection), signedInAs('Иван Петров', true))
      const first = await callApis(connection)
      const { refreshToken } = (await stored(connection)).tokens
      late = HOUR_MS
      assert.notEqual(await callApis(connection), first)
      assert.notEqual((await stored(connection)).tokens.refreshToken, refreshToken)
      late = 0
      await signsOut(connection, 'freed')
    })
  }

  describe('a portal', () => {
    it('knows the visitor and calls the APIs as itself, asks anew, ends the visitor’s session in the browser', async () => {
      const connection = connectionOf('portal')
      await signIn(connection)
      assert.deepEqual(await stateOf(connection), signedInAs('Иван Петров', true, { service: 'portal.service' }))
      assert.equal(person.openedWith('scope'), 'openid profile', 'the visitor’s sign-in is for identity alone')
      const first = await callApis(connection)
      const { tokens, visitor } = await stored(connection)
      assert.equal(tokens.refreshToken, undefined)
      late = HOUR_MS
      assert.notEqual(await callApis(connection), first)
      assert.deepEqual((await stored(connection)).visitor, visitor)
      assert.deepEqual(await stateOf(connection), signedInAs('Иван Петров', true, { service: 'portal.service' }))
      late = 0
      // the slot is the application's own
      await signsOut(connection, 'idle')
      assert.match(person.seen.at(-1) ?? '', /signedOut/)
    })

    it('admits a user from outside, who gets no API token', async () => {
      const connection = connectionOf('portal')
      person.atPage = async url => person.visit(await person.browser.signIn(url, user('elena.customer')))
      await signIn(connection)
      const state = await stateOf(connection)
      assert.deepEqual([state.external, state.service], [true, 'portal.service'])
      await callApis(connection)
      assert.equal((await stored(connection)).tokens.account?.login, 'portal.service')
    })

    it('keeps nothing when its secret is wrong', async () => {
      const connection = connectionOf('portal')
      person.clientSecret = 'wrong'
      await fails(sessions.signIn(connection), 'sign-in-refused', { error: 'invalid_client' })
      await isSignedOut(connection)
    })
  })

  describe('a service', () => {
    it('needs nobody, calls the APIs as its system user, asks anew, and never signs out at the identity service', async () => {
      const connection = connectionOf('service')
      person.atPage = () => Promise.reject(new Error('a service has no browser'))
      await signIn(connection)
      assert.deepEqual(await stateOf(connection), signedInAs(undefined, true, { service: 'sync.service' }))
      const first = await callApis(connection)
      late = HOUR_MS
      assert.notEqual(await callApis(connection), first)
      late = 0
      await sessions.signOut(connection)
      assert.deepEqual(person.ends, ['idle'])
      const { byPath } = await asked()
      assert.equal(byPath['/id/connect/endsession'] ?? 0, endedBefore)
    })

    let endedBefore = 0
    beforeEach(async () => { endedBefore = (await asked()).byPath['/id/connect/endsession'] ?? 0 })
    const asked = () => sandbox.control.requests()

    const refusals: readonly (readonly [what: string, more: Record<string, unknown>, secret: string | undefined, error: string])[] = [
      ['without a system user', { clientId: 'com.example/nobody-behind' }, undefined, 'unauthorized_client'],
      ['with a wrong secret', {}, 'wrong', 'invalid_client'],
      ['that nobody knows', { clientId: 'com.example/unknown' }, 'any', 'invalid_client'],
      ['that asks for a scope it may not have', { scopes: ['sec'] }, undefined, 'invalid_scope'],
    ]
    for (const [what, more, secret, error] of refusals) {
      it(`${what} is refused: ${error}`, async () => {
        const connection = connectionOf('service', more)
        person.clientSecret = secret ?? person.clientSecret
        await fails(sessions.signIn(connection), 'sign-in-refused', { error })
        await isSignedOut(connection)
      })
    }
  })

  describe('a disabled application', () => {
    afterEach(async () => { await sandbox.control.accounts({ application: 'com.example/stock-sync', isEnabled: true }) })

    for (const [quirks, error] of [[{}, 'invalid_client'], [{ 'disabled-unauthorized': true }, 'unauthorized_client']] as const) {
      it(`is refused: ${error}`, async () => {
        await sandbox.control.accounts({ application: 'com.example/stock-sync', isEnabled: false })
        await sandbox.control.quirks(quirks)
        const connection = connectionOf('service')
        await fails(sessions.signIn(connection), 'sign-in-refused', { error })
        await isSignedOut(connection)
      })
    }
  })

  describe('a reference token', () => {
    const tokenOf = (kind: 'PAT' | 'SAT', state: ReadyLine['referenceTokens'][number]['state']) =>
      sandbox.referenceTokens.find(token => token.kind === kind && token.state === state)!.token

    for (const kind of ['PAT', 'SAT'] as const) {
      it(`(${kind}) opens the APIs as it is, and its slot can only idle away`, async () => {
        const connection = connectionOf('referenceToken')
        person.referenceToken = tokenOf(kind, 'valid')
        await signIn(connection)
        assert.deepEqual(await sessions.state(connection), { signedIn: true })
        assert.equal(await callApis(connection), person.referenceToken)
        await sessions.signOut(connection)
        assert.deepEqual(person.ends, ['idle'])
        await isSignedOut(connection)
      })
    }

    for (const state of ['expired', 'revoked', 'foreign'] as const) {
      it(`that is ${state} is refused by the APIs, and stays for the person to replace`, async () => {
        const connection = connectionOf('referenceToken')
        person.referenceToken = tokenOf('PAT', state)
        await signIn(connection)
        await fails(callApis(connection), 'unauthorized')
        assert.equal((await sessions.state(connection)).signedIn, true)
      })
    }
  })

  it('a user from outside at a native application ends: no API opens to them', async () => {
    const connection = connectionOf('native', { clientId: 'com.example/community', staySignedIn: true })
    person.atPage = async url => person.visit(await person.browser.signIn(url, user('elena.customer')))
    await fails(sessions.signIn(connection), 'no-api-access', { reason: 'external' })
    await isSignedOut(connection)
    assert.match(person.seen.join(), /no-api-access/)
  })

  it('a user whose scopes were left out ends: the token opens no API', async () => {
    await sandbox.control.quirks({ 'scopes-left-out': true })
    const connection = connectionOf('native', { scopes: ['sec'] })
    await fails(sessions.signIn(connection), 'no-api-access', { reason: 'scope' })
    await isSignedOut(connection)
  })

  describe('an instance', () => {
    /** Whose clock a test moves for good. */
    let own: SandboxUnderTest | undefined
    afterEach(async () => {
      await own?.stop()
      own = undefined
    })

    it('that gives public clients no refresh token ends with the access token (refresh-public=none)', async () => {
      await sandbox.control.quirks({ 'refresh-public': 'none' })
      const connection = connectionOf('native', { staySignedIn: true })
      await signIn(connection)
      assert.deepEqual(await stateOf(connection), signedInAs('Иван Петров', false))
      await callApis(connection)
      late = HOUR_MS
      await fails(sessions.access(connection), 'signed-out')
    })

    it('that ends refresh tokens of public clients after a day asks to sign in again (refresh-public=day)', async () => {
      own = await startSandbox({ quirks: { 'refresh-public': 'day' } })
      const connection = { ...connectionOf('native', { staySignedIn: true }), url: own.url }
      await signIn(connection)
      await callApis(connection)
      await own.control.advance(25 * 3600)
      late = 25 * HOUR_MS
      await fails(sessions.access(connection), 'signed-out')
      assert.equal(secrets.entries.size, 0)
    })

    it('that gives no new refresh token is asked with the old one again (refresh-kept)', async () => {
      await sandbox.control.quirks({ 'refresh-kept': true })
      const connection = connectionOf('native', { staySignedIn: true })
      await signIn(connection)
      const { refreshToken } = (await stored(connection)).tokens
      const tokens = [await callApis(connection)]
      for (const hours of [1, 2]) {
        late = hours * HOUR_MS
        tokens.push(await callApis(connection))
        assert.equal((await stored(connection)).tokens.refreshToken, refreshToken)
      }
      assert.equal(new Set(tokens).size, 3)
    })

    it('whose answers lack token_type works (no-token-type)', async () => {
      await sandbox.control.quirks({ 'no-token-type': true })
      for (const type of ['native', 'service'] as const) {
        const connection = connectionOf(type, { id: type })
        await signIn(connection)
        await callApis(connection)
      }
    })

    for (const skew of [7200, -7200]) {
      it(`whose clock is ${Math.abs(skew)} seconds ${skew > 0 ? 'ahead' : 'behind'} works (clock-skew)`, async () => {
        await sandbox.control.quirks({ 'clock-skew': skew })
        for (const type of ['native', 'portal'] as const) {
          const connection = connectionOf(type, { id: type })
          await signIn(connection)
          await callApis(connection)
          const { expiresAt = 0 } = await sessions.state(connection)
          assert.ok(Math.abs(expiresAt - Date.now() - HOUR_MS) < 60_000, 'by this machine’s clock')
        }
      })
    }
  })
})
