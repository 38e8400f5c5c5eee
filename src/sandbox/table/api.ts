import type { DatabaseSync } from 'node:sqlite'

import type { Schema, Table } from '../data/schema.ts'
import { Problem, sendJson, sendText, type Exchange } from '../http.ts'
import type { Monitor } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'
import { tableMetadata } from './metadata.ts'
import { readTableQuery } from './query.ts'
import { streamRows } from './stream.ts'
import type { Turns } from './turns.ts'

export interface TableApiParts {
  readonly schema: Schema
  readonly database: DatabaseSync
  readonly quirks: Quirks
  readonly monitor: Monitor
  readonly turns: Turns
  /** `…/tableapi/odata/` */
  readonly root: string
}

/** The Table API (protocol sheet, section 4): service document, `$metadata`, and tables that stream. */
export class TableApi {
  readonly #parts: TableApiParts
  #metadata: string | undefined

  constructor(parts: TableApiParts) {
    this.#parts = parts
  }

  /** @param path what comes after the root, decoded */
  async answer(exchange: Exchange, path: string): Promise<void> {
    if (exchange.request.method !== 'GET') {
      throw new Problem(405, 'ODataException', 'The Table API is read-only.', { allow: 'GET' })
    }
    const { schema, root } = this.#parts
    if (path === '') {
      sendJson(exchange, serviceDocument(schema, root), 200, 'application/json; odata.metadata=minimal')
    } else if (path === '$metadata') {
      this.#metadata ??= tableMetadata(schema)
      sendText(exchange, this.#metadata, 'application/xml')
    } else {
      const table = schema.tables.get(path)
      if (!table) throw new Problem(404, 'ODataException', `Resource not found for the segment '${path}'.`)
      await this.#table(exchange, table)
    }
  }

  async #table({ response, url }: Exchange, table: Table): Promise<void> {
    const { schema, database, quirks, monitor, turns, root } = this.#parts
    const query = readTableQuery(schema, table, url.searchParams, quirks.has('decimals-as-strings'))
    const done = await turns.take(response)
    if (!done) return
    const run = monitor.begin(table.name)
    try {
      const statement = database.prepare(query.sql)
      statement.setReturnArrays(true)
      const context = `${root}$metadata#${table.name}${query.selected ? `(${query.selected.join(',')})` : ''}`
      await streamRows(response, context, texts(statement.iterate(...query.values)), run, quirks, monitor)
    } finally {
      done()
      monitor.end(run)
    }
  }
}

function* texts(rows: Iterable<unknown>): Iterable<string> {
  for (const row of rows) if (Array.isArray(row)) yield String(row[0])
}

function serviceDocument(schema: Schema, root: string): unknown {
  return {
    '@odata.context': `${root}$metadata`,
    value: [...schema.tables.keys()].map(name => ({ name, kind: 'EntitySet', url: name })),
  }
}
