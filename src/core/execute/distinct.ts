import { type Batch, rowBytes } from './batch.ts'
import { RowKeys } from './rowKeys.ts'
import { selectRows } from './rowSelection.ts'
import { type CompareEntries, OutsideSort, sortedOutside } from './sort.ts'
import { MEMORY_BYTES, type SortEntry, type Spill } from './spill.ts'

export interface DistinctOptions {
  readonly spill?: Spill | undefined
  readonly memoryBytes?: number | undefined
  /** Told how many rows were there before. */
  readonly onDropped: (rows: number) => void
}

/** Keys may take more than rows that are put in order, since rows have to wait when there are too many. */
const KEYS_BYTES = 4 * MEMORY_BYTES
/** What a key costs beside its text. */
const KEY_BYTES = 60
const ROWS_AT_ONCE = 1000

/**
 * The rows whose key was not there before, in the order in which they come. When the keys are too many for memory, rows
 * with others wait on disk until all have come.
 */
export async function* distinct(batches: AsyncIterable<Batch>, key: readonly string[], options: DistinctOptions): AsyncGenerator<Batch> {
  const { spill, memoryBytes = KEYS_BYTES, onDropped } = options
  const keys = new RowKeys(key)
  const seen = new Set<string>()
  const late = new OutsideSort(byKey, { types: ['text'], spill, memoryBytes: options.memoryBytes })
  let bytes = 0
  let place = 0
  for await (const batch of batches) {
    const keyOf = keys.read(batch)
    if (spill !== undefined && bytes >= memoryBytes) {
      const entries = entriesOf(batch, keyOf, place).filter(({ keys: [key] }) => !seen.has(key as string))
      place += batch.ends.length
      onDropped(batch.ends.length - entries.length)
      await late.add(entries)
      continue
    }
    const kept = selectRows(batch, row => {
      const key = keyOf(row)
      if (seen.has(key)) return false
      seen.add(key)
      bytes += KEY_BYTES + 2 * key.length
      return true
    })
    onDropped(batch.ends.length - (kept?.ends.length ?? 0))
    if (kept !== undefined) yield kept
  }
  if (place > 0) yield* sortedOutside(firstOfEach(late.entries(), onDropped), byPlace, { types: [], spill, memoryBytes: options.memoryBytes })
}

function entriesOf(batch: Batch, keyOf: (row: number) => string, place: number): SortEntry[] {
  return Array.from(batch.ends, (_, row) => ({ keys: [keyOf(row)], row: rowBytes(batch, row).slice(), place: place + row }))
}

const byPlace: CompareEntries = (a, b) => a.place - b.place

const byKey: CompareEntries = (a, b) => {
  const [[x = ''], [y = '']] = [a.keys as readonly string[], b.keys as readonly string[]]
  return x < y ? -1 : x > y ? 1 : byPlace(a, b)
}

async function* firstOfEach(entries: AsyncIterable<SortEntry>, onDropped: (rows: number) => void): AsyncGenerator<SortEntry[]> {
  let last: unknown
  let firsts: SortEntry[] = []
  for await (const entry of entries) {
    const [key] = entry.keys
    if (key === last) {
      onDropped(1)
      continue
    }
    last = key
    if (firsts.push(entry) < ROWS_AT_ONCE) continue
    yield firsts
    firsts = []
  }
  yield firsts
}
