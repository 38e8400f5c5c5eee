import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

import { isErpError } from '../../../src/core/base/errors.ts'
import { rowBytes } from '../../../src/core/execute/batch.ts'
import { Execution } from '../../../src/core/execute/execute.ts'
import { likePattern } from '../../../src/core/execute/functions.ts'
import { nestedValue } from '../../../src/core/execute/published.ts'
import type { Source } from '../../../src/core/execute/source.ts'
import type { SpilledRun } from '../../../src/core/execute/spill.ts'
import { compareTexts } from '../../../src/core/execute/values.ts'
import type { DomainEntityDetails } from '../../../src/core/model/domain.ts'
import { planEntityQuery } from '../../../src/core/plan/planEntityQuery.ts'
import { parseCell } from '../../../src/core/query/cell.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { FileSpill } from '../../../src/node/spill.ts'
import { batchOf } from '../../fakes/batch.ts'
import { ENTITIES } from '../../fakes/entities.ts'
import { answer, planOf, rowsOf } from '../../fakes/oracle/answer.ts'
import { hardDatabase, hardRows, hardSchema } from '../../fakes/oracle/hardTables.ts'
import { isLike, lower } from '../../fakes/oracle/sql.ts'
import { ROOT, sourceOf, tablesOfSchema } from '../../fakes/tableApi.ts'
import { Random } from '../random.ts'

