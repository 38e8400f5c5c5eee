import type { Batch } from './batch.ts'
import { ROWS_WASM } from './rowsWasm.ts'
import { compileWasm, reserve, startWasm, type WasmMemory } from './wasm.ts'

/** What rows.wat exports. */
interface Wasm {
  readonly memory: WasmMemory
  readonly scan: (at: number, end: number, ends: number) => State
  readonly first: { readonly value: number }
  readonly start: { value: number }
  readonly count: { readonly value: number }
}

/** Bytes; up to so many behind the last are read too. */
const READ_AT_ONCE = 64

const GOES_ON = 0
const ENDED = 1
type State = typeof GOES_ON | typeof ENDED | 2

const compiled = compileWasm(ROWS_WASM)

/** Finds the rows in the elements of a JSON array, chunk by chunk, at the speed of memory (rows.wat). */
export class RowSplitter {
  readonly #wasm = startWasm(compiled) as Wasm
  #memory = new Uint8Array(this.#wasm.memory.buffer)
  /** Where the bytes end that have come. */
  #end = 0
  #state: State = GOES_ON

  /** The array's bracket has come: `rest` is what follows it. */
  get ended(): boolean {
    return this.#state === ENDED
  }

  /** What came is no object, or isn't parted by one comma from the one before; nothing more is found. */
  get failed(): boolean {
    return this.#state !== GOES_ON && this.#state !== ENDED
  }

  get rest(): Uint8Array {
    return this.#memory.slice(this.#wasm.start.value, this.#end)
  }

  /** Takes the next bytes and gives the rows that have ended with them, where they lie in its memory. */
  push(chunks: readonly Uint8Array[]): Batch | undefined {
    this.#forget()
    const from = this.#end
    const end = chunks.reduce((sum, { length }) => sum + length, from)
    const ends = Math.ceil(end / 4) * 4
    // no row is shorter than its two braces
    const mostRows = (end - from) / 2 + 2
    this.#memory = reserve(this.#wasm.memory, this.#memory, ends + 4 * mostRows + READ_AT_ONCE)
    for (const chunk of chunks) {
      this.#memory.set(chunk, this.#end)
      this.#end += chunk.length
    }
    this.#state = this.#wasm.scan(from, end, ends)
    const rows = this.#wasm.count.value
    if (rows === 0) return undefined
    const rowEnds = new Uint32Array(this.#memory.buffer, ends, rows)
    const first = this.#wasm.first.value
    return { bytes: this.#memory.subarray(first, first + (rowEnds[rows - 1] ?? 0)), ends: rowEnds }
  }

  /** Moves what is no whole row yet to the beginning. */
  #forget(): void {
    const { start } = this.#wasm
    if (start.value === 0) return
    this.#memory.copyWithin(0, start.value, this.#end)
    this.#end -= start.value
    start.value = 0
  }
}
