import type { Fields } from './fields.ts'
import type { Value } from './values.ts'

/** Rows with the places of their values, and for each of them what its references lead to. */
export interface Rows {
  readonly fields: Fields
  /** By join, by row: a single row, or nothing where the reference leads nowhere. */
  readonly joined: readonly (readonly (Fields | undefined)[])[]
}

/** Where the values of a column lie in `Rows`. */
export interface Slot {
  /** -1 for the rows themselves. */
  readonly join: number
  readonly index: number
}

export type Evaluate = (rows: Rows, row: number) => Value
