import assert from 'node:assert/strict'

import { type Batch, owned } from '../../src/core/execute/batch.ts'
import { Execution, type ExecuteStats } from '../../src/core/execute/execute.ts'
import type { ResultSnapshot } from '../../src/core/execute/result.ts'
import { ResultBuilder } from '../../src/core/execute/resultBuilder.ts'
import type { DomainEntityDetails } from '../../src/core/model/domain.ts'
import { planEntityQuery } from '../../src/core/plan/planEntityQuery.ts'
import type { Plan } from '../../src/core/plan/plan.ts'
import { parseCell } from '../../src/core/query/cell.ts'
import { readQuery } from '../../src/core/query/readQuery.ts'
import { readEntity } from '../../src/node/model/readModel.ts'
import { RequestGate } from '../../src/node/run/gate.ts'
import { RowSource } from '../../src/node/run/source.ts'
import { rowsOf } from '../fakes/oracle/answer.ts'
import type { ExactRow } from '../fakes/oracle/sql.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { Random } from '../unit/random.ts'

const LINES = 2500
const QUERIES = 150
const SEED = 20_260_301

interface Answer {
  readonly plan: Plan
  readonly rows: ExactRow[]
  readonly requests: number
  readonly stats: ExecuteStats
}

describe('queries of the Domain API, over the wire', function () {
  this.timeout(300_000)
  const sandbox = useSandbox({ rows: LINES })
  const known = new Map<string, DomainEntityDetails>()

  before(async () => {
    await sandbox.control.limits({ perMinute: 1_000_000 })
  })

  afterEach(() => sandbox.control.clearQuirks())

  const entity = async (entitySet: string): Promise<DomainEntityDetails> => {
    const { signal } = new AbortController()
    const site = `${sandbox.url}/api`
    const place = { site, odata: `${site}/domain/odata/`, token: sandbox.referenceToken, language: 'en' }
    const details = known.get(entitySet) ?? await readEntity(place, entitySet, signal)
    known.set(entitySet, details)
    return details
  }

  const run = async (text: string, of = entity): Promise<Omit<Answer, 'rows'> & { batches: Batch[] }> => {
    const { query } = parseCell(`domain/${text}`)
    const plan = await planEntityQuery({ ...readQuery(query), text: query }, { domainRoot: `${sandbox.url}/api/domain/odata/`, entity: of })
    const source = new RowSource({ gate: new RequestGate(), limit: 1, token: sandbox.referenceToken, signal: new AbortController().signal })
    const execution = new Execution(structuredClone(plan.run), { source: source.open })
    const batches: Batch[] = []
    for await (const batch of execution.batches()) batches.push(owned(batch))
    return { plan, batches, requests: source.requests, stats: execution.stats }
  }

  const ask = async (text: string, of = entity): Promise<Answer> => {
    const { batches, ...told } = await run(text, of)
    return { ...told, rows: batches.flatMap(rowsOf) }
  }

  const table = async (text: string): Promise<ResultSnapshot> => {
    const { plan, batches } = await run(text)
    const result = new ResultBuilder({ columns: plan.run.columns, keep: Infinity, url: '', now: () => 0 })
    for (const batch of batches) result.add(batch)
    return result.snapshot('done')
  }

  const values = (rows: readonly ExactRow[], name: string): unknown[] => rows.map(row => (row as Record<string, unknown>)[name])
  const serverCount = async (set: string, filter: string): Promise<number> => {
    const url = `${sandbox.url}/api/domain/odata/${set}/$count?$filter=${encodeURIComponent(filter)}`
    const answer = await fetch(url, { headers: { 'X-Api-Key': sandbox.referenceToken } })
    assert.equal(answer.status, 200, filter)
    return Number(await answer.text())
  }

  for (const quirk of [undefined, 'nextlink-relative', 'nextlink-skip', 'nextlink-none'] as const) {
    it(`reads all pages${quirk === undefined ? '' : ` (${quirk})`}`, async () => {
      if (quirk !== undefined) await sandbox.control.quirks({ [quirk]: true })
      const { rows, requests } = await ask('Crm_Sales_SalesOrderLines?$select=Id')
      assert.equal(new Set(values(rows, 'Id')).size, LINES)
      assert.equal(rows.length, LINES)
      assert.equal(requests, 3)
    })
  }

  it('reads no page more than it needs', async () => {
    const page = await ask('Crm_Sales_SalesOrderLines?$select=Id&$top=1000')
    assert.deepEqual([page.rows.length, page.requests], [1000, 1])
    const more = await ask('Crm_Sales_SalesOrderLines?$select=Id&$top=1200&$skip=100')
    assert.deepEqual([more.rows.length, more.requests], [1200, 2])
    const all = await ask('Crm_Sales_SalesOrderLines?$select=Id')
    assert.deepEqual(values(more.rows, 'Id'), values(all.rows, 'Id').slice(100, 1300))
  })

  for (const select of ['?$select=DocumentNo,InvoiceNo,Notes&', '?']) {
    it(`gives a column for each property also where rows leave it out (${select})`, async () => {
      const [usual, sparse] = [await table(`Crm_Sales_SalesOrders${select}$top=200`), await table(`Crm_Sales_SalesOrders${select}options=skipnulls&$top=200`)]
      assert.deepEqual(sparse.columns, usual.columns)
      assert.deepEqual(sparse.rows, usual.rows)
      assert.ok(usual.rows.some(row => row.includes(null)))
      // and for no others
      const names = usual.columns.map(({ name }) => name)
      const { rows, plan } = await ask(`Crm_Sales_SalesOrders${select}$top=1`)
      assert.deepEqual([...names].sort(), Object.keys(rows[0] ?? {}).filter(name => !name.includes('@')).sort())
      assert.deepEqual(plan.run.columns.map(({ name }) => name), names)
    })
  }

  it('answers or, ne, lt and null tests, which the server refuses', async () => {
    const set = 'Crm_Sales_SalesOrders'
    const all = await serverCount(set, 'DocumentDate ge 2000-01-01Z')
    const closed = await serverCount(set, 'State eq \'Closed\'')
    const { rows: open } = await ask(`${set}?$filter=State ne 'Closed'&$select=State`)
    assert.equal(open.length, all - closed)
    assert.ok(closed > 0 && open.length > 0 && !values(open, 'State').includes('Closed'))
    const late = await serverCount(set, 'DocumentDate ge 2026-01-01Z')
    const lateClosed = await serverCount(set, 'DocumentDate ge 2026-01-01Z and State eq \'Closed\'')
    const { rows: either, plan } = await ask(`${set}?$filter=State eq 'Closed' or DocumentDate gt 2025-12-31&$select=Id`)
    assert.equal(plan.requests.length, 2)
    assert.equal(either.length, closed + late - lateClosed)
    const { rows: nameless } = await ask(`${set}?$filter=InvoiceNo eq null&$select=InvoiceNo&$top=3`)
    assert.deepEqual(values(nameless, 'InvoiceNo'), [null, null, null])
  })

  it('keeps the server’s order where it filters here', async () => {
    const { rows, plan } = await ask('Crm_Sales_SalesOrders?$filter=State ne \'Closed\'&$select=DocumentNo&$orderby=DocumentNo desc&$skip=1&$top=5')
    assert.match(decodeURIComponent(plan.requests[0]?.url ?? ''), /\$orderby=DocumentNo desc/)
    const { rows: all } = await ask('Crm_Sales_SalesOrders?$filter=State ne \'Closed\'&$select=DocumentNo')
    assert.deepEqual(values(rows, 'DocumentNo'), (values(all, 'DocumentNo') as string[]).sort().reverse().slice(1, 6))
  })

  it('expands references and lists, several levels deep', async () => {
    const { rows: [row] } = await ask('Crm_Sales_SalesOrders?$select=DocumentNo&$expand=Customer($select=Number;$expand=Party($select=PartyName)),Lines($select=LineNo;$orderby=LineNo;$top=2)&$top=1')
    const { Customer: customer, Lines: lines } = row as unknown as { Customer: { Number: string, Party: { PartyName: object } }, Lines: object[] }
    assert.ok(customer.Number.length > 0 && Object.keys(customer.Party.PartyName).length > 0)
    assert.ok(lines.length > 0 && lines.length <= 2)
  })

  it('has the server count where it filters, and reads no page for it', async () => {
    const set = 'Crm_Sales_SalesOrderLines'
    const all = await ask(`${set}?$select=Id`)
    for (const [window, rows, requests] of [['$skip=1&$top=2', 2, 1], ['$top=0', 0, 1], ['$top=1200', 1200, 2], ['$skip=2490', 10, 1]] as const) {
      const counted = await ask(`${set}?$select=Id&$count=true&${window}`)
      assert.deepEqual([counted.rows.length, counted.stats.count, counted.requests], [rows, LINES, requests], window)
    }
    assert.equal(all.stats.count, undefined)
    const { stats } = await ask(`Crm_Sales_SalesOrders?$filter=State eq 'Closed'&$count=true&$top=0`)
    assert.equal(stats.count, await serverCount('Crm_Sales_SalesOrders', 'State eq \'Closed\''))
  })

  it('counts here where rows are dropped here', async () => {
    const { stats, rows } = await ask('Crm_Sales_SalesOrders?$filter=State ne \'Closed\'&$select=State&$count=true&$skip=1&$top=2')
    const all = await ask('Crm_Sales_SalesOrders?$filter=State ne \'Closed\'&$select=State')
    assert.deepEqual([rows.length, stats.count], [2, all.rows.length])
  })

  it('compares amounts exactly, also where they come as strings', async () => {
    const { rows } = await ask('Crm_Sales_SalesOrderLines?$filter=LineAmountValue gt 1000.5&$select=LineAmount')
    await sandbox.control.quirks({ 'amounts-as-strings': true })
    const { rows: strings } = await ask('Crm_Sales_SalesOrderLines?$filter=LineAmountValue gt 1000.5&$select=LineAmount')
    assert.ok(rows.length > 0 && rows.length < LINES)
    assert.deepEqual(strings, rows)
  })

  it(`gives the same rows whether the server filters, orders and groups or it is done here: ${QUERIES} queries`, async () => {
    const random = new Random(SEED)
    let finishedHere = 0
    for (let index = 0; index < QUERIES; index++) {
      const text = makeQuery(random)
      const [served, local] = [await ask(text), await ask(text, async name => withoutSupport(await entity(name)))]
      const explain = [text, ...[served, local].flatMap(({ plan }) => plan.requests.map(({ url }) => decodeURIComponent(url)))].join('\n')
      assert.deepEqual(canonical(served.rows, text), canonical(local.rows, text), explain)
      assert.equal(served.stats.count, local.stats.count, explain)
      if (served.plan.local.length < local.plan.local.length) finishedHere++
    }
    assert.ok(finishedHere > QUERIES / 2)
  })
})

