import { setImmediate as nextTurn } from 'node:timers/promises'
import { abortError } from '../../core/base/cancel.ts'
import { type CellValue, Nested, type ResultColumn, type Row } from '../../core/execute/result.ts'
import { RowReader } from '../../core/execute/rowReader.ts'
import type { StoredResult } from './storedResult.ts'

/**
 * Looks at all rows that are there, in the background: in slices that are short enough for an editor, and until
 * the signal ends it with `cancelled`. A view is the numbers of its rows, in its order; `StoredResult.read` takes it.
 */

export interface SortKey {
  readonly column: ResultColumn
  /** Below zero where `a` comes first; never asked for null, which comes before all. */
  readonly compare: (a: NonNullable<CellValue>, b: NonNullable<CellValue>) => number
  readonly descending?: boolean
}

/** An editor notices what takes longer than some of these. */
const SLICE_MS = 8
/** Between two looks at the clock. */
const STEPS = 1024
/** So many are sorted at once. */
const RUN = 256

/** The rows whose values fulfil the condition, in the order in which they came. */
export async function filterRows(
  result: StoredResult, columns: readonly ResultColumn[], condition: (row: Row) => boolean, signal?: AbortSignal,
): Promise<Uint32Array> {
  const slices = new Slices(signal)
  const reader = new RowReader(columns)
  const found = new Uint32Array(result.rows)
  let [count, number] = [0, 0]
  for await (const batch of result.batches()) {
    for (const row of reader.readAll(batch)) {
      if (condition(row)) found[count++] = number
      number++
    }
    await slices.rest()
  }
  return found.slice(0, count)
}

/** The values of a column, each once, in the order in which they came first; nested ones as their JSON. */
export async function distinctValues(
  result: StoredResult, column: ResultColumn, signal?: AbortSignal,
): Promise<Exclude<CellValue, Nested>[]> {
  const slices = new Slices(signal)
  const reader = new RowReader([column])
  const values = new Set<Exclude<CellValue, Nested>>()
  for await (const batch of result.batches()) {
    for (const [value = null] of reader.readAll(batch)) values.add(value instanceof Nested ? value.json : value)
    await slices.rest()
  }
  return [...values]
}

/** The rows of the view, or all, ordered by the keys; those with the same keys stay as they are. */
export async function orderRows(
  result: StoredResult, keys: readonly SortKey[], { view, signal }: { view?: Uint32Array, signal?: AbortSignal } = {},
): Promise<Uint32Array> {
  const slices = new Slices(signal)
  const reader = new RowReader(keys.map(({ column }) => column))
  const columns = keys.map((): CellValue[] => [])
  for await (const batch of result.batches()) {
    for (const row of reader.readAll(batch)) columns.forEach((values, index) => values.push(row[index] ?? null))
    await slices.rest()
  }
  const compare = comparer(keys, columns)
  const rows = view?.slice() ?? Uint32Array.from(columns[0] ?? [], (_, row) => row)
  return sorted(rows, compare, slices)
}

function comparer(keys: readonly SortKey[], columns: readonly CellValue[][]): (a: number, b: number) => number {
  return (a, b) => {
    for (const [index, { compare, descending = false }] of keys.entries()) {
      const x = columns[index]?.[a] ?? null
      const y = columns[index]?.[b] ?? null
      const order = x === null || y === null ? Number(y === null) - Number(x === null) : compare(x, y)
      if (order !== 0) return descending ? -order : order
    }
    return 0
  }
}

/** Merges runs that are sorted, and so can rest at any step. */
async function sorted(rows: Uint32Array<ArrayBuffer>, compare: (a: number, b: number) => number, slices: Slices): Promise<Uint32Array> {
  for (let start = 0; start < rows.length; start += RUN) {
    rows.subarray(start, start + RUN).sort(compare)
    await slices.rest()
  }
  let [from, to] = [rows, new Uint32Array(rows.length)]
  for (let width = RUN; width < rows.length; width *= 2) {
    for (let start = 0; start < rows.length; start += 2 * width) {
      const middle = Math.min(start + width, rows.length)
      const end = Math.min(start + 2 * width, rows.length)
      for (let [left, right, at] = [start, middle, start]; at < end; at++) {
        const takeLeft = left < middle && (right >= end || compare(from[left] ?? 0, from[right] ?? 0) <= 0)
        to[at] = from[takeLeft ? left++ : right++] ?? 0
        if (at % STEPS === 0) await slices.rest()
      }
    }
    [from, to] = [to, from]
  }
  return from
}

class Slices {
  readonly #signal: AbortSignal | undefined
  #began = performance.now()

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  /** Lets others have their turn when it is time. */
  async rest(): Promise<void> {
    if (this.#signal?.aborted === true) throw abortError(this.#signal)
    if (performance.now() - this.#began < SLICE_MS) return
    await nextTurn()
    this.#began = performance.now()
  }
}
