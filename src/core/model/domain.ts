/** The Domain model as the explorer shows it (protocol sheet, section 3, "Model endpoints"). */

export interface DomainEntity {
  /** Entity set: `Crm_Sales_SalesOrders`. */
  readonly entitySet: string
  /** Repository: `Crm.Sales.SalesOrders`; the part before the last dot is its namespace. */
  readonly repository: string
  readonly table?: string
  readonly label?: string
  readonly description?: string
  readonly isAggregateRoot: boolean
}

export interface DomainEntityDetails extends DomainEntity {
  readonly attributes: readonly DomainAttribute[]
  readonly references: readonly DomainReference[]
  readonly childCollections: readonly DomainChildCollection[]
  readonly methods: readonly DomainMethod[]
}

interface Member {
  readonly name: string
  readonly label?: string
  readonly description?: string
}

export interface DomainAttribute extends Member {
  /** EDM type, `Edm.Guid` or `Erp.General_Documents_DocumentState`. */
  readonly type: string
  readonly nullable: boolean
  readonly readOnly: boolean
  readonly custom: boolean
  readonly calculated: boolean
  readonly enumNames: readonly string[]
}

export interface DomainReference extends Member {
  /** Entity set that it leads to. */
  readonly target: string
  readonly nullable: boolean
  readonly readOnly: boolean
  readonly ownership: boolean
}

export interface DomainChildCollection extends Member {
  readonly target: string
}

export interface DomainMethod extends Member {
  readonly isAction: boolean
  readonly returnType: string
  readonly parameters: readonly { readonly name: string; readonly type: string }[]
}