/** The same entity, but the server can do nothing with its properties. */
function withoutSupport(details: DomainEntityDetails): DomainEntityDetails {
  return {
    ...details,
    attributes: details.attributes.map(attribute => ({ ...attribute, filters: [], orderable: false })),
    references: details.references.map(reference => ({ ...reference, filters: [], ownership: false, filterable: false })),
  }
}

const CONDITIONS = [
  'State eq \'Released\'', 'State ge \'Completed\'', 'State lt \'Released\'', 'State in (\'New\',\'Closed\')', 'State ne \'Closed\'',
  'Void eq false', 'Void ne true', 'DocumentDate ge 2025-01-01', 'DocumentDate lt 2025-06-30', 'DocumentDate le 2024-12-31T10:00:00Z',
  'DocumentDate eq 2024-01-02', 'year(DocumentDate) eq 2025', 'contains(DocumentNo,\'01\')', 'startswith(DocumentNo,\'S\')', 'endswith(DocumentNo,\'7\')',
  'DocumentNo eq \'W00000001\'', 'CreationTime gt 2024-01-02T20:00:00Z', 'CreationTime le 2024-01-02T08:00:00Z', 'IsReleased eq true',
  'InvoiceNo eq null', 'equalnull(InvoiceNo,\'x\')', 'Customer/Number gt \'C00020\'', 'Store eq null', 'MasterDocument/DocumentNo ne \'x\'',
]
const TAILS = [
  '$select=DocumentNo', '$select=DocumentNo,State&$orderby=DocumentNo&$skip=3&$top=20', '$select=DocumentNo&$orderby=DocumentDate desc,DocumentNo&$top=10',
  '$select=DocumentNo&$expand=Customer($select=Number)', '$select=DocumentNo&$count=true', '$select=DocumentNo&$orderby=DocumentNo&$count=true&$skip=2&$top=3',
]

function makeQuery(random: Random): string {
  const one = (): string => {
    const condition = random.pick(CONDITIONS)
    return random.below(7) === 0 ? `not (${condition})` : condition
  }
  const filter = Array.from({ length: 1 + random.below(3) }, one).reduce((left, right) => `(${left}) ${random.below(5) < 3 ? 'and' : 'or'} (${right})`)
  if (random.below(5) === 0) return `Crm_Sales_SalesOrders?$apply=filter(${filter})/groupby((State),aggregate($count as N))`
  return `Crm_Sales_SalesOrders?$filter=${filter}&${random.pick(TAILS)}`
}

/** Without annotations; in some order where the query names none. */
function canonical(rows: readonly ExactRow[], text: string): string[] {
  const texts = rows.map(row => JSON.stringify(Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('@')).sort())))
  return text.includes('$orderby') ? texts : texts.sort()
}
