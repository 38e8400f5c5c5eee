import { ErpError } from '../base/errors.ts'
import { type Batch, BatchWriter } from './batch.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'

/** Where in the body `{ …, "value": [ {row}, … ], … }` the scanner stands. */
type Place = 'start' | 'envelope' | 'rows' | 'row' | 'end'

/**
 * Finds the rows in the streamed body of an OData collection without decoding them. It holds the row that it is in
 * and nothing more. Chunks may be cut anywhere; other keys may stand before and after `value` and hold anything.
 */
export class RowScanner {
  readonly #out = new BatchWriter()
  #place: Place = 'start'
  /** Open objects and arrays: of the body while in its envelope, of the row while in a row. */
  #depth = 0
  #inString = false
  #escaped = false
  /** In the envelope: the key before the value that comes, and whether its colon has been passed. */
  #key: number[] = []
  #afterColon = false
  #sawRows = false
  #commaDue = false
  #rows = 0

  /** Whole rows found so far. */
  get rows(): number {
    return this.#rows
  }

  /**
   * Takes the next bytes of the body and gives the rows that have ended by now, if any.
   * Throws `unexpected-answer` (fact: reason) where the body is not a collection.
   */
  push(chunk: Uint8Array): Batch | undefined {
    let at = 0
    while (at < chunk.length) {
      if (this.#place === 'row') at = this.#scanRow(chunk, at)
      else if (this.#place === 'rows') at = this.#betweenRows(chunk[at] ?? 0, at)
      else {
        this.#scanEnvelope(chunk[at] ?? 0)
        at++
      }
    }
    return this.#out.take()
  }

  /** To be called when the body has ended. Throws `connection-cut` (fact: rows) where that was too early. */
  end(): void {
    if (this.#place !== 'end') throw new ErpError('connection-cut', { rows: this.#rows })
    if (!this.#sawRows) throw unexpected('it has no "value"')
  }

  #scanRow(chunk: Uint8Array, from: number): number {
    let at = from
    while (at < chunk.length) {
      const byte = chunk[at++]
      if (this.#inString) this.#scanString(byte)
      else if (byte === QUOTE) this.#inString = true
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && --this.#depth === 0) {
        this.#out.append(chunk.subarray(from, at))
        this.#out.endRow()
        this.#rows++
        this.#commaDue = true
        this.#place = 'rows'
        return at
      }
    }
    this.#out.append(chunk.subarray(from))
    return at
  }

  #scanString(byte: number | undefined): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === BACKSLASH) this.#escaped = true
    else if (byte === QUOTE) this.#inString = false
  }

  #betweenRows(byte: number, at: number): number {
    if (isSpace(byte)) return at + 1
    if (byte === COMMA && this.#commaDue) {
      this.#commaDue = false
      return at + 1
    }
    if (byte === OPEN_OBJECT && !this.#commaDue) {
      this.#place = 'row'
      this.#depth = 0
      return at
    }
    if (byte === CLOSE_ARRAY && (this.#commaDue || this.#rows === 0)) {
      this.#place = 'envelope'
      this.#depth = 1
      return at + 1
    }
    throw unexpected(`what follows row ${this.#rows} is not a row`)
  }

  #scanEnvelope(byte: number): void {
    if (this.#inString) {
      this.#scanString(byte)
      if (this.#isKey() && byte !== QUOTE) this.#key.push(byte)
      return
    }
    if (isSpace(byte) || (this.#place === 'start' && isByteOrderMark(byte))) return
    if (this.#place === 'end') throw unexpected('something follows its end')
    if (this.#place === 'start') {
      if (byte !== OPEN_OBJECT) throw unexpected('it is not a JSON object')
      this.#place = 'envelope'
    }
    if (byte === QUOTE) {
      this.#inString = true
      if (this.#isKey()) this.#key = []
    } else if (byte === OPEN_ARRAY && this.#valueIsDue()) {
      this.#sawRows = true
      this.#place = 'rows'
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--this.#depth === 0) this.#place = 'end'
    } else if (this.#depth === 1 && (byte === COLON || byte === COMMA)) this.#afterColon = byte === COLON
  }

  #isKey(): boolean {
    return this.#depth === 1 && !this.#afterColon
  }

  #valueIsDue(): boolean {
    return this.#depth === 1 && this.#afterColon && !this.#sawRows && String.fromCharCode(...this.#key) === 'value'
  }
}

function isByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf
}

function unexpected(reason: string): ErpError {
  return new ErpError('unexpected-answer', { reason })
}
