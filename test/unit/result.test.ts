import assert from 'node:assert/strict'
import { ErpError, isErpError } from '../../src/core/base/errors.ts'
import type { Batch } from '../../src/core/execute/batch.ts'
import { published } from '../../src/core/execute/published.ts'
import { Nested, type Row } from '../../src/core/execute/result.ts'
import { ResultBuilder } from '../../src/core/execute/resultBuilder.ts'
import { RowScanner } from '../../src/core/execute/rowScanner.ts'
import { findTable } from '../../src/core/model/find.ts'
import type { Table } from '../../src/core/model/table.ts'
import { textTable } from '../../src/core/notebook/textTable.ts'

const TABLE: Table = {
  name: 'Gen_Documents',
  key: ['Id'],
  columns: [
    { name: 'Id', type: 'Edm.Guid', nullable: false },
    { name: 'Amount', type: 'Edm.Decimal', nullable: true },
    { name: 'Version', type: 'Edm.Int64', nullable: true },
  ],
  references: [],
}

describe('result', () => {
  it('has the columns in the order and with the types of the plan', () => {
    const result = builder({ columns: [{ name: 'amount', type: 'Edm.Decimal' }, { name: 'Id', type: 'Edm.Guid' }] })
    result.add(batch('{"Id":"a","Amount":1.10,"Extra":true}'))
    assert.deepEqual(result.snapshot('done').columns, [
      { name: 'Amount', type: 'Edm.Decimal' },
      { name: 'Id', type: 'Edm.Guid' },
      { name: 'Extra', type: 'Edm.String' },
    ])
    assert.deepEqual(result.snapshot('done').rows, [['1.10', 'a', true]])
  })

  it('has columns without rows, too', () => {
    assert.deepEqual(builder({}).snapshot('done').columns.map(column => column.name), ['Id', 'Amount', 'Version'])
  })

  const planned = [{ name: 'A', type: 'Edm.Int64' }, { name: 'b', type: 'Edm.Decimal' }]
  const growing: [what: string, batches: readonly (readonly string[])[], columns: string, rows: readonly Row[]][] = [
    ['does not come at all', [['{"b":1.0}']], 'A b', [[null, '1.0']]],
    ['comes later in a batch', [['{"b":1.0}', '{"A":5}']], 'A b', [[null, '1.0'], ['5', null]]],
    ['comes in a later batch', [['{}'], ['{"A":5,"b":1.0}']], 'A b', [[null, null], ['5', '1.0']]],
    ['comes later, spelled otherwise', [['{}'], ['{"a":5}'], ['{"B":1.0}']], 'a B', [[null, null], ['5', null], [null, '1.0']]],
    ['comes in both spellings', [['{"a":5}'], ['{"A":6}'], ['{"A":7,"a":8}']], 'A b a', [[null, null, '5'], ['6', null, null], ['7', null, 8]]],
    ['comes after others that nobody knows', [['{"x":1}', '{"y":2,"A":5}'], ['{"z":[3],"x":4}']], 'A b x y z', [
      [null, null, 1, null, null], ['5', null, null, 2, null], [null, null, 4, null, new Nested('[3]')],
    ]],
    ['has annotations', [['{"@odata.id":"q","A@odata.type":"r","A":5}']], 'A b', [['5', null]]],
  ]
  for (const [what, batches, columns, rows] of growing) {
    it(`loses no value where a column ${what}`, () => {
      const result = builder({ columns: planned })
      for (const texts of batches) result.add(batch(texts.join(',')))
      const snapshot = result.snapshot('done')
      assert.equal(snapshot.columns.map(({ name }) => name).join(' '), columns)
      assert.deepEqual(snapshot.rows, rows)
    })
  }

  it('keeps the first rows and counts them all', () => {
    const result = builder({ keep: 3 })
    for (let i = 0; i < 4; i++) result.add(batch(`{"Id":"${i}"},{"Id":"${i}b"}`))
    const { rows, stats } = result.snapshot('running')
    assert.deepEqual(rows.map(([id]) => id), ['0', '0b', '1'])
    assert.equal(stats.rows, 8)
  })

  it('does not change a snapshot that was given', () => {
    const result = builder({})
    result.add(batch('{"Id":"a"}'))
    const early = result.snapshot('running')
    result.add(batch('{"Id":"b"}'))
    assert.equal(early.rows.length, 1)
  })

  it('says that the default limit cut it only when it did', () => {
    const result = builder({ limit: 2 })
    result.add(batch('{"Id":"a"}'))
    assert.equal(result.snapshot('done').limit, undefined)
    result.add(batch('{"Id":"b"}'))
    assert.equal(result.snapshot('done').limit, 2)
  })

  it('says of a failure how many rows came before it', () => {
    const result = builder({ keep: 1 })
    const failure = new ErpError('server-error', { status: 500 })
    assert.equal(result.failure(failure), failure)
    result.add(batch('{"Id":"a"},{"Id":"b"}'))
    const { code, facts } = result.failure(failure)
    assert.deepEqual([code, facts], ['server-error', { status: 500, rows: 2 }])
  })

  it('tells when the first row came, and how long it took', () => {
    const times = [100, 150, 175, 200]
    const result = builder({ now: () => times.shift() ?? 300 })
    result.add(batch('{"Id":"a"}'))
    const { stats } = result.snapshot('done', { bytes: 4711, requests: 2, droppedLocally: 3, count: 4, more: false })
    assert.deepEqual(stats, { rows: 1, bytes: 4711, requests: 2, firstRowMs: 50, ms: 75, droppedLocally: 3, count: 4 })
  })

  it('tells of a run without rows how long it took', () => {
    const times = [100, 140]
    const { firstRowMs, ms } = builder({ now: () => times.shift() ?? 300 }).snapshot('done').stats
    assert.deepEqual([firstRowMs, ms], [40, 40])
  })

  it('is published with objects and lists as values, and with texts that look like them as texts', () => {
    const columns = [{ name: 'A', type: 'Erp.Amount', columns: [{ name: 'Value', type: 'Edm.Decimal' }] }, { name: 'T', type: 'Edm.String' }]
    const result = builder({ columns })
    result.add(batch(String.raw`{"A":{"Value":1.0},"T":"{\"EN\":1}","x":{"a":[1,2.50]}},{"A":"[5","T":null,"x":"{}"}`))
    const snapshot = result.snapshot('done')
    assert.deepEqual(published(snapshot).rows, [
      { A: { Value: '1.0' }, T: '{"EN":1}', x: { a: [1, '2.50'] } }, { A: '[5', T: null, x: '{}' },
    ])
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    const odd = builder({ columns: [] })
    odd.add(batch(`{"a":[1,],"b":${deep}}`))
    assert.deepEqual(published(odd.snapshot('done')).rows, [{ a: '[1,]', b: deep }])
    const shown = JSON.parse(JSON.stringify(snapshot)) as typeof snapshot
    assert.deepEqual(shown.rows, [['{"Value":1.0}', '{"EN":1}', '{"a":[1,2.50]}'], ['[5', null, '{}']])
    assert.equal(textTable(snapshot).split('\n')[2], '{"Value":1.0}  {"EN":1}  {"a":[1,2.50]}')
  })

  it('is published as partial where a setting ends it', () => {
    const end = { bytes: 1, requests: 1, droppedLocally: 0 }
    const cases: [limit: number | undefined, more: boolean, partial: string | undefined][] = [
      [undefined, false, undefined], [5, false, undefined], [2, false, 'erpnet.query.defaultTop'], [5, true, 'erpnet.query.maxRows'],
    ]
    for (const [limit, more, partial] of cases) {
      const result = builder({ limit })
      result.add(batch('{"Id":"a"},{"Id":"b"}'))
      const { rows, ...told } = published(result.snapshot('done', { ...end, more }))
      assert.deepEqual([rows.length, 'partial' in told, told.partial], [2, partial !== undefined, partial])
    }
  })
})

