import assert from 'node:assert/strict'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { inspect } from 'node:util'
import { inspectSession } from '../../src/core/auth/inspection.ts'
import { describeApplication } from '../../src/core/auth/trustedApplication.ts'
import { isJsonObject } from '../../src/core/base/json.ts'
import { type ApplicationType, type Connection, readConnection } from '../../src/core/instance/connection.ts'
import { odataRoot, site } from '../../src/core/instance/instance.ts'
import { NO_SETTINGS } from '../../src/core/instance/way.ts'
import { takeSteps } from '../../src/extension/connections/steps.ts'
import type { IdentityEngine } from '../../src/extension/signIn/browser.ts'
import type { Sessions } from '../../src/extension/signIn/sessions.ts'
import { Engine } from '../../src/node/engine/client.ts'
import { ErpError } from '../../src/core/base/errors.ts'
import { renderResultPage } from '../../src/node/resultPage.ts'
import { Person } from '../fakes/person.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'
import { serve } from './servers.ts'

const WORKER = join(import.meta.dirname, '../../src/node/engine/worker.ts')
const HOUR_MS = 3_600_000
/** Fields of the engine's parameters and results whose texts open something. */
const SECRET_FIELDS = [
  'accessToken', 'refreshToken', 'idToken', 'token', 'verifier', 'nonce', 'state', 'clientSecret',
] as const
/** Shorter ones would be found everywhere. */
const SHORTEST = 8