describe('running a plan', () => {
  const schema = hardSchema()
  const tables = tablesOfSchema(schema)
  let api: DatabaseSync

  before(() => (api = hardDatabase(schema, hardRows(new Random(5)))))
  after(() => api.close())

  const ask = (text: string, options: Partial<Parameters<typeof answer>[1]> = {}, log: string[] = [], longest = Infinity) =>
    answer(text, { tables, tableRoot: ROOT, source: sourceOf(schema, api, { log, longest }), ...options })

  it('sorts on disk as it does in memory, and leaves no file behind', async () => {
    const text = 'Tst_Items?$orderby=Amount desc,Notes,Moment,Group_Reference/Group_Name,Start_Time,Active&$expand=Owner_Reference($select=Group_Name)'
    const wanted = await ask(text)
    const folder = mkdtempSync(join(tmpdir(), 'erpnet-execute-'))
    const spill = new FileSpill(folder)
    const found = await ask(text, { spill, memoryBytes: 5000 })
    assert.deepEqual(found.rows, wanted.rows)
    assert.equal(found.rows.length, 150)
    assert.equal(readdirSync(folder).length, 1, 'it was on disk')
    await spill.dispose()
    assert.deepEqual(readdirSync(folder), [])
    rmSync(folder, { recursive: true })
  })

  it('groups on disk as it does in memory, in the same order', async () => {
    const aggregates = 'aggregate($count as N,Price with sum as S,Price with average as A,Amount with max as M,Moment with min as F,Notes with countdistinct as D,'
      + 'State with countdistinct as E,Item_Id with countdistinct as I)'
    for (const by of ['groupby((Code,State),', 'groupby((State,Active),', 'groupby((Group_Reference/Group_Name),', '']) {
      const text = `Tst_Items?$apply=${by}${aggregates}${by === '' ? '' : ')'}`
      const wanted = await ask(text)
      for (const memoryBytes of [1, 2000]) {
        const spill = new CountedSpill()
        assert.deepEqual((await ask(text, { spill, memoryBytes })).rows, wanted.rows, text)
        assert.ok(spill.runs > 1, 'it was on disk')
        assert.equal(spill.reading, 0)
        await spill.dispose()
      }
    }
  })

  it('holds no more than it may, however many groups and different values there are', async () => {
    const rows = 20_000
    const text = 'Tst_Items?$apply=groupby((Code),aggregate($count as N,Notes with countdistinct as D))/aggregate($count as Groups,N with sum as Rows,D with sum as Values)'
    const spill = new CountedSpill()
    const found = await answer(text, { tables, tableRoot: ROOT, source: manyRows(rows), spill, memoryBytes: 100_000 })
    assert.deepEqual(found.rows, [{ Groups: String(rows), Rows: String(rows), Values: String(rows) }])
    assert.ok(spill.longest < 100_000, `${spill.longest} bytes at once`)
    const one = new CountedSpill()
    const { rows: [all] } = await answer('Tst_Items?$apply=aggregate(Code with countdistinct as N)', { tables, tableRoot: ROOT, source: manyRows(rows), spill: one, memoryBytes: 100_000 })
    assert.deepEqual(all, { N: String(rows) })
    assert.ok(one.longest < 100_000, `${one.longest} bytes at once`)
    await spill.dispose()
    await one.dispose()
  })

  it('keeps rows of several branches once, however many keys there are', async () => {
    const text = "Tst_Items?$select=Item_Id,State&$filter=State ge 20 or Amount ge 0&$count=true"
    const ids = ({ rows }: Awaited<ReturnType<typeof ask>>) => rows.map(row => String(row['Item_Id']))
    const wanted = await ask(text)
    assert.ok(wanted.execution.stats.droppedLocally > 0, 'rows came twice')
    for (const memoryBytes of [1, 2000]) {
      const spill = new CountedSpill()
      const found = await ask(text, { spill, memoryBytes })
      assert.deepEqual(ids(found), ids(wanted))
      assert.deepEqual(found.execution.stats, wanted.execution.stats)
      assert.ok(spill.runs > 1, 'it was on disk')
      assert.equal(spill.reading, 0)
      await spill.dispose()
    }
  })

  it('closes what it reads from disk when it is left early', async () => {
    for (const text of ['Tst_Items?$select=Code,Notes&$orderby=Notes', 'Tst_Items?$apply=groupby((Code),aggregate(Notes with countdistinct as D))']) {
      const { run } = await planOf(text, { tables, tableRoot: ROOT })
      const spill = new CountedSpill()
      const execution = new Execution(run, { source: manyRows(10_000), spill, memoryBytes: 100_000 })
      for await (const batch of execution.batches()) {
        assert.ok(batch.ends.length > 0 && spill.reading > 0)
        break
      }
      assert.equal(spill.reading, 0)
      await spill.dispose()
    }
  })

  it('ends the request when it has enough rows', async () => {
    const { rows, execution } = await ask('Tst_Items?$filter=length(Code) ge 0&$top=3')
    assert.equal(rows.length, 3)
    assert.ok(execution.stats.droppedLocally < 100, 'the rest was not read')
  })

  it('asks for half of it where the server finds an address too long', async () => {
    const ids = (await ask('Tst_Items?$select=Item_Id')).rows.map(row => String(row['Item_Id']))
    const log: string[] = []
    const { rows, execution } = await ask(`Tst_Items?$select=Item_Id&$filter=Item_Id in (${ids.join(',')})`, {}, log, 1000)
    assert.deepEqual(rows.map(row => row['Item_Id']).sort(), ids.toSorted())
    assert.equal(execution.stats.requests, log.length)
    assert.ok(log.filter(url => url.length > 1000).length < 4, 'it remembers')
    await assert.rejects(ask(`Tst_Items?$select=Item_Id&$filter=${Array.from({ length: 40 }, (_, i) => `State ge ${i}`).join(' and ')}`, {}, [], 600), error => isErpError(error, 'url-too-long'))
  })

  it('gives no more rows than $top where a list is halved on the way', async () => {
    const ids = (await ask('Tst_Items?$select=Item_Id')).rows.map(row => String(row['Item_Id'])).slice(0, 40)
    const log: string[] = []
    const { rows } = await ask(`Tst_Items?$select=Item_Id&$filter=Item_Id in (${ids.join(',')})&$top=5`, {}, log, 600)
    assert.equal(rows.length, 5)
    assert.ok(log.length > 2, 'it was halved')
  })

  it('takes a quoted constant before in for what the list holds', async () => {
    const { rows: [row] } = await ask('Tst_Items?$select=Item_Id,Moment&$filter=Moment ne null&$top=1')
    const [id, moment] = [String(row?.['Item_Id']), String(row?.['Moment'])]
    for (const filter of [`'${id.toUpperCase()}' in (Item_Id,Group_Id)`, `Item_Id eq ${id} and '${new Date(moment).toISOString().replace('Z', '000+00:00')}' in (null,Moment)`]) {
      const { rows } = await ask(`Tst_Items?$select=Item_Id&$filter=${filter}`)
      assert.deepEqual(rows.map(found => found['Item_Id']), [id], filter)
    }
  })

  it('takes the word null in a list for a text, and null for none', async () => {
    const source: Source = async function* () {
      yield await Promise.resolve(batchOf(['{"Item_Id":"a","Notes":"null"}', '{"Item_Id":"b","Notes":null}', '{"Item_Id":"c","Notes":"x"}']))
      return {}
    }
    for (const [list, wanted] of [["null,'x'", 'b,c'], ['null', 'b'], ["'null'", 'a'], ["'null',null", 'a,b'], ["'x'", 'c']] as const) {
      const { rows } = await ask(`Tst_Items?$select=Item_Id,Notes&$filter=Notes in (${list})`, { source })
      assert.equal(rows.map(row => row['Item_Id']).join(), wanted, list)
    }
  })

  it('divides by nothing that the conditions before let out', async () => {
    const amounts = async (filter: string): Promise<number[]> => {
      const asked = ask(`Tst_Items?$select=Item_Id,Amount&$filter=${filter}`)
      await assert.doesNotReject(asked, filter)
      return (await asked).rows.map(row => Number(row['Amount']))
    }
    for (const guarded of ['Amount ne 0 and 10 div Amount lt 1', '(Amount gt 0 or Amount lt 0) and 10 div Amount lt 1']) {
      const found = await amounts(guarded)
      assert.ok(found.length > 0 && found.every(amount => amount < 0 || amount > 10), guarded)
    }
    for (const guarded of ['Amount eq 0 or (State ge -32768 and 10 div Amount lt 1)', 'not (Amount ne 0 and (State lt -32768 or not (10 div Amount lt 1)))']) {
      const found = await amounts(guarded)
      assert.ok(found.includes(0) && found.some(amount => amount > 10), guarded)
    }
    await assert.rejects(ask('Tst_Items?$filter=10 div Amount lt 1'), error => isErpError(error, 'query-division'))
  })

  it('answers filters of thousands of terms', async () => {
    const terms = (term: (index: number) => string, by: string): string => Array.from({ length: 4000 }, (_, index) => term(index)).join(by)
    const some = 'State ge 20 and State lt 4020'
    const cases: [filter: string, same: string][] = [
      [terms(index => `State eq ${index + 20}`, ' or '), some],
      [`not (${terms(index => `State eq ${index + 20}`, ' or ')})`, `not (${some})`],
      [terms(index => `State ne ${index + 20}`, ' and '), `not (${some})`],
      [terms(index => `length(Code) ne ${index + 3}`, ' and '), 'length(Code) lt 3'],
      [terms(index => `(State eq ${index + 20} and Amount ge 0)`, ' or '), `${some} and Amount ge 0`],
      [terms(index => `(length(Code) eq ${index + 99} or Amount ge 0)`, ' and '), 'Amount ge 0'],
      [terms(index => index % 2 === 0 ? `State eq ${index + 20}` : `length(Code) gt ${index}`, ' or '), `${some} or length(Code) gt 1`],
    ]
    for (const [filter, same] of cases) {
      const [{ rows }, wanted] = [await ask(`Tst_Items?$select=Item_Id&$filter=${filter}`), await ask(`Tst_Items?$select=Item_Id&$filter=${same}`)]
      const ids = (found: typeof rows): string[] => found.map(row => String(row['Item_Id'])).sort()
      assert.deepEqual(ids(rows), ids(wanted.rows), same)
      assert.ok(wanted.rows.length > 0 && wanted.rows.length < 150, same)
    }
  })

  it('looks up each row of a reference once', async () => {
    const log: string[] = []
    await ask('Tst_Items?$select=Code&$expand=Owner($select=Group_Name),Group($select=Level)', {}, log)
    const keys = log.slice(1).flatMap(url => url.match(/a1b2c3d4[\de-]*/g) ?? [])
    assert.ok(log.slice(1).every(url => url.includes('Tst_Groups?$select=Group_Id,')))
    assert.ok(keys.length <= 60, `${keys.length} keys of 30 groups for two references`)
  })

  it('keeps no more of the looked-up rows than it may', async () => {
    const text = 'Tst_Items?$select=Code&$expand=Owner($select=Group_Name)'
    const once = sourceOf(schema, api)
    const source: Source = async function* (request) {
      for (let times = request.url.includes('/Tst_Items?') ? 10 : 1; times > 0; times--) yield* once(request)
      return {}
    }
    const wanted = await ask(text, { source })
    const few = await ask(text, { source, keptBytes: 1 })
    assert.deepEqual(few.rows, wanted.rows)
    assert.ok(few.execution.stats.requests > wanted.execution.stats.requests, 'rows that went are asked for again')
    const keyless = tables.map(table => (table.name !== 'Tst_Groups' ? table
      : { ...table, columns: table.columns.map(column => (column.name === 'Group_Id' ? { ...column, filters: [] } : column)) }))
    assert.deepEqual((await ask(text, { source, tables: keyless })).rows, wanted.rows)
    await assert.rejects(ask(text, { tables: keyless, keptBytes: 20_000 }), error => isErpError(error, 'lookup-too-large') && error.facts['table'] === 'Tst_Groups')
  })

  it('fails where a row divides by zero, and not where such rows are left out before', async () => {
    await assert.rejects(ask('Tst_Items?$filter=State div (State sub State) eq 1'), error => isErpError(error, 'query-division'))
    await assert.rejects(ask('Tst_Items?$filter=Price mod 0 eq 1'), error => isErpError(error, 'query-division'))
    assert.equal((await ask('Tst_Items?$filter=Price ne Price and Price div 0 eq 1')).rows.length, 0)
  })

  it('counts before $skip and $top', async () => {
    const { rows, execution } = await ask('Tst_Items?$count=true&$skip=10&$top=3&$select=Code')
    assert.deepEqual([rows.length, execution.stats.count], [3, 150])
    const none = await ask('Tst_Items?$count=true&$top=0&$select=Code')
    assert.deepEqual([none.rows.length, none.execution.stats.count], [0, 150])
  })

  it('has no rows for an answer without rows, and one for its aggregates', async () => {
    assert.deepEqual((await ask('Tst_Items?$filter=false&$orderby=Code&$expand=Owner')).rows, [])
    const { rows } = await ask('Tst_Items?$filter=false&$apply=filter(State eq 1 and State eq 2)/aggregate($count as N,Price with sum as S,Price with average as A)', {})
      .catch((error: unknown) => (isErpError(error) ? { rows: error.code } : Promise.reject(error as Error)))
    assert.deepEqual(rows, [], '$filter comes after $apply')
    const made = await ask('Tst_Items?$apply=filter(State eq 1 and State eq 2)/aggregate($count as N,Price with sum as S,Price with average as A)')
    assert.deepEqual(made.rows, [{ N: '0', S: null, A: null }])
  })
})

