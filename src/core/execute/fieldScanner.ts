import { ErpError } from '../base/errors.ts'
import type { Batch } from './batch.ts'
import type { Fields } from './fields.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'

/** A key as it stands in the rows, and the column that it names; -1 for one that isn't looked for. */
interface Key {
  /** With its quotes. */
  readonly bytes: Uint8Array
  readonly column: number
}

/** Invalid bytes are what `TextDecoder` makes of them; a byte order mark inside a string is data and stays. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Finds the values of some columns in whole rows, without decoding them. Keys may come in any order and with escapes;
 * unknown ones are passed over, of those that come twice the last counts. Rows whose keys come as in the row before
 * are the quickest.
 */
export class FieldScanner {
  readonly #columns: ReadonlyMap<string, number>
  /** By its place in the row, the key that stood there last. */
  readonly #keys: Key[] = []

  /** @param columns the names that are looked for; `Fields` has them in this order */
  constructor(columns: readonly string[]) {
    this.#columns = new Map(columns.map((name, index) => [name, index]))
  }

  /** Throws `unexpected-answer` (fact: reason) where a row is no JSON object; what its values are is not checked. */
  scan({ bytes, ends }: Batch): Fields {
    const rows = ends.length
    const width = this.#columns.size
    const fields = { bytes, rows, width, starts: new Uint32Array(rows * width), ends: new Uint32Array(rows * width) }
    let start = 0
    for (let row = 0; row < rows; row++) {
      const end = ends[row] ?? 0
      this.#scanRow(fields, row * width, start, end)
      start = end
    }
    return fields
  }

  #scanRow({ bytes, starts, ends }: Fields, first: number, start: number, end: number): void {
    let at = skipSpace(bytes, start + 1)
    if (bytes[at] === CLOSE_OBJECT) return
    for (let place = 0; ; place++) {
      if (bytes[at] !== QUOTE) throw malformed(bytes, at)
      const key = this.#keyAt(bytes, place, at, end)
      at += key.bytes.length
      if (bytes[at] !== COLON) at = skipSpace(bytes, at)
      if (bytes[at] !== COLON) throw malformed(bytes, at)
      at++
      if ((bytes[at] ?? 0) <= SPACE) at = skipSpace(bytes, at)
      const valueEnds = valueEnd(bytes, at, end)
      if (valueEnds === at) throw malformed(bytes, at)
      if (key.column >= 0) {
        starts[first + key.column] = at
        ends[first + key.column] = valueEnds
      }
      at = valueEnds
      if ((bytes[at] ?? 0) <= SPACE) at = skipSpace(bytes, at)
      if (bytes[at] === CLOSE_OBJECT && at === end - 1) return
      if (bytes[at] !== COMMA) throw malformed(bytes, at)
      at++
      if (bytes[at] !== QUOTE) at = skipSpace(bytes, at)
    }
  }

  #keyAt(bytes: Uint8Array, place: number, at: number, end: number): Key {
    const known = this.#keys[place]
    if (known !== undefined && isAt(known.bytes, bytes, at)) return known
    const own = bytes.slice(at, stringEnd(bytes, at, end))
    const key = { bytes: own, column: this.#columns.get(readString(own, 0, own.length)) ?? -1 }
    this.#keys[place] = key
    return key
  }
}

/** The keys of a row in the order in which they came, without OData's annotations. Throws `unexpected-answer`. */
export function rowKeys({ bytes, ends }: Batch, index: number): string[] {
  const keys: string[] = []
  const end = ends[index] ?? 0
  let at = skipSpace(bytes, (ends[index - 1] ?? 0) + 1)
  while (bytes[at] === QUOTE) {
    const keyEnd = stringEnd(bytes, at, end)
    keys.push(readString(bytes, at, keyEnd))
    at = valueEnd(bytes, skipSpace(bytes, skipSpace(bytes, keyEnd) + 1), end)
    at = skipSpace(bytes, at)
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1)
  }
  return [...new Set(keys)].filter(key => !key.includes('@'))
}

/** The text of the JSON string `[start … end)`. Throws `unexpected-answer`. */
export function readString(bytes: Uint8Array, start: number, end: number): string {
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

/** Most bytes are compared for nothing but this: what is up to here may be white space. */
const SPACE = 0x20

function isAt(wanted: Uint8Array, bytes: Uint8Array, at: number): boolean {
  const { length } = wanted
  for (let index = 0; index < length; index++) if (bytes[at + index] !== wanted[index]) return false
  return true
}

/** Behind the closing quote. */
function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) at++
  }
  throw malformed(bytes, start)
}

function valueEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start]
  if (first === QUOTE) return stringEnd(bytes, start, end)
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return nestedEnd(bytes, start, end)
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0
    if (byte === COMMA || byte === CLOSE_OBJECT || isSpace(byte)) return at
  }
  throw malformed(bytes, start)
}

function nestedEnd(bytes: Uint8Array, start: number, end: number): number {
  let depth = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = stringEnd(bytes, at, end) - 1
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --depth === 0) return at + 1
  }
  throw malformed(bytes, start)
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}
