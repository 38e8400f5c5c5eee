/** A table or view of the Table API, as its `$metadata` tells it (protocol sheet, section 4). */
export interface Table {
  readonly name: string
  readonly key: readonly string[]
  readonly columns: readonly Column[]
  readonly references: readonly TableReference[]
}

export interface Column {
  readonly name: string
  /** EDM type: `Edm.Decimal`. */
  readonly type: string
  readonly nullable: boolean
  readonly maxLength?: number
  readonly precision?: number
  readonly scale?: number
}

/** `Document_Id` gives `Document_Reference`. */
export interface TableReference {
  readonly name: string
  readonly target: string
  /** Foreign key columns, when the metadata tells them. */
  readonly columns: readonly string[]
}
