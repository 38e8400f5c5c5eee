import type { Wait } from './source.ts'

/** A page of rows that a person looks at. */
export const ROWS_SHOWN = 1000

/** What a query has given so far, as the notebook shows it and `erpnet.query.run` returns it. */
export interface ResultSnapshot {
  readonly columns: readonly ResultColumn[]
  /** The first rows; a later snapshot of the same run with the same columns begins with the same ones. */
  readonly rows: readonly Row[]
  readonly stats: RunStats
  /** The exact address that was sent. */
  readonly url: string
  /** The number of rows at which the default limit cut the result, if it did. */
  readonly limit?: number
  /** The number of rows at which `erpnet.query.maxRows` has stopped it, if it did. */
  readonly stoppedAt?: number
  /** What must be known of the plan to understand the rows, in words. */
  readonly note?: string
  /** Why nothing comes at the moment. */
  readonly wait?: Wait
  readonly state: 'running' | 'done' | 'failed' | 'cancelled'
}

export interface ResultColumn {
  readonly name: string
  /** EDM type, `Edm.String` where none is known; `Erp.` and the table of an expanded reference. */
  readonly type: string
  /** Of an expanded reference. */
  readonly columns?: readonly ResultColumn[]
}

export type Row = readonly CellValue[]

/**
 * One value, exact. `Edm.Decimal` and `Edm.Int64` are strings with the digits of the wire, and so is any other number
 * that a double would change.
 */
export type CellValue = string | number | boolean | null | Nested

/** An object or a list, as the JSON that came; to those who show it, and as JSON, it is that text. */
export class Nested {
  readonly json: string

  constructor(json: string) {
    this.json = json
  }

  toString(): string {
    return this.json
  }

  toJSON(): string {
    return this.json
  }
}

export interface RunStats {
  /** Rows of the result. */
  readonly rows: number
  /** Bytes of the bodies received. */
  readonly bytes: number
  readonly requests: number
  /** Until the first row came, or the end where there is none. */
  readonly firstRowMs: number
  readonly ms: number
  /** Rows that came and were dropped by the steps that are done here. */
  readonly droppedLocally: number
  /** `$count` */
  readonly count?: number
}
