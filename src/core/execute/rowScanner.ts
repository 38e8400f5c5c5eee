import { ErpError } from '../base/errors.ts'
import { isJsonObject, type JsonObject, textOf } from '../base/json.ts'
import { plainLine } from '../base/redact.ts'
import { type Batch, rowBytes, sliceRows } from './batch.ts'
import { Envelope, unexpected } from './envelope.ts'
import { COMMA, isSpace } from './json.ts'
import { RowSplitter } from './rowSplitter.ts'

/**
 * The first key of the object that a server writes where a row was due when it can't go on (OData JSON, section 21),
 * wrapped or bare (protocol sheet, section 3, "Errors").
 */
const ERROR_KEYS = ['"error"', '"message"'].map(key => new TextEncoder().encode(key))

/**
 * Finds the rows in the streamed body of an OData collection without decoding them. It holds the row that it is in
 * and nothing more. Chunks may be cut anywhere; other keys may stand before and after `value` and hold anything.
 * What stands in a row is not looked at, but for strings and brackets: `FieldScanner` and `RowReader` do that.
 */
export class RowScanner {
  readonly #envelope = new Envelope()
  readonly #splitter = new RowSplitter()
  /** Given so far. */
  #rows = 0
  #failure: ErpError | undefined
  /** A last row that may be the error with which the server gave up. */
  #error: { readonly row: Uint8Array<ArrayBuffer>, readonly message: string } | undefined

  /** Where the next page is, if the body has said so by now (`@odata.nextLink`). */
  get nextLink(): string | undefined {
    return this.#envelope.nextLink
  }

  /** How many rows there are in all, if the body has said so by now (`@odata.count`). */
  get count(): number | undefined {
    return this.#envelope.count
  }

  /**
   * Takes the next bytes of the body and gives the rows that have ended by now, if any; they are good until the next
   * call. Throws `unexpected-answer` (fact: reason) where the body is not a collection; rows that came before are
   * given first, and the next call throws.
   */
  push(...chunks: readonly Uint8Array[]): Batch | undefined {
    this.#throwFailure()
    try {
      const batch = this.#withoutError(this.#scan(chunks))
      this.#rows += batch?.ends.length ?? 0
      if (batch === undefined) this.#throwFailure()
      return batch
    } catch (error) {
      if (error instanceof ErpError) this.#failure = error
      throw error
    }
  }

  /**
   * To be called when the body has ended. Throws `connection-cut` where that was too early, and
   * `server-error` where the server said so in place of a row.
   */
  end(): void {
    this.#throwFailure()
    if (this.#error !== undefined) throw new ErpError('server-error', { status: 200, message: this.#error.message })
    if (!this.#envelope.closed) throw new ErpError('connection-cut')
    if (!this.#envelope.sawRows) throw unexpected('it has no "value"')
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure
  }

  #scan(chunks: readonly Uint8Array[]): Batch | undefined {
    const rest = this.#envelope.sawRows && !this.#splitter.ended ? chunks : this.#outside(chunks)
    if (rest.length === 0) return undefined
    const batch = this.#splitter.push(rest)
    if (this.#splitter.failed) {
      this.#failure = unexpected(`what follows row ${this.#rows + (batch?.ends.length ?? 0)} is not a row`)
    }
    if (this.#splitter.ended) this.#close(this.#splitter.rest)
    return batch
  }

  /** Reads what stands around the rows; gives what is left, where rows have begun. */
  #outside(chunks: readonly Uint8Array[]): readonly Uint8Array[] {
    const { sawRows } = this.#envelope
    for (const [index, chunk] of chunks.entries()) {
      const at = this.#envelope.read(chunk)
      if (this.#envelope.sawRows !== sawRows) return [chunk.subarray(at), ...chunks.slice(index + 1)]
    }
    return []
  }

  #close(rest: Uint8Array): void {
    try {
      this.#envelope.read(rest)
    } catch (error) {
      if (!(error instanceof ErpError)) throw error
      this.#failure = error
    }
  }

  /** Holds back a last row that looks like an error until it turns out to be one. */
  #withoutError(batch: Batch | undefined): Batch | undefined {
    if (batch === undefined) {
      const held = this.#error
      if (held === undefined || !this.#splitter.ended) return undefined
      this.#error = undefined
      return { bytes: held.row, ends: Uint32Array.of(held.row.length) }
    }
    const all = this.#error === undefined ? batch : joined(this.#error.row, batch)
    this.#error = undefined
    if (this.#splitter.ended) return all
    const rows = all.ends.length - 1
    const row = rowBytes(all, rows)
    const message = errorMessage(row)
    if (message === undefined) return all
    this.#error = { row: row.slice(), message }
    return sliceRows(all, 0, rows)
  }
}

function joined(row: Uint8Array, { bytes, ends }: Batch): Batch {
  const before = row.length + 1
  const all = new Uint8Array(before + bytes.length)
  all.set(row)
  all[row.length] = COMMA
  all.set(bytes, before)
  return { bytes: all, ends: Uint32Array.from([-1, ...ends], end => before + end) }
}

/** What the error says; undefined where the row is none. */
function errorMessage(row: Uint8Array): string | undefined {
  let at = 1
  while (isSpace(row[at])) at++
  if (!ERROR_KEYS.some(key => key.every((byte, index) => row[at + index] === byte))) return undefined
  try {
    const { error, ...bare } = JSON.parse(new TextDecoder().decode(row)) as JsonObject
    const told = isJsonObject(error) ? error : 'code' in bare ? bare : undefined
    return told === undefined ? undefined : plainLine(textOf(told, 'message') ?? '')
  } catch {
    return undefined
  }
}
