import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { redeemCode, startSignIn } from '../../src/node/identity.ts'
import { Monitor } from '../../src/sandbox/monitor.ts'
import { Turns } from '../../src/sandbox/turns.ts'
import { FormBrowser } from '../fakes/form-browser.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

const LINES = 'tableapi/odata/Crm_Sales_Order_Lines'
const VERSION = 'api/domain/odata/GetVersion'

describe('sandbox: limits', () => {
  let sandbox: SandboxUnderTest
  beforeEach(async () => { sandbox = await startSandbox() })
  afterEach(async () => sandbox.stop())

  const ask = (path: string, token = sandbox.referenceToken, signal?: AbortSignal) =>
    fetch(`${sandbox.url}/${path}`, { headers: { authorization: `Bearer ${token}` }, ...(signal ? { signal } : {}) })

  async function statusOf(path: string, token?: string): Promise<number> {
    const response = await ask(path, token)
    await response.text()
    return response.status
  }

  /** A token with a session of its own. */
  async function signIn(): Promise<string> {
    const { clientId, redirectUris: [redirectUri = ''] } = sandbox.applications.find(({ type }) => type === 'native')!
    const client = { issuer: `${sandbox.url}/id`, clientId }
    const { url, ...secrets } = await startSignIn({ ...client, redirectUri, scopes: ['openid', 'profile', 'read'] })
    const callback = await new FormBrowser().signIn(url, sandbox.users[0]!)
    return (await redeemCode({ ...client, ...secrets, callbackUrl: callback.href })).accessToken
  }

  describe('of the Table API', () => {
    /** Two answers that stall, each after ten rows. */
    async function twoStalled(tokens: readonly string[]): Promise<readonly Promise<Response>[]> {
      const stalled: Promise<Response>[] = []
      for (const [index, token] of tokens.entries()) {
        await sandbox.control.quirks({ 'stall-after-row': true })
        stalled.push(ask(LINES, token))
        await sandbox.control.wait({ stalled: index + 1 })
      }
      return stalled
    }

    it('runs two at a time, queues five, refuses the eighth, and lets the queue in afterwards', async () => {
      const stalled = await twoStalled([sandbox.referenceToken, sandbox.referenceToken])
      const queued = Array.from({ length: 5 }, () => ask(LINES))
      await sandbox.control.wait({ queued: 5 })
      const refused = await ask(LINES)
      assert.equal(refused.status, 429)
      assert.equal(refused.headers.get('retry-after'), '1')
      assert.match(await refused.text(), /queue of the Table API is full/)
      await sandbox.control.release()
      for (const answer of [...stalled, ...queued]) {
        const { value } = await (await answer).json() as { value: unknown[] }
        assert.equal(value.length, 300)
      }
      assert.equal((await sandbox.control.state()).queued, 0)
    })

    it('counts over all sessions together', async () => {
      const other = await signIn()
      const stalled = await twoStalled([sandbox.referenceToken, other])
      const queued = ask(LINES, other)
      await sandbox.control.wait({ queued: 1 })
      await sandbox.control.release()
      for (const answer of [...stalled, queued]) assert.equal((await (await answer).text()).slice(-2), ']}')
    })

    it('forgets a queued request whose client has gone', async () => {
      const stalled = await twoStalled([sandbox.referenceToken, sandbox.referenceToken])
      const cancel = new AbortController()
      const waiting = ask(LINES, undefined, cancel.signal)
      await sandbox.control.wait({ queued: 1 })
      cancel.abort()
      await assert.rejects(waiting)
      await sandbox.control.wait({ queued: 0 })
      await sandbox.control.release()
      for (const answer of stalled) await (await answer).text()
      assert.equal(await statusOf(LINES), 200)
    })

    it('is configurable', async () => {
      await sandbox.control.limits({ concurrent: 1, queue: 0 })
      const stalled = await twoStalled([sandbox.referenceToken])
      assert.equal(await statusOf(LINES), 429)
      await sandbox.control.release()
      for (const answer of stalled) await (await answer).text()
    })

    it('does not queue the service document and $metadata', async () => {
      await sandbox.control.limits({ concurrent: 0, queue: 0 })
      assert.equal(await statusOf('tableapi/odata/'), 200)
      assert.equal(await statusOf('tableapi/odata/$metadata'), 200)
      assert.equal(await statusOf(LINES), 429)
    })
  })

  describe('of the Domain API', () => {
    it('allows 600 requests a minute, which do not count for the Table API', async () => {
      const statuses = []
      for (let count = 0; count < 600; count += 1) statuses.push(await statusOf(VERSION))
      assert.deepEqual(statuses.filter(status => status !== 200), [])
      const refused = await ask(VERSION)
      assert.equal(refused.status, 429)
      const seconds = Number(refused.headers.get('retry-after'))
      assert.ok(seconds >= 1 && seconds <= 60)
      assert.match(await refused.text(), /Too many requests in this minute/)
      assert.equal(await statusOf(`${LINES}?$top=1`), 200)
    })

    it('counts the minute for each session', async () => {
      await sandbox.control.limits({ perMinute: 2 })
      const other = await signIn()
      const statuses = []
      for (const token of [undefined, undefined, undefined, other]) statuses.push(await statusOf(VERSION, token))
      assert.deepEqual(statuses, [200, 200, 429, 200])
    })

    it('queues five for each session, and refuses the next of that session alone', async () => {
      const other = await signIn()
      // No turn at all: so all wait, however fast they are answered.
      await sandbox.control.limits({ sessionConcurrent: 0 })
      const cancel = new AbortController()
      const queued = Array.from({ length: 5 }, () => ask(VERSION, undefined, cancel.signal))
      await sandbox.control.wait({ queued: 5 })
      const refused = await ask(VERSION)
      assert.equal(refused.status, 429)
      assert.match(await refused.text(), /queue of the session is full/)
      queued.push(ask(VERSION, other, cancel.signal))
      await sandbox.control.wait({ queued: 6 })
      assert.equal(await statusOf(`${LINES}?$top=1`), 200, 'the Table API has turns of its own')
      assert.equal(await statusOf('api/domain/standardmodel'), 200, 'who has no session waits for none')
      cancel.abort()
      for (const answer of queued) await assert.rejects(answer)
      await sandbox.control.wait({ queued: 0 })
    })

    it('runs one at a time for each session', async () => {
      const turns = await withTurns()
      const first = turns.ask('a')
      await turns.running(1)
      const second = turns.ask('a')
      const other = turns.ask('b')
      await turns.running(2)
      assert.deepEqual(turns.begun, ['a', 'b'])
      turns.answerNext()
      await (await first).text()
      await turns.running(2)
      assert.deepEqual(turns.begun, ['a', 'b', 'a'])
      turns.answerNext()
      turns.answerNext()
      await Promise.all([second, other].map(async answer => (await answer).text()))
      await turns.close()
    })
  })

  it('retry-after none: a refusal does not say when to come again', async () => {
    await sandbox.control.quirks({ 'retry-after': 'none' })
    await sandbox.control.limits({ perMinute: 1, queue: 0, concurrent: 0 })
    for (const path of [VERSION, VERSION, LINES]) {
      const response = await ask(path)
      await response.text()
      assert.equal(response.headers.get('retry-after'), null)
      if (path === LINES) assert.equal(response.status, 429)
    }
  })
})

/** The turns of sessions in a server whose answers a test writes. A request is for the session that is its path. */
async function withTurns() {
  const monitor = new Monitor()
  const turns = new Turns('session', { concurrent: 1, queue: 5 }, monitor)
  const open: ServerResponse[] = []
  const begun: string[] = []
  const server = createServer((request, response) => {
    const session = request.url?.slice(1) ?? ''
    void turns.take(response, session).then(mine => {
      if (!mine) return
      begun.push(session)
      open.push(response)
      monitor.changed()
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return {
    begun,
    ask: (session: string) => fetch(`http://127.0.0.1:${port}/${session}`),
    running: async (count: number) => { await monitor.until(() => open.length === count, AbortSignal.timeout(20_000)) },
    answerNext: () => { open.shift()?.end('done') },
    close: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
