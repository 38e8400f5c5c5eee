import type { Fields } from './fields.ts'

interface Spelling<T> {
  readonly bytes: Uint8Array
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

  #isOf(known: Spelling<T>, { bytes, starts, ends, width }: Fields, row: number): boolean {
    let other = 0
    for (let index = 0; index < this.#columns.length; index++) {
      const place = row * width + (this.#columns[index] ?? 0)
      const [start, end] = [starts[place] ?? 0, ends[place] ?? 0]
      if (end - start !== known.lengths[index]) return false
      for (let at = start; at < end; at++) if (bytes[at] !== known.bytes[other++]) return false
    }
    return true
  }

  #spelling({ bytes, starts, ends, width }: Fields, row: number, found: T, next: Spelling<T> | undefined): Spelling<T> {
    const places = this.#columns.map(column => row * width + column)
    const lengths = Uint32Array.from(places, place => (ends[place] ?? 0) - (starts[place] ?? 0))
    const all = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
    let length = 0
    for (const place of places) {
      all.set(bytes.subarray(starts[place], ends[place]), length)
      length += (ends[place] ?? 0) - (starts[place] ?? 0)
    }
    return { bytes: all, lengths, found, next }
  }
}
