import { ErpError } from '../base/errors.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'

/**
 * What stands around the rows of an OData collection: `{ …, "value": [`, and what follows the array. Other keys may
 * stand there and hold anything; nothing of it is kept.
 */
export class Envelope {
  #place: 'before' | 'inside' | 'behind' = 'before'
  /** Open objects and arrays. */
  #depth = 0
  #inString = false
  #escaped = false
  /** The key before the value that comes, and whether its colon has been passed. */
  #key: number[] = []
  #afterColon = false
  #sawRows = false
  /** The text that follows the key of the next page, with its quotes, as far as it has come. */
  #link: number[] | undefined

  /** Whether the body has come to its end. */
  get closed(): boolean {
    return this.#place === 'behind'
  }

  /** Whether the array of rows has begun. */
  get sawRows(): boolean {
    return this.#sawRows
  }

  /** Where the next page is, if the answer says that there is one. */
  get nextLink(): string | undefined {
    return this.#link === undefined ? undefined : parsed(this.#link)
  }

  /**
   * Takes the bytes outside of the rows. Gives how many they are: where the rows begin, or all.
   * Throws `unexpected-answer` (fact: reason) where the body is no JSON object or doesn't end with it.
   */
  read(bytes: Uint8Array): number {
    const sawRows = this.#sawRows
    for (let at = 0; at < bytes.length; at++) {
      this.#next(bytes[at] ?? 0)
      if (this.#sawRows !== sawRows) return at + 1
    }
    return bytes.length
  }

  #next(byte: number): void {
    if (this.#inString) {
      if (this.#isKey() && (this.#escaped || byte !== QUOTE)) this.#key.push(byte)
      if (this.#linkIsDue()) this.#link?.push(byte)
      if (this.#escaped) this.#escaped = false
      else if (byte === BACKSLASH) this.#escaped = true
      else if (byte === QUOTE) this.#inString = false
      return
    }
    if (isSpace(byte) || (this.#place === 'before' && isByteOrderMark(byte))) return
    if (this.#place === 'behind') throw unexpected('something follows its end')
    if (this.#place === 'before') {
      if (byte !== OPEN_OBJECT) throw unexpected('it is not a JSON object')
      this.#place = 'inside'
    }
    if (byte === QUOTE) {
      this.#inString = true
      if (this.#isKey()) this.#key = []
      else if (this.#linkIsDue()) this.#link = [byte]
    } else if (byte === OPEN_ARRAY && this.#valueIsDue()) this.#sawRows = true
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--this.#depth > 0) return
      if (byte === CLOSE_ARRAY) throw unexpected('its brackets are not paired')
      this.#place = 'behind'
    } else if (this.#depth === 1 && (byte === COLON || byte === COMMA)) this.#afterColon = byte === COLON
  }

  #isKey(): boolean {
    return this.#depth === 1 && !this.#afterColon
  }

  #valueIsDue(): boolean {
    return this.#depth === 1 && this.#afterColon && !this.#sawRows && this.#keyIs('value')
  }

  #linkIsDue(): boolean {
    return this.#depth === 1 && this.#afterColon && this.#keyIs('@odata.nextLink')
  }

  #keyIs(name: string): boolean {
    return this.#key.length >= name.length && this.#key.length < 100 && parsed([QUOTE, ...this.#key, QUOTE]) === name
  }
}

/** The JSON string; undefined where it is none. */
function parsed(bytes: readonly number[]): string | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes))) as string
  } catch {
    return undefined
  }
}

function isByteOrderMark(byte: number): boolean {
  return byte === 0xef || byte === 0xbb || byte === 0xbf
}

export function unexpected(reason: string): ErpError {
  return new ErpError('unexpected-answer', { reason })
}
