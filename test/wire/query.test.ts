import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ErrorCode, isErpError } from '../../src/core/base/errors.ts'
import { type Batch, owned } from '../../src/core/execute/batch.ts'
import type { Wait } from '../../src/core/execute/source.ts'
import type { Run } from '../../src/core/plan/plan.ts'
import type { Table } from '../../src/core/model/table.ts'
import { Engine } from '../../src/node/engine/client.ts'
import type { CallContext, QueryEnd, QueryParams } from '../../src/node/engine/protocol.ts'
import { runQuery, type Scratch } from '../../src/node/run/runQuery.ts'
import { FileSpill } from '../../src/node/spill.ts'
import type { QuirkName, QuirkValue } from '../../src/sandbox/quirks.ts'
import { sandboxSchema } from '../../src/sandbox/data/company.ts'
import { planOf, rowsOf } from '../fakes/oracle/answer.ts'
import type { ExactRow } from '../fakes/oracle/sql.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { tablesOfSchema } from '../fakes/tableApi.ts'
import { until } from '../fakes/until.ts'
import { serve } from './servers.ts'

/** What planned queries do where the server, the connection or a setting doesn't let them run straight through. */
describe('a planned query', () => {
  let sandbox: SandboxUnderTest
  let tables: readonly Table[]

  before(async () => {
    sandbox = await startSandbox()
    tables = tablesOfSchema(sandboxSchema())
  })
  after(() => sandbox.stop())
  afterEach(async () => {
    await sandbox.control.clearQuirks()
    await sandbox.control.wait({ running: 0, answering: 0 })
  })

  const LOOKED_UP = 'Crm_Sales_Orders?$select=Sales_Order_Id&$filter=Document_Reference/State ne 30&$expand=Document($select=Document_No)'
    + '&$orderby=Document_Reference/Document_No desc'

  it('ends at maxRows, behind its steps, and says so where there was more', async () => {
    const all = await run('Gen_Documents?$select=Document_No&$orderby=Document_No')
    for (const [maxRows, more] of [[all.rows.length, false], [all.rows.length - 1, true], [1, true]] as const) {
      const { rows, end } = await run('Gen_Documents?$select=Document_No&$orderby=Document_No', { maxRows })
      assert.deepEqual(rows, all.rows.slice(0, maxRows))
      assert.deepEqual([end.rows, end.more], [maxRows, more])
    }
  })

  it('leaves the socket at maxRows', async () => {
    await sandbox.control.quirks({ 'stall-after-row': 10 })
    const { rows, end } = await run('Gen_Documents?$select=Document_No&$filter=not contains(Document_No,\'~\')', { maxRows: 5 })
    assert.deepEqual([rows.length, end.more], [5, true])
    await sandbox.control.wait({ running: 0, tableSockets: 0 })
  })

  for (const maxConcurrent of [1, 3]) {
    it(`never has more requests open than it may: ${maxConcurrent}`, async () => {
      const waits: (Wait | undefined)[] = []
      const wait = (told: Wait | undefined): void => void waits.push(told)
      await sandbox.control.limits({ concurrent: maxConcurrent, queue: 0 })
      await sandbox.control.quirks({ latency: 5 })
      const runs = await Promise.all([1, 2, 3, 4].map(() => run(LOOKED_UP, { maxConcurrent }, { wait })))
      assert.ok(runs.every(({ rows, end }) => rows.length > 10 && end.requests >= 2))
      assert.ok(waits.some(told => told?.reason === 'turn') && !waits.some(told => told?.reason === 'busy'))
    })
  }

  it('renews its token once', async () => {
    const usual = await run(LOOKED_UP)
    let renewed = 0
    const { rows } = await run(LOOKED_UP, { token: 'enrt_OLD' }, { renew: () => Promise.resolve((renewed++, sandbox.referenceToken)) })
    assert.deepEqual([rows, renewed], [usual.rows, 1])
  })

  it('renews its token once where several look-ups are refused at once', async () => {
    const params = { run: await manyLookUps(), maxConcurrent: 2 }
    const usual = await run(LOOKED_UP, params)
    assert.ok(usual.end.requests > 4)
    const other = sandbox.referenceTokens.find(({ state, kind }) => state === 'valid' && kind === 'SAT')?.token ?? assert.fail()
    const path = '/tableapi/odata/Gen_Documents'
    // a new token is due when the answers of both are out
    await sandbox.control.quirks({ 'token-revoked': { value: 1, path }, 'latency': { value: 100, path } })
    const asked: string[] = []
    const renew = async (refused: string): Promise<string> => {
      asked.push(refused)
      await sandbox.control.wait({ answering: 0 })
      return other
    }
    const engine = new Engine({ script: join(import.meta.dirname, '../../src/node/engine/worker.ts') })
    const rows: ExactRow[] = []
    const onBatch = (batch: Batch): unknown => rows.push(...rowsOf(batch))
    const end = await engine.call('query', { ...params, token: sandbox.referenceToken }, { onBatch, renew })
    assert.deepEqual([rows, asked], [usual.rows, [sandbox.referenceToken]])
    assert.equal(end.requests, usual.end.requests + 2)
    await engine.dispose()
  })

  it('stops all look-ups with the first that fails', async () => {
    const path = '/tableapi/odata/Gen_Documents'
    // the first is not answered, the second is refused, the others wait
    await sandbox.control.quirks({ 'latency': { value: 60_000, path, times: 1 }, 'answer-500': { value: true, path } })
    const before = (await sandbox.control.requests()).byPath[path] ?? 0
    await assert.rejects(run(LOOKED_UP, { run: await manyLookUps(), maxConcurrent: 2 }), error => isErpError(error, 'server-error'))
    await sandbox.control.wait({ answering: 0 })
    const after = (await sandbox.control.requests()).byPath[path] ?? 0
    assert.equal(after - before, 2)
  })

  it('waits for a busy server and goes on', async () => {
    const usual = await run(LOOKED_UP)
    await sandbox.control.quirks({ 'answer-429': { value: true, times: 1 } })
    const waits: (Wait | undefined)[] = []
    const { rows } = await run(LOOKED_UP, {}, { wait: wait => void waits.push(wait) })
    assert.deepEqual(rows, usual.rows)
    assert.deepEqual(waits.map(wait => wait?.reason), ['busy', undefined])
  })

  it('asks again for a part of a list whose answer broke off in the middle', async () => {
    const { rows: documents } = await run('Gen_Documents?$select=Id')
    const ids = documents.map(row => String(row['Id']))
    const text = `Gen_Documents?$select=Id&$filter=Id in (${ids.join(',')})`
    const usual = await run(text)
    assert.ok(usual.end.requests > 1)
    await sandbox.control.quirks({ 'cut-after-row': { value: 10, times: 1 } })
    const { rows, end } = await run(text)
    assert.deepEqual(rows, usual.rows)
    assert.equal(end.requests, usual.end.requests + 1)
  })

  const onDisk: [what: string, quirks: Partial<Record<QuirkName, QuirkValue>>, code?: ErrorCode][] = [
    ['has ended', {}],
    ['the connection broke', { 'cut-after-row': 100 }, 'connection-cut'],
    ['the server gave up', { 'error-after-row': 100 }, 'server-error'],
    ['it was cancelled', { 'stall-after-row': 100 }, 'cancelled'],
  ]
  for (const [what, quirks, code] of onDisk) {
    it(`leaves no file behind when ${what}`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'erpnet-query-'))
      await sandbox.control.quirks(quirks)
      const abort = new AbortController()
      const text = 'Gen_Documents?$apply=groupby((Document_No,Document_Date),aggregate(Id with countdistinct as N))&$orderby=Document_No'
      const running = run(text, {}, { signal: abort.signal }, { folder, memoryBytes: 2000 })
      if (code === 'cancelled') {
        await sandbox.control.wait({ stalled: 1 })
        await until(() => readdirSync(folder).length > 0)
        abort.abort()
      }
      if (code === undefined) assert.ok((await running).rows.length > 100)
      else await assert.rejects(running, error => isErpError(error, code))
      assert.deepEqual(readdirSync(folder), [])
      rmSync(folder, { recursive: true })
    })
  }

  it('says so when it can’t write its temporary files', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'erpnet-query-'))
    writeFileSync(join(folder, 'file'), 'no folder')
    const running = run('Gen_Documents?$apply=groupby((Document_No,Document_Date))&$orderby=Document_No', {}, {}, { folder: join(folder, 'file'), memoryBytes: 2000 })
    await assert.rejects(running, error => isErpError(error, 'result-not-kept') && error.facts['reason'] !== '')
    rmSync(folder, { recursive: true })
  })

  it('says so when its temporary files are gone before it reads them', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'erpnet-query-'))
    const spill = new FileSpill(folder)
    const written = await spill.write([new Uint8Array(10)])
    rmSync(folder, { recursive: true })
    await assert.rejects(written.read()[Symbol.asyncIterator]().next(), error => isErpError(error, 'result-not-kept'))
    await spill.dispose()
  })

  for (const status of [404, 414, 431]) {
    it(`asks with half of the address where the server answers a long one with ${status}, and no longer one again`, async () => {
      const longest = 2500
      const server = await serve((request, response) => {
        const address = decodeURIComponent(request.url ?? '')
        const isTooLong = (request.url ?? '').length > longest
        const ids = isTooLong ? [] : /Id in \(([^)]*)\)/.exec(address)?.[1]?.split(',') ?? []
        response.writeHead(isTooLong ? status : 200, { 'content-type': 'application/json' })
          .end(`{"value":[${ids.map(id => `{"Id":"${id}"}`).join(',')}]}`)
      })
      const ids = Array.from({ length: 500 }, () => crypto.randomUUID())
      const { rows, end } = await run(`Gen_Documents?$select=Id&$filter=Id in (${ids.join(',')})`, {}, {}, {}, `${server.url}/tableapi/odata/`)
      assert.deepEqual(rows.map(row => row['Id']), ids)
      const lengths = server.requests.map(({ url }) => `${server.url}${url ?? ''}`.length)
      assert.equal(end.requests, lengths.length)
      assert.ok(lengths.every(length => length <= 4000), lengths.join())
      assert.deepEqual(lengths.map(length => length > longest), lengths.map((_, index) => index === 0), lengths.join())
      await server.close()
    })
  }

  /** `LOOKED_UP` with short addresses, and so with several requests for what is looked up. */
  async function manyLookUps(tableRoot = `${sandbox.url}/tableapi/odata/`): Promise<Run> {
    return { ...(await planOf(LOOKED_UP, { tables, tableRoot, defaultTop: 10_000 })).run, maxUrlLength: 500 }
  }

  async function run(
    text: string, params: Partial<QueryParams> = {}, context: Partial<CallContext> = {}, scratch: Scratch = {},
    tableRoot = `${sandbox.url}/tableapi/odata/`,
  ): Promise<{ rows: ExactRow[], end: QueryEnd }> {
    const plan = await planOf(text, { tables, tableRoot, defaultTop: 10_000 })
    const batches: Batch[] = []
    const end = await runQuery({ run: plan.run, token: sandbox.referenceToken, ...params }, {
      signal: new AbortController().signal,
      send: batch => Promise.resolve(void batches.push(owned(batch))),
      renew: () => assert.fail(),
      wait: () => undefined,
      ...context,
    }, scratch)
    return { rows: batches.flatMap(rowsOf), end }
  }
})
