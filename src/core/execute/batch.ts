/**
 * Whole rows as they came: the JSON text of each, one after another, in one buffer.
 * `ends[i]` is where row `i` ends; it starts where the one before ends.
 */
export interface Batch {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly ends: Uint32Array<ArrayBuffer>
}

/** The batch, or its first rows where it has more. */
export function firstRows(batch: Batch, rows: number): Batch {
  if (batch.ends.length <= rows) return batch
  const ends = batch.ends.slice(0, rows)
  return { bytes: batch.bytes.slice(0, ends.at(-1) ?? 0), ends }
}

/** Gathers rows piece by piece; what is not yet a whole row stays for the next batch. */
export class BatchWriter {
  #bytes = new Uint8Array(64 * 1024)
  #length = 0
  #ends: number[] = []

  append(piece: Uint8Array): void {
    const needed = this.#length + piece.length
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = larger
    }
    this.#bytes.set(piece, this.#length)
    this.#length = needed
  }

  endRow(): void {
    this.#ends.push(this.#length)
  }

  /** The whole rows gathered so far, in a buffer of their own that can be transferred; nothing if there are none. */
  take(): Batch | undefined {
    const end = this.#ends.at(-1)
    if (end === undefined) return undefined
    const batch = { bytes: this.#bytes.slice(0, end), ends: Uint32Array.from(this.#ends) }
    this.#bytes.copyWithin(0, end, this.#length)
    this.#length -= end
    this.#ends = []
    return batch
  }
}