/** Counts what is written and read. */
class CountedSpill extends FileSpill {
  runs = 0
  longest = 0
  /** Runs that are open. */
  reading = 0

  override async write(blocks: Iterable<Uint8Array>): Promise<SpilledRun> {
    this.runs++
    let bytes = 0
    const run = await super.write((function* () {
      for (const block of blocks) {
        bytes += block.length
        yield block
      }
    })())
    this.longest = Math.max(this.longest, bytes)
    return { read: () => this.#read(run) }
  }

  async *#read(run: SpilledRun): AsyncGenerator<Uint8Array> {
    this.reading++
    try {
      yield* run.read()
    } finally {
      this.reading--
    }
  }
}

/** Rows of which no two are alike, in small batches. */
function manyRows(rows: number): Source {
  return async function* () {
    for (let row = 0; row < rows; row += 100) {
      const texts = Array.from({ length: 100 }, (_, at) => `{"Code":"code ${row + at}","Notes":"note ${row + at}"}`)
      yield await Promise.resolve(batchOf(texts))
    }
    return {}
  }
}

describe('texts', () => {
  it('go by code points', () => {
    const ascending = ['', 'A', 'AB', 'a', 'Ж', '\uffff', '😀']
    for (const [i, a] of ascending.entries()) for (const [j, b] of ascending.entries()) assert.equal(Math.sign(compareTexts(a, b)), Math.sign(i - j), `${a} ${b}`)
  })

  it('are matched as SQL does, whatever stands in them', () => {
    const texts = ['', 'a', 'A', 'ab', 'a.b', 'a%b', 'Ж', 'ж5', 'x\ny', '😀', '[x]', '\\', 'a+b', 'a-b', 'a/b', 'ΑΣ', 'aXbXab']
    const patterns = ['', '%', '_', '__', 'a%', '%b', 'A_B', 'a.b', 'ж%', '%5', 'x%y', '[x]', '\\', '%+%', '%%_', 'a-b', 'A-%', 'a/_', '%Ας', '%x%ab', '%a_%b%', '%b%b']
    for (const text of texts) {
      for (const pattern of patterns) {
        const wanted = isLike(lower(text), lower(pattern))
        assert.equal(likePattern(pattern)(text), wanted, `${JSON.stringify(text)} like ${JSON.stringify(pattern)}`)
      }
    }
  })

  it('are matched in every way to share them out between the %', () => {
    const all = (letters: string, most: number): string[] => most === 0 ? [''] : ['', ...Array.from(letters).flatMap(letter => all(letters, most - 1).map(rest => letter + rest))]
    for (const pattern of new Set(all('ab_%', 4))) {
      const matches = likePattern(pattern)
      for (const text of new Set(all('ab', 5))) assert.equal(matches(text), isLike(Array.from(text), Array.from(pattern)), `${text} like ${pattern}`)
    }
  })

  it('are matched without trying all of these', () => {
    assert.equal(likePattern('%a%a%a%a%a%a%a%a%b')('a'.repeat(3000)), false)
  })

  it('are matched character by character: no letter becomes two', () => {
    assert.ok(likePattern('_')('İ') && likePattern('İ')('İ') && likePattern('%σ')('ΟΔΟΣ'))
  })
})

