import type { DatabaseSync } from 'node:sqlite'

import type { Column, Schema, Table } from './schema.ts'

/**
 * How any number of rows is kept in little memory: documents and what they own are written once, as a base of a few
 * thousand order lines, and read as often as there are replicas. What must differ from replica to replica (keys and
 * references to them, document numbers, row versions) has a piece of text that the replica puts in. The first replica
 * puts in what the base has. `source.ts` makes the SQL of it.
 */

/** The most order lines of a base: few enough for a start in about a second. */
const BASE_LINES = 4000

/** The database's own table of replicas, with a column for each kind of piece. */
export const REPLICAS = '@replicas'
/** In a table that grows: in how many replicas the row is, counted from the first. */
export const COPIES = '@copies'

/** What differs in a value: the piece from character `start` on, and what the base has there. */
export const PIECES = {
  key: { start: 1, base: '3f2504e0' },
  number: { start: 2, base: '0000' },
  version: { start: 1, base: 'AAAA' },
} as const

/** `replicas` times `lines`, and `rest` more: a line that only the first `rest` replicas have. */
export interface Sizes {
  readonly replicas: number
  readonly lines: number
  readonly rest: number
}

/** What gives exactly `rows` order lines; a schema whose tables don't grow has them all in its base. */
export function sizesOf({ tables }: Pick<Schema, 'tables'>, rows: number): Sizes {
  const grows = [...tables.values()].some(table => table.grows)
  const replicas = grows ? Math.ceil(rows / BASE_LINES) : 1
  return { replicas, lines: Math.floor(rows / replicas), rest: rows % replicas }
}

/** The schema with the tables marked that grow: documents, and whatever they own. */
export function withGrowth(schema: Schema): Schema {
  const growing = growingTables(schema)
  const tables = new Map([...schema.tables.values()].map(table => [table.name, marked(table, growing)]))
  const entities = new Map([...schema.entities.values()].map(entity => {
    const table = tables.get(entity.table.name) ?? entity.table
    return [entity.repository, { ...entity, table }]
  }))
  return { ...schema, tables, entities }
}

function growingTables({ tables }: Schema): ReadonlySet<string> {
  const growing = new Set(['Gen_Documents'])
  const isOwned = ({ columns }: Table) =>
    columns.some(({ reference }) => reference?.owner === true && growing.has(reference.table))
  for (let known = 0; known < growing.size;) {
    known = growing.size
    for (const table of tables.values()) if (isOwned(table)) growing.add(table.name)
  }
  return growing
}

function marked(table: Table, growing: ReadonlySet<string>): Table {
  if (!growing.has(table.name)) return table
  const columns = table.columns.map((column): Column => {
    const { name, type, key, reference } = column
    if (key || (reference && growing.has(reference.table))) return { ...column, varies: 'key' }
    if (/(?:^|_)Document_No$/.test(name)) return { ...column, varies: 'number' }
    return type === 'timestamp' ? { ...column, varies: 'version' } : column
  })
  return { ...table, columns, grows: true }
}

export function createReplicas(database: DatabaseSync): void {
  database.exec(`CREATE TABLE "${REPLICAS}" (n INTEGER PRIMARY KEY, key TEXT, number TEXT, version TEXT) STRICT`)
}

export function writeReplicas(database: DatabaseSync, count: number): void {
  const insert = database.prepare(`INSERT INTO "${REPLICAS}" VALUES (?, ?, ?, ?)`)
  const first = Number.parseInt(PIECES.key.base, 16)
  for (let n = 0; n < count; n += 1) {
    // An odd factor: no two replicas have the same, and neighbours don't look alike.
    const key = (first + Math.imul(n, 0x9e37_79b1)) >>> 0
    const version = Buffer.from([n >> 16, n >> 8, n]).toString('base64')
    insert.run(n, key.toString(16).padStart(8, '0'), String(n).padStart(4, '0'), version)
  }
}
