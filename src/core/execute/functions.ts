import { ceiling, type Decimal, floor, round } from '../base/decimal.ts'
import { type Instant, startOfDay, timeOfDay } from '../base/instant.ts'
import type { FunctionName } from '../query/types.ts'
import { type Value } from './values.ts'

/**
 * What OData's functions do (4.01, part 2, section 5.1.1.7 to 5.1.1.11); with a null among the arguments they give
 * null.
 */
export const FUNCTION_VALUES: Readonly<Partial<Record<string, (...args: never[]) => Value>>> = {
  contains: (text: string, part: string) => text.includes(part),
  startswith: (text: string, part: string) => text.startsWith(part),
  endswith: (text: string, part: string) => text.endsWith(part),
  // of UTF-16, as .NET and SQL Server count
  length: (text: string) => whole(text.length),
  indexof: (text: string, part: string) => whole(text.indexOf(part)),
  substring,
  tolower: (text: string) => text.toLowerCase(),
  toupper: (text: string) => text.toUpperCase(),
  trim: (text: string) => text.trim(),
  concat: (a: string, b: string) => a + b,
  year: (date: Instant) => whole(new Date(date.ms).getUTCFullYear()),
  month: (date: Instant) => whole(new Date(date.ms).getUTCMonth() + 1),
  day: (date: Instant) => whole(new Date(date.ms).getUTCDate()),
  hour: (date: Instant) => whole(new Date(date.ms).getUTCHours()),
  minute: (date: Instant) => whole(new Date(date.ms).getUTCMinutes()),
  second: (date: Instant) => whole(new Date(date.ms).getUTCSeconds()),
  date: startOfDay,
  time: timeOfDay,
  round: (value: Decimal | number) => (typeof value === 'number' ? Math.sign(value) * Math.round(Math.abs(value)) : round(value, 0)),
  floor: (value: Decimal | number) => (typeof value === 'number' ? Math.floor(value) : floor(value)),
  ceiling: (value: Decimal | number) => (typeof value === 'number' ? Math.ceil(value) : ceiling(value)),
} satisfies Readonly<Record<Exclude<FunctionName, 'now'>, (...args: never[]) => Value>>

function whole(value: number): Decimal {
  return { units: BigInt(value), scale: 0 }
}

/** From the first character on where the start is below zero. */
function substring(text: string, start: Decimal, length?: Decimal): string {
  const from = Math.max(0, index(start))
  return length === undefined ? text.slice(from) : text.slice(from, from + Math.max(0, index(length)))
}

function index(value: Decimal): number {
  return Number(floor(value).units)
}

/** SQL's `like`: `%` is any text, `_` any character, the case of letters doesn't matter. */
export function likeMatcher(pattern: string): (text: string) => boolean {
  const folded = fold(pattern)
  return text => isLike(fold(text), folded)
}

/** In lower case, but each character stays one: İ as it is (its lower case is two), and ς as any sigma. */
function fold(text: string): string {
  return text.replace(/[^İ]+/g, part => part.toLowerCase()).replaceAll('ς', 'σ')
}

const PERCENT = 0x25
const UNDERSCORE = 0x5f

/** Only the last `%` that was met ever has to take more: what comes before it fits as early as it can. */
function isLike(text: string, pattern: string): boolean {
  let [at, of] = [0, 0]
  let [taken, behind] = [0, 0]
  while (at < text.length) {
    const wanted = pattern.charCodeAt(of)
    if (wanted === PERCENT) {
      behind = ++of
      taken = at
    } else if (wanted === UNDERSCORE) {
      of++
      at += widthAt(text, at)
    } else if (wanted === text.charCodeAt(at)) {
      of++
      at++
    } else if (behind > 0) {
      of = behind
      at = ++taken
    } else return false
  }
  while (pattern.charCodeAt(of) === PERCENT) of++
  return of === pattern.length
}

/** UTF-16 units of a character. */
function widthAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
