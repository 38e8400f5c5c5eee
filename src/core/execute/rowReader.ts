import { ErpError } from '../base/errors.ts'
import type { Batch } from './batch.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'
import type { CellValue, ResultColumn, Row } from './result.ts'

/** How a JSON number is handed on: with its digits as text, as a double, or (no numeric type is known) as a double only if it prints the same. */
type NumberForm = 'text' | 'double' | 'unknown'

const NUMBER_FORMS: ReadonlyMap<string, NumberForm> = new Map([
  ['Edm.Decimal', 'text'],
  ['Edm.Int64', 'text'],
  ...['Edm.Byte', 'Edm.SByte', 'Edm.Int16', 'Edm.Int32', 'Edm.Single', 'Edm.Double'].map(type => [type, 'double'] as const),
])

/** A byte order mark inside a string is data and stays. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Decodes rows that the scanner has found, exactly (see `CellValue`). Keys may come in any order; unknown ones are passed over. */
export class RowReader {
  readonly #index: ReadonlyMap<string, number>
  readonly #forms: readonly NumberForm[]

  constructor(columns: readonly ResultColumn[]) {
    this.#index = new Map(columns.map((column, index) => [column.name, index]))
    this.#forms = columns.map(column => NUMBER_FORMS.get(column.type) ?? 'unknown')
  }

  /** Row `index` of the batch, one value a column; a key that is missing is null. Throws `unexpected-answer`. */
  read(batch: Batch, index: number): Row {
    const row = new Array<CellValue>(this.#forms.length).fill(null)
    const bytes = rowBytes(batch, index)
    for (const { key, start, end } of members(bytes)) {
      const column = this.#index.get(key)
      if (column !== undefined) row[column] = cellValue(bytes, start, end, this.#forms[column] ?? 'unknown')
    }
    return row
  }
}

/** The keys of a row in the order in which they came, without OData's annotations. */
export function rowKeys(batch: Batch, index: number): string[] {
  return [...members(rowBytes(batch, index))].map(member => member.key).filter(key => !key.includes('@'))
}

function rowBytes(batch: Batch, index: number): Uint8Array {
  return batch.bytes.subarray(index === 0 ? 0 : batch.ends[index - 1], batch.ends[index])
}

interface Member {
  readonly key: string
  /** Where its value starts and ends. */
  readonly start: number
  readonly end: number
}

function* members(bytes: Uint8Array): Generator<Member> {
  let at = skipSpace(bytes, 1)
  if (bytes[at] === CLOSE_OBJECT) return
  for (;;) {
    if (bytes[at] !== QUOTE) throw malformed(bytes, at)
    const keyEnd = stringEnd(bytes, at)
    const key = readString(bytes, at, keyEnd)
    at = skipSpace(bytes, keyEnd)
    if (bytes[at] !== COLON) throw malformed(bytes, at)
    const start = skipSpace(bytes, at + 1)
    const end = valueEnd(bytes, start)
    if (end === start) throw malformed(bytes, start)
    yield { key, start, end }
    at = skipSpace(bytes, end)
    if (bytes[at] === CLOSE_OBJECT) return
    if (bytes[at] !== COMMA) throw malformed(bytes, at)
    at = skipSpace(bytes, at + 1)
  }
}

function cellValue(bytes: Uint8Array, start: number, end: number, form: NumberForm): CellValue {
  const first = bytes[start]
  if (first === QUOTE) return readString(bytes, start, end)
  const text = utf8.decode(bytes.subarray(start, end))
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return text
  if (text === 'null') return null
  if (text === 'true') return true
  if (text === 'false') return false
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) throw malformed(bytes, start)
  if (form === 'text') return text
  const number = Number(text)
  return form === 'double' || String(number) === text ? number : text
}

function readString(bytes: Uint8Array, start: number, end: number): string {
  const inside = bytes.subarray(start + 1, end - 1)
  if (!inside.includes(BACKSLASH)) return utf8.decode(inside)
  try {
    return JSON.parse(utf8.decode(bytes.subarray(start, end))) as string
  } catch {
    throw malformed(bytes, start)
  }
}

/** Behind the closing quote. */
function stringEnd(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === BACKSLASH) at++
    else if (bytes[at] === QUOTE) return at + 1
  }
  throw malformed(bytes, start)
}

function valueEnd(bytes: Uint8Array, start: number): number {
  if (bytes[start] === QUOTE) return stringEnd(bytes, start)
  let depth = 0
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) at = stringEnd(bytes, at) - 1
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
    else if (depth > 0) {
      if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--
      if (depth === 0) return at + 1
    } else if (byte === COMMA || byte === CLOSE_OBJECT || isSpace(byte)) return at
  }
  throw malformed(bytes, start)
}

function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (isSpace(bytes[at])) at++
  return at
}

function malformed(bytes: Uint8Array, at: number): ErpError {
  const found = utf8.decode(bytes.subarray(at, at + 20))
  return new ErpError('unexpected-answer', { reason: `a row is not valid JSON near ${JSON.stringify(found)}` })
}
