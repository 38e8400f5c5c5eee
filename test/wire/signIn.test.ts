import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import type { TokenSet } from '../../src/core/auth/tokens.ts'
import { ErpError } from '../../src/core/base/errors.ts'
import { readConnection, type Connection } from '../../src/core/instance/connection.ts'
import { site, tableRoot } from '../../src/core/instance/instance.ts'
import { type OpenAccess, withAccess } from '../../src/extension/platform/contracts.ts'
import type { Sessions } from '../../src/extension/signIn/sessions.ts'
import { readJson } from '../../src/node/http.ts'
import { redeemCode, startSignIn } from '../../src/node/identity.ts'
import { useEngine } from '../fakes/engine.ts'
import { fails } from '../fakes/fails.ts'
import { Person } from '../fakes/person.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'
import { freePort, serve } from './servers.ts'

/** The whole sign-in over real sockets, but for the screen: a person with a browser of forms. */
describe('Sign-in', () => {
  const engine = useEngine()
  const sandbox = useSandbox()
  let secrets: MemorySecrets
  let person: Person
  let changes: string[]
  let sessions: Sessions

  beforeEach(() => {
    secrets = new MemorySecrets()
    person = new Person({ ports: registeredPorts(), user: user('ivan.petrov') })
    changes = []
    sessions = openWindow(secrets)
  })

  afterEach(async () => {
    sessions.dispose()
    await sandbox.control.clearQuirks()
  })

  const openWindow = (store: MemorySecrets) => startSessions(
    { engine, secrets: store, ui: person }, ({ connection: { id }, what }) => changes.push(`${id} ${what}`),
  )

  const application = (type: 'native' | 'confidential') => sandbox.applications.find(candidate => candidate.type === type)!
  const user = (login: string) => sandbox.users.find(candidate => candidate.login === login)!
  const registeredPorts = () => application('native').redirectUris.map(uri => Number(new URL(uri).port))

  function connectionOf(more: Record<string, unknown> = {}): Connection {
    const { clientId } = application(more['application'] === 'confidential' ? 'confidential' : 'native')
    return readConnection({ id: 'demo', name: 'Demo', url: sandbox.url, application: 'native', clientId, ...more })
  }

  /** What the Table API answers to that connection's token. */
  async function readTables(connection: Connection): Promise<unknown> {
    const { instance, token } = await sessions.access(connection)
    return readJson(tableRoot(site(instance, 'TableAPI')), { token })
  }

  function storedTokens() {
    const [, text = '{}'] = [...secrets.entries].find(([key]) => key.startsWith('session ')) ?? []
    return (JSON.parse(text) as { tokens?: TokenSet }).tokens
  }

  describe('in the browser', () => {
    it('opens the APIs, and the browser shows it', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      await person.browsed()
      assert.match(person.seen.join(), /signedIn/)
      assert.doesNotMatch(person.seen.join(), /code=/)
      const state = await sessions.state(connection)
      assert.deepEqual({ signedIn: state.signedIn, account: state.account, renewable: state.renewable },
        { signedIn: true, account: 'Иван Петров', renewable: false })
      assert.ok(Math.abs((state.expiresAt ?? 0) - Date.now() - 3_600_000) < 60_000)
      assert.deepEqual(changes, ['demo signedIn'])
      assert.ok(await readTables(connection))
      assert.deepEqual((await sessions.open(connection))?.scopes, ['openid', 'profile', 'read'])
    })

    it('survives the window: another one finds it in the secret store', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      assert.equal((await openWindow(secrets).state(connection)).account, 'Иван Петров')
    })

    it('takes the next registered port when one is busy', async () => {
      const [first = 0] = person.ports
      const busy = await occupy(first)
      await sessions.signIn(connectionOf())
      await close(busy)
      assert.equal(person.openedWith('redirect_uri'), application('native').redirectUris[1])
      assert.equal((await sessions.state(connectionOf())).signedIn, true)
    })

    it('goes on when something else calls first', async () => {
      const signIn = person.atPage
      person.atPage = async url => {
        const redirect = new URL(new URL(url).searchParams.get('redirect_uri') ?? '')
        const stray = await fetch(`${redirect.href}?code=evil&state=evil`)
        assert.equal(stray.status, 400)
        assert.match(await stray.text(), /stray/)
        await signIn(url)
      }
      await sessions.signIn(connectionOf())
      await person.browsed()
    })

    it('goes on with what the browser ended on, pasted by hand, where it can’t come back', async () => {
      person.atPage = async url => {
        const end = await person.browser.signIn(url, user('ivan.petrov'))
        assert.throws(() => person.offer?.take('http://127.0.0.1/other'), ErpError)
        person.offer?.take(end.href)
      }
      await sessions.signIn(connectionOf())
      await person.browsed()
      assert.deepEqual(person.seen, [], 'the browser has come back to nobody')
      assert.equal(person.offer?.redirectUri, application('native').redirectUris[0])
      assert.equal((await sessions.state(connectionOf())).account, 'Иван Петров')
    })

    it('happens once when it is asked for twice', async () => {
      let pages = 0
      const signIn = person.atPage
      person.atPage = url => {
        pages += 1
        return signIn(url)
      }
      await Promise.all([sessions.signIn(connectionOf()), sessions.signIn(connectionOf())])
      assert.equal(pages, 1)
    })
  })

  describe('ends with its own error when it is', () => {
    let listening = 0
    beforeEach(() => { listening = listeners() })

    const ended = async (code: Parameters<typeof fails>[1], facts: Parameters<typeof fails>[2] = {}, more: Record<string, unknown> = {}) => {
      const connection = connectionOf(more)
      const error = await fails(sessions.signIn(connection), code, facts)
      await person.browsed()
      assert.equal((await sessions.state(connection)).signedIn, false)
      assert.deepEqual(changes, [])
      assert.equal(secrets.entries.size, 0)
      // nobody listens any more; closing a socket takes a moment
      while (listeners() > listening) await setImmediate()
      return error
    }

    it('denied at the page', async () => {
      person.atPage = url => person.press(url, { action: 'cancel' })
      await ended('sign-in-denied')
      assert.match(person.seen.join(), /sign-in-denied/)
    })

    it('cancelled in the editor', async () => {
      person.atPage = () => {
        person.giveUp(new ErpError('sign-in-cancelled'))
        return Promise.resolve()
      }
      await ended('sign-in-cancelled')
    })

    it('timed out', async () => {
      person.timeoutSeconds = 0.5
      person.atPage = () => Promise.resolve()
      await ended('sign-in-timed-out', { seconds: 0.5 })
    })

    it('kept from every port', async () => {
      const port = await freePort()
      const busy = await occupy(port)
      listening += 1
      person.ports = [port]
      await ended('sign-in-ports-busy', { ports: String(port) })
      await close(busy)
    })

    it('without a browser', async () => {
      person.hasBrowser = false
      await ended('sign-in-no-browser')
    })

    it('refused for its scopes', async () => {
      person.atPage = async url => {
        const end = await person.browser.open(url)
        assert.ok(end instanceof URL)
        await person.visit(end)
      }
      const error = await ended('sign-in-refused', { error: 'invalid_scope' }, { scopes: ['sec'] })
      assert.match(String(error.facts['description']), /scope/)
      assert.match(person.seen.join(), /sign-in-refused/)
    })

    it('refused for its secret, which is not kept', async () => {
      person.clientSecret = 'wrong'
      await ended('sign-in-refused', { error: 'invalid_client' }, { application: 'confidential' })
    })

    it('given up at the question for the secret', async () => {
      await ended('sign-in-cancelled', {}, { application: 'confidential' })
    })

    it('at an address where nobody listens', async () => {
      await ended('connection-refused', {}, { url: `127.0.0.1:${await freePort()}` })
    })

    it('at an instance whose identity site is missing', async () => {
      await sandbox.control.quirks({ 'site-missing': 'ID' })
      await ended('site-missing', { site: 'ID' })
    })

    it('answered by a secret store that does not keep it', async () => {
      secrets.store = () => Promise.reject(new ErpError('secret-not-kept'))
      await ended('secret-not-kept')
      assert.match(person.seen.join(), /secret-not-kept/)
    })
  })

  describe('checks what comes back', () => {
    async function callback(change: (url: URL) => void) {
      const connection = connectionOf()
      const client = { issuer: `${sandbox.url}/id`, clientId: connection.clientId ?? '' }
      const [redirectUri = ''] = application('native').redirectUris
      const { url, ...checks } = await startSignIn({ ...client, redirectUri, scopes: ['openid', 'read'] })
      assert.match(new URL(url).search, /scope=openid%20read&.*code_challenge_method=S256/)
      const back = await person.browser.signIn(url, user('admin'))
      change(back)
      return { ...client, ...checks, callbackUrl: back.href }
    }

    it('another state', async () => {
      await fails(redeemCode(await callback(url => url.searchParams.set('state', 'other'))), 'sign-in-state')
    })

    it('no state', async () => {
      await fails(redeemCode(await callback(url => url.searchParams.delete('state'))), 'sign-in-state')
    })

    it('another issuer', async () => {
      await fails(redeemCode(await callback(url => url.searchParams.set('iss', 'https://id.erp.net'))), 'sign-in-state')
    })

    it('another nonce', async () => {
      const params = await callback(() => undefined)
      await fails(redeemCode({ ...params, nonce: 'other' }), 'unexpected-answer')
    })

    it('another verifier', async () => {
      const params = await callback(() => undefined)
      await fails(redeemCode({ ...params, verifier: 'x'.repeat(43) }), 'sign-in-refused', { error: 'invalid_grant' })
    })

    it('a service that names another issuer', async () => {
      const service = await serve((_, response) => {
        const metadata = { issuer: 'https://id.erp.net', authorization_endpoint: `${service.url}/authorize` }
        response.setHeader('content-type', 'application/json').end(JSON.stringify(metadata))
      })
      const params = { issuer: service.url, clientId: 'x', redirectUri: 'http://127.0.0.1:53177/callback', scopes: ['openid'] }
      await fails(startSignIn(params), 'unexpected-answer')
      await service.close()
    })

    it('no ID token', async () => {
      const service = await serve((request, response) => {
        const metadata = { issuer: service.url, token_endpoint: `${service.url}/token`, authorization_endpoint: `${service.url}/authorize` }
        const tokens = { access_token: 'a', token_type: 'Bearer', expires_in: 3600 }
        response.setHeader('content-type', 'application/json').end(JSON.stringify(request.method === 'POST' ? tokens : metadata))
      })
      const checks = { state: 's', nonce: 'n', verifier: 'v'.repeat(43) }
      const callbackUrl = 'http://127.0.0.1:53177/callback?code=c&state=s'
      await fails(redeemCode({ issuer: service.url, clientId: 'x', callbackUrl, ...checks }), 'unexpected-answer')
      await service.close()
    })

    it('each sign-in by what was made for it alone', async () => {
      const client = { issuer: `${sandbox.url}/id`, clientId: 'x', redirectUri: 'http://127.0.0.1:53177/callback', scopes: ['openid'] }
      const starts = [await startSignIn(client), await startSignIn(client)]
      const made = starts.flatMap(({ state, nonce, verifier }) => [state, nonce, verifier])
      assert.equal(new Set(made).size, 6)
      for (const { url, state, nonce, verifier } of starts) {
        const { searchParams } = new URL(url)
        assert.deepEqual([searchParams.get('state'), searchParams.get('nonce')], [state, nonce])
        assert.ok(!url.includes(verifier))
      }
    })

    it('a code that was used, and no code is in the error', async () => {
      const params = await callback(() => undefined)
      assert.equal((await redeemCode(params)).account?.login, 'admin')
      const error = await fails(redeemCode(params), 'sign-in-refused', { error: 'invalid_grant' })
      const code = new URL(params.callbackUrl).searchParams.get('code') ?? ''
      assert.ok(!error.message.includes(code))
    })
  })

  describe('of a confidential application', () => {
    it('asks for the secret once, and keeps it', async () => {
      const connection = connectionOf({ application: 'confidential', staySignedIn: true })
      person.clientSecret = application('confidential').secret
      await sessions.signIn(connection)
      await person.browsed()
      assert.ok(await readTables(connection))
      person.clientSecret = undefined
      await sessions.signIn(connection)
      await person.browsed()
      assert.equal((await sessions.state(connection)).signedIn, true)
    })

    it('asks for another when the one that is kept is refused', async () => {
      const connection = connectionOf({ application: 'confidential' })
      await sessions.keepClientSecret(connection, 'an old one')
      person.clientSecret = application('confidential').secret
      await fails(sessions.signIn(connection), 'sign-in-refused', { error: 'invalid_client' })
      await person.browsed()
      await sessions.signIn(connection)
      await person.browsed()
      assert.equal((await sessions.state(connection)).signedIn, true)
    })

    it('renews with it', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const connection = connectionOf({ application: 'confidential', staySignedIn: true })
      await sessions.keepClientSecret(connection, application('confidential').secret ?? '')
      await sessions.signIn(connection)
      const before = storedTokens()?.accessToken
      assert.notEqual((await sessions.access(connection)).token, before)
    })
  })

  describe('that lasts', () => {
    it('rotates its refresh token, once for all who ask', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const connection = connectionOf({ staySignedIn: true })
      await sessions.signIn(connection)
      const old = storedTokens()
      assert.ok(old?.refreshToken)
      const [one, two] = await Promise.all([sessions.access(connection), sessions.access(connection)])
      assert.equal(one.token, two.token)
      assert.notEqual(one.token, old.accessToken)
      const renewed = storedTokens()
      assert.equal(renewed?.accessToken, one.token)
      assert.ok(renewed.refreshToken)
      assert.notEqual(renewed.refreshToken, old.refreshToken)
      assert.equal((await sessions.state(connection)).account, 'Иван Петров')
      assert.ok(await readTables(connection))
    })

    it('is over when the identity service refuses to renew', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const connection = connectionOf({ staySignedIn: true })
      await sessions.signIn(connection)
      const other = new MemorySecrets()
      for (const [key, value] of secrets.entries) other.entries.set(key, value)
      await sessions.access(connection)
      // a window that knows only the old refresh token, which was used up
      await fails(openWindow(other).access(connection), 'signed-out', { connection: 'Demo' })
      assert.equal(other.entries.size, 0)
    })

    it('outlives trouble on the way', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const connection = connectionOf({ staySignedIn: true })
      await sessions.signIn(connection)
      const [[key = '', text = ''] = []] = secrets.entries
      secrets.entries.set(key, text.replaceAll(sandbox.url, `http://127.0.0.1:${await freePort()}`))
      await fails(sessions.access(connection), 'connection-refused')
      assert.equal((await sessions.state(connection)).signedIn, true)
    })

    it('gets a new token when an API refuses the one it has', async () => {
      const connection = connectionOf({ staySignedIn: true })
      await sessions.signIn(connection)
      const { token } = await sessions.access(connection)
      assert.notEqual((await sessions.access(connection, { refused: token })).token, token)
    })

    it('asks to sign in again where it has ended and somebody waits, and goes on', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const connection = connectionOf()
      await sessions.signIn(connection)
      const old = storedTokens()?.accessToken
      await sandbox.control.clearQuirks()
      const { token } = await sessions.access(connection, { ask: true })
      assert.notEqual(token, old)
    })

    it('asks also where something else has found first that it has ended', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      const tokens = new Set<string>()
      const open: OpenAccess = (which, wishes) => sessions.access(which, wishes)
      await withAccess(open, connection, async ({ token }) => {
        tokens.add(token)
        if (tokens.size === 1) await sessions.access(connection, { refused: token })
      }, { ask: true })
      assert.equal(tokens.size, 2)
    })

    it('asks also where something that may not ask has found before that it has ended', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      const { token } = await sessions.access(connection)
      await fails(sessions.access(connection, { refused: token }), 'signed-out')
      assert.equal(secrets.entries.size, 0)
      assert.notEqual((await sessions.access(connection, { ask: true })).token, token)
    })

    it('asks also where the secret store has lost it, or another window has ended it', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      await sessions.state(connection)
      secrets.entries.clear()
      await sessions.state(connection)
      assert.ok((await sessions.access(connection, { ask: true })).token)
    })

    it('asks also where the secret store has lost it since a window before', async () => {
      const connection = connectionOf()
      await fails(sessions.access(connection, { ask: true }), 'signed-out')
      sessions.secretLost(`session ${connection.id} ${connection.url}`, [connection])
      assert.ok((await sessions.access(connection, { ask: true })).token)
      assert.equal(person.questions, 1)
    })

    it('asks once for all who wait', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      secrets.entries.clear()
      const wishes = { ask: true }
      const [one, two] = await Promise.all([sessions.access(connection, wishes), sessions.access(connection, wishes)])
      assert.equal(one.token, two.token)
      assert.equal(person.questions, 1)
    })

    it('is not asked for again after a sign-out', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      await sessions.signOut(connection)
      await fails(sessions.access(connection, { ask: true }), 'signed-out')
      await person.browsed() // the browser ends the session first, and not the next one
      await sessions.signIn(connection)
      await sessions.forget(connection)
      await fails(sessions.access(connection, { ask: true }), 'signed-out')
      assert.equal(person.questions, 0)
    })

    it('is not asked for again against their will, nor where there never was one', async () => {
      await fails(sessions.access(connectionOf(), { ask: true }), 'signed-out')
      await sandbox.control.quirks({ 'token-seconds': 5 })
      await sessions.signIn(connectionOf())
      person.signsInAgain = false
      await fails(sessions.access(connectionOf(), { ask: true }), 'signed-out')
    })

    it('without a refresh token ends with the access token', async () => {
      await sandbox.control.quirks({ 'token-seconds': 5 })
      const connection = connectionOf()
      await sessions.signIn(connection)
      assert.equal((await sessions.state(connection)).signedIn, false)
      await fails(sessions.access(connection), 'signed-out')
    })
  })

  describe('ends', () => {
    it('here first, and then at the identity service, which frees the slot', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      await person.browsed()
      const { token, instance } = await sessions.access(connection)
      await readTables(connection)
      const { sessions: open } = await sandbox.control.state()
      person.atPage = async url => {
        assert.equal(secrets.entries.size, 0, 'the tokens are forgotten before the browser opens')
        await person.press(url, { logout: 'yes' })
      }
      await sessions.signOut(connection)
      assert.equal(await person.wasSignedOut(), 'freed')
      await person.browsed()
      assert.match(person.seen.at(-1) ?? '', /signedOut/)
      assert.deepEqual(changes, ['demo signedIn', 'demo used', 'demo signedOut'])
      await sandbox.control.wait({ sessions: open - 1 })
      await fails(sessions.access(connection), 'signed-out')
      assert.ok(await readJson(tableRoot(site(instance, 'TableAPI')), { token }), 'as the sheet says, a valid token opens a new session')
    })

    it('here alone, when the browser does not come back', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      person.timeoutSeconds = 0.5
      person.atPage = () => Promise.resolve()
      await sessions.signOut(connection)
      assert.equal((await sessions.state(connection)).signedIn, false)
      assert.equal(await person.wasSignedOut(), 'unknown')
    })

    it('here alone, when the identity service can’t be reached', async () => {
      const connection = connectionOf()
      await sessions.signIn(connection)
      const [[key = '', text = ''] = []] = secrets.entries
      secrets.entries.set(key, text.replaceAll(sandbox.url, `http://127.0.0.1:${await freePort()}`))
      await sessions.signOut(connection)
      assert.equal(await person.wasSignedOut(), 'unknown')
      assert.equal(secrets.entries.size, 0)
    })

    it('when there was none', async () => {
      await sessions.signOut(connectionOf())
      assert.deepEqual(person.ends, ['local'])
    })
  })

  describe('with a reference token', () => {
    const referenceConnection = () => connectionOf({ application: 'referenceToken', clientId: undefined })

    it('asks for it, and opens the APIs', async () => {
      person.referenceToken = ` ${sandbox.referenceToken}\n`
      const connection = referenceConnection()
      await sessions.signIn(connection)
      assert.deepEqual(await sessions.state(connection), { signedIn: true })
      assert.ok(await readTables(connection))
      await sessions.signOut(connection)
      assert.deepEqual(person.ends, ['idle'], 'its slot can only idle away')
      await fails(sessions.access(connection), 'signed-out')
    })

    it('keeps nothing of the wrong form', async () => {
      person.referenceToken = `Bearer ${sandbox.referenceToken}`
      await fails(sessions.signIn(referenceConnection()), 'reference-token-form', { reason: 'bearer' })
      assert.equal(secrets.entries.size, 0)
    })

    it('keeps nothing when it is not typed', async () => {
      await fails(sessions.signIn(referenceConnection()), 'sign-in-cancelled')
    })
  })

  describe('access', () => {
    it('never signs in by itself', async () => {
      await fails(sessions.access(connectionOf()), 'signed-out', { connection: 'Demo' })
    })

    it('finds the instance once, and again after a failure', async () => {
      const connection = connectionOf({ application: 'referenceToken', clientId: undefined })
      await sessions.keepReferenceToken(connection, sandbox.referenceToken)
      const { instance } = await sessions.access(connection)
      assert.equal((await sessions.access(connection)).instance, instance)

      const port = await freePort()
      const elsewhere = connectionOf({ application: 'referenceToken', clientId: undefined, url: `127.0.0.1:${port}` })
      await sessions.keepReferenceToken(elsewhere, sandbox.referenceToken)
      await fails(sessions.access(elsewhere), 'connection-refused')
      const server = createServer((_, response) => response.end('{"WebSites":[]}'))
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      assert.deepEqual((await sessions.access(elsewhere)).instance.sites, [])
      await close(server)
    })

    it('looks again for a site that was down', async () => {
      const connection = connectionOf({ application: 'referenceToken', clientId: undefined })
      await sessions.keepReferenceToken(connection, sandbox.referenceToken)
      await sandbox.control.quirks({ 'site-not-working': 'TableAPI' })
      await fails(readTables(connection), 'site-not-working', { site: 'TableAPI' })
      await sandbox.control.clearQuirks()
      assert.ok(await readTables(connection))
    })

    it('stops waiting when it is cancelled', async () => {
      const connection = connectionOf({ application: 'referenceToken', clientId: undefined })
      await sessions.keepReferenceToken(connection, sandbox.referenceToken)
      await fails(sessions.access(connection, { signal: AbortSignal.abort() }), 'cancelled')
    })

    it('sends no token to another address of an edited connection', async () => {
      const connection = connectionOf({ application: 'referenceToken', clientId: undefined })
      await sessions.keepReferenceToken(connection, sandbox.referenceToken)
      await fails(sessions.access({ ...connection, url: 'http://127.0.0.1:1' }), 'signed-out')
    })
  })

  it('is forgotten with its connection', async () => {
    const connection = connectionOf({ application: 'confidential' })
    await sessions.keepClientSecret(connection, application('confidential').secret ?? '')
    await sessions.signIn(connection)
    await sessions.forget(connection)
    assert.equal(secrets.entries.size, 0)
    assert.equal((await sessions.state(connection)).signedIn, false)
  })
})

async function occupy(port: number): Promise<Server> {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** How many sockets of this process listen. */
function listeners(): number {
  return process.getActiveResourcesInfo().filter(name => name === 'TCPServerWrap').length
}

async function close(server: Server): Promise<void> {
  await new Promise(resolve => {
    server.close(resolve)
    server.closeAllConnections()
  })
}
