import type { DatabaseSync, StatementSync } from 'node:sqlite'

import { countReplicas } from '../data/source.ts'
import type { TableQuery } from './query.ts'
import type { Piece, RowReader } from './stream.ts'

/**
 * Reads the rows of a query piece by piece, replica by replica, each in the table's own order. Between two pieces
 * nothing is open in the database, and one piece never looks at more rows than a replica has.
 */
export class TableReader implements RowReader {
  readonly #statement: StatementSync
  readonly #query: TableQuery
  readonly #replicas: number
  #replica = 0
  /** The place of the last row read in this replica. */
  #place = 0
  /** How many rows of the answer may still come. */
  #left: number

  constructor(database: DatabaseSync, query: TableQuery) {
    this.#statement = database.prepare(query.sql)
    this.#statement.setReturnArrays(true)
    this.#query = query
    this.#replicas = query.byReplica ? countReplicas(database) : 1
    this.#left = query.top
  }

  read(most: number): Piece | undefined {
    if (this.#left === 0 || this.#replica === this.#replicas) return undefined
    const wanted = Math.min(most, this.#left)
    const { byReplica, values } = this.#query
    const found: unknown = this.#statement.get(...(byReplica ? [this.#replica] : []), this.#place, ...values, wanted)
    const [rows, bytes, place] = found as [rows: number, bytes: Uint8Array | null, place: number | null]
    this.#left -= rows
    this.#place = place ?? 0
    if (rows < wanted) {
      this.#replica += 1
      this.#place = 0
    }
    return { rows, bytes: bytes ?? new Uint8Array() }
  }
}
