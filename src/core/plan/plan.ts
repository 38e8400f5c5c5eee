import type { CheckedAggregate, CheckedColumn, CheckedOrder, Checked } from '../query/checked.ts'

/** What a query costs the server, what is done here, and what one should know before it is sent. */
export interface Plan {
  /** What is sent first, in this order; look-ups of references follow from the rows (see `local`). */
  readonly requests: readonly { readonly url: string }[]
  readonly local: readonly LocalStep[]
  readonly warnings: readonly PlanWarning[]
  /** The number of rows at which the result is cut because the query itself names none. */
  readonly limit?: number
  readonly run: Run
}

/** A step that is done here. The shell finds the words for its reason. */
export interface LocalStep {
  readonly step: Stage['kind'] | 'lookup'
  /** What it works on, in OData's words: `State ne 30`. */
  readonly detail: string
  readonly reason: StepReason
}

export type StepReason =
  | 'not-sendable' // no operator of the server, or none that this column allows, says it
  | 'widened' // the server was asked for more
  | 'branches' // the same row may come with several requests
  | 'no-option' // the server has no such option
  | 'after-local' // rows are dropped, put in order or made here before
  | 'hidden' // columns that were only needed on the way
  | 'reference' // what a reference leads to is asked for by key
  | 'several' // the rows come with several requests

export type PlanWarning =
  /** Text is compared here: exactly, letter by letter, and not by the server's collation. `column` */
  | { readonly code: 'text-local'; readonly facts: { readonly column: string } }
  /** No condition reaches the server. `table` */
  | { readonly code: 'whole-table'; readonly facts: { readonly table: string } }
  /** Every row that the filter lets through is read, whatever `$top` says. `option` */
  | { readonly code: 'reads-all'; readonly facts: { readonly option: string } }
  /** The order of guids is that of their text. `column` */
  | { readonly code: 'guid-order'; readonly facts: { readonly column: string } }
  /** Its key can't be asked for, so all of it is read. `table` */
  | { readonly code: 'whole-lookup'; readonly facts: { readonly table: string } }
  /** Custom properties of everything; the server has to scan them (protocol sheet, section 4). `table`, `column` */
  | { readonly code: 'scan'; readonly facts: { readonly table: string; readonly column: string } }
  /** The query's address is of another instance than the one that is asked. `written`, `asked`: service roots */
  | { readonly code: 'other-instance'; readonly facts: { readonly written: string; readonly asked: string } }
  /** The model that is known is everybody's, without what the instance has added to it. `connection` */
  | { readonly code: 'standard-model'; readonly facts: { readonly connection: string } }

/** What the engine does. Plain data, so that it can go to another thread. */
export interface Run {
  /** OData root; ends with a slash. */
  readonly root: string
  /** Addresses are kept to so many characters, where what they hold can be split. */
  readonly maxUrlLength: number
  readonly requests: readonly Request[]
  readonly joins: readonly Join[]
  /** What happens to the rows, in this order. */
  readonly stages: readonly Stage[]
  readonly columns: readonly OutputColumn[]
}

export interface OutputColumn {
  readonly name: string
  /** EDM type; of an expanded reference `Erp.` and its table. */
  readonly type: string
  /** Of an expanded reference. */
  readonly columns?: readonly OutputColumn[]
}

/** One request, or several where its list is too long for one address. */
export interface Request {
  readonly resource: string
  readonly select?: readonly string[]
  /** Joined by `and`. */
  readonly conditions: readonly string[]
  /** A list that may be cut into pieces: `path in (values)`. */
  readonly list?: { readonly path: string; readonly values: readonly string[] }
  readonly top?: number
  /** Options that the Domain API alone knows, as they are sent. */
  readonly options?: readonly (readonly [name: string, value: string])[]
  /** Of the Domain API: `top` is the size of a page, and pages follow one another until there are so many rows. */
  readonly pages?: { readonly skip: number; readonly enough?: number }
  /**
   * Of the Domain API: the server tells with the first page how many rows there are, whatever `$top` and `$skip` say.
   */
  readonly counted?: boolean
  /** What the rows of this request alone still have to fulfil. */
  readonly rest?: Checked
}

/** The rows that a reference leads to, looked up by their key. */
export interface Join {
  /** `Document_Reference/Customer_Reference` */
  readonly path: string
  /** The path before its last step; empty for the table itself. */
  readonly parent: string
  /** The foreign key among the parent's columns. */
  readonly from: string
  readonly table: string
  /** The column that the foreign key holds. */
  readonly key: string
  readonly keyType: string
  /** The columns that are needed, the key first. */
  readonly columns: readonly string[]
  /** Are these all that the table has? */
  readonly takesAll: boolean
  /** How the server can be asked for keys: a list, one at a time, or not at all. */
  readonly by: 'in' | 'eq' | 'whole'
}

export type Stage =
  /** Only the rows that fulfil what their request left open (`Request.rest`), and then the condition. */
  | { readonly kind: 'filter'; readonly condition?: Checked; readonly joins: readonly string[] }
  /** One of the rows with the same key. */
  | { readonly kind: 'distinct'; readonly key: readonly string[] }
  | { readonly kind: 'group'; readonly by: readonly CheckedColumn[]; readonly aggregates: readonly CheckedAggregate[]; readonly joins: readonly string[] }
  | { readonly kind: 'sort'; readonly by: readonly CheckedOrder[]; readonly keep?: number; readonly joins: readonly string[] }
  | { readonly kind: 'count' }
  | { readonly kind: 'slice'; readonly skip: number; readonly top?: number }
  | { readonly kind: 'shape'; readonly columns: readonly ShapeColumn[]; readonly joins: readonly string[] }

/** A member of a row that goes out. */
export type ShapeColumn =
  | { readonly kind: 'value'; readonly name: string; readonly from: string; readonly steps: readonly string[] }
  /** `null` where the reference leads to nothing; without `join` there always is something. */
  | { readonly kind: 'object'; readonly name: string; readonly join?: string; readonly columns: readonly ShapeColumn[] }
