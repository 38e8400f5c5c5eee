import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { createBrotliCompress, createGzip } from 'node:zlib'

import { type ErrorCode, isErpError } from '../../src/core/base/errors.ts'
import type { ResultColumn, Row } from '../../src/core/execute/result.ts'
import { RowReader } from '../../src/core/execute/rowReader.ts'
import type { RowsRequest, Wait } from '../../src/core/execute/source.ts'
import { RequestGate } from '../../src/node/run/gate.ts'
import { RowSource, type SourceOptions } from '../../src/node/run/source.ts'
import type { QuirkName, QuirkValue } from '../../src/sandbox/quirks.ts'
import { keysOf } from '../fakes/batch.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { until } from '../fakes/until.ts'
import { serve } from './servers.ts'

const DOCUMENTS = 'Gen_Documents'

/** What one run sees of a server with all its moods. */
describe('rows of a run', () => {
  let sandbox: SandboxUnderTest
  /** All documents, read while the sandbox behaves. */
  let usual: readonly Row[]
  let columns: ResultColumn[] = []

  before(async () => {
    sandbox = await startSandbox()
    const source = sourceOf().source
    for await (const batch of source.open({ url: url('Gen_Documents?$top=1') })) columns = keysOf(batch).map(name => ({ name, type: 'Edm.String' }))
    usual = (await run()).rows
    assert.ok(usual.length > 100)
  })
  after(async () => sandbox.stop())
  afterEach(async () => {
    await sandbox.control.clearQuirks()
    // what is not needed any more is closed, whatever came of the run
    await sandbox.control.wait({ running: 0, answering: 0 })
  })

  const url = (query = DOCUMENTS) => `${sandbox.url}/tableapi/odata/${query}`

  interface Run {
    readonly rows: Row[]
    readonly waits: (Wait | undefined)[]
    readonly slept: number[]
    readonly source: RowSource
    readonly error?: unknown
  }

  function sourceOf(options: Partial<SourceOptions> = {}): Omit<Run, 'rows'> {
    const waits: (Wait | undefined)[] = []
    const slept: number[] = []
    const source = new RowSource({
      gate: new RequestGate(),
      limit: 2,
      token: sandbox.referenceToken,
      signal: new AbortController().signal,
      onWait: wait => waits.push(wait),
      effects: { random: () => 0.5, sleep: ms => (slept.push(ms), Promise.resolve()) },
      ...options,
    })
    return { waits, slept, source }
  }

  async function run(request: Partial<RowsRequest> = {}, options: Partial<SourceOptions> = {}): Promise<Run> {
    const parts = sourceOf(options)
    const reader = new RowReader(columns)
    const rows: Row[] = []
    try {
      for await (const batch of parts.source.open({ url: url(), ...request })) rows.push(...reader.readAll(batch))
      return { ...parts, rows }
    } catch (error) {
      return { ...parts, rows, error }
    }
  }

  function assertFailed({ error }: Run, code: ErrorCode): void {
    assert.ok(isErpError(error, code), `should be ${code}, but was ${String(error)}`)
  }

  const harmless: Partial<Record<QuirkName, QuirkValue>>[] = [
    { 'white-space': true }, { 'unicode-escapes': true }, { 'keys-reversed': true }, { 'extra-keys': 6 }, { 'deep-nesting': 500 },
    { compression: true }, { 'chunk-bytes': 7 }, { 'content-type': 'text/plain' }, { latency: 20 },
    { 'white-space': true, 'unicode-escapes': true, 'extra-keys': 6, compression: true, 'chunk-bytes': 1000 },
  ]
  for (const quirks of harmless) {
    it(`are the same with ${Object.keys(quirks).join(', ')}`, async () => {
      await sandbox.control.quirks(quirks)
      const { rows, error, source } = await run()
      assert.equal(error, undefined)
      assert.deepEqual(rows, usual)
      assert.equal(source.requests, 1)
    })
  }

  it('come with a text of eight megabytes', async () => {
    await sandbox.control.quirks({ 'huge-field': 8 })
    const { rows, source } = await run()
    assert.equal(rows.length, usual.length)
    assert.ok(source.bytes > 8_000_000)
    assert.equal(rows[0]?.some(value => String(value).length === 8_000_000), true)
  })

  it('come with bytes that are no UTF-8', async () => {
    await sandbox.control.quirks({ 'invalid-utf8': true })
    const { rows, error } = await run()
    assert.equal(error, undefined)
    assert.equal(rows.filter(row => row.some(value => String(value).includes('\ufffd'))).length, usual.length)
  })

  const partial: [quirks: Partial<Record<QuirkName, QuirkValue>>, code: ErrorCode][] = [
    [{ 'cut-after-row': 100 }, 'connection-cut'],
    [{ 'cut-after-byte': 90_000 }, 'connection-cut'],
    [{ 'truncate-after-byte': 90_000 }, 'connection-cut'],
    [{ 'truncate-after-byte': 20_000, 'compression': true }, 'connection-cut'],
    [{ 'error-after-row': 100 }, 'server-error'],
  ]
  for (const [quirks, code] of partial) {
    it(`are kept that came before the end of a body with ${Object.keys(quirks).join(', ')}`, async () => {
      await sandbox.control.quirks(quirks)
      const result = await run()
      assertFailed(result, code)
      assert.ok(result.rows.length > 10 && result.rows.length < usual.length)
      assert.deepEqual(result.rows, usual.slice(0, result.rows.length))
      assert.equal(result.source.requests, 1, 'not sent again')
    })
  }

  const refused: [quirks: Partial<Record<QuirkName, QuirkValue>>, code: ErrorCode, requests: number][] = [
    [{ 'html-page': true }, 'html-instead-of-data', 1],
    [{ 'redirect-page': true }, 'html-instead-of-data', 1],
    [{ 'answer-401': true }, 'unauthorized', 1],
    [{ 'answer-403': true }, 'forbidden', 1],
    [{ 'answer-404': true }, 'not-found', 1],
    [{ 'answer-500': true }, 'server-error', 1],
    [{ 'answer-503': true }, 'server-error', 1],
    [{ 'empty-body': true }, 'connection-cut', 3],
    [{ 'reset-connection': true }, 'connection-cut', 3],
    [{ 'close-connection': true }, 'connection-cut', 3],
    [{ 'answer-429': true }, 'too-many-requests', 11],
  ]
  for (const [quirks, code, requests] of refused) {
    it(`end with ${code} after ${requests} requests: ${Object.keys(quirks).join()}`, async () => {
      await sandbox.control.quirks(quirks)
      const result = await run()
      assertFailed(result, code)
      assert.deepEqual([result.rows.length, result.source.requests], [0, requests])
    })
  }

  it('come after the wait that a busy server asks for, which is told', async () => {
    await sandbox.control.quirks({ 'answer-429': { value: true, times: 2 }, 'retry-after': '7' })
    const { rows, waits, slept } = await run()
    assert.equal(rows.length, usual.length)
    assert.deepEqual(slept, [7100, 7100])
    assert.deepEqual(waits, [{ reason: 'busy', seconds: 7.1 }, undefined, { reason: 'busy', seconds: 7.1 }, undefined])
  })

  it('come after longer and longer waits where the server doesn’t say how long', async () => {
    await sandbox.control.quirks({ 'answer-429': { value: true, times: 8 }, 'retry-after': 'none' })
    const { rows, slept } = await run()
    assert.equal(rows.length, usual.length)
    assert.deepEqual(slept, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  })

  it('don’t come where the server wants to be left alone for an hour', async () => {
    await sandbox.control.quirks({ 'answer-429': true, 'retry-after': '3600' })
    const result = await run()
    assertFailed(result, 'too-many-requests')
    assert.deepEqual(result.slept, [])
  })

  it('come at the second try where the connection breaks before the first row', async () => {
    await sandbox.control.quirks({ 'cut-after-byte': { value: 100, times: 1 } })
    const { rows, waits, source } = await run()
    assert.deepEqual(rows, usual)
    assert.equal(source.requests, 2)
    assert.equal(waits[0]?.reason, 'connection')
  })

  it('of a small request come at the second try where the connection breaks in the middle', async () => {
    await sandbox.control.quirks({ 'cut-after-row': { value: 100, times: 1 } })
    const { rows, source } = await run({ whole: true })
    assert.deepEqual(rows, usual)
    assert.equal(source.requests, 2)
  })

  it('come after one renewal of the token', async () => {
    const asked: string[] = []
    const renew = (refused: string): Promise<string> => {
      asked.push(refused)
      return Promise.resolve(sandbox.referenceToken)
    }
    const { rows, source } = await run({}, { token: 'enrt_OLD', renew })
    assert.deepEqual([rows.length, source.requests, asked], [usual.length, 2, ['enrt_OLD']])
    const again = await run({}, { token: 'enrt_OLD', renew: () => Promise.resolve('enrt_OTHER') })
    assertFailed(again, 'unauthorized')
    assert.equal(again.source.requests, 2)
  })

  it('come with the token that another request of the run has got, without asking for one more', async () => {
    const late: (() => void)[] = []
    const server = await serve((request, response) => {
      const isRefused = request.headers.authorization === 'Bearer OLD'
      const answer = (): unknown => response.writeHead(isRefused ? 401 : 200, { 'content-type': 'application/json' }).end('{"value":[{}]}')
      if (isRefused && request.url === '/late') late.push(answer)
      else answer()
    })
    const asked: string[] = []
    const { source } = sourceOf({ token: 'OLD', renew: refused => Promise.resolve((asked.push(refused), 'NEW')) })
    const first = source.open({ url: `${server.url}/late` }).next()
    await until(() => late.length > 0)
    assert.equal((await source.open({ url: `${server.url}/soon` }).next()).done, false)
    for (const answer of late) answer()
    assert.equal((await first).done, false)
    assert.deepEqual([asked, source.requests], [['OLD'], 4])
    await server.close()
  })

  it('don’t come where the address is too long, and it is said so', async () => {
    await sandbox.control.quirks({ 'url-limit': 2048 })
    const filter = `Id in (${Array.from({ length: 100 }, () => crypto.randomUUID()).join(',')})`
    assertFailed(await run({ url: url(`${DOCUMENTS}?$filter=${encodeURIComponent(filter)}`) }), 'url-too-long')
    await sandbox.control.clearQuirks()
    assertFailed(await run({ url: url(`Nowhere?$filter=${encodeURIComponent(filter)}`) }), 'url-too-long')
    assertFailed(await run({ url: url('Nowhere') }), 'not-found')
  })

  it('of all runs together come by no more requests at once than allowed, in their order', async () => {
    const gate = new RequestGate()
    await sandbox.control.limits({ concurrent: 2, queue: 0 })
    await sandbox.control.quirks({ latency: 5 })
    const order: number[] = []
    const runs = await Promise.all(Array.from({ length: 8 }, async (_, index) => {
      const result = await run({}, { gate })
      order.push(index)
      return result
    }))
    assert.ok(runs.every(({ rows, error }) => error === undefined && rows.length === usual.length), 'none was refused')
    assert.deepEqual(runs.map(({ source }) => source.requests), runs.map(() => 1))
    assert.ok(order.slice(0, 2).every(index => index < 2) && order.slice(-2).every(index => index > 5), order.join())
    assert.equal(runs.filter(({ waits }) => waits[0]?.reason === 'turn').length, 6)
  })

  it('stop with their socket when they are cancelled: in the middle, while waiting for a turn, a busy server, an answer', async () => {
    const gate = new RequestGate()
    await sandbox.control.quirks({ 'stall-after-row': 10 })
    const abort = new AbortController()
    const first = run({}, { gate, limit: 1, signal: abort.signal })
    await sandbox.control.wait({ stalled: 1 })
    const second = run({}, { gate, limit: 1, signal: abort.signal })
    abort.abort()
    assertFailed(await first, 'cancelled')
    assertFailed(await second, 'cancelled')
    await sandbox.control.wait({ tableSockets: 0 })
    assert.equal((await run({ url: url(`${DOCUMENTS}?$top=5`) }, { gate, limit: 1 })).rows.length, 5, 'the turn is free again')

    await sandbox.control.quirks({ 'answer-429': true })
    const busy = new AbortController()
    const effects = { random: Math.random, sleep: (ms: number, signal: AbortSignal) => delay(ms, undefined, { signal }) }
    assertFailed(await run({}, { signal: busy.signal, onWait: () => busy.abort(), effects }), 'cancelled')

    await sandbox.control.quirks({ 'answer-429': false, 'latency': 60_000 })
    const slow = new AbortController()
    const waiting = run({}, { signal: slow.signal })
    await sandbox.control.wait({ answering: 1 })
    slow.abort()
    assertFailed(await waiting, 'cancelled')
  })

  it('leave no socket after all that may go wrong, when those that are kept for the next request have had their time', async () => {
    for (const [quirks] of [...partial, ...refused]) {
      await sandbox.control.clearQuirks()
      await sandbox.control.quirks(quirks)
      assert.ok(isErpError((await run()).error), Object.keys(quirks).join())
    }
    await sandbox.control.wait({ tableSockets: 0 })
  })

  it('leave no socket when they are left in the middle', async () => {
    await sandbox.control.quirks({ 'stall-after-row': 100 })
    for await (const batch of sourceOf().source.open({ url: url() })) {
      assert.ok(batch.ends.length > 0)
      break
    }
    await sandbox.control.wait({ tableSockets: 0 })
  })

  for (const pack of [createGzip, createBrotliCompress]) {
    it(`leave no socket when they are left where a packed body stands still: ${pack.name}`, async () => {
      const closed = Promise.withResolvers<undefined>()
      const server = await serve((_, response) => {
        response.on('close', () => closed.resolve(undefined))
        response.writeHead(200, { 'content-encoding': pack === createGzip ? 'gzip' : 'br' })
        const packed = pack()
        packed.pipe(response)
        packed.write('{"value":[{"A":1}')
        packed.flush()
      })
      for await (const batch of sourceOf().source.open({ url: `${server.url}/x` })) {
        assert.equal(batch.ends.length, 1)
        break
      }
      await closed.promise
      await server.close()
    })
  }

  it('leave no listener at the signal', async () => {
    const { signal } = new AbortController()
    let listeners = 0
    const counted = Object.assign(signal, {
      addEventListener: (...args: Parameters<AbortSignal['addEventListener']>) => {
        listeners++
        AbortSignal.prototype.addEventListener.apply(signal, args)
      },
      removeEventListener: (...args: Parameters<AbortSignal['removeEventListener']>) => {
        listeners--
        AbortSignal.prototype.removeEventListener.apply(signal, args)
      },
    })
    const moods: Partial<Record<QuirkName, QuirkValue>>[] = [
      {}, { 'cut-after-row': 10 }, { 'error-after-row': 10 }, { 'answer-401': true }, { 'answer-429': true }, { 'reset-connection': true }, { 'html-page': true },
    ]
    for (const quirks of moods) {
      await sandbox.control.clearQuirks()
      await sandbox.control.quirks(quirks)
      await run({}, { signal: counted })
      await run({ whole: true }, { signal: counted, gate: new RequestGate(), limit: 1 })
      assert.equal(listeners, 0, Object.keys(quirks).join())
    }
  })

  it('say what is wrong with a body that is packed wrongly', async () => {
    const server = await serve((_, response) => response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end('{"value":[]}'))
    const result = await run({ url: `${server.url}/x` })
    assert.ok(isErpError(result.error) && result.rows.length === 0)
    await server.close()
  })
})
