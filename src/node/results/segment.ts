import { type Batch, rowStart, sliceRows } from '../../core/execute/batch.ts'
import { COMMA } from '../../core/execute/json.ts'

const FEW_ROWS = 64

/** Some rows of a result that lie together, as in a `Batch`. */
export class Segment {
  /** The number of its first row in the result. */
  readonly first: number
  /** In memory, `length` of it; else they are in the file, from `at` on. */
  bytes: Uint8Array<ArrayBuffer> | undefined
  at = 0
  #length = 0
  #rows = 0
  #ends = new Uint32Array(FEW_ROWS)

  constructor(first: number, bytes: Uint8Array<ArrayBuffer>) {
    this.first = first
    this.bytes = bytes
  }

  get length(): number {
    return this.#length
  }

  get rows(): number {
    return this.#rows
  }

  /** Copies rows of the batch from that one on, as many as there is room for. Gives how many. */
  fill(batch: Batch, from: number): number {
    const { bytes } = this
    if (bytes === undefined) return 0
    const begin = this.#rows === 0 ? 0 : this.#length + 1
    const shift = begin - rowStart(batch, from)
    let to = from
    while (to < batch.ends.length && (batch.ends[to] ?? 0) + shift <= bytes.length) to++
    const rows = sliceRows(batch, from, to)
    if (rows === undefined) return 0
    if (begin > 0) bytes[this.#length] = COMMA
    bytes.set(rows.bytes, begin)
    this.#reserve(to - from)
    for (const end of rows.ends) this.#ends[this.#rows++] = begin + end
    this.#length = begin + rows.bytes.length
    return to - from
  }

  /** No more rows come. */
  close(): void {
    this.#ends = this.#ends.slice(0, this.#rows)
  }

  /** The rows [from, to), their bytes as `read` gives them: from there to there in the segment. */
  async piece(from: number, to: number, read: (from: number, to: number) => Promise<Uint8Array<ArrayBuffer>>): Promise<Batch> {
    const all = { bytes: this.bytes ?? new Uint8Array(), ends: this.#ends }
    const [start, end] = [rowStart(all, from), this.#ends[to - 1] ?? 0]
    const ends = this.#ends.slice(from, to).map(each => each - start)
    // a copy, since the memory may be another segment's soon
    return { bytes: this.bytes?.slice(start, end) ?? await read(this.at + start, this.at + end), ends }
  }

  #reserve(rows: number): void {
    const needed = this.#rows + rows
    if (needed <= this.#ends.length) return
    const larger = new Uint32Array(Math.max(needed, 2 * this.#ends.length))
    larger.set(this.#ends)
    this.#ends = larger
  }
}
