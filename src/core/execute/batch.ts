/**
 * Whole rows as they came: the JSON text of each, one after another, a comma between two.
 * `ends[i]` is where row `i` ends; the next one starts a byte behind (`rowStart`). The last ends with the bytes.
 *
 * Who asks a stream for the next batch gives the last one back: its memory may be used again. What is to be kept has to
 * be made one's own before (`owned`).
 */
export interface Batch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly ends: Uint32Array<ArrayBuffer>
}

/** Where row `row` starts. */
export function rowStart({ ends }: Batch, row: number): number {
  return row === 0 ? 0 : (ends[row - 1] ?? 0) + 1
}

/** The bytes of row `row`, where they lie. */
export function rowBytes(batch: Batch, row: number): Uint8Array<ArrayBuffer> {
  return batch.bytes.subarray(rowStart(batch, row), batch.ends[row])
}

/** The batch in buffers that nobody else uses; the batch itself where it fills its own. */
export function owned({ bytes, ends }: Batch): Batch {
  return { bytes: fillsBuffer(bytes) ? bytes : bytes.slice(), ends: fillsBuffer(ends) ? ends : ends.slice() }
}

function fillsBuffer({ byteLength, buffer }: Uint8Array | Uint32Array): boolean {
  return byteLength === buffer.byteLength
}

/** Rows of the batch from one place up to another, where they lie; nothing where there are none. */
export function sliceRows(batch: Batch, from: number, to: number): Batch | undefined {
  if (from <= 0 && to >= batch.ends.length) return batch.ends.length === 0 ? undefined : batch
  if (from >= to) return undefined
  const start = rowStart(batch, from)
  const ends = batch.ends.slice(from, to)
  const bytes = batch.bytes.subarray(start, batch.ends[to - 1])
  for (let row = 0; row < ends.length; row++) ends[row] = (ends[row] ?? 0) - start
  return { bytes, ends }
}
