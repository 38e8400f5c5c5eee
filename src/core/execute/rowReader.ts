import { ErpError } from '../base/errors.ts'
import { plainLine } from '../base/redact.ts'
import { type Batch, rowBytes } from './batch.ts'
import { DOUBLE, FieldMachine, malformed, TEXT, UNKNOWN } from './fieldMachine.ts'
import { OPEN_ARRAY, OPEN_OBJECT } from './json.ts'
import { type CellValue, Nested, type ResultColumn, type Row } from './result.ts'

/**
 * How a JSON number is handed on: with its digits as text, as a double, or (no numeric type is known) as a double only
 * if it prints the same.
 */
const NUMBER_FORMS: ReadonlyMap<string, number> = new Map([
  ['Edm.Decimal', TEXT],
  ['Edm.Int64', TEXT],
  ...['Edm.Byte', 'Edm.SByte', 'Edm.Int16', 'Edm.Int32', 'Edm.Single', 'Edm.Double'].map(type => [type, DOUBLE] as const),
])

/** RFC 8259, section 6. */
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Decodes rows that the scanner has found, exactly (see `CellValue`). Keys may come in any order; unknown ones are
 * passed over.
 */
export class RowReader {
  readonly #machine: FieldMachine
  readonly #forms: Uint8Array

  /** @param columns each name once */
  constructor(columns: readonly ResultColumn[]) {
    this.#machine = new FieldMachine(columns.map(({ name }) => name))
    this.#forms = Uint8Array.from(columns, ({ type }) => NUMBER_FORMS.get(type) ?? UNKNOWN)
  }

  /** The keys that came so far, also of what is passed over: see `FieldMachine.keys`. */
  get keys(): ReadonlySet<string> {
    return this.#machine.keys
  }

  /** Row `index` of the batch, one value a column; a key that is missing is null. Throws `unexpected-answer`. */
  read(batch: Batch, index: number): Row {
    const own = rowBytes(batch, index)
    const [row = []] = this.readAll({ bytes: own, ends: Uint32Array.of(own.length) })
    return row
  }

  /**
   * All rows of the batch; quickest where it is not larger than what a socket gives at once. Throws
   * `unexpected-answer`.
   */
  readAll(batch: Batch): Row[] {
    this.#machine.find(batch)
    const { json, doubts } = this.#machine.pack(this.#forms)
    const rows = parse(json)
    if (doubts.length > 0) this.#settle(rows, doubts, batch.bytes)
    return rows
  }

  /** Decodes those values that `pack` could not write. */
  #settle(rows: CellValue[][], doubts: Uint32Array, bytes: Uint8Array): void {
    const { width, starts, ends } = this.#machine.fields(bytes)
    for (const place of doubts) {
      const column = place % width
      const row = rows[Math.floor(place / width)]
      const start = starts[place] ?? 0
      if (row !== undefined) row[column] = cellValue(bytes, start, ends[place] ?? 0, this.#forms[column] ?? UNKNOWN)
    }
  }
}

function parse(json: string): CellValue[][] {
  try {
    return JSON.parse(json) as CellValue[][]
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ErpError('unexpected-answer', { reason: `a row is not valid JSON: ${plainLine(reason, 100)}` }, { cause })
  }
}

/** A number, or nested JSON. */
function cellValue(bytes: Uint8Array, start: number, end: number, form: number): CellValue {
  const first = bytes[start]
  const text = utf8.decode(bytes.subarray(start, end))
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) return new Nested(text)
  if (!NUMBER.test(text)) throw malformed(bytes, start)
  return exactNumber(text, form)
}

/** A JSON number of that type, as in `CellValue`. */
export function numberOf(text: string, type = ''): string | number {
  return exactNumber(text, NUMBER_FORMS.get(type) ?? UNKNOWN)
}

function exactNumber(text: string, form: number): string | number {
  if (form === TEXT) return text
  const number = Number(text)
  return (form === DOUBLE && Number.isFinite(number)) || String(number) === text ? number : text
}
