import { referencedColumn, type Column, type Table } from './schema.ts'

/**
 * One table in a statement's FROM. All SQL of the two APIs reads rows through these functions, so that how a table is
 * kept is known here alone.
 */
export interface Source {
  readonly table: Table
  /** Its name in the statement, e.g. `t`. */
  readonly alias: string
}

/** `"Gen_Documents" t`, to stand after FROM. */
export function fromSql({ table, alias }: Source): string {
  return `"${table.name}" ${alias}`
}

/** The value of a column: `t."Document_No"`. */
export function valueSql({ alias }: Source, { name }: Column): string {
  return `${alias}."${name}"`
}

/** The row that a reference column leads to, or none: ` LEFT JOIN "Gen_Documents" r0 ON r0."Id" = t."Document_Id"`. */
export function referenceJoin(from: Source, column: Column, target: Source): string {
  const key = referencedColumn(column, target.table.columns)
  if (!key) throw new Error(`${target.table.name} has no key for ${column.name}`)
  return ` LEFT JOIN ${fromSql(target)} ON ${valueSql(target, key)} = ${valueSql(from, column)}`
}
