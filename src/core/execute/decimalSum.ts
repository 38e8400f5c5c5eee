import { add, type Decimal } from '../base/decimal.ts'

/** So many digits are exact in a double, and so is their sum up to `MOST_UNITS`. */
const SAFE_DIGITS = 15
const MOST_UNITS = 8e15

const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_0 = 0x30

/** An exact sum. Numbers of up to 15 digits are added where they lie, as doubles that hold whole units. */
export class DecimalSum {
  #sum: Decimal | undefined
  /** By digits of fraction, what isn't in the sum yet. */
  readonly #units: (number | undefined)[] = []
  #count = 0

  get count(): number {
    return this.#count
  }

  /** Nothing where nothing was added. */
  get value(): Decimal | undefined {
    this.#units.forEach((_, scale) => this.#carry(scale))
    return this.#sum
  }

  /** @param count how many numbers that is the sum of */
  add(number: Decimal, count = 1): void {
    this.#sum = this.#sum === undefined ? number : add(this.#sum, number)
    this.#count += count
  }

  /** Adds the JSON number at that place; false where it isn't in the usual form. */
  addAt(bytes: Uint8Array, start: number, end: number): boolean {
    const isNegative = bytes[start] === MINUS
    const first = isNegative ? start + 1 : start
    if (end - first > SAFE_DIGITS || !isDigit(bytes[first] ?? 0)) return false
    let units = 0
    let point = -1
    for (let at = first; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (isDigit(byte)) units = units * 10 + byte - DIGIT_0
      else if (byte === POINT && point < 0) point = at
      else return false
    }
    const scale = point < 0 ? 0 : end - point - 1
    if (Math.abs(this.#units[scale] ?? 0) > MOST_UNITS) this.#carry(scale)
    this.#units[scale] = (this.#units[scale] ?? 0) + (isNegative ? -units : units)
    this.#count++
    return true
  }

  #carry(scale: number): void {
    const units = this.#units[scale]
    if (units === undefined) return
    this.#units[scale] = undefined
    const number = { units: BigInt(units), scale }
    this.#sum = this.#sum === undefined ? number : add(this.#sum, number)
  }
}

function isDigit(byte: number): boolean {
  return byte >= DIGIT_0 && byte <= DIGIT_0 + 9
}
