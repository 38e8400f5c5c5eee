import { type Batch, owned, rowBytes } from './batch.ts'
import { JsonRows } from './jsonRows.ts'
import { MEMORY_BYTES, readEntries, type Spill, type SpilledRun, writeEntries } from './spill.ts'

/** What is looked up for so many rows at once fills a request. */
const ROWS = 1000

/** The same rows, when the last of them has come; those that are too many for memory wait on disk. */
export async function* afterAll(batches: AsyncIterable<Batch>, spill: Spill | undefined, memoryBytes = MEMORY_BYTES): AsyncGenerator<Batch> {
  const runs: SpilledRun[] = []
  let held: Batch[] = []
  let bytes = 0
  for await (const batch of batches) {
    held.push(owned(batch))
    bytes += batch.bytes.length
    if (spill === undefined || bytes < memoryBytes) continue
    runs.push(await spill.write(writeEntries(rowsOf(held))))
    held = []
    bytes = 0
  }
  const rows = new JsonRows()
  for (const run of runs) {
    for await (const { row } of readEntries(run, [])) yield* added(rows, row)
  }
  for (const { row } of rowsOf(held)) yield* added(rows, row)
  const last = rows.take()
  if (last !== undefined) yield last
}

function* rowsOf(batches: readonly Batch[]): Generator<{ keys: []; row: Uint8Array; place: number }> {
  for (const batch of batches) {
    for (let row = 0; row < batch.ends.length; row++) {
      yield { keys: [], row: rowBytes(batch, row), place: 0 }
    }
  }
}

function* added(rows: JsonRows, row: Uint8Array): Generator<Batch> {
  rows.copy(row)
  rows.endRow()
  const full = rows.rows < ROWS ? undefined : rows.take()
  if (full !== undefined) yield full
}
