import type { Value } from '../data/database.ts'
import type { Column, Schema, Table } from '../data/schema.ts'
import { fromSql, replicaEquals, valueSql, type Source } from '../data/source.ts'
import { Problem } from '../http.ts'
import { FilterError, parseFilter } from './filter.ts'
import { toWhere } from './where.ts'

/**
 * A Table API query as SQL that gives the next rows of the answer in one: how many they are, all of them as JSON in
 * UTF-8 with a comma before each, and the place of the last in its table. Its first `?` is for the number of a replica
 * where the table grows, the next for the place after which to go on; its last for the most rows that are wanted.
 */
export interface TableQuery {
  readonly sql: string
  /** For the `?` between those. */
  readonly values: readonly Value[]
  readonly byReplica: boolean
  /** The most rows of the answer. */
  readonly top: number
  /** What `$select` chose, for `@odata.context`. */
  readonly selected: readonly string[] | undefined
}

/**
 * Reads `$select`, `$filter` and `$top`, and nothing else.
 * @throws Problem 500 in ERP.net's form for every other option, name or value
 */
export function readTableQuery(
  schema: Schema, table: Table, options: URLSearchParams, style: JsonStyle,
): TableQuery {
  for (const name of new Set(options.keys())) {
    if (!['$select', '$filter', '$top'].includes(name)) throw refused(`The query option '${name}' is not supported.`)
    if (options.getAll(name).length > 1) throw refused(`The query option '${name}' is given more than once.`)
  }
  const selected = readSelect(table, options.get('$select') ?? '')
  const source = { table, alias: 't' }
  const filter = readFilter(schema, source, options.get('$filter'))
  const replica = replicaEquals(source, '?')
  const conditions = [replica, `${source.alias}.rowid > ?`, filter && `(${filter.sql})`]
  const row = rowText(source, selected ?? table.columns, style)
  return {
    sql: `SELECT COUNT(*), CAST(group_concat(json, '') AS BLOB), MAX(place) FROM (SELECT ${row} AS json, `
      + `${source.alias}.rowid AS place FROM ${fromSql(source)}${filter?.joins ?? ''} `
      + `WHERE ${conditions.flatMap(condition => condition ?? []).join(' AND ')} ORDER BY place LIMIT ?)`,
    values: filter?.values ?? [],
    byReplica: replica !== undefined,
    top: readTop(options.get('$top')) ?? Number.MAX_SAFE_INTEGER,
    selected: selected?.map(({ name }) => name),
  }
}

function readSelect(table: Table, text: string): readonly Column[] | undefined {
  // An empty `$select=` means all columns (protocol sheet, section 4).
  if (text.trim() === '') return undefined
  const names = new Set(text.split(',').map(name => name.trim()))
  return [...names].map(name => {
    const column = table.columns.find(candidate => candidate.name === name)
    if (!column) throw refused(`Could not find a property named '${name}' on type 'Erp.${table.name}'.`)
    return column
  })
}

function readFilter(schema: Schema, source: Source, text: string | null) {
  if (text === null || text.trim() === '') return undefined
  try {
    return toWhere(schema, source, parseFilter(text))
  } catch (error) {
    throw error instanceof FilterError ? refused(error.message) : error
  }
}

function readTop(text: string | null): number | undefined {
  if (text === null) return undefined
  const top = Number(text)
  if (!/^\d+$/.test(text) || top > 2_147_483_647) throw refused(`Invalid value '${text}' for the query option '$top'.`)
  return top
}

/** How values are written where ERP.net's documents leave it open. */
export interface JsonStyle {
  readonly decimalsAsStrings: boolean
  /** `time` as Edm.Duration, `PT09H30M00S`, and not as Edm.TimeOfDay. */
  readonly timeAsDuration: boolean
}

/**
 * The database writes the JSON itself, and as bytes: decimals and 64-bit integers keep every digit, and rows come
 * fast, for no text is made of them on their way.
 */
function rowText(source: Source, columns: readonly Column[], style: JsonStyle): string {
  const parts = columns.map((column, index) =>
    `'${index === 0 ? ',{' : ','}"${column.name}":', ${valueText(valueSql(source, column), column, style)}`)
  return `concat(${parts.join(', ')}, '}')`
}

function valueText(value: string, { type, nullable }: Column, style: JsonStyle): string {
  const orNull = (text: string) => nullable ? `ifnull(${text}, 'null')` : text
  switch (type) {
    case 'bit':
      return `CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END`
    case 'decimal': case 'bigint':
      return orNull(style.decimalsAsStrings ? quoted(value) : value)
    case 'int': case 'smallint': case 'tinyint':
      return orNull(value)
    case 'time':
      return orNull(quoted(style.timeAsDuration ? `strftime('PT%HH%MM%SS', ${value})` : value))
    case 'uniqueidentifier': case 'date': case 'datetime': case 'varbinary': case 'timestamp':
      return orNull(quoted(value))
    case 'nvarchar': case 'char': case 'float':
      return `json_quote(${value})`
  }
}

/** For what holds nothing that JSON escapes. */
function quoted(value: string): string {
  return `'"' || ${value} || '"'`
}

function refused(message: string): Problem {
  return new Problem(500, 'ODataException', message)
}
