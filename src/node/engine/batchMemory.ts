import type { Batch } from '../../core/execute/batch.ts'

/** Enough for what a socket gives at once, a row that began before, and where rows end. */
const BYTES = 131_072

/** The memory in which batches go to the host; it comes back for others. */
export class BatchMemory {
  readonly #spare: ArrayBuffer[] = []
  readonly #most: number

  /** @param most how many pieces of memory are held for later */
  constructor(most: number) {
    this.#most = most
  }

  /** A copy of the batch in one buffer, which nothing else uses. */
  copy({ bytes, ends }: Batch): Batch {
    const size = ends.byteLength + bytes.length
    const buffer = size > BYTES ? new ArrayBuffer(size) : this.#spare.pop() ?? new ArrayBuffer(BYTES)
    const copy = { ends: new Uint32Array(buffer, 0, ends.length), bytes: new Uint8Array(buffer, ends.byteLength, bytes.length) }
    copy.ends.set(ends)
    copy.bytes.set(bytes)
    return copy
  }

  takeBack(buffer: ArrayBuffer): void {
    if (buffer.byteLength === BYTES && this.#spare.length < this.#most) this.#spare.push(buffer)
  }
}
