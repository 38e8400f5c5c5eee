import { type Batch, rowStart, sliceRows } from '../../core/execute/batch.ts'
import { COMMA } from '../../core/execute/json.ts'

/** Some rows of a result that lie together, as in a `Batch`. */
export class Segment {
  /** The number of its first row in the result. */
  readonly first: number
  /** In memory, `length` of it; else they are in the file, from `at` on. */
  bytes: Uint8Array<ArrayBuffer> | undefined
  at = 0
  #length = 0

  constructor(first: number, bytes: Uint8Array<ArrayBuffer>) {
    this.first = first
    this.bytes = bytes
  }

  get length(): number {
    return this.#length
  }

  /** Copies rows of the batch from that one on, as many as there is room for. Gives where they end in the segment. */
  fill(batch: Batch, from: number): Uint32Array {
    const { bytes } = this
    const begin = this.#length === 0 ? 0 : this.#length + 1
    const shift = begin - rowStart(batch, from)
    let to = from
    while (to < batch.ends.length && (batch.ends[to] ?? 0) + shift <= (bytes?.length ?? 0)) to++
    const rows = sliceRows(batch, from, to)
    if (rows === undefined || bytes === undefined) return new Uint32Array()
    if (begin > 0) bytes[this.#length] = COMMA
    bytes.set(rows.bytes, begin)
    this.#length = begin + rows.bytes.length
    return rows.ends.map(end => begin + end)
  }
}
