import type { Batch } from './batch.ts'
import { FieldScanner, malformed, readString } from './fieldScanner.ts'
import type { Fields } from './fields.ts'
import { OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'
import type { CellValue, ResultColumn, Row } from './result.ts'

/** How a JSON number is handed on: with its digits as text, as a double, or (no numeric type is known) as a double only if it prints the same. */
type NumberForm = 'text' | 'double' | 'unknown'

const NUMBER_FORMS: ReadonlyMap<string, NumberForm> = new Map([
  ['Edm.Decimal', 'text'],
  ['Edm.Int64', 'text'],
  ...['Edm.Byte', 'Edm.SByte', 'Edm.Int16', 'Edm.Int32', 'Edm.Single', 'Edm.Double'].map(type => [type, 'double'] as const),
])

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Decodes rows that the scanner has found, exactly (see `CellValue`). Keys may come in any order; unknown ones are passed over. */
export class RowReader {
  readonly #scanner: FieldScanner
  readonly #forms: readonly NumberForm[]

  constructor(columns: readonly ResultColumn[]) {
    this.#scanner = new FieldScanner(columns.map(({ name }) => name))
    this.#forms = columns.map(({ type }) => NUMBER_FORMS.get(type) ?? 'unknown')
  }

  /** Row `index` of the batch, one value a column; a key that is missing is null. Throws `unexpected-answer`. */
  read({ bytes, ends }: Batch, index: number): Row {
    const own = bytes.subarray(ends[index - 1] ?? 0, ends[index])
    const [row = []] = this.readAll({ bytes: own, ends: Uint32Array.of(own.length) })
    return row
  }

  /** All rows of the batch. Throws `unexpected-answer`. */
  readAll(batch: Batch): Row[] {
    return this.decode(this.#scanner.scan(batch))
  }

  /** Rows whose values were found, in the order of the columns. Throws `unexpected-answer`. */
  decode(fields: Fields): Row[] {
    const { rows, width, starts, ends } = fields
    const text = new BatchText(fields.bytes)
    const all = new Array<Row>(rows)
    for (let row = 0; row < rows; row++) {
      const values = new Array<CellValue>(width)
      for (let column = 0; column < width; column++) {
        const at = row * width + column
        const start = starts[at] ?? 0
        values[column] = start === 0 ? null : text.value(start, ends[at] ?? 0, this.#forms[column] ?? 'unknown')
      }
      all[row] = values
    }
    return all
  }
}

/** Replaces in a batch's text every byte that isn't ASCII; no JSON holds it. */
const NOT_ASCII = '\0'

/**
 * The text of a batch, in which every character stands where its byte does, so that values are cut out of it: to decode
 * them one by one takes several times as long.
 */
class BatchText {
  readonly #bytes: Uint8Array
  readonly #text: string
  readonly #escapes: boolean
  readonly #ascii: boolean

  constructor(bytes: Uint8Array) {
    const text = utf8.decode(bytes)
    this.#bytes = bytes
    // no character has more UTF-16 units than bytes: as many means one for each
    this.#ascii = text.length === bytes.length
    this.#text = this.#ascii ? text : utf8.decode(bytes.map(byte => byte < 0x80 ? byte : 0))
    this.#escapes = text.includes('\\')
  }

  value(start: number, end: number, form: NumberForm): CellValue {
    const first = this.#bytes[start]
    if (first === QUOTE) return this.#string(start, end)
    const text = this.#slice(start, end)
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) return text
    if (text === 'null') return null
    if (text === 'true') return true
    if (text === 'false') return false
    if (!NUMBER.test(text)) throw malformed(this.#bytes, start)
    if (form === 'text') return text
    const number = Number(text)
    return form === 'double' || String(number) === text ? number : text
  }

  #string(start: number, end: number): string {
    const text = this.#text.slice(start + 1, end - 1)
    const plain = (this.#ascii || !text.includes(NOT_ASCII)) && !(this.#escapes && text.includes('\\'))
    return plain ? text : readString(this.#bytes, start, end)
  }

  #slice(start: number, end: number): string {
    const text = this.#text.slice(start, end)
    return this.#ascii || !text.includes(NOT_ASCII) ? text : utf8.decode(this.#bytes.subarray(start, end))
  }
}
