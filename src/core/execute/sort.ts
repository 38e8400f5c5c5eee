import type { CheckedOrder } from '../query/checked.ts'
import type { ValueType } from '../query/types.ts'
import { type Batch, owned, rowBytes } from './batch.ts'
import { Heap } from './heap.ts'
import { JsonRows } from './jsonRows.ts'
import type { RowAccess } from './rowAccess.ts'
import { MEMORY_BYTES, readEntries, type SortEntry, type Spill, type SpilledRun, writeEntries } from './spill.ts'
import { comparerOf } from './values.ts'

export type CompareEntries = (a: SortEntry, b: SortEntry) => number

/** So many rows at most are kept by a heap; more go to disk. */
const HEAP_ROWS = 20_000
/** What an entry costs beside the bytes of its row. */
const ENTRY_BYTES = 200
const BATCH_BYTES = 64 * 1024

export interface SortOptions {
  readonly by: readonly CheckedOrder[]
  /** How many of the first rows are wanted. */
  readonly keep?: number | undefined
  readonly access: RowAccess
  readonly spill?: Spill | undefined
  readonly memoryBytes?: number | undefined
  /** Told how many rows can't be among those that are wanted. */
  readonly onDropped: (rows: number) => void
}

/** Puts rows in order; null comes first, and last where it is descending (OData 4.01, part 2, section 5.1.5). */
export async function* sorted(batches: AsyncIterable<Batch>, options: SortOptions): AsyncGenerator<Batch> {
  const compare = entryComparer(options.by)
  const { by, keep, spill, memoryBytes } = options
  const outside = { types: by.map(item => item.by.type), spill, memoryBytes }
  yield* keep !== undefined && keep <= HEAP_ROWS
    ? batched(await firstOf(entriesOf(batches, options), compare, keep, options.onDropped))
    : sortedOutside(entriesOf(kept(batches), options), compare, outside)
}

function entryComparer(by: readonly CheckedOrder[]): CompareEntries {
  const comparers = by.map(({ by: { type }, descending }) => ({ compare: comparerOf(type), sign: descending ? -1 : 1 }))
  return (a, b) => {
    for (const [index, { compare, sign }] of comparers.entries()) {
      const [x, y] = [a.keys[index] ?? null, b.keys[index] ?? null]
      const order = x === null || y === null ? Number(x !== null) - Number(y !== null) : compare(x, y)
      if (order !== 0) return order * sign
    }
    return a.place - b.place
  }
}

async function* kept(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) yield owned(batch)
}

/** The row of an entry is a view of its batch. */
async function* entriesOf(batches: AsyncIterable<Batch>, { by, access }: SortOptions): AsyncGenerator<SortEntry[]> {
  const keys = by.map(item => access.compile(item.by))
  let place = 0
  for await (const batch of batches) {
    const rows = await access.read(batch)
    const entries: SortEntry[] = []
    for (let row = 0; row < batch.ends.length; row++) {
      entries.push({
        keys: keys.map(evaluate => evaluate(rows, row)),
        row: rowBytes(batch, row),
        place: place++,
      })
    }
    yield entries
  }
}

/** A heap of the first `keep`, the last of them on top. */
async function firstOf(
  source: AsyncIterable<SortEntry[]>, compare: CompareEntries, keep: number, onDropped: (rows: number) => void,
): Promise<SortEntry[]> {
  const heap = new Heap<SortEntry>((a, b) => compare(b, a))
  for await (const entries of source) {
    let dropped = 0
    for (const entry of entries) {
      const last = heap.top
      if (heap.size >= keep && (last === undefined || compare(entry, last) >= 0)) dropped++
      else {
        // its batch is gone with the next one
        heap.push({ ...entry, row: entry.row.slice() })
        if (heap.size > keep) {
          heap.pop()
          dropped++
        }
      }
    }
    onDropped(dropped)
  }
  return heap.items.sort(compare)
}

export interface OutsideOptions {
  /** Of the keys. */
  readonly types: readonly ValueType[]
  readonly spill?: Spill | undefined
  readonly memoryBytes?: number | undefined
}

/** Entries in order as batches, however many they are. */
export async function* sortedOutside(source: AsyncIterable<SortEntry[]>, compare: CompareEntries, options: OutsideOptions): AsyncGenerator<Batch> {
  const outside = new OutsideSort(compare, options)
  for await (const entries of source) await outside.add(entries)
  yield* outside.batches()
}

/** Sorts in pieces that fit into memory, and merges them. */
export class OutsideSort {
  readonly #compare: CompareEntries
  readonly #options: OutsideOptions
  readonly #runs: SpilledRun[] = []
  #held: SortEntry[] = []
  #bytes = 0

  constructor(compare: CompareEntries, options: OutsideOptions) {
    this.#compare = compare
    this.#options = options
  }

  async add(entries: readonly SortEntry[]): Promise<void> {
    const { spill, memoryBytes = MEMORY_BYTES } = this.#options
    for (const entry of entries) {
      this.#held.push(entry)
      this.#bytes += entry.row.length + ENTRY_BYTES
    }
    if (spill === undefined || this.#bytes < memoryBytes) return
    this.#runs.push(await spill.write(writeEntries(this.#held.sort(this.#compare))))
    this.#held = []
    this.#bytes = 0
  }

  /** All of them, in order. */
  entries(): AsyncGenerator<SortEntry> {
    return merged(this.#runs, this.#held.sort(this.#compare), this.#options.types, this.#compare)
  }

  /** All of them, in order, by their rows. */
  async *batches(): AsyncGenerator<Batch> {
    yield* this.#runs.length === 0 ? batched(this.#held.sort(this.#compare)) : batchedOf(this.entries())
  }
}

/**
 * Runs that are in order, and what is held, as one. Entries that are equal come from the earlier run first. The runs
 * are closed where it is left early.
 */
export async function* merged(
  runs: readonly SpilledRun[], held: readonly SortEntry[], types: readonly ValueType[], compare: CompareEntries,
): AsyncGenerator<SortEntry> {
  const readers = runs.map(run => readEntries(run, types))
  const sources: readonly (AsyncIterator<SortEntry> | Iterator<SortEntry>)[] = [...readers, held.values()]
  const heap = new Heap<{ entry: SortEntry; source: number }>((a, b) => compare(a.entry, b.entry))
  const advance = async (source: number): Promise<void> => {
    const next = await sources[source]?.next()
    if (next?.done === false) heap.push({ entry: next.value, source })
  }
  try {
    for (const source of sources.keys()) await advance(source)
    for (let first = heap.pop(); first !== undefined; first = heap.pop()) {
      yield first.entry
      await advance(first.source)
    }
  } finally {
    for (const reader of readers) await reader.return(undefined)
  }
}

function* batched(entries: Iterable<SortEntry>): Generator<Batch> {
  const rows = new JsonRows()
  let bytes = 0
  for (const { row } of entries) {
    rows.copy(row)
    rows.endRow()
    bytes += row.length
    if (bytes < BATCH_BYTES) continue
    const batch = rows.take()
    if (batch !== undefined) yield batch
    bytes = 0
  }
  const last = rows.take()
  if (last !== undefined) yield last
}

async function* batchedOf(entries: AsyncIterable<SortEntry>): AsyncGenerator<Batch> {
  let block: SortEntry[] = []
  for await (const entry of entries) {
    if (block.push(entry) < 1000) continue
    yield* batched(block)
    block = []
  }
  yield* batched(block)
}
