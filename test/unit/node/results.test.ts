import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isErpError } from '../../../src/core/base/errors.ts'
import type { Batch } from '../../../src/core/execute/batch.ts'
import type { ResultColumn, Row } from '../../../src/core/execute/result.ts'
import { RowReader } from '../../../src/core/execute/rowReader.ts'
import { ResultStore } from '../../../src/node/results/resultStore.ts'
import type { StoredResult } from '../../../src/node/results/storedResult.ts'
import { distinctValues, filterRows, orderRows } from '../../../src/node/results/views.ts'
import { batchOf } from '../../fakes/batch.ts'
import { Random } from '../random.ts'

const NAME: ResultColumn = { name: 'Name', type: 'Edm.String' }
const AMOUNT: ResultColumn = { name: 'Amount', type: 'Edm.Decimal' }
const COLUMNS = [NAME, AMOUNT]
const ROWS = 3000

describe('results that are kept', () => {
  let folder: string
  let store: ResultStore
  let limit: number

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'erpnet-results-'))
    limit = Infinity
    store = new ResultStore({ folder: join(folder, 'results'), memoryLimit: () => limit })
  })
  afterEach(async () => {
    await store.dispose()
    assert.equal(store.memoryUsed, 0)
    assert.deepEqual(files(), [])
    rmSync(folder, { recursive: true })
  })

  const files = () => readdirSync(folder, { recursive: true }).filter(name => String(name).endsWith('.rows'))

  /** In batches of any size, the texts long enough for several segments. */
  async function filled(rows: readonly Row[] = someRows()): Promise<StoredResult> {
    const result = store.create()
    const random = new Random(1)
    for (let at = 0; at < rows.length;) {
      const some = rows.slice(at, at + 1 + random.below(random.pick([2, 300])))
      await result.append(batch(some))
      at += some.length
    }
    await result.settled()
    return result
  }

  for (const [what, bytes] of [['in memory', Infinity], ['in a file', 0], ['in both', 200_000]] as const) {
    it(`are read from anywhere, ${what}`, async () => {
      limit = bytes
      const result = await filled()
      assert.deepEqual([result.rows, files().length], [ROWS, bytes === Infinity ? 0 : 1])
      if (bytes === 200_000) assert.ok(store.memoryUsed > 100_000 && store.memoryUsed < 400_000, String(store.memoryUsed))
      const reader = new RowReader(COLUMNS)
      const random = new Random(2)
      for (let time = 0; time < 50; time++) {
        const [from, count] = [random.below(ROWS + 10), random.below(500)]
        assert.deepEqual(await result.read(reader, from, count), someRows().slice(from, from + count))
      }
      const view = Uint32Array.from({ length: 200 }, () => random.below(ROWS))
      assert.deepEqual(await result.read(reader, 50, 100, view), Array.from(view.subarray(50, 150), row => someRows()[row]))
    })
  }

  it('are ordered by several columns, and those with equal values stay as they were', async () => {
    limit = 0
    const result = await filled()
    const numbers = (a: unknown, b: unknown) => Number(a) - Number(b)
    const texts = (a: unknown, b: unknown) => String(a) < String(b) ? -1 : Number(a !== b)
    const view = await orderRows(result, [{ column: AMOUNT, compare: numbers, descending: true }, { column: NAME, compare: texts }])
    const expected = someRows().map((row, index) => ({ row, index })).sort((a, b) =>
      numbers(b.row[1], a.row[1]) || texts(a.row[0], b.row[0]) || a.index - b.index)
    assert.deepEqual([...view], expected.map(({ index }) => index))
  })

  it('give the values of a column, each once', async () => {
    limit = 100_000
    const result = await filled()
    assert.deepEqual(await distinctValues(result, AMOUNT), [...new Set(someRows().map(([, amount]) => amount))])
  })

  it('are ordered with null before all values', async () => {
    const result = await filled([['b', '2'], [null, '1'], ['a', '3']])
    const compare = (a: unknown, b: unknown) => String(a) < String(b) ? -1 : 1
    assert.deepEqual([...await orderRows(result, [{ column: NAME, compare }])], [1, 2, 0])
    assert.deepEqual([...await orderRows(result, [{ column: NAME, compare, descending: true }])], [0, 2, 1])
  })

  it('are filtered, and the filtered ordered', async () => {
    const result = await filled()
    const view = await filterRows(result, [AMOUNT], ([amount]) => Number(amount) > 50)
    assert.deepEqual([...view], someRows().flatMap(([, amount], index) => Number(amount) > 50 ? index : []))
    const ordered = await orderRows(result, [{ column: AMOUNT, compare: (a, b) => Number(a) - Number(b) }], { view })
    assert.deepEqual([...ordered].sort((a, b) => a - b), [...view])
  })

  it('leave the event loop free while they are ordered, and stop when they are cancelled', async () => {
    const result = await filled()
    const abort = new AbortController()
    let turns = 0
    const slow = (): number => {
      for (const until = performance.now() + 0.1; performance.now() < until;);
      return 0
    }
    const tick = (): void => {
      if (++turns === 5) abort.abort()
      else setImmediate(tick)
    }
    setImmediate(tick)
    await assert.rejects(orderRows(result, [{ column: NAME, compare: slow }], { signal: abort.signal }), error => isErpError(error, 'cancelled'))
    assert.equal(turns, 5)
  })

  it('are removed one by one, and their memory is free again', async () => {
    limit = 300_000
    const [first, second] = [await filled(), await filled()]
    assert.equal(files().length, 2)
    await first.dispose()
    await first.dispose()
    assert.equal(files().length, 1)
    assert.equal((await second.read(new RowReader(COLUMNS), 0, 1)).length, 1)
    assert.equal((await first.read(new RowReader(COLUMNS), 0, 1)).length, 0)
  })

  it('are gone also where their file can’t be removed', async () => {
    limit = 0
    const result = await filled()
    const [file = ''] = files().map(name => join(folder, String(name)))
    rmSync(file)
    mkdirSync(file) // which can't be removed as a file
    await result.dispose()
    assert.equal(result.rows, 0)
    rmdirSync(file)
  })

  it('of windows that have ended are removed, those of others are not', async () => {
    await (await filled([['x', '1']])).dispose()
    limit = 0
    await filled()
    const results = join(folder, 'results')
    const dead = execFileSync(process.execPath, ['-p', 'process.pid']).toString().trim()
    const name = (pid: string | number): string => `${pid}-${crypto.randomUUID()}.rows`
    const others = [name(process.ppid), 'notes.txt']
    for (const file of [name(dead), ...others]) writeFileSync(join(results, file), '')
    await store.sweep()
    const left = readdirSync(results)
    assert.equal(left.length, 3)
    for (const file of others) {
      assert.ok(left.includes(file))
      rmSync(join(results, file))
    }
  })

  it('say when they can’t be kept, and what was kept before can be read', async () => {
    writeFileSync(join(folder, 'results'), 'no folder')
    limit = 0
    const result = store.create()
    const append = async (): Promise<void> => {
      for (const row of someRows()) {
        await result.append(batch([row]))
        await result.settled()
      }
    }
    await assert.rejects(append(), error => isErpError(error, 'result-not-kept'))
    assert.ok(result.rows > 0)
    assert.deepEqual(await result.read(new RowReader(COLUMNS), 0, ROWS), someRows().slice(0, result.rows))
  })

  it('are looked at as they were when that began', async () => {
    limit = 100_000
    const result = await filled(someRows().slice(0, 1000))
    const batches = result.batches()
    const reader = new RowReader(COLUMNS)
    const rows: Row[] = []
    for await (const next of batches) {
      rows.push(...reader.readAll(next))
      await result.append(batch(someRows().slice(1000, 1100)))
    }
    assert.deepEqual(rows, someRows().slice(0, 1000))
  })

  it('are not taken for whole by who looks at them while they are removed', async () => {
    for (limit of [Infinity, 0]) {
      const result = await filled()
      const batches = result.batches()
      assert.equal((await batches.next()).done, false)
      await result.dispose()
      await assert.rejects(batches.next(), error => isErpError(error, 'cancelled'))
    }
  })

  it('can be read while more come', async () => {
    limit = 100_000
    const result = store.create()
    const reader = new RowReader(COLUMNS)
    for (let row = 0; row < ROWS; row += 100) {
      await result.append(batch(someRows().slice(row, row + 100)))
      assert.deepEqual(await result.read(reader, row, 100), someRows().slice(row, row + 100))
      assert.deepEqual(await result.read(reader, 0, 1), someRows().slice(0, 1))
    }
  })
})

let made: Row[] | undefined

function someRows(): Row[] {
  const random = new Random(3)
  return made ??= Array.from({ length: ROWS }, () => [`Име ${random.below(20)} ${'x'.repeat(random.below(400))}`, `${random.below(100)}.${random.below(10)}0`])
}

function batch(rows: readonly Row[]): Batch {
  return batchOf(rows.map(([name, amount]) => JSON.stringify({ Name: name, Amount: 0 }).replace(/0\}$/, `${String(amount)}}`)))
}