describe('looking up a table', () => {
  const tables = ['Crm_Customers', 'Gen_Documents', 'Gen_Document_Types'].map(name => ({ ...TABLE, name }))
  const cases: [wanted: string, suggestion: string | undefined][] = [
    ['gen_documents', 'Gen_Documents'],
    ['Gen_Document', 'Gen_Documents'],
    ['Crm_Costumers', 'Crm_Customers'],
    ['Nothing_Like_It', undefined],
    ['', undefined],
  ]
  for (const [wanted, suggestion] of cases) {
    it(`"${wanted}" is unknown, "${suggestion ?? 'nothing'}" is near`, () => {
      assert.throws(() => findTable(tables, wanted), error =>
        isErpError(error, 'table-unknown') && error.facts['suggestion'] === suggestion)
    })
  }

  it('finds the exact name', () => {
    assert.equal(findTable(tables, 'Gen_Document_Types').name, 'Gen_Document_Types')
  })
})

function builder(options: Partial<ConstructorParameters<typeof ResultBuilder>[0]>): ResultBuilder {
  return new ResultBuilder({ columns: TABLE.columns, keep: 100, url: 'https://x/', now: () => 0, ...options })
}

function batch(rows: string): Batch {
  const found = new RowScanner().push(new TextEncoder().encode(`{"value":[${rows}]}`))
  assert.ok(found)
  return found
}
