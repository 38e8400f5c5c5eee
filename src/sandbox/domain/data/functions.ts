import type { DatabaseSync } from 'node:sqlite'

import { compareDecimals } from '../../data/database.ts'
import { addDecimals } from './decimals.ts'

/** What the SQL of the Domain API needs beyond SQLite's own: exact decimals, and text as people compare it. */
export function defineFunctions(database: DatabaseSync): void {
  database.function('text_match', { deterministic: true }, (text, part, how) =>
    typeof text === 'string' && typeof part === 'string' ? Number(matches(text, part, String(how))) : null)
  database.function('language_match', { deterministic: true }, (text, part) => {
    if (typeof text !== 'string' || typeof part !== 'string') return null
    return Number(languagesOf(text).some(([, value]) => matches(value, part, 'contains')))
  })
  // One that is over no values at all is null.
  aggregate(database, 'decimal_sum', addDecimals)
  aggregate(database, 'decimal_min', (best, value) => (compareDecimals(value, best) < 0 ? value : best))
  aggregate(database, 'decimal_max', (best, value) => (compareDecimals(value, best) > 0 ? value : best))
}

function aggregate(database: DatabaseSync, name: string, join: (soFar: string, value: string) => string): void {
  database.aggregate(name, {
    start: null,
    step: (soFar, value) =>
      typeof value !== 'string' ? soFar : typeof soFar === 'string' ? join(soFar, value) : value,
  })
}

/** The languages of a multilanguage value, as `['EN', 'Desk']`; one that isn't encoded counts as English. */
export function languagesOf(text: string): readonly (readonly [language: string, value: string])[] {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) {
      return Object.entries(value).map(([language, words]) => [language, String(words)])
    }
  } catch { /* not encoded */ }
  return [['EN', text]]
}

function matches(text: string, part: string, how: string): boolean {
  const [whole, piece] = [text.toLowerCase(), part.toLowerCase()]
  if (how === 'startswith') return whole.startsWith(piece)
  return how === 'endswith' ? whole.endsWith(piece) : whole.includes(piece)
}
