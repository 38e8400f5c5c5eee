import { parseDate, parseTime } from '../base/instant.ts'
import type { LiteralForm } from './expression.ts'

const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i

/** What a word is a literal of; undefined for names. */
export function literalForm(word: string): LiteralForm | undefined {
  if (word === 'null') return 'null'
  if (word === 'true' || word === 'false') return 'boolean'
  if (NUMBER.test(word)) return 'number'
  if (GUID.test(word)) return 'guid'
  if (!/^\d/.test(word)) return undefined
  if (parseDate(word) !== undefined) return 'date'
  return parseTime(word) === undefined ? undefined : 'time'
}

/** `2026-01-01` and `2026-01-01Z` begin at midnight. */
export function midnight(date: string): string {
  return `${date.slice(0, 10)}T00:00:00${date.slice(10) === '' ? 'Z' : date.slice(10)}`
}

/** What stands in the quotes. */
export function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll('\'\'', '\'')
}
