import { type CellValue, Nested, type ResultColumn, type ResultSnapshot, type RunStats } from './result.ts'
import { numberOf } from './rowReader.ts'

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
  if (!(value instanceof Nested)) return value
  try {
    return nestedValue(value.json, columns)
  } catch {
    return value.json // it is no JSON, or too deep for the stack
  }
}

/** What an expanded reference leads to, or another object or list, with numbers as in `CellValue`. */
export function nestedValue(json: string, columns: readonly ResultColumn[] = []): unknown {
  const exact: unknown = JSON.parse(json, (_key, value: unknown, context?: { source?: string }) =>
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
  if (value instanceof Digits) return numberOf(value.text, column?.type)
  if (Array.isArray(value)) return value.map(item => converted(item, column))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]): [string, unknown] =>
    [name, converted(member, column?.columns?.find(candidate => candidate.name === name))]))
}
