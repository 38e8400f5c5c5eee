import type { Wait } from './source.ts'

/** A page of rows that a person looks at. */
export const ROWS_SHOWN = 1000

/** What a query has given so far, as the notebook shows it and `erpnet.query.run` returns it. */
export interface ResultSnapshot {
  readonly columns: readonly ResultColumn[]
  /** The first rows; a later snapshot of the same run begins with the same ones. */
  readonly rows: readonly Row[]
  readonly stats: RunStats
  /** The exact address that was sent. */
  readonly url: string
  /** The number of rows at which the default limit cut the result, if it did. */
  readonly limit?: number
  /** The number of rows at which `erpnet.query.maxRows` has stopped it, if it did. */
  readonly stoppedAt?: number
  /** Why nothing comes at the moment. */
  readonly wait?: Wait
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
}

export interface ResultColumn {
  readonly name: string
  /** EDM type, `Edm.String` where none is known. */
  readonly type: string
}

export type Row = readonly CellValue[]

/**
 * One value, exact. `Edm.Decimal` and `Edm.Int64` are strings with the digits of the wire;
 * nested JSON, which tables never have, stays JSON text.
 */
export type CellValue = string | number | boolean | null

export interface RunStats {
  /** Rows received. */
  readonly rows: number
  /** Bytes of the bodies received. */
  readonly bytes: number
  readonly requests: number
  readonly firstRowMs?: number
  readonly ms: number
}
