import { DatabaseSync } from 'node:sqlite'

import type { Column, Table } from '../../../src/core/model/table.ts'

/** A value as the oracle's database keeps it: all but texts, whole numbers up to 32 bits and doubles as it was written. */
export type Stored = string | number | null
export type ExactRow = Readonly<Record<string, string | number | boolean | null>>

/**
 * A database with the rows of some tables and functions for what SQLite hasn't got: exact decimals, the length of
 * texts, SQL's `like`. It shares nothing with what it judges.
 */
export function openOracle(tables: readonly Table[], rowsOf: (table: Table) => readonly ExactRow[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  addFunctions(database)
  for (const table of tables) {
    database.exec(`CREATE TABLE "${table.name}" (${table.columns.map(column => `"${column.name}" ${storage(column)}`).join(', ')})`)
    const insert = database.prepare(`INSERT INTO "${table.name}" VALUES (${table.columns.map(() => '?').join(', ')})`)
    for (const row of rowsOf(table)) insert.run(...table.columns.map(column => stored(row[column.name] ?? null)))
    const [key] = table.key
    if (key !== undefined) database.exec(`CREATE INDEX "${table.name}_key" ON "${table.name}" ("${key}")`)
  }
  return database
}

function storage({ type }: Column): string {
  if (/^Edm\.(?:Boolean|Byte|Int16|Int32)$/.test(type)) return 'INTEGER'
  return type === 'Edm.Double' ? 'REAL' : 'TEXT'
}

function stored(value: string | number | boolean | null): Stored {
  return typeof value === 'boolean' ? Number(value) : value
}

/** Decimals are texts; Edm.Int64 too, since it goes beyond what a number holds. */
function addFunctions(database: DatabaseSync): void {
  const of = (name: string, act: (...values: (string | number)[]) => string | number): void => {
    database.function(name, { deterministic: true, varargs: true }, (...values) =>
      values.some(value => value === null) ? null : act(...values as (string | number)[]))
  }
  of('dec_cmp', (a, b) => compareText(String(a), String(b)))
  of('dec_add', (a, b) => digits(aligned(a, b, (x, y) => x + y)))
  of('dec_sub', (a, b) => digits(aligned(a, b, (x, y) => x - y)))
  of('dec_mul', (a, b) => {
    const [x, y] = [fraction(String(a)), fraction(String(b))]
    return digits([x[0] * y[0], x[1] + y[1]])
  })
  of('dec_norm', a => digits(fraction(String(a))))
  of('dec_round', (a, places) => rounded(fraction(String(a)), Number(places)))
  of('dec_floor', a => floor(fraction(String(a))))
  of('dec_ceiling', a => negative(floor(fraction(negative(String(a))))))
  of('dec_avg', (sum, count, places) => {
    const [units, scale] = fraction(String(sum))
    return ratio(units * 10n ** BigInt(Number(places)), BigInt(count) * 10n ** BigInt(scale), Number(places))
  })
  // orders as text does
  of('dec_key', a => {
    const [units, scale] = fraction(String(a))
    return String((10n ** 45n) + units * 10n ** BigInt(12 - scale)).padStart(60, '0')
  })
  of('text_length', text => String(text).length)
  of('text_index', (text, part) => String(text).indexOf(String(part)))
  of('text_sub', (text, from, length) => String(text).substring(Number(from), Number(from) + Number(length)))
  of('text_lower', text => String(text).toLowerCase())
  of('text_upper', text => String(text).toUpperCase())
  of('text_trim', text => String(text).trim())
  of('text_like', (text, pattern) => Number(isLike(lower(text), lower(pattern))))
  database.aggregate('dec_sum', {
    start: '',
    step: (sum: string, value) => (value === null ? sum : digits(aligned(sum === '' ? '0' : sum, String(value as Stored), (x, y) => x + y))),
    result: (sum: string) => (sum === '' ? null : sum),
  })
  for (const [name, sign] of [['dec_min', -1], ['dec_max', 1]] as const) {
    database.aggregate(name, {
      start: '',
      step: (best: string, value) => (value === null || (best !== '' && compareText(String(value as Stored), best) * sign <= 0) ? best : String(value as Stored)),
      result: (best: string) => (best === '' ? null : digits(fraction(best))),
    })
  }
}

/** `-1.50` is -150 and 2 digits of fraction. */
function fraction(text: string): [units: bigint, scale: number] {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? []
  return [BigInt(`${sign}${whole}${part}`), part.length]
}

function aligned(a: string | number, b: string | number, act: (x: bigint, y: bigint) => bigint): [bigint, number] {
  const [x, y] = [fraction(String(a)), fraction(String(b))]
  const scale = Math.max(x[1], y[1])
  return [act(x[0] * 10n ** BigInt(scale - x[1]), y[0] * 10n ** BigInt(scale - y[1])), scale]
}

/** Without zeros at the end. */
function digits([units, scale]: [bigint, number]): string {
  const text = String(units < 0n ? -units : units).padStart(scale + 1, '0')
  const whole = text.slice(0, text.length - scale)
  const part = text.slice(text.length - scale).replace(/0+$/, '')
  const number = part === '' ? whole : `${whole}.${part}`
  return units < 0n ? `-${number}` : number
}

function compareText(a: string, b: string): number {
  const [difference] = aligned(a, b, (x, y) => x - y)
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

/** Half away from zero: half a unit is added to what it is without its sign, and the rest is cut off. */
function rounded([units, scale]: [bigint, number], places: number): string {
  if (scale <= places) return digits([units, scale])
  const unit = 10n ** BigInt(scale - places)
  const size = (units < 0n ? -units : units) + unit / 2n
  return digits([(units < 0n ? -1n : 1n) * (size / unit), places])
}

/** A number of units of so many places, the nearest one, half away from zero. */
function ratio(over: bigint, under: bigint, places: number): string {
  const nearest = (2n * (over < 0n ? -over : over) + under) / (2n * under)
  return digits([over < 0n ? -nearest : nearest, places])
}

function floor([units, scale]: [bigint, number]): string {
  const unit = 10n ** BigInt(scale)
  return String((units - ((units % unit) + unit) % unit) / unit)
}

function negative(text: string): string {
  return text === '0' ? '0' : text.startsWith('-') ? text.slice(1) : `-${text}`
}

/** Its characters, in lower case. */
export function lower(text: string | number): string[] {
  return Array.from(String(text).toLowerCase())
}

/** Character by character, without regular expressions. */
export function isLike(text: readonly string[], pattern: readonly string[], at = 0, of = 0): boolean {
  for (; of < pattern.length; of++, at++) {
    if (pattern[of] === '%') {
      for (let rest = at; rest <= text.length; rest++) if (isLike(text, pattern, rest, of + 1)) return true
      return false
    }
    if (at >= text.length || (pattern[of] !== '_' && pattern[of] !== text[at])) return false
  }
  return at === text.length
}
