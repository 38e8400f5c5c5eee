import type { Batch } from './batch.ts'
import { ROWS_WASM } from './rowsWasm.ts'
import { compileWasm, reserve, startWasm, type WasmMemory } from './wasm.ts'

/** What rows.wat exports. */
interface Wasm {
  readonly memory: WasmMemory
  readonly scan: (at: number, end: number, ends: number) => State
  readonly out: { value: number }
  readonly start: { value: number }
  readonly count: { readonly value: number }
}

const GOES_ON = 0
const ENDED = 1
type State = typeof GOES_ON | typeof ENDED | 2

const compiled = compileWasm(ROWS_WASM)

/** Finds the rows in the elements of a JSON array, chunk by chunk, at the speed of memory (rows.wat). */
export class RowSplitter {
  readonly #wasm = startWasm(compiled) as Wasm
  #memory = new Uint8Array(this.#wasm.memory.buffer)
  /** Bytes at the memory's beginning that are no whole row yet. */
  #waiting = 0
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
    return this.#memory.slice(0, this.#waiting)
  }

  /** Takes the next bytes and gives the rows that have ended with them. */
  push(chunk: Uint8Array): Batch | undefined {
    const end = this.#waiting + chunk.length
    const ends = Math.ceil(end / 4) * 4
    // no row is shorter than its two braces
    this.#memory = reserve(this.#wasm.memory, this.#memory, ends + 4 * (chunk.length / 2 + 2))
    this.#memory.set(chunk, this.#waiting)
    this.#state = this.#wasm.scan(this.#waiting, end, ends)
    const { out, start, count } = this.#wasm
    const { buffer } = this.#wasm.memory
    const rows = count.value
    const batch = rows === 0 ? undefined : {
      bytes: new Uint8Array(buffer.slice(0, out.value)),
      ends: new Uint32Array(buffer.slice(ends, ends + 4 * rows)),
    }
    this.#waiting = end
    if (batch !== undefined || this.#state === ENDED) this.#drop(start.value)
    return batch
  }

  /** Forgets the first bytes. */
  #drop(bytes: number): void {
    this.#memory.copyWithin(0, bytes, this.#waiting)
    this.#waiting -= bytes
    this.#wasm.out.value = 0
    this.#wasm.start.value -= bytes
  }
}
