import type { Batch } from '../../src/core/execute/batch.ts'
import { JsonRows } from '../../src/core/execute/jsonRows.ts'

/** Rows of that JSON; at least one. */
export function batchOf(rows: readonly string[]): Batch {
  const out = new JsonRows()
  for (const row of rows) {
    out.text(row)
    out.endRow()
  }
  return out.take()!
}
