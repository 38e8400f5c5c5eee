import { printDecimal } from '../base/decimal.ts'
import { printDate, printDuration, printTime } from '../base/instant.ts'
import type { ValueType } from '../query/types.ts'
import type { Value } from './values.ts'

/** A value as JSON, as the APIs write such values. */
export function jsonOf(value: Value, { type, edm }: { readonly type: ValueType; readonly edm: string }): string {
  if (value === null) return 'null'
  if (typeof value === 'object') {
    if ('units' in value) return printDecimal(value)
    const print = type === 'date' ? printDate : edm === 'Edm.Duration' ? printDuration : printTime
    return `"${print(value)}"`
  }
  if (typeof value === 'number') return doubleJson(value)
  return typeof value === 'string' && type !== 'json' ? JSON.stringify(value) : String(value)
}

/** The shortest text that is read as the same double; in quotes what has no digits, as OData writes it. */
function doubleJson(value: number): string {
  if (Number.isFinite(value)) return String(value)
  return Number.isNaN(value) ? '"NaN"' : value > 0 ? '"INF"' : '"-INF"'
}
