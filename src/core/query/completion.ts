import type { Table } from '../model/table.ts'
import type { Range } from './cell.ts'
import type { FunctionName } from './types.ts'

/** Something that may stand at the cursor, the likely ones first. */
export interface Completion {
  readonly kind: 'table' | 'column' | 'reference' | 'option' | 'function' | 'operator' | 'constant' | 'insertion'
  /** What is written in the place of `range`. */
  readonly text: string
  /** A type or a target, as the model names it; of a function its arguments. */
  readonly detail?: string
  readonly function?: FunctionName
  readonly range: Range
  /** More can be completed right behind it. */
  readonly goesOn?: boolean
}

/** What is known where the cell stands. */
export interface Known {
  /** As far as they are loaded; completion never waits. */
  readonly tables: readonly Table[]
  /** What `{{…}}` may hold: variables, and columns of named results (`docs.Customer_Id`). */
  readonly names: readonly string[]
}

/** The end of the word that the cursor stands in. */
export function wordEnd(query: string, offset: number): number {
  return offset + (/^[\p{L}\p{N}_]*/u.exec(query.slice(offset))?.[0].length ?? 0)
}