/** Every flow, with all that is said about it, and the secrets that were in play. */
describe('Secrets in play', () => {
  const sandbox = useSandbox()
  let engine: Engine
  let sessions: Sessions
  let person: Person
  let late: number
  const secrets = new Set<string>()
  /** What was written, and where. */
  const written: { where: string; text: string }[] = []
  const write = (where: string, words: string): void => void written.push({ where, text: words })

  /** Notes the secrets that pass. */
  const watched: IdentityEngine = {
    call: async (method, params, options) => {
      learn(params)
      try {
        const result = await engine.call(method, params, options)
        learn(result)
        return result
      } catch (error) {
        writeError(method, error)
        throw error
      }
    },
  }

  before(() => {
    engine = new Engine({
      script: WORKER,
      network: { settings: () => NO_SETTINGS, fetch, log: (level, line) => write(`log (${level})`, line) },
    })
    learnAll(sandbox.users.map(({ password }) => password), sandbox.referenceTokens.map(({ token }) => token))
    learnAll(sandbox.applications.flatMap(({ secret }) => secret ?? []), ['wrong-secret-0123', 'enrt_0123456789ABCDEF'])
    const store = new MemorySecrets()
    const keep = store.store.bind(store)
    store.store = (key, value) => {
      learnStored(value)
      return keep(key, value)
    }
    const ports = sandbox.applications[0]!.redirectUris.map(uri => Number(new URL(uri).port))
    person = new Person({ ports, user: sandbox.users[1]! })
    const clock = { now: () => Date.now() + late }
    sessions = startSessions({ engine: watched, secrets: store, ui: person, clock })
  })

  after(async () => {
    sessions.dispose()
    await engine.dispose()
  })

  beforeEach(() => {
    late = 0
    person.atPage = async url => {
      const back = await person.browser.signIn(url, sandbox.users[1]!)
      learnAll([back.searchParams.get('code') ?? ''])
      await person.visit(back)
    }
  })

  afterEach(async () => {
    await person.browsed()
    await sandbox.control.clearQuirks()
  })

  function learnAll(...lists: readonly (readonly string[])[]): void {
    for (const secret of lists.flat()) if (secret.length >= SHORTEST) secrets.add(secret)
  }

  /** Whatever stands under the name of a secret, at any depth. */
  function learn(value: unknown): void {
    if (!isJsonObject(value)) return
    for (const [name, inner] of Object.entries(value)) {
      if (typeof inner === 'string' && SECRET_FIELDS.some(field => field === name)) learnAll([inner])
      else if (name === 'callbackUrl') learnAll([new URL(String(inner)).searchParams.get('code') ?? ''])
      else learn(inner)
    }
  }

  /** A session is JSON; a client secret is a text of its own. */
  function learnStored(value: string): void {
    if (value.startsWith('{')) learn(JSON.parse(value))
    else learnAll([value])
  }

  function writeError(where: string, error: unknown): void {
    for (let each = error; each instanceof Error; each = each.cause) {
      write(`error of ${where}`, `${each.message} ${each.stack ?? ''} ${each instanceof ErpError ? JSON.stringify(each.facts) : ''}`)
    }
  }

  function connectionOf(type: ApplicationType, more: Record<string, unknown> = {}): Connection {
    const { clientId, secret } = sandbox.applications.find(candidate => candidate.type === type)!
    person.clientSecret = secret
    return readConnection({ id: type, name: 'Demo', url: sandbox.url, application: type, clientId, ...more })
  }

  /** Signs in, calls the APIs, and tells about it in all the ways there are. */
  async function use(connection: Connection): Promise<void> {
    await sessions.signIn(connection)
    await person.browsed()
    await describeAll(connection)
    const before = await sessions.access(connection)
    late = HOUR_MS
    const { token } = await attempt('renewal', sessions.access(connection)) ?? before
    late = 0
    await attempt('refused token', sessions.access(connection, { refused: token }))
    await describeAll(connection)
  }

  async function describeAll(connection: Connection): Promise<void> {
    const { instance } = await sessions.access(connection)
    const steps = await takeSteps({
      engine: watched, access: (of, wishes) => sessions.access(of, wishes), stored: of => sessions.stored(of),
    }, connection)
    write('test of the connection', inspect(steps, { depth: 8 }))
    for (const step of steps) if ('error' in step) writeError(step.name, step.error)
    const session = await sessions.stored(connection)
    if (session !== undefined) write('token inspection', JSON.stringify(inspectSession(connection, session, Date.now())))
    write('description', JSON.stringify(describeApplication({
      connection, root: instance.root, odataRoot: odataRoot(site(instance, 'DomainAPI')), ports: person.ports, systemUser: '?',
    })))
    write('state', JSON.stringify(await sessions.state(connection)))
  }

  async function attempt<T>(where: string, action: Promise<T>): Promise<T | undefined> {
    try {
      return await action
    } catch (error) {
      writeError(where, error)
      return undefined
    }
  }

  async function failing(where: string, connection: Connection): Promise<void> {
    assert.equal(await attempt(where, sessions.signIn(connection).then(() => 'signed in')), undefined, where)
  }

  async function signOut(connection: Connection): Promise<void> {
    person.atPage = url => {
      learnAll([new URL(url).searchParams.get('id_token_hint') ?? ''])
      return person.press(url, { logout: 'yes' })
    }
    await sessions.signOut(connection)
    await person.browsed()
  }

  /** Nothing that was written holds one of them. */
  function checkWritten(): void {
    for (const page of person.seen.splice(0)) write('result page', page)
    const leaks = written.flatMap(({ where, text: words }) =>
      [...secrets].filter(secret => words.includes(secret) || words.includes(encodeURIComponent(secret)))
        .map(secret => `${where}: ${words.replaceAll(secret, '<secret>').slice(0, 300)}`))
    assert.deepEqual(leaks, [])
  }

  const types = ['native', 'confidential', 'portal', 'service'] as const
  for (const type of types) {
    it(`stay where they belong when a ${type} application signs in, lasts, is described and signs out`, async () => {
      const connection = connectionOf(type, { staySignedIn: true })
      await use(connection)
      await signOut(connection)
      checkWritten()
    })
  }

  it('stay there when the client secret is wrong', async () => {
    for (const type of ['confidential', 'portal', 'service'] as const) {
      await sessions.forget(connectionOf(type))
      const connection = connectionOf(type)
      person.clientSecret = 'wrong-secret-0123'
      await failing(`${type} with a wrong secret`, connection)
    }
    checkWritten()
  })

  it('stay there with reference tokens, good and bad', async () => {
    const connection = connectionOf('referenceToken')
    for (const { token } of sandbox.referenceTokens) {
      person.referenceToken = token
      await sessions.signIn(connection)
      await describeAll(connection)
    }
    for (const token of ['Bearer enrt_0123456789ABCDEF', 'enrt_0123456789ABCDEF x', 'eyJhbGciOiJub25lIn0.e30.c2ln']) {
      learnAll([token])
      person.referenceToken = token
      await failing('reference token', connection)
    }
    await signOut(connection)
    checkWritten()
  })

  it('stay there when an API answers 401 to every token', async () => {
    const connection = connectionOf('native', { staySignedIn: true })
    await sessions.signIn(connection)
    await person.browsed()
    await sandbox.control.quirks({ 'answer-401': true })
    await describeAll(connection)
    await sandbox.control.clearQuirks()
    await signOut(connection)
    checkWritten()
  })

  it('stay there when the sign-in is denied, cancelled, pasted, refused', async () => {
    const connection = connectionOf('native', { staySignedIn: true })
    person.atPage = url => person.press(url, { action: 'cancel' })
    await failing('denied', connection)
    person.atPage = async url => {
      const back = await person.browser.signIn(url, sandbox.users[1]!)
      learnAll([back.searchParams.get('code') ?? ''])
      for (const wrong of [`${back.href}x&state=other`, back.href.replace('/callback', '/other')]) {
        assert.throws(() => person.offer?.check(wrong), (error: unknown) => {
          writeError('pasted', error)
          return true
        })
      }
      person.offer?.take(back.href)
    }
    await use(connection)
    await signOut(connection)
    person.atPage = async url => {
      const back = await person.browser.open(url)
      if (back instanceof URL) await person.visit(back)
    }
    await failing('refused', { ...connection, scopes: ['sec'] })
    person.atPage = () => {
      person.giveUp(new ErpError('sign-in-cancelled'))
      return Promise.resolve()
    }
    await failing('cancelled', connection)
    checkWritten()
  })

  it('stay there when a server repeats in its errors what it was sent', async () => {
    let url = ''
    const echo = await serve((request, response) => {
      const site = (Type: string) => ({ Type, Url: `${url}/${Type.toLowerCase()}`, Status: 'Working' })
      response.setHeader('content-type', 'application/json')
      if (request.url === '/tools/auto-discovery') response.end(JSON.stringify({ WebSites: ['ID', 'DomainAPI', 'TableAPI'].map(site) }))
      else if (request.url?.includes('well-known') === true) {
        response.end(JSON.stringify({ issuer: `${url}/id`, token_endpoint: `${url}/id/token` }))
      } else {
        void text(request).then(body => response.writeHead(request.method === 'POST' ? 400 : 500).end(JSON.stringify({
          error: 'invalid_grant', error_description: `You said ${body}`, message: `You sent ${request.headers.authorization ?? ''}`,
        })))
      }
    })
    ;({ url } = echo)
    const connection = { ...connectionOf('referenceToken'), url }
    person.referenceToken = sandbox.referenceToken
    await sessions.signIn(connection)
    await describeAll(connection)
    const client = { issuer: `${url}/id`, clientId: 'x', clientSecret: 'wrong-secret-0123' }
    const refreshToken = 'a-refresh-token-0123'
    assert.equal(await attempt('renewTokens', watched.call('renewTokens', { ...client, refreshToken })), undefined)
    await echo.close()
    checkWritten()
  })

  it('stay there on a result page that shows a failure', () => {
    const failure = new ErpError('sign-in-refused', { error: 'invalid_grant', description: 'used' })
    write('result page', renderResultPage(person.page({ failure })))
    checkWritten()
  })

  it('were many, and so was what was written', () => {
    assert.ok(secrets.size > 40, `${secrets.size} secrets`)
    for (const place of ['log (request)', 'log (debug)', 'error of', 'result page', 'test of the', 'token inspection', 'description', 'state']) {
      assert.ok(written.some(({ where }) => where.startsWith(place)), `nothing of: ${place}`)
    }
    assert.ok(written.length > 100, `${written.length} texts`)
  })
})
