import { compareDecimals, type Decimal, parseDecimal } from '../base/decimal.ts'
import { parseDate, printDate } from '../base/instant.ts'
import type { CheckedBinary, CheckedColumn, CheckedLiteral } from '../query/checked.ts'
import { isComparison } from '../query/expression.ts'
import { QUOTE } from './json.ts'
import type { Evaluate, Slot } from './rows.ts'
import { comparerOf, HOLDS, literalValue, readerOf, type Value } from './values.ts'

/**
 * Comparisons of a column of the rows themselves with a literal, which most filters are made of: numbers of up to 15
 * digits and dates in their usual form are compared where they lie. Gives the same as `compile` does without it.
 */
export function quickComparison(expression: CheckedBinary, slotOf: (column: CheckedColumn) => Slot): Evaluate | undefined {
  const { left, right, operator } = expression
  if (left.kind !== 'column' || right.kind !== 'literal' || right.type === 'null' || left.type !== right.type) return undefined
  if (!isComparison(operator)) return undefined
  const holds = HOLDS[operator]
  const { join, index } = slotOf(left)
  const order = left.type === 'number' ? compareNumbers(right) : left.type === 'date' ? compareDates(right) : undefined
  if (order === undefined || join >= 0) return undefined
  const ofNull = operator === 'ne'
  return ({ fields: { bytes, starts, ends, width } }, row) => {
    const start = starts[row * width + index] ?? 0
    const end = ends[row * width + index] ?? 0
    if (start === end || bytes[start] === LETTER_N) return ofNull
    const found = order(bytes, start, end)
    return found === undefined ? ofNull : holds(found)
  }
}

const LETTER_N = 0x6e
const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_0 = 0x30

/** Undefined for what is no value of the type. */
type Order = (bytes: Uint8Array, start: number, end: number) => number | undefined

/** The slow way, for what isn't in the usual form. */
function slowly(type: 'number' | 'date', literal: Value): Order {
  const [read, compare] = [readerOf(type), comparerOf(type)]
  return (bytes, start, end) => {
    const value = read(bytes, start, end)
    return value === null ? undefined : compare(value, literal)
  }
}

/** So many digits are exact in a double, whatever they are. */
const SAFE_DIGITS = 15

function compareNumbers({ text }: CheckedLiteral): Order | undefined {
  const literal = parseDecimal(text)
  if (literal === undefined) return undefined
  const slow = slowly('number', literal)
  const scaled = Array.from({ length: SAFE_DIGITS + 1 }, (_, scale) => atScale(literal, scale))
  return (bytes, start, end) => {
    let at = start
    const isNegative = bytes[at] === MINUS
    if (isNegative) at++
    let units = 0
    let point = -1
    if (end - at > SAFE_DIGITS) return slow(bytes, start, end)
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0
      if (byte === POINT) point = at
      else if (byte >= DIGIT_0 && byte <= DIGIT_0 + 9) units = units * 10 + byte - DIGIT_0
      else return slow(bytes, start, end)
    }
    const other = scaled[point < 0 ? 0 : end - point - 1]
    return other === undefined ? slow(bytes, start, end) : (isNegative ? -units : units) - other
  }
}

/** The literal in units of that many digits of fraction, where that is a whole number that a double holds. */
function atScale(literal: Decimal, scale: number): number | undefined {
  if (literal.scale > scale) {
    const unit = 10n ** BigInt(literal.scale - scale)
    if (literal.units % unit !== 0n) return undefined
    return safe(literal.units / unit)
  }
  return safe(literal.units * 10n ** BigInt(scale - literal.scale))
}

function safe(units: bigint): number | undefined {
  const number = Number(units)
  return Number.isSafeInteger(number) && compareDecimals({ units: BigInt(number), scale: 0 }, { units, scale: 0 }) === 0 ? number : undefined
}

/** `2026-01-01T00:00:00Z` orders as its bytes do. */
function compareDates({ text }: CheckedLiteral): Order | undefined {
  const literal = parseDate(text)
  if (literal === undefined) return undefined
  const slow = slowly('date', literalValue('date', text))
  const wanted = new TextEncoder().encode(printDate(literal))
  if (wanted.length !== USUAL_LENGTH) return slow
  return (bytes, start, end) => {
    if (end - start !== USUAL_LENGTH + 2 || bytes[start] !== QUOTE || bytes[end - 2] !== wanted[USUAL_LENGTH - 1]) return slow(bytes, start, end)
    for (let at = 0; at < USUAL_LENGTH; at++) {
      const difference = (bytes[start + 1 + at] ?? 0) - (wanted[at] ?? 0)
      if (difference !== 0) return difference
    }
    return 0
  }
}

const USUAL_LENGTH = 20
