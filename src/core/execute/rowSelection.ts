import { type Batch, rowStart } from './batch.ts'
import { COMMA } from './json.ts'

/** The rows of a batch that are wanted, in their order; the batch itself where that is all of them. */
export function selectRows(batch: Batch, isWanted: (row: number) => boolean): Batch | undefined {
  const { ends } = batch
  const wanted: number[] = []
  for (let row = 0; row < ends.length; row++) if (isWanted(row)) wanted.push(row)
  if (wanted.length === ends.length) return wanted.length === 0 ? undefined : batch
  return wanted.length === 0 ? undefined : copyRows(batch, wanted)
}

/** Neighbours are copied together. */
function copyRows(batch: Batch, rows: readonly number[]): Batch {
  const size = rows.reduce((sum, row) => sum + (batch.ends[row] ?? 0) - rowStart(batch, row), rows.length - 1)
  const bytes = new Uint8Array(size)
  const ends = new Uint32Array(rows.length)
  let length = 0
  for (let first = 0; first < rows.length;) {
    let last = first
    while (rows[last + 1] === (rows[last] ?? 0) + 1) last++
    if (first > 0) bytes[length++] = COMMA
    const start = rowStart(batch, rows[first] ?? 0)
    bytes.set(batch.bytes.subarray(start, batch.ends[rows[last] ?? 0]), length)
    for (let at = first; at <= last; at++) ends[at] = length + (batch.ends[rows[at] ?? 0] ?? 0) - start
    length = ends[last] ?? length
    first = last + 1
  }
  return { bytes, ends }
}
