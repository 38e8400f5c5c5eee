import { ErpError } from '../base/errors.ts'
import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'

const NEXT_LINK = '@odata.nextLink'
const COUNT = '@odata.count'

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
  /** What follows the keys that are of use, as far as it has come; texts with their quotes. */
  readonly #kept = new Map<string, number[]>()
  /** The one of them whose value comes. */
  #keeping: number[] | undefined

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
    const link = this.#value(NEXT_LINK)
    return typeof link === 'string' ? link : undefined
  }

  /** How many rows there are in all, if the answer tells a number that is exact. It may stand in quotes. */
  get count(): number | undefined {
    const count = this.#value(COUNT)
    const number = typeof count === 'string' && /^\d+$/.test(count) ? Number(count) : count
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
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
      this.#keep(byte)
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
      else this.#keep(byte)
    } else if (byte === OPEN_ARRAY && this.#valueIsDue()) this.#sawRows = true
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--this.#depth > 0) return
      if (byte === CLOSE_ARRAY) throw unexpected('its brackets are not paired')
      this.#place = 'behind'
    } else if (this.#depth === 1 && (byte === COLON || byte === COMMA)) this.#pass(byte)
    else this.#keep(byte)
  }

  /** A colon or comma between keys and values. */
  #pass(byte: number): void {
    this.#afterColon = byte === COLON
    const key = this.#afterColon ? [NEXT_LINK, COUNT].find(name => this.#keyIs(name)) : undefined
    this.#keeping = key === undefined ? undefined : []
    if (key !== undefined && this.#keeping !== undefined) this.#kept.set(key, this.#keeping)
  }

  #isKey(): boolean {
    return this.#depth === 1 && !this.#afterColon
  }

  #valueIsDue(): boolean {
    return this.#depth === 1 && this.#afterColon && !this.#sawRows && this.#keyIs('value')
  }

  #keep(byte: number): void {
    if (this.#depth === 1) this.#keeping?.push(byte)
  }

  #value(key: string): unknown {
    return parsed(this.#kept.get(key) ?? [])
  }

  #keyIs(name: string): boolean {
    return this.#key.length >= name.length && this.#key.length < 100 && parsed([QUOTE, ...this.#key, QUOTE]) === name
  }
}

/** The JSON value; undefined where it is none. */
function parsed(bytes: readonly number[]): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes))) as unknown
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
