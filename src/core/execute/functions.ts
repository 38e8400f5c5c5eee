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

/** From the first character on where the start is below zero. Half of a character is U+FFFD, as in bytes. */
function substring(text: string, start: Decimal, length?: Decimal): string {
  const from = Math.max(0, index(start))
  const to = length === undefined ? text.length : from + Math.max(0, index(length))
  return text.slice(from, to).toWellFormed()
}

function index(value: Decimal): number {
  return Number(floor(value).units)
}

/**
 * SQL's `like`: `%` is any text, `_` any character, the case of letters doesn't matter. What stands between the `%` is
 * found piece by piece, each where it comes first: the time grows with the text, not with the ways to share it out.
 */
export function likePattern(pattern: string): (text: string) => boolean {
  const pieces = pattern.split(/%+/)
  const found = pieces.map((piece, index) => {
    const source = piece.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('_', '.')
    return new RegExp(`${index === 0 ? '^' : ''}${source}${index === pieces.length - 1 ? '$' : ''}`, 'gisu')
  })
  return text => {
    let from = 0
    return found.every(piece => {
      piece.lastIndex = from
      const isThere = piece.test(text)
      from = piece.lastIndex
      return isThere
    })
  }
}
