import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

import type { Table } from '../../src/core/model/table.ts'
import { Engine } from '../../src/node/engine/client.ts'
import { RequestGate } from '../../src/node/run/gate.ts'
import { RowSource } from '../../src/node/run/source.ts'
import { sandboxSchema } from '../../src/sandbox/data/company.ts'
import { answer, judge, rowsOf } from '../fakes/oracle/answer.ts'
import type { World } from '../fakes/oracle/conditions.ts'
import { makeQuestion } from '../fakes/oracle/queries.ts'
import { type ExactRow, openOracle } from '../fakes/oracle/sql.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { tablesOfSchema } from '../fakes/tableApi.ts'
import { Random } from '../unit/random.ts'
import { tablesOf } from './tables.ts'

const QUERIES = 400
const SEED = 20_260_101
const NAMES = [
  'Gen_Documents', 'Gen_Document_Types', 'Gen_Parties', 'Crm_Customers', 'Crm_Sales_Orders', 'Crm_Sales_Order_Lines', 'Apm_Cases',
  'Inv_Current_Balances', 'Gen_Products', 'Gen_Product_Groups', 'Cash_Payment_Types', 'Gen_Currencies', 'Dmv_Table_Info',
]

/** Generated queries over the sandbox's company, over the wire; SQLite judges. */
describe('over the wire, the planned answer is what SQLite says', function () {
  this.timeout(300_000)
  let sandbox: SandboxUnderTest
  let oracle: DatabaseSync
  let world: World
  let all: readonly Table[]

  before(async () => {
    sandbox = await startSandbox({ rows: 120 })
    await sandbox.control.limits({ perMinute: 1_000_000 })
    all = tablesOfSchema(sandboxSchema())
    const known = all.filter(({ name }) => NAMES.includes(name))
    assert.equal(known.length, NAMES.length)
    // references that lead elsewhere are none of the game
    const tables = known.map(table => ({ ...table, references: table.references.filter(({ target }) => NAMES.includes(target)) }))
    const rows = new Map<string, readonly ExactRow[]>()
    for (const { name } of tables) rows.set(name, await tablesOf(sandbox).rows(name))
    world = { tables, rows }
    oracle = openOracle(tables, table => rows.get(table.name) ?? [])
  })

  after(async () => {
    oracle.close()
    await sandbox.stop()
  })

  it(`of ${QUERIES} queries`, async () => {
    const random = new Random(SEED)
    for (let query = 0; query < QUERIES; query++) {
      await judge(makeQuestion(world, random), oracle, {
        tables: world.tables,
        tableRoot: `${sandbox.url}/tableapi/odata/`,
        source: source().open,
      })
    }
  })

  it('runs in the engine’s worker, which gives what it takes beside the rows', async () => {
    const engine = new Engine({ script: join(import.meta.dirname, '../../src/node/engine/worker.ts') })
    const text = 'Crm_Sales_Orders?$select=Sales_Order_Id&$filter=Document_Reference/State ne 30&$expand=Document($select=Document_No)'
      + '&$orderby=Document_Reference/Document_No desc&$count=true&$skip=1&$top=4'
    const options = { tables: all, tableRoot: `${sandbox.url}/tableapi/odata/` }
    const { plan, rows } = await answer(text, {
      ...options, source: source().open,
    })
    const found: ExactRow[] = []
    const end = await engine.call('query', { run: plan.run, token: sandbox.referenceToken }, { onBatch: batch => void found.push(...rowsOf(batch)) })
    await engine.dispose()
    assert.deepEqual(found, rows)
    assert.equal(rows.length, 4)
    assert.ok(end.count !== undefined && end.count > 5)
    assert.ok(end.requests >= 2 && end.bytes > 100)
    assert.ok(end.droppedLocally > 0)
  })

  it('closes the request when it is cancelled, while rows wait for order', async () => {
    const engine = new Engine({ script: join(import.meta.dirname, '../../src/node/engine/worker.ts') })
    await sandbox.control.quirks({ 'stall-after-row': 10 })
    const { run } = (await answer('Gen_Documents?$top=0&$filter=false', { tables: all, tableRoot: `${sandbox.url}/tableapi/odata/`, source: () => assert.fail() })).plan
    const abort = new AbortController()
    const call = engine.call('query', {
      run: { ...run, requests: [{ resource: 'Gen_Documents', conditions: [] }], stages: [{ kind: 'sort', by: [], joins: [] }] },
      token: sandbox.referenceToken,
    }, { signal: abort.signal })
    call.catch(() => undefined)
    await sandbox.control.wait({ stalled: 1 })
    abort.abort()
    await assert.rejects(call, { code: 'cancelled' })
    await sandbox.control.wait({ running: 0, tableSockets: 0 })
    await engine.dispose()
    await sandbox.control.clearQuirks()
  })

  /** One turn for all, so that a run that holds it while it waits for another would stand still. */
  function source(): RowSource {
    return new RowSource({ gate: new RequestGate(), limit: 1, token: sandbox.referenceToken, signal: new AbortController().signal })
  }
})
