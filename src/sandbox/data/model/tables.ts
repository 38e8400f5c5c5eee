import {
  isSqlType, referencedColumn, type Column, type EnumMember, type FilterKind, type Reference, type Table,
} from '../schema.ts'
import type { AttributeFacts, ColumnFacts, ReferenceFacts, TableFacts } from './files.ts'
import { plainName } from './types.ts'

/** What the Domain model tells of a column. */
export interface DomainSide {
  readonly attribute?: AttributeFacts
  readonly reference?: ReferenceFacts
  /** The child collection that it makes on the other side. */
  readonly collection?: string
}

/** A table as the sandbox knows it, from the facts of a file and of the Domain model. */
export function makeTable(
  { name, view, hidden, columns }: TableFacts, tables: ReadonlyMap<string, TableFacts>,
  sides: ReadonlyMap<ColumnFacts, DomainSide>, enums: ReadonlyMap<string, readonly EnumMember[]>,
): Table {
  const taken = new Set(columns.map(column => column.name))
  return {
    name, view, hidden: hidden ?? false,
    columns: columns.map(column => {
      const side = sides.get(column) ?? {}
      return makeColumn(column, side, makeReference(column, side, tables, taken), enums)
    }),
  }
}

function makeColumn(
  facts: ColumnFacts, { attribute, reference: told }: DomainSide, reference: Reference | undefined,
  enums: ReadonlyMap<string, readonly EnumMember[]>,
): Column {
  const type = isSqlType(facts.type) ? facts.type : 'nvarchar'
  const [first, second] = (facts.size?.split(',') ?? []).map(Number)
  const decimal = type === 'decimal'
  const measure = attribute && plainName(attribute.type)
  const enumeration = attribute?.enumType
  return {
    name: facts.name, type, reference,
    length: decimal || first === undefined || Number.isNaN(first) ? undefined : first,
    precision: decimal ? first : undefined,
    scale: decimal ? second ?? 0 : undefined,
    // A key is never null, although the files say so of one of them.
    nullable: facts.nullable && !facts.key,
    key: facts.key,
    filters: new Set(facts.filters.filter(isFilterKind)),
    attribute: attribute?.name ?? told?.name,
    enum: enumeration !== undefined && enums.has(enumeration) ? enumeration : undefined,
    measure: measure === 'Amount' || measure === 'Quantity' ? measure : undefined,
    multilanguage: facts.multilanguage,
    obsolete: attribute?.obsolete ?? told?.obsolete ?? false,
    readonly: facts.readonly,
    orderable: attribute?.orderable ?? facts.sortable,
    allowed: facts.allowed,
    ...(facts.default === undefined ? {} : { default: facts.default }),
  }
}

/**
 * Where a column leads to; undefined where the table isn't there, or has nothing of the column's type to lead to: then
 * it is a column like any other.
 * @param taken the names that the table has already; a navigation adds its own
 */
function makeReference(
  column: ColumnFacts, { reference, collection }: DomainSide, tables: ReadonlyMap<string, TableFacts>,
  taken: Set<string>,
): Reference | undefined {
  const { name, ref, owner } = column
  if (ref === undefined || !referencedColumn(column, tables.get(ref)?.columns ?? [])) return undefined
  // Four foreign keys don't end in `_Id`; their navigation name is assumed (protocol sheet, section 4).
  let navigation = `${name.replace(/_Id$/, '')}_Reference`
  while (taken.has(navigation)) navigation += '_'
  taken.add(navigation)
  return { table: ref, navigation, owner, filterable: owner || reference?.filterable === true, collection }
}

export function isFilterKind(text: string): text is FilterKind {
  return ['Equals', 'EqualsIn', 'GreaterThanOrLessThan', 'Like'].includes(text)
}
