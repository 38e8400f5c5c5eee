import type { ResultColumn } from './result.ts'

/** Types whose digits stay as they are written. */
const EXACT: ReadonlySet<string> = new Set(['Edm.Decimal', 'Edm.Int64'])

/**
 * What an expanded reference leads to, as an object: decimals and 64-bit integers as strings, as in `CellValue`.
 *
 * @param text JSON, as a cell holds it
 */
export function nestedValue(text: string, columns: readonly ResultColumn[]): unknown {
  const exact: unknown = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? new Digits(context?.source ?? String(value)) : value)
  return converted(exact, { name: '', type: '', columns })
}

/** A number as it is written. */
class Digits {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

function converted(value: unknown, column: ResultColumn | undefined): unknown {
  if (value instanceof Digits) return EXACT.has(column?.type ?? '') ? value.text : Number(value.text)
  if (Array.isArray(value)) return value.map(item => converted(item, column))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]): [string, unknown] =>
    [name, converted(member, column?.columns?.find(candidate => candidate.name === name))]))
}