describe('doubles', () => {
  const tables = tablesOfSchema(hardSchema())
  const ask = async (ratios: readonly string[], options: string, spill?: CountedSpill): Promise<string[]> => {
    const source: Source = async function* () {
      yield* ratios.map(ratio => batchOf([`{"Ratio":${ratio},"Code":"${options.includes('Code') ? 'A' : ''}"}`]))
      return await Promise.resolve({})
    }
    const { run } = await planOf(`Tst_Items?${options}`, { tables, tableRoot: ROOT })
    const found: string[] = []
    for await (const batch of new Execution(run, { source, ...(spill === undefined ? {} : { spill, memoryBytes: 1 }) }).batches()) {
      for (const row of batch.ends.keys()) found.push(new TextDecoder().decode(rowBytes(batch, row)))
    }
    return found
  }
  const summary = '$apply=aggregate(Ratio with sum as S,Ratio with average as A)'

  for (const [ratios, wanted] of [
    [['1e308', '1e308'], '{"S":"INF","A":1e+308}'],
    [['-1.7976931348623157e308', '-1e300'], '{"S":"-INF","A":-8.988465724311579e+307}'],
    [['1e-40', '2e-40'], '{"S":3e-40,"A":1.5e-40}'],
    [['5e-324', '5e-324', '5e-324'], '{"S":1.5e-323,"A":5e-324}'],
    [['0.1', '0.2'], '{"S":0.3,"A":0.15}'],
    [['1e300', '1', '-1e300'], '{"S":1,"A":0.3333333333333333}'],
    [['"INF"', '1', 'null'], '{"S":"INF","A":"INF"}'],
    [['"-INF"', '"INF"'], '{"S":"NaN","A":"NaN"}'],
    [['"NaN"', '"no"', '""'], '{"S":"NaN","A":"NaN"}'],
    [['null'], '{"S":null,"A":null}'],
  ] as const) {
    it(`of ${ratios.join(' and ')} are ${wanted}`, async () => {
      assert.deepEqual(await ask(ratios, summary), [wanted])
      const spill = new CountedSpill()
      const found = await ask(ratios, summary.replace('aggregate', 'groupby((Code),aggregate').concat(')'), spill)
      assert.ok(spill.runs > 0, 'it was on disk')
      assert.deepEqual(found, [wanted.replace('{', '{"Code":"A",')])
      await spill.dispose()
    })
  }

  it('without digits have their places, and come out as they came in', async () => {
    const ratios = ['1', '"INF"', '"NaN"', '-1e300', '"-INF"', 'null', '1e-7']
    const { length } = '{"Ratio":'
    const shown = (rows: readonly string[]): string[] => rows.map(row => row.slice(length).replace(/[,}].*/, ''))
    assert.deepEqual(shown(await ask(ratios, '$orderby=Ratio&$select=Ratio')), ['null', '"NaN"', '"-INF"', '-1e300', '1e-7', '1', '"INF"'])
    assert.deepEqual(shown(await ask(ratios, '$apply=groupby((Ratio))')), ['1', '"INF"', '"NaN"', '-1e+300', '"-INF"', 'null', '1e-7'])
    assert.deepEqual(await ask(ratios, '$apply=aggregate(Ratio with max as M)'), ['{"M":"INF"}'])
    assert.deepEqual(shown(await ask(ratios, '$select=Ratio&$filter=Ratio mul 1 gt 0')), ['1', '"INF"', '1e-7'])
    assert.deepEqual(shown(await ask(ratios, '$select=Ratio&$filter=Ratio eq Ratio mul 1')), ['1', '"INF"', '-1e300', '"-INF"', 'null', '1e-7'])
  })
})

