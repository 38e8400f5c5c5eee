import type { Value } from '../data/database.ts'
import type { Column, Schema, Table } from '../data/schema.ts'
import { fromSql, valueSql, type Source } from '../data/source.ts'
import { Problem } from '../http.ts'
import { FilterError, parseFilter } from './filter.ts'
import { toWhere } from './where.ts'

/** A Table API query as SQL: each row of its result is the JSON text of one row of the answer. */
export interface TableQuery {
  readonly sql: string
  readonly values: readonly Value[]
  /** What `$select` chose, for `@odata.context`. */
  readonly selected: readonly string[] | undefined
}

/**
 * Reads `$select`, `$filter` and `$top`, and nothing else.
 * @throws Problem 500 in ERP.net's form for every other option, name or value
 */
export function readTableQuery(
  schema: Schema, table: Table, options: URLSearchParams, decimalsAsStrings: boolean,
): TableQuery {
  for (const name of new Set(options.keys())) {
    if (!['$select', '$filter', '$top'].includes(name)) throw refused(`The query option '${name}' is not supported.`)
    if (options.getAll(name).length > 1) throw refused(`The query option '${name}' is given more than once.`)
  }
  const selected = readSelect(table, options.get('$select') ?? '')
  const source = { table, alias: 't' }
  const filter = readFilter(schema, source, options.get('$filter'))
  const top = readTop(options.get('$top'))
  const limit = top === undefined ? '' : ` LIMIT ${top}`
  const row = rowText(source, selected ?? table.columns, decimalsAsStrings)
  return {
    sql: `SELECT ${row} FROM ${fromSql(source)}${filter?.joins ?? ''}${filter ? ` WHERE ${filter.sql}` : ''}${limit}`,
    values: filter?.values ?? [],
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

/** The database writes the JSON itself: decimals and 64-bit integers keep every digit, and rows come fast. */
function rowText(source: Source, columns: readonly Column[], decimalsAsStrings: boolean): string {
  const parts = columns.map((column, index) => {
    const start = `${index === 0 ? '{' : ','}"${column.name}":`
    return `'${start}' || ${valueText(valueSql(source, column), column.type, decimalsAsStrings)}`
  })
  return `${parts.join(' || ')} || '}'`
}

function valueText(value: string, type: Column['type'], decimalsAsStrings: boolean): string {
  if (type === 'bit') return `CASE ${value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END`
  if (type === 'decimal' && !decimalsAsStrings) return `ifnull(${value}, 'null')`
  if (type === 'bigint' && decimalsAsStrings) return `json_quote(CAST(${value} AS TEXT))`
  return `json_quote(${value})`
}

function refused(message: string): Problem {
  return new Problem(500, 'ODataException', message)
}
