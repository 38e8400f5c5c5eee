import { ErpError } from '../base/errors.ts'
import type { Batch } from './batch.ts'
import type { Fields } from './fields.ts'
import { FIELDS_WASM } from './fieldsWasm.ts'
import { QUOTE } from './json.ts'
import { compileWasm, reserve, startWasm, type WasmMemory } from './wasm.ts'

/** What fields.wat exports. Everything but counts is a place in the memory. */
interface Wasm {
  readonly memory: WasmMemory
  readonly keys: { value: number }
  readonly doubted: { readonly value: number }
  readonly find: (data: number, rows: number, rowEnds: number, width: number, starts: number, ends: number) => number
  readonly pack: (
    data: number, rows: number, width: number, starts: number, ends: number, forms: number, out: number, doubts: number,
  ) => number
}

/** How a column's JSON numbers are written by `pack`. */
export const TEXT = 0
export const DOUBLE = 1
export const UNKNOWN = 2

/** Where in the memory keys are remembered, and their bytes; then come the rows. */
const KEY_ENTRY = 12
const MOST_KEYS = 1024
const KEY_BYTES = MOST_KEYS * KEY_ENTRY
const DATA = 65_536
/** WebAssembly reads and writes so many bytes at once, and so perhaps a few too many. */
const SLACK = 16

const compiled = compileWasm(FIELDS_WASM)
/** Invalid bytes become U+FFFD; a byte order mark inside a string is data and stays. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The rows that `find` has laid into the memory, and where the rest lies. */
interface Layout {
  readonly rows: number
  readonly starts: number
  readonly ends: number
  readonly forms: number
  readonly doubts: number
  readonly out: number
}

/** Finds the values of columns in rows and writes them anew, in WebAssembly (fields.wat). */
export class FieldMachine {
  readonly #columns: ReadonlyMap<string, number>
  readonly #wasm = startWasm(compiled, { host: { learn: (at: number, end: number) => this.#learn(at, end) } }) as Wasm
  #memory = new Uint8Array(this.#wasm.memory.buffer)
  readonly #keys = new Set<string>()
  /** Where the bytes of the next key go. */
  #keyBytes = KEY_BYTES
  #layout: Layout = { rows: 0, starts: 0, ends: 0, forms: 0, doubts: 0, out: 0 }

  /** @param columns the names that are looked for */
  constructor(columns: readonly string[]) {
    this.#columns = new Map(columns.map((name, index) => [name, index]))
  }

  get width(): number {
    return this.#columns.size
  }

  /** The keys that rows have had so far, in the order in which they came; no more than are remembered. */
  get keys(): ReadonlySet<string> {
    return this.#keys
  }

  /** Throws `unexpected-answer` (fact: reason) where a row is no JSON object. */
  find({ bytes, ends }: Batch): void {
    const rows = ends.length
    const layout = this.#layout = this.#place(bytes.length, rows)
    this.#memory.set(bytes, DATA)
    this.#memory.fill(QUOTE, DATA + bytes.length, DATA + bytes.length + SLACK)
    const rowEnds = layout.out // free until `pack`
    new Uint32Array(this.#memory.buffer, rowEnds, rows).set(ends)
    const wrong = this.#wasm.find(DATA, rows, rowEnds, this.width, layout.starts, layout.ends)
    if (wrong !== -1) throw malformed(bytes, wrong - DATA)
  }

  /** What `find` has found in `bytes`; good until it is called again. */
  fields(bytes: Uint8Array): Fields {
    const { rows, starts, ends } = this.#layout
    const { width } = this
    return { bytes, rows, width, starts: this.#numbers(starts, rows * width), ends: this.#numbers(ends, rows * width) }
  }

  /**
   * Writes what `find` has found as JSON: an array for each row, with one value a column, null where the row hasn't
   * got it. Numbers whose digits a parser would lose are written as strings.
   *
   * @param forms by column `TEXT`, `DOUBLE` or `UNKNOWN`
   * @returns also the places (row * width + column) of values that stand there as 0 and must be decoded otherwise
   */
  pack(forms: Uint8Array): { readonly json: string, readonly doubts: Uint32Array } {
    const { rows, starts, ends, forms: place, out, doubts } = this.#layout
    this.#memory.set(forms, place)
    const end = this.#wasm.pack(DATA, rows, this.width, starts, ends, place, out, doubts)
    return { json: utf8.decode(this.#memory.subarray(out, end)), doubts: this.#numbers(doubts, this.#wasm.doubted.value) }
  }

  #numbers(place: number, count: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#memory.buffer, place, count)
  }

  #place(bytes: number, rows: number): Layout {
    const places = 4 * rows * this.width
    const starts = aligned(DATA + bytes + SLACK)
    const ends = starts + places
    const doubts = ends + places
    const forms = doubts + places
    const out = aligned(forms + this.width)
    // every value may get quotes and a comma, or be `null`; every row has brackets and a comma; `rowEnds` needs less
    this.#memory = reserve(this.#wasm.memory, this.#memory, out + bytes + 2 * places + 4 * rows + 2 + SLACK)
    return { rows, starts, ends, doubts, forms, out }
  }

  /** Called from WebAssembly for a key that it doesn't remember. */
  #learn(at: number, end: number): number {
    const key = readString(this.#memory, at, end)
    const column = this.#columns.get(key) ?? -1
    const { keys } = this.#wasm
    const length = end - at
    // names that are made up row by row would fill it
    if (keys.value < MOST_KEYS && this.#keyBytes + length + SLACK <= DATA) {
      this.#memory.copyWithin(this.#keyBytes, at, end)
      new Int32Array(this.#memory.buffer, keys.value * KEY_ENTRY, 3).set([this.#keyBytes, length, column])
      this.#keyBytes += length
      this.#keys.add(key)
      keys.value++
    }
    return column
  }
}

/** The text of the JSON string `[start … end)`. Throws `unexpected-answer`. */
function readString(bytes: Uint8Array, start: number, end: number): string {
  const text = utf8.decode(bytes.subarray(start, end))
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return JSON.parse(text) as string
  } catch {
    throw malformed(bytes, start)
  }
}

/** What stands there is no JSON. */
export function malformed(bytes: Uint8Array, at: number): ErpError {
  const found = utf8.decode(bytes.subarray(at, at + 20))
  return new ErpError('unexpected-answer', { reason: `a row is not valid JSON near ${JSON.stringify(found)}` })
}

function aligned(place: number): number {
  return Math.ceil(place / 4) * 4
}
