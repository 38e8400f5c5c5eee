/** The Domain model (protocol sheet, section 3, "Model endpoints"): what an entity is, has and can do. */

/** A flag of `SupportedFilters`. An empty list of them: it can't be filtered; no list: the model doesn't tell. */
export type FilterKind = 'Equals' | 'EqualsIn' | 'GreaterThanOrLessThan' | 'Like'

export interface DomainEntity {
  /** Entity set: `Crm_Sales_SalesOrders`. */
  readonly entitySet: string
  /** Repository: `Crm.Sales.SalesOrders`; the part before the last dot is its namespace. */
  readonly repository: string
  /** EDM type: `Erp.Crm_Sales_SalesOrder`; only older instances don't tell it. */
  readonly entityType?: string
  readonly table?: string
  readonly label?: string
  readonly description?: string
  readonly category?: string
  readonly isAggregateRoot: boolean
  /** Entity sets of the aggregate that it is a part of. */
  readonly aggregateParent?: string
  readonly aggregateRoot?: string
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

/** What attributes and references have in common: both lie in a column. */
interface StoredMember extends Member {
  readonly nullable: boolean
  readonly readOnly: boolean
  readonly filters?: readonly FilterKind[]
  readonly obsolete?: boolean
  /** As the instance calls the group of members, in its language. */
  readonly category?: string
  /** Where it is stored: of an inherited member that is the table of the base. */
  readonly table?: string
  readonly column?: string
  /** Its column in the entity's own table or view, where that shows what is stored elsewhere. */
  readonly ownColumn?: string
}

export interface DomainAttribute extends StoredMember {
  /** EDM type, `Edm.Guid` or `Erp.General_Documents_DocumentState`. */
  readonly type: string
  readonly maxLength?: number
  readonly precision?: number
  readonly scale?: number
  readonly orderable?: boolean
  /** A date that holds days, without a time. */
  readonly day?: boolean
  readonly custom: boolean
  readonly calculated: boolean
  readonly blob?: boolean
  /** Empty where it is no enumeration. */
  readonly enumValues: readonly DomainEnumValue[]
}

export interface DomainEnumValue {
  readonly name: string
  /** The model's own value, as text. */
  readonly value?: string
  readonly label?: string
}

export interface DomainReference extends StoredMember {
  /** Entity set that it leads to. */
  readonly target: string
  readonly ownership: boolean
  readonly aggregateParent?: boolean
  /** May a filter's path follow it? Owners may always be followed. */
  readonly filterable: boolean
}

export interface DomainChildCollection extends Member {
  readonly target: string
}

export interface DomainMethod extends Member {
  readonly isAction: boolean
  /** EDM type, or `void`. */
  readonly returnType: string
  readonly parameters: readonly DomainParameter[]
}

export interface DomainParameter {
  readonly name: string
  readonly type: string
  readonly optional?: boolean
}
