import type { DatabaseSync } from 'node:sqlite'

import { COPIES, PIECES, REPLICAS } from './replicas.ts'
import { referencedColumn, type Column, type Table, type Varying } from './schema.ts'

/**
 * One table in a statement's FROM. All SQL of the two APIs reads rows through these functions, so that how a table is
 * kept (`replicas.ts`) is known here alone.
 */
export interface Source {
  readonly table: Table
  /** Its name in the statement, e.g. `t`; that of its replica is made of it. */
  readonly alias: string
}

/** `"Gen_Currencies" t`, to stand after FROM; a table that grows with its replicas before it. */
export function fromSql({ table, alias }: Source): string {
  const rows = `"${table.name}" ${alias}`
  if (table.grows !== true) return rows
  const replica = replicaOf(alias)
  return `"${REPLICAS}" ${replica} CROSS JOIN ${rows} ON ${replica}.n < ${alias}."${COPIES}"`
}

/** The value of a column: `t."Document_Date"`, or what the replica makes of it. */
export function valueSql({ alias }: Source, { name, varies }: Column): string {
  const value = `${alias}."${name}"`
  return varies === undefined ? value : withPiece(value, varies, `${replicaOf(alias)}.${varies}`)
}

/** That a column has the value of one `?`; for what varies with the replica so that indexes find it. */
export function keyEquals(source: Source, column: Column, placeholder: string): string {
  const { name, varies } = column
  if (varies === undefined) return `${valueSql(source, column)} = ${placeholder}`
  const { start, base } = PIECES[varies]
  return `(${replicaOf(source.alias)}.${varies}, ${source.alias}."${name}") = `
    + `(SELECT substr(v, ${start}, ${base.length}), ${withPiece('v', varies, `'${base}'`)} `
    + `FROM (SELECT ${placeholder} AS v))`
}

/** The row that a reference column leads to, or none: ` LEFT JOIN "Gen_Parties" r0 ON r0."Id" = t."Party_Id"`. */
export function referenceJoin(from: Source, column: Column, target: Source): string {
  const { table, alias } = target
  const key = referencedColumn(column, table.columns)
  if (!key) throw new Error(`${table.name} has no key for ${column.name}`)
  return `${replicaJoin(from, column, target)} LEFT JOIN "${table.name}" ${alias} `
    + `ON ${alias}."${key.name}" = ${from.alias}."${column.name}"`
}

/** What varies leads to its own replica, anything else to the first. */
function replicaJoin(from: Source, { varies }: Column, { table, alias }: Source): string {
  if (table.grows !== true) return ''
  const n = varies !== undefined ? `${replicaOf(from.alias)}.n` : '0'
  return ` LEFT JOIN "${REPLICAS}" ${replicaOf(alias)} ON ${replicaOf(alias)}.n = ${n}`
}

/** What to order by, so that rows come as they were written, whatever else is asked of them: `t.rowid`. */
export function writtenOrder({ table, alias }: Source): string {
  return table.grows === true ? `${replicaOf(alias)}.n, ${alias}.rowid` : `${alias}.rowid`
}

/** That a row is of one replica, whose number is a `?`; undefined for a table that doesn't grow. */
export function replicaEquals({ table, alias }: Source, placeholder: string): string | undefined {
  return table.grows === true ? `${replicaOf(alias)}.n = ${placeholder}` : undefined
}

export function countReplicas(database: DatabaseSync): number {
  return readCount(database, `COUNT(*) FROM "${REPLICAS}"`)
}

/** How many rows a table has, told without reading them all. */
export function countRows(database: DatabaseSync, { name, grows }: Table): number {
  return readCount(database, `${grows === true ? `SUM("${COPIES}")` : 'COUNT(*)'} FROM "${name}"`)
}

function readCount(database: DatabaseSync, sql: string): number {
  return Number(Object.values(database.prepare(`SELECT ${sql}`).get() ?? {})[0])
}

function withPiece(value: string, varies: Varying, piece: string): string {
  const { start, base } = PIECES[varies]
  const before = start === 1 ? '' : `substr(${value}, 1, ${start - 1}) || `
  return `${before}${piece} || substr(${value}, ${start + base.length})`
}

function replicaOf(alias: string): string {
  return `${alias}_replica`
}