describe('lengths of time', () => {
  it('are grouped and compared beyond a day, and written as such', async () => {
    const tables = tablesOfSchema(hardSchema()).map(table => ({
      ...table, columns: table.columns.map(column => (column.name === 'Start_Time' ? { ...column, type: 'Edm.Duration' } : column)),
    }))
    const source: Source = async function* () {
      yield await Promise.resolve(batchOf(['PT30H', 'P1DT6H', '-PT5M'].map(time => `{"Start_Time":"${time}"}`)))
      return {}
    }
    const ask = async (apply: string) => (await answer(`Tst_Items?$apply=${apply}`, { tables, tableRoot: ROOT, source })).rows
    assert.deepEqual(await ask('groupby((Start_Time),aggregate($count as N))'), [{ Start_Time: 'P1DT6H', N: '2' }, { Start_Time: '-PT5M', N: '1' }])
    assert.deepEqual(await ask('aggregate(Start_Time with min as A,Start_Time with max as B)'), [{ A: '-PT5M', B: 'P1DT6H' }])
    assert.deepEqual(await ask('filter(Start_Time gt \'P1D\' and Start_Time in (\'PT30H\'))/aggregate($count as N)'), [{ N: '2' }])
  })
})

describe('references of the Domain API', () => {
  it('are the same entity in capitals and in small letters', async () => {
    const rows = ['Customers(5f)', 'Customers(5F)', 'Customers(6A)'].map(id => `{"Customer":{"@odata.id":"${id}"}}`)
    const source: Source = async function* () {
      yield await Promise.resolve(batchOf(rows))
      return {}
    }
    const ask = async (text: string): Promise<unknown[]> => {
      const { query } = parseCell(`domain/${text}`)
      const entity = (set: string): Promise<DomainEntityDetails> => Promise.resolve(ENTITIES.find(({ entitySet }) => entitySet === set) ?? assert.fail(set))
      const { run } = await planEntityQuery({ ...readQuery(query), text: query }, { domainRoot: ROOT, entity })
      const found: unknown[] = []
      for await (const batch of new Execution(run, { source }).batches()) found.push(...rowsOf(batch))
      return found
    }
    assert.equal((await ask('Orders?$filter=Customer ne \'Customers(5F)\'&$select=Customer')).length, 1)
    assert.equal((await ask('Orders?$filter=not (Customer in (\'Customers(6a)\'))&$select=Customer')).length, 2)
    assert.equal((await ask('Orders?$filter=\'Customers(6a)\' eq Customer or Lines eq null&$select=Customer')).length, 3)
    assert.deepEqual(await ask('Orders?$apply=filter(Customer ne null)/groupby((Customer),aggregate($count as N))'), [
      { Customer: 'Customers(5f)', N: '2' }, { Customer: 'Customers(6a)', N: '1' },
    ])
  })
})

