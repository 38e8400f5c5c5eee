import type { Batch } from '../../src/core/execute/batch.ts'
import { JsonRows } from '../../src/core/execute/jsonRows.ts'
import { RowReader } from '../../src/core/execute/rowReader.ts'

/** Rows of that JSON; at least one. */
export function batchOf(rows: readonly string[]): Batch {
  const out = new JsonRows()
  for (const row of rows) {
    out.text(row)
    out.endRow()
  }
  return out.take()!
}

/** The keys of its rows in the order in which they came. */
export function keysOf(batch: Batch): string[] {
  const reader = new RowReader([])
  reader.readAll(batch)
  return [...reader.keys]
}
