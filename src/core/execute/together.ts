import type { Batch } from './batch.ts'
import { JsonRows } from './jsonRows.ts'
import { rowStart } from './rowSelection.ts'

const ROWS = 1000

/** Small batches as larger ones, so that what their rows refer to can be asked for together. */
export async function* together(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  const rows = new JsonRows()
  for await (const batch of batches) {
    if (rows.rows === 0 && batch.ends.length >= ROWS) {
      yield batch
      continue
    }
    for (let row = 0; row < batch.ends.length; row++) {
      rows.copy(batch.bytes, rowStart(batch, row), batch.ends[row])
      rows.endRow()
    }
    if (rows.rows < ROWS) continue
    const gathered = rows.take()
    if (gathered !== undefined) yield gathered
  }
  const last = rows.take()
  if (last !== undefined) yield last
}