describe('an expanded reference', () => {
  it('is an object with exact numbers', () => {
    const columns = [{ name: 'A', type: 'Edm.Decimal' }, { name: 'B', type: 'Edm.Int64' }, { name: 'C', type: 'Edm.Int32' }, { name: 'D', type: 'Erp.T', columns: [{ name: 'A', type: 'Edm.Decimal' }] }, { name: 'E', type: 'Edm.String' }]
    const text = '{"A":12345678901234567890.10,"B":9007199254740993,"C":5,"D":{"A":0.10},"E":"1.0"}'
    assert.deepEqual(nestedValue(text, columns), { A: '12345678901234567890.10', B: '9007199254740993', C: 5, D: { A: '0.10' }, E: '1.0' })
    assert.equal(nestedValue('null', columns), null)
  })

  it('has exact numbers also where their type is not known', () => {
    const text = '{"A":12345678901234567890.10,"B":[9007199254740993,1.5,-0,1e999],"C":{"D":1.50,"E":"9007199254740993"}}'
    assert.deepEqual(nestedValue(text), { A: '12345678901234567890.10', B: ['9007199254740993', 1.5, '-0', '1e999'], C: { D: '1.50', E: '9007199254740993' } })
    assert.deepEqual(nestedValue('{"A":1.50,"B":1e999}', [{ name: 'A', type: 'Edm.Double' }, { name: 'B', type: 'Edm.Double' }]), { A: 1.5, B: '1e999' })
  })
})
