import { canonicalDecimal, compareDecimals, type Decimal, parseDecimal, printDecimal, toDouble } from '../base/decimal.ts'
import { compareInstants, type Instant, parseDate, parseTime } from '../base/instant.ts'
import type { Comparison } from '../query/expression.ts'
import type { ValueType } from '../query/types.ts'
import { BACKSLASH, QUOTE } from './json.ts'

/** A value while it is worked with. Guids are in lower case; a `double` is a number; a date or time is an instant. */
export type Value = null | boolean | string | number | Decimal | Instant

/** Decodes the JSON text between two places. What can't be read as its type is null. */
export type ReadValue = (bytes: Uint8Array, start: number, end: number) => Value

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
const LETTER_N = 0x6e
const LETTER_T = 0x74

/** Numbers may come in quotes (protocol sheet, section 4: how decimals are written is not documented). */
export function readerOf(type: ValueType): ReadValue {
  const read = READERS[type]
  return (bytes, start, end) => (start === end || bytes[start] === LETTER_N ? null : read(bytes, start, end))
}

const READERS: Readonly<Record<ValueType, ReadValue>> = {
  boolean: (bytes, start) => bytes[start] === LETTER_T,
  number: (bytes, start, end) => parseDecimal(bareText(bytes, start, end)) ?? null,
  double: (bytes, start, end) => readDouble(bareText(bytes, start, end)),
  text: readText,
  date: (bytes, start, end) => parseDate(bareText(bytes, start, end)) ?? null,
  time: (bytes, start, end) => parseTime(bareText(bytes, start, end)) ?? null,
  guid: (bytes, start, end) => bareText(bytes, start, end).toLowerCase(),
  binary: readText,
  json: (bytes, start, end) => utf8.decode(bytes.subarray(start, end)),
  null: () => null,
}

/** With or without quotes; for what holds no escapes. */
function bareText(bytes: Uint8Array, start: number, end: number): string {
  const isQuoted = bytes[start] === QUOTE
  const [from, to] = isQuoted ? [start + 1, end - 1] : [start, end]
  let text = ''
  for (let at = from; at < to; at++) text += String.fromCharCode(bytes[at] ?? 0)
  return text
}

/** OData's names of what has no digits (JSON format 4.01, section 7.1). */
const ENDLESS: ReadonlyMap<string, number> = new Map([['INF', Infinity], ['-INF', -Infinity], ['NaN', NaN]])

function readDouble(text: string): number | null {
  const number = text === '' ? NaN : Number(text)
  return Number.isNaN(number) ? ENDLESS.get(text) ?? null : number
}

function readText(bytes: Uint8Array, start: number, end: number): string {
  if (bytes[start] !== QUOTE) return utf8.decode(bytes.subarray(start, end))
  const inside = bytes.subarray(start + 1, end - 1)
  return inside.includes(BACKSLASH) ? JSON.parse(utf8.decode(bytes.subarray(start, end))) as string : utf8.decode(inside)
}

/** The value of a literal; what isn't one of that type is null. */
export function literalValue(type: ValueType, text: string): Value {
  switch (type) {
    case 'boolean': return text === 'true'
    case 'number': return parseDecimal(text) ?? null
    case 'double': return Number(text)
    case 'date': return parseDate(text) ?? null
    case 'time': return parseTime(text) ?? null
    case 'guid': return text.toLowerCase()
    case 'null': return null
    case 'text': case 'binary': case 'json': return text
  }
}

/** Negative, zero or positive. */
export type CompareValues = (a: Value, b: Value) => number

/** Whether a comparison holds, by the order of its sides. */
export const HOLDS: Readonly<Record<Comparison, (order: number) => boolean>> = {
  eq: order => order === 0,
  ne: order => order !== 0,
  gt: order => order > 0,
  ge: order => order >= 0,
  lt: order => order < 0,
  le: order => order <= 0,
}

/** Of two values of that type, neither of them null. False comes before true; text goes by code points. */
export function comparerOf(type: ValueType): CompareValues {
  switch (type) {
    case 'number': return (a, b) => compareDecimals(a as Decimal, b as Decimal)
    case 'double': return (a, b) => compareDoubles(asDouble(a), asDouble(b))
    case 'date': case 'time': return (a, b) => compareInstants(a as Instant, b as Instant)
    case 'boolean': return (a, b) => Number(a) - Number(b)
    default: return (a, b) => compareTexts(a as string, b as string)
  }
}

/** NaN comes first, so that there is an order of all. */
function compareDoubles(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : Number(Number.isNaN(b)) - Number(Number.isNaN(a))
}

/** A number in the way that doubles are worked with. */
export function asDouble(value: Value): number {
  return typeof value === 'object' && value !== null && 'units' in value ? toDouble(value) : Number(value)
}

/** By code points, as the bytes of UTF-8 order them; JavaScript's own order puts U+E000 … U+FFFF behind the emoji. */
export function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [x, y] = [a.charCodeAt(at), b.charCodeAt(at)]
    if (x !== y) return ordered(x) - ordered(y)
  }
  return a.length - b.length
}

/** Halves of surrogate pairs behind all other code units. */
function ordered(unit: number): number {
  return unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}

/** A text that two values of one type have in common just when they are equal. */
export function keyOf(value: Value, type: ValueType): string {
  if (typeof value !== 'object' || value === null) return String(type === 'double' && value === 0 ? 0 : value)
  if ('units' in value) return type === 'double' ? String(toDouble(value)) : canonicalDecimal(value)
  return `${value.ms}:${value.rest}`
}

/** For `restore`. */
export function save(value: Value): string | null {
  if (value === null) return null
  if (typeof value !== 'object') return String(value)
  return 'units' in value ? printDecimal(value) : `${value.ms}:${value.rest}`
}

export function restore(text: string | null, type: ValueType): Value {
  if (text === null) return null
  if (type !== 'date' && type !== 'time') return literalValue(type, text)
  const [ms, rest] = text.split(':')
  return { ms: Number(ms), rest: Number(rest) }
}
