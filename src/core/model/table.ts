import type { DomainEnumValue, FilterKind } from './domain.ts'

/** A table or view of the Table API: its `$metadata` (protocol sheet, section 4), joined with the Domain model. */
export interface Table {
  readonly name: string
  readonly key: readonly string[]
  readonly columns: readonly Column[]
  readonly references: readonly TableReference[]
  /** Entity set of the entity that is stored in it, where the Domain model is known. */
  readonly entitySet?: string
  /** What is wrong with its description, where that can't be read: it has no columns then. */
  readonly problem?: string
}

export interface Column {
  readonly name: string
  /** EDM type: `Edm.Decimal`. */
  readonly type: string
  readonly nullable: boolean
  readonly maxLength?: number
  readonly precision?: number
  readonly scale?: number
  /** What a filter of the server may do with it; absent where the model doesn't tell. */
  readonly filters?: readonly FilterKind[]
  /** Name of the entity's attribute or reference that is stored in it. */
  readonly attribute?: string
  readonly label?: string
  readonly custom?: boolean
  readonly obsolete?: boolean
  readonly enumValues?: readonly ColumnEnumValue[]
}

export interface ColumnEnumValue extends DomainEnumValue {
  /** What the table holds, as text, where the model tells it. */
  readonly code?: string
}

/** `Document_Id` gives `Document_Reference`. */
export interface TableReference {
  readonly name: string
  readonly target: string
  /** Foreign key columns, when the metadata tells them. */
  readonly columns: readonly string[]
  /** Does it lead to the owner? Absent where the Domain model isn't known. */
  readonly owner?: boolean
  /** May a filter of the server go through it? Absent where the model doesn't tell. */
  readonly filterable?: boolean
}
