import { DatabaseSync } from 'node:sqlite'

import { COPIES, createReplicas } from './replicas.ts'
import { tablesOf, type Column, type Schema, type Table } from './schema.ts'

/** A value as the database keeps it; `bit` as 0 and 1, decimals, dates, GUIDs and base64 as text. */
export type Value = string | number | bigint | null
export type Row = Readonly<Record<string, Value>>

/**
 * An empty database in memory with the schema's tables. Decimals are text, so that every digit stays;
 * `decimal_compare` orders them, `sql_like` matches as SQL does, without case in every script.
 */
export function openDatabase(schema: Schema): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.function('decimal_compare', { deterministic: true }, (a, b) =>
    typeof a === 'string' && typeof b === 'string' ? compareDecimals(a, b) : null)
  database.function('sql_like', { deterministic: true }, (text, pattern) =>
    typeof text === 'string' && typeof pattern === 'string' ? Number(likeExpression(pattern).test(text)) : null)
  for (const table of tablesOf(schema)) {
    const columns = table.columns.map(
      column => `"${column.name}" ${storage(column)}${column.nullable ? '' : ' NOT NULL'}`,
    )
    if (table.grows === true) columns.push(`"${COPIES}" INTEGER NOT NULL`)
    database.exec(`CREATE TABLE "${table.name}" (${columns.join(', ')}) STRICT`)
  }
  createReplicas(database)
  return database
}

/** Indexes for keys and owners, made when all rows are there: filters follow references by them, lists their rows. */
export function indexKeys(database: DatabaseSync, schema: Schema): void {
  const index = (unique: string, table: string, end: string, columns: readonly Column[]) => columns.length === 0 ? ''
    : `CREATE ${unique} INDEX "${table}_${end}" ON "${table}" (${columns.map(({ name }) => `"${name}"`).join(', ')});`
  const statements = [...tablesOf(schema)].flatMap(({ name, columns }) => [
    index('UNIQUE', name, 'Key', columns.filter(({ key }) => key)),
    ...columns.filter(({ reference }) => reference?.owner).map(column => index('', name, column.name, [column])),
  ])
  database.exec(`BEGIN; ${statements.join(' ')} COMMIT;`)
}

/** Writes rows of one table; what a row doesn't name is null. */
export class TableWriter {
  readonly #insert: ReturnType<DatabaseSync['prepare']>
  readonly #names: readonly string[]
  readonly #known: ReadonlySet<string>
  readonly #table: string
  /** Where `Row_Version` stands, or -1. */
  readonly #versionAt: number
  readonly #grows: boolean
  readonly #version = Buffer.alloc(8)

  constructor(database: DatabaseSync, table: Table) {
    this.#names = table.columns.map(({ name }) => name)
    this.#known = new Set(this.#names)
    this.#table = table.name
    this.#grows = table.grows === true
    this.#versionAt = this.#names.indexOf('Row_Version')
    const places = [...this.#names, ...(this.#grows ? [COPIES] : [])].map(() => '?')
    this.#insert = database.prepare(`INSERT INTO "${table.name}" VALUES (${places.join(', ')})`)
  }

  /**
   * @param copies in how many replicas the row is, where the table grows
   * @throws Error when the row names a column that isn't there, or lacks one that must not be null
   */
  write(row: Row, copies = 1): void {
    for (const name in row) if (!this.#known.has(name)) throw new Error(`no column ${name} in ${this.#table}`)
    this.writeValues(this.#names.map(name => row[name] ?? null), copies)
  }

  /** @param values one for each column, in their order; a null `Row_Version` is given the next one */
  writeValues(values: Value[], copies = 1): void {
    const at = this.#versionAt
    if (at !== -1) values[at] ??= this.#nextVersion()
    if (this.#grows) values.push(copies)
    this.#insert.run(...values)
  }

  /** Eight bytes in base64, as SQL Server's `timestamp`. */
  #nextVersion(): string {
    this.#version.writeUInt32BE(this.#version.readUInt32BE(4) + 1, 4)
    return this.#version.toString('base64')
  }
}

/** Negative, zero or positive, as `a` is less than, equal to or greater than `b`; any number of digits. */
export function compareDecimals(a: string, b: string): number {
  if (a.length < 15 && b.length < 15) return Number(a) - Number(b)
  const [wholeA = '', fractionA = ''] = a.split('.')
  const [wholeB = '', fractionB = ''] = b.split('.')
  const digits = Math.max(fractionA.length, fractionB.length)
  const difference = BigInt(wholeA + fractionA.padEnd(digits, '0')) - BigInt(wholeB + fractionB.padEnd(digits, '0'))
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

const likeExpressions = new Map<string, RegExp>()

function likeExpression(pattern: string): RegExp {
  const known = likeExpressions.get(pattern)
  if (known) return known
  const source = pattern.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.')
  const expression = new RegExp(`^${source}$`, 'isu')
  likeExpressions.clear()
  likeExpressions.set(pattern, expression)
  return expression
}

function storage({ type }: Column): string {
  switch (type) {
    case 'bit': case 'int': case 'smallint': case 'tinyint': case 'bigint': return 'INTEGER'
    case 'float': return 'REAL'
    default: return 'TEXT'
  }
}
