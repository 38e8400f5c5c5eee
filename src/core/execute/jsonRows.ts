import type { Batch } from './batch.ts'
import { COMMA } from './json.ts'

const encoder = new TextEncoder()

/** Writes rows piece by piece into one growing buffer. */
export class JsonRows {
  #bytes = new Uint8Array(64 * 1024)
  #length = 0
  #ends: number[] = []

  get rows(): number {
    return this.#ends.length
  }

  /** Copies bytes of the row; short pieces one by one, which is quicker than to make a view of them. */
  copy(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const length = end - start
    this.#reserve(length + 1)
    if (this.#length === this.#ends.at(-1)) this.#bytes[this.#length++] = COMMA
    if (length > 64) this.#bytes.set(bytes.subarray(start, end), this.#length)
    else for (let at = 0; at < length; at++) this.#bytes[this.#length + at] = bytes[start + at] ?? 0
    this.#length += length
  }

  text(text: string): void {
    this.copy(encoder.encode(text))
  }

  endRow(): void {
    this.#ends.push(this.#length)
  }

  /** All whole rows, in a buffer of their own; nothing where there are none. */
  take(): Batch | undefined {
    if (this.#ends.length === 0) return undefined
    const batch = { bytes: this.#bytes.slice(0, this.#length), ends: Uint32Array.from(this.#ends) }
    this.#length = 0
    this.#ends = []
    return batch
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#length + length, this.#bytes.length * 2))
    larger.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = larger
  }
}
