import type { DatabaseSync } from 'node:sqlite'

import type { Schema, Table } from '../data/schema.ts'
import { Problem, sendJson, sendText, type Exchange } from '../http.ts'
import type { Monitor } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'
import type { Turns } from '../turns.ts'
import { tableMetadata } from './metadata.ts'
import { readTableQuery } from './query.ts'
import { TableReader } from './reader.ts'
import { streamRows } from './stream.ts'

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
  /** It doesn't change while it runs; with `time` as a duration, and without. */
  readonly #metadata = new Map<boolean, string>()

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
      sendText(exchange, this.#metadataText(), 'application/xml')
    } else {
      const table = schema.tables.get(path)
      if (!table) throw new Problem(404, 'ODataException', `Resource not found for the segment '${path}'.`)
      await this.#table(exchange, table)
    }
  }

  #metadataText(): string {
    const timeAsDuration = this.#parts.quirks.has('time-as-duration')
    const text = this.#metadata.get(timeAsDuration) ?? tableMetadata(this.#parts.schema, timeAsDuration)
    this.#metadata.set(timeAsDuration, text)
    return text
  }

  async #table({ response, url }: Exchange, table: Table): Promise<void> {
    const { schema, database, quirks, monitor, turns, root } = this.#parts
    // URLSearchParams would read an escape that is none as the text that it looks like.
    decodeURIComponent(url.search)
    const query = readTableQuery(schema, table, url.searchParams, {
      decimalsAsStrings: quirks.has('decimals-as-strings'), timeAsDuration: quirks.has('time-as-duration'),
    })
    if (!(await turns.take(response))) return
    const run = monitor.begin(table.name)
    try {
      const context = `${root}$metadata#${table.name}${query.selected ? `(${query.selected.join(',')})` : ''}`
      await streamRows(response, context, new TableReader(database, query), run, quirks, monitor)
    } finally {
      monitor.end(run)
    }
  }
}

function serviceDocument(schema: Schema, root: string): unknown {
  return {
    '@odata.context': `${root}$metadata`,
    value: [...schema.tables.keys()].map(name => ({ name, kind: 'EntitySet', url: name })),
  }
}
