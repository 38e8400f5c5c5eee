import type { DatabaseSync } from 'node:sqlite'
import { Readable } from 'node:stream'

import { ErpError } from '../../src/core/base/errors.ts'
import type { Batch } from '../../src/core/execute/batch.ts'
import { RowScanner } from '../../src/core/execute/rowScanner.ts'
import type { Source } from '../../src/core/execute/source.ts'
import { readTables } from '../../src/core/model/readTables.ts'
import type { Table } from '../../src/core/model/table.ts'
import type { Schema } from '../../src/sandbox/data/schema.ts'
import { tableMetadata } from '../../src/sandbox/table/metadata.ts'
import { readTableQuery } from '../../src/sandbox/table/query.ts'
import { TableReader } from '../../src/sandbox/table/reader.ts'

/** What is left of a batch when the next one is asked for: no JSON. */
const SPENT = 0x21

export const ROOT = 'https://x/tableapi/odata/'

/** The tables of a schema as the extension knows them: `$metadata`, joined with what the Domain model tells. */
export function tablesOfSchema(schema: Schema): Table[] {
  return readTables(new TextEncoder().encode(tableMetadata(schema, false))).map(table => {
    const columns = schema.tables.get(table.name)?.columns ?? []
    return {
      ...table,
      columns: table.columns.map(column => ({ ...column, filters: [...columns.find(({ name }) => name === column.name)?.filters ?? []] })),
      references: table.references.map(reference => {
        const told = columns.find(column => column.reference?.navigation === reference.name)?.reference
        return told === undefined ? reference : { ...reference, owner: told.owner, filterable: told.filterable }
      }),
    }
  })
}

export interface SourceOptions {
  /** The addresses that were asked for. */
  readonly log?: string[]
  /** A longer address is refused. */
  readonly longest?: number
}

/** The sandbox's Table API without its HTTP: it reads, checks and answers requests as it does over the wire. */
export function sourceOf(schema: Schema, database: DatabaseSync, { log = [], longest = Infinity }: SourceOptions = {}): Source {
  let open = 0
  return async function* ({ url: address }) {
    log.push(address)
    if (address.length > longest) throw new ErpError('url-too-long', { host: 'x', characters: address.length })
    if (open > 0) throw new Error('two requests are open at once')
    open++
    try {
      const url = new URL(address)
      const table = schema.tables.get(decodeURIComponent(url.pathname.split('/').at(-1) ?? ''))
      if (table === undefined) throw new ErpError('not-found', { url: address })
      const reader = new TableReader(database, readTableQuery(schema, table, url.searchParams, { decimalsAsStrings: false, timeAsDuration: false }))
      const scanner = new RowScanner()
      const chunks = function* (): Generator<Uint8Array> {
        yield encode('{"value":[')
        let isFirst = true
        for (let piece = reader.read(50); piece !== undefined; piece = reader.read(50)) {
          if (piece.rows === 0) continue
          yield isFirst ? piece.bytes.subarray(1) : piece.bytes
          isFirst = false
        }
        yield encode(']}')
      }
      for await (const chunk of Readable.from(chunks()) as AsyncIterable<Uint8Array>) {
        const batch: Batch | undefined = scanner.push(chunk)
        if (batch === undefined) continue
        yield batch
        batch.bytes.fill(SPENT)
        batch.ends.fill(0)
      }
      scanner.end()
      return {}
    } finally {
      open--
    }
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
