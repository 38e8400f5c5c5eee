import type { CellValue, ResultColumn, ResultSnapshot, RunStats } from './result.ts'

/** Types whose digits stay as they are written. */
const EXACT: ReadonlySet<string> = new Set(['Edm.Decimal', 'Edm.Int64'])

/** What `erpnet.query.run` gives. */
export interface PublishedResult {
  readonly columns: readonly { readonly name: string, readonly type: string }[]
  /** By column name. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly stats: RunStats
  /** The setting at whose number of rows the result ends, though there may be more of them. */
  readonly partial?: 'erpnet.query.defaultTop' | 'erpnet.query.maxRows'
}

export function published({ columns, rows, stats, limit, stoppedAt }: ResultSnapshot): PublishedResult {
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: rows.map(row => Object.fromEntries(columns.map((column, index): [string, unknown] => [column.name, publishedValue(row[index] ?? null, column)]))),
    stats,
    ...(limit === undefined ? {} : { partial: 'erpnet.query.defaultTop' }),
    ...(stoppedAt === undefined ? {} : { partial: 'erpnet.query.maxRows' }),
  }
}

function publishedValue(value: CellValue, { columns }: ResultColumn): unknown {
  return columns === undefined || typeof value !== 'string' ? value : nestedValue(value, columns)
}

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
