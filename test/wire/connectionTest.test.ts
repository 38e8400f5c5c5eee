import assert from 'node:assert/strict'
import { SessionStore, type Session } from '../../src/core/auth/sessionStore.ts'
import type { ErrorCode, Facts } from '../../src/core/base/errors.ts'
import { readConnection, type Connection } from '../../src/core/instance/connection.ts'
import { type Step, type StepName, takeSteps } from '../../src/extension/connections/steps.ts'
import type { Sessions } from '../../src/extension/signIn/sessions.ts'
import { useEngine } from '../fakes/engine.ts'
import { fails } from '../fakes/fails.ts'
import { jwt } from '../fakes/jwt.ts'
import { MemoryLock } from '../fakes/locks.ts'
import { Person } from '../fakes/person.ts'
import { useSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'
import { serve, serveSelfSigned, type TestServer } from './servers.ts'

const APIS = ['DomainAPI', 'TableAPI']

/** The steps of `erpnet.connection.test` over real sockets. */
describe('The test of a connection', () => {
  const engine = useEngine()
  const sandbox = useSandbox()
  let secrets: MemorySecrets
  let sessions: Sessions
  let person: Person

  beforeEach(() => {
    secrets = new MemorySecrets()
    const ports = native().redirectUris.map(uri => Number(new URL(uri).port))
    person = new Person({ ports, user: sandbox.users[1]! })
    sessions = startSessions({ engine, secrets, ui: person })
  })

  afterEach(async () => {
    sessions.dispose()
    await sandbox.control.clearQuirks()
  })

  const native = () => sandbox.applications.find(({ type }) => type === 'native')!

  function connectionOf(more: Record<string, unknown> = {}): Connection {
    return readConnection({ id: 'demo', name: 'Demo', url: sandbox.url, application: 'native', clientId: native().clientId, ...more })
  }

  function test(connection: Connection): Promise<Step[]> {
    return takeSteps({ engine, access: (of, wishes) => sessions.access(of, wishes), stored: of => sessions.stored(of) }, connection)
  }

  async function withReferenceToken(token = sandbox.referenceToken, url = sandbox.url): Promise<Connection> {
    const connection = connectionOf({ application: 'referenceToken', url })
    await sessions.keepReferenceToken(connection, token)
    return connection
  }

  /** A sign-in whose access token says that; the sandbox has not issued it. */
  async function withClaims(claims: Record<string, unknown>, more: Record<string, unknown> = {}): Promise<Connection> {
    const connection = connectionOf(more)
    const accessToken = jwt({ iss: `${sandbox.url}/id`, aud: APIS, scope: 'read', user_type: 'InternalUser', ...claims })
    const session: Session = {
      kind: 'tokens', issuer: `${sandbox.url}/id`, clientId: native().clientId,
      tokens: { accessToken, scopes: [], expiresAt: Date.now() + 3_600_000 },
    }
    await new SessionStore(secrets, new MemoryLock()).write(connection, session)
    return connection
  }

  describe('goes the whole way', () => {
    const ALL: readonly StepName[] = ['discovery', 'identity', 'token', 'audience and scope', 'Domain API', 'Table API']

    it('with a browser sign-in', async () => {
      await sessions.signIn(connectionOf())
      const steps = await test(connectionOf())
      assert.deepEqual(steps.map(({ name }) => name), ALL)
      assert.equal(factsOf(steps, 'token')['account'], 'Иван Петров')
      assert.match(String(factsOf(steps, 'audience and scope')['audiences']), /DomainAPI, TableAPI/)
      assert.equal(factsOf(steps, 'Domain API')['version'], '26.2.0.76')
      assert.ok(Number(factsOf(steps, 'Table API')['tables']) > 10)
    })

    it('with a reference token, which tells nothing of itself', async () => {
      const steps = await test(await withReferenceToken())
      assert.deepEqual(steps.map(({ name }) => name), ALL)
      assert.deepEqual([factsOf(steps, 'token'), factsOf(steps, 'audience and scope')], [{ kind: 'reference' }, { unknown: 'reference' }])
    })

    it('with the smallest requests, the token only where it is needed', async () => {
      const instance = await imitate({})
      await test(await withReferenceToken('enrt_00', instance.url))
      const asked = instance.requests.map(({ url, headers }) => `${url ?? ''} ${headers.authorization ?? '-'}`)
      assert.deepEqual([...new Set(asked)], [
        '/tools/auto-discovery -', '/id/.well-known/openid-configuration -',
        '/api/domain/odata/GetVersion Bearer enrt_00', '/tableapi/odata/ Bearer enrt_00',
      ])
      await instance.close()
    })

    it('where the Domain API does not tell its version', async () => {
      const instance = await imitate({ '/api/domain/odata/GetVersion': undefined, '/api/domain/odata/': '{"value":[]}' })
      const steps = await test(await withReferenceToken('enrt_00', instance.url))
      assert.deepEqual(factsOf(steps, 'Domain API'), {})
      await instance.close()
    })
  })

  describe('stops before the APIs, and opens no session there', () => {
    let before: number

    beforeEach(async () => {
      before = (await sandbox.control.state()).sessions
    })

    afterEach(async () => {
      assert.equal((await sandbox.control.state()).sessions, before)
    })

    const cases: readonly (readonly [what: string, step: StepName, code: ErrorCode, facts: Facts, connect: () => Promise<Connection>])[] = [
      ['signed out', 'token', 'signed-out', {}, () => Promise.resolve(connectionOf())],
      ['scope not granted', 'audience and scope', 'scope-missing', { scope: 'read', place: 'application' }, () => withClaims({ scope: ['openid'] })],
      ['scope not asked', 'audience and scope', 'scope-missing', { place: 'connection' }, () => withClaims({ scope: [] }, { scopes: [] })],
      ['no API in aud', 'audience and scope', 'audience-missing', { audience: 'DomainAPI, TableAPI' }, () => withClaims({ aud: 'x/resources' })],
      ['a user from outside', 'audience and scope', 'no-api-access', { reason: 'external' }, () => withClaims({ user_type: 'ExternalCommunityUser' })],
      ['a token of another instance', 'audience and scope', 'wrong-identity', { named: 'https://testdb.my.erp.net/id' },
        () => withClaims({ iss: 'https://testdb.my.erp.net/id' })],
    ]
    for (const [what, step, code, facts, connect] of cases) {
      it(what, async () => {
        const steps = await test(await connect())
        assert.equal(steps.at(-1)?.name, step)
        await failsAt(steps, step, code, facts)
      })
    }
  })

  it('tries the API that the token is meant for, when another one lacks', async () => {
    const steps = await test(await withClaims({ aud: 'DomainAPI' }))
    await failsAt(steps, 'audience and scope', 'audience-missing', { audience: 'TableAPI' })
    assert.deepEqual(steps.slice(-1).map(({ name }) => name), ['Domain API'])
  })

  describe('says what the APIs refuse', () => {
    it('a reference token of another instance', async () => {
      const steps = await test(await withReferenceToken('enrt_00'))
      await failsAt(steps, 'Domain API', 'unauthorized', { token: 'reference' })
      await failsAt(steps, 'Table API', 'unauthorized', { token: 'reference' })
    })

    it('a token that seems valid, and the sign-in stays', async () => {
      await sessions.signIn(connectionOf())
      await sandbox.control.quirks({ 'answer-401': true })
      await failsAt(await test(connectionOf()), 'Table API', 'unauthorized', { token: 'jwt' })
      assert.equal((await sessions.state(connectionOf())).signedIn, true)
    })

    it('a token that can be renewed: then it goes on', async () => {
      const connection = connectionOf({ staySignedIn: true })
      await sessions.signIn(connection)
      await sandbox.control.quirks({ 'answer-401': 1 })
      const steps = await test(connection)
      assert.deepEqual(steps.filter(step => 'error' in step), [])
    })

    it('a service whose application has no system user', async () => {
      const connection = await withClaims({}, { application: 'service' })
      // the sandbox knows no such application: here the new token is like the old one, as it would be there
      const steps = await takeSteps({ engine, access: of => sessions.access(of), stored: of => sessions.stored(of) }, connection)
      await failsAt(steps, 'Domain API', 'no-system-user', { application: native().clientId })
    })

    const quirks: readonly (readonly [Parameters<SandboxUnderTest['control']['quirks']>[0], StepName, ErrorCode, Facts])[] = [
      [{ 'answer-403': true }, 'Domain API', 'forbidden', {}],
      [{ 'html-page': true }, 'Domain API', 'html-instead-of-data', {}],
      [{ 'site-missing': 'TableAPI' }, 'Table API', 'site-missing', { site: 'TableAPI' }],
      [{ 'site-not-working': 'DomainAPI' }, 'Domain API', 'site-not-working', { site: 'DomainAPI' }],
      [{ 'site-missing': 'ID' }, 'identity', 'site-missing', { site: 'ID' }],
      [{ 'answer-500': true }, 'Table API', 'server-error', { status: 500 }],
    ]
    for (const [quirk, step, code, facts] of quirks) {
      it(JSON.stringify(quirk), async () => {
        await sandbox.control.quirks(quirk)
        await failsAt(await test(await withReferenceToken()), step, code, facts)
      })
    }

    it('no licence', async () => {
      await sandbox.control.quirks({ 'no-licence': true })
      // one that has called before has its slot
      await sessions.signIn(connectionOf())
      await failsAt(await test(connectionOf()), 'Domain API', 'no-licence')
    })
  })

  describe('says what is wrong with the instance', () => {
    it('an identity service that names another issuer', async () => {
      const instance = await imitate({ '/id/.well-known/openid-configuration': '{"issuer":"https://id.erp.net"}' })
      const steps = await test(await withReferenceToken('enrt_00', instance.url))
      await failsAt(steps, 'identity', 'wrong-identity', { issuer: `${instance.url}/id`, named: 'https://id.erp.net' })
      await instance.close()
    })

    it('the global identity service, which is not even asked', async () => {
      const instance = await imitate({ '/tools/auto-discovery': JSON.stringify({ WebSites: [{ Type: 'ID', Url: 'https://id.erp.net', Status: 'Working' }] }) })
      await failsAt(await test(await withReferenceToken('enrt_00', instance.url)), 'identity', 'wrong-identity', { named: 'id.erp.net' })
      await instance.close()
    })

    it('a certificate that nobody trusts', async () => {
      const server = await serveSelfSigned((_, response) => response.end('{}'))
      const steps = await test(await withReferenceToken('enrt_00', server.url))
      assert.deepEqual(steps.map(({ name }) => name), ['discovery'])
      await failsAt(steps, 'discovery', 'certificate-invalid')
      await server.close()
    })

    it('a Table API that answers something else', async () => {
      const instance = await imitate({ '/tableapi/odata/': '{"tables":[]}' })
      await failsAt(await test(await withReferenceToken('enrt_00', instance.url)), 'Table API', 'unexpected-answer', { reason: 'not a service document' })
      await instance.close()
    })
  })

  it('ends at once when it is cancelled', async () => {
    const abort = new AbortController()
    const server = await serve(() => abort.abort())
    const steps = takeSteps({ engine, access: of => sessions.access(of), stored: of => sessions.stored(of) }, connectionOf({ url: server.url }), abort.signal)
    await fails(steps, 'cancelled')
    await server.close()
  })

  it('never tells a token', async () => {
    const steps = await test(await withReferenceToken('enrt_0123456789'))
    assert.doesNotMatch(JSON.stringify(steps), /enrt_0/)
  })
})

/** An instance that answers those paths, and the usual ones, with that text; undefined is 404. */
async function imitate(pages: Readonly<Record<string, string | undefined>>): Promise<TestServer> {
  let url = ''
  const sites = () => ['ID id', 'DomainAPI api', 'TableAPI tableapi'].map(text => {
    const [Type = '', path = ''] = text.split(' ')
    return { Type, Url: `${url}/${path}`, Status: 'Working' }
  })
  const usual = (): Readonly<Record<string, string | undefined>> => ({
    '/tools/auto-discovery': JSON.stringify({ Host: 'demo', WebSites: sites() }),
    '/id/.well-known/openid-configuration': JSON.stringify({ issuer: `${url}/id` }),
    '/api/domain/odata/GetVersion': '{"version":"26.1"}',
    '/tableapi/odata/': '{"value":[{"name":"Gen_Documents"}]}',
  })
  const server = await serve((request, response) => {
    const page = { ...usual(), ...pages }[request.url ?? '']
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(page)
  })
  url = server.url
  return server
}

function factsOf(steps: readonly Step[], name: StepName): Facts {
  const step = steps.find(taken => taken.name === name)
  assert.ok(step !== undefined && !('error' in step), `${name}: ${step === undefined ? 'not tried' : String('error' in step && step.error)}`)
  return step.facts
}

async function failsAt(steps: readonly Step[], name: StepName, code: ErrorCode, facts: Facts = {}): Promise<void> {
  const step = steps.find(taken => taken.name === name)
  const outcome = step !== undefined && 'error' in step ? Promise.reject(step.error) : Promise.resolve(step)
  await fails(outcome, code, facts)
}
