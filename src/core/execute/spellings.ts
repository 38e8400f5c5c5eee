import type { Fields } from './fields.ts'

interface Spelling<T> {
  /** Where its bytes lie: those of the columns, one after another. */
  readonly at: number
  readonly lengths: Uint32Array
  readonly found: T
  readonly next: Spelling<T> | undefined
}

/** More than these are not remembered. */
const MOST = 100_000

/** What belongs to the values of some columns, by the bytes in which they come: only new spellings are decoded. */
export class Spellings<T> {
  readonly #columns: readonly number[]
  readonly #byHash = new Map<number, Spelling<T>>()
  #bytes = new Uint8Array(65_536)
  #length = 0
  #count = 0

  /** @param columns their places in `Fields` */
  constructor(columns: readonly number[]) {
    this.#columns = columns
  }

  find(fields: Fields, row: number, decode: () => T): T {
    const hash = this.#hash(fields, row)
    const first = this.#byHash.get(hash)
    for (let known = first; known !== undefined; known = known.next) if (this.#isOf(known, fields, row)) return known.found
    const found = decode()
    if (this.#count < MOST) {
      this.#count++
      this.#byHash.set(hash, this.#spelling(fields, row, found, first))
    }
    return found
  }

  /** FNV-1a. */
  #hash({ bytes, starts, ends, width }: Fields, row: number): number {
    let hash = 0x811c9dc5
    for (const column of this.#columns) {
      const place = row * width + column
      const end = ends[place] ?? 0
      for (let at = starts[place] ?? 0; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
    }
    return hash
  }

  #isOf({ at: first, lengths }: Spelling<T>, { bytes, starts, ends, width }: Fields, row: number): boolean {
    const known = this.#bytes
    let other = first
    for (let index = 0; index < this.#columns.length; index++) {
      const place = row * width + (this.#columns[index] ?? 0)
      const start = starts[place] ?? 0
      const end = ends[place] ?? 0
      if (end - start !== lengths[index]) return false
      for (let at = start; at < end; at++) if (bytes[at] !== known[other++]) return false
    }
    return true
  }

  #spelling({ bytes, starts, ends, width }: Fields, row: number, found: T, next: Spelling<T> | undefined): Spelling<T> {
    const at = this.#length
    const lengths = new Uint32Array(this.#columns.length)
    for (const [index, column] of this.#columns.entries()) {
      const value = bytes.subarray(starts[row * width + column], ends[row * width + column])
      lengths[index] = value.length
      this.#add(value)
    }
    return { at, lengths, found, next }
  }

  #add(value: Uint8Array): void {
    if (this.#length + value.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + value.length))
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }
}
