import type { Column, FilterKind } from '../../data/schema.ts'
import { valueSql, type Source } from '../../data/source.ts'
import { attributeOf, collectionOf, referenceOf } from '../catalog.ts'
import { LAST_UPDATE, type DomainAttribute, type DomainEntity, type DomainReference } from '../entities.ts'
import { DomainError } from '../problem.ts'
import type { Path } from '../query/cursor.ts'
import type { Place, Scope } from './scope.ts'

/** What a path of `$filter`, `$orderby` or `$apply` leads to. */
export type Property = AttributeProperty | ReferenceProperty

export interface AttributeProperty {
  readonly kind: 'attribute'
  readonly name: string
  readonly place: Place
  readonly attribute: DomainAttribute
  /** Where its values are kept; undefined for what is computed. */
  readonly source: Source | undefined
  readonly column: Column | undefined
  readonly filters: ReadonlySet<FilterKind>
  readonly sql: string
  /** `LineAmountValue`: the number of an amount or a quantity. */
  readonly number: boolean
}

export interface ReferenceProperty {
  readonly kind: 'reference'
  readonly name: string
  readonly place: Place
  readonly reference: DomainReference
  readonly source: Source
  readonly column: Column
  readonly filters: ReadonlySet<FilterKind>
  readonly sql: string
}

/** Follows ownership and filterable references only. @throws DomainError */
export function resolve(scope: Scope, path: Path): Property {
  const names = [...path]
  const last = names.pop() ?? ''
  const place = names.reduce((from, name) => scope.follow(from, followable(from.entity, name)), scope.root)
  const { entity } = place
  const measured = last.endsWith('Value') ? attributeOf(entity, last.slice(0, -'Value'.length)) : undefined
  const attribute = attributeOf(entity, last) ?? (measured?.column?.measure ? measured : undefined)
  if (attribute) return attributeProperty(scope, place, attribute, attribute === measured)
  const reference = referenceOf(entity, last)
  if (!reference) throw collectionOf(entity, last) ? new DomainError('collection', last) : unknown(entity, last)
  const source = scope.source(place, reference.table)
  const { column } = reference
  return {
    kind: 'reference', name: last, place, reference, source, column, filters: reference.facts.filters,
    sql: valueSql(source, column),
  }
}

/** @throws DomainError for a reference that neither filters nor groups may follow */
export function followable(entity: DomainEntity, name: string): DomainReference {
  const reference = referenceOf(entity, name)
  if (!reference) throw collectionOf(entity, name) ? new DomainError('collection', name) : unknown(entity, name)
  const { owner, filterable } = reference.facts
  if (!owner && !filterable) throw new DomainError('reference', name, entity.entity.type)
  return reference
}

export function attributeProperty(
  scope: Scope, place: Place, attribute: DomainAttribute, number = false,
): AttributeProperty {
  const { name, table, column } = attribute
  const source = table === undefined ? undefined : scope.source(place, table)
  const sql = source && column ? valueSql(source, column)
    : name === LAST_UPDATE ? lastUpdate(scope, place) : 'NULL'
  const { filters } = attribute.facts
  const shown = number ? `${name}Value` : name
  return { kind: 'attribute', name: shown, place, attribute, source, column, filters, sql, number }
}

/** The latest of the moments that a row tells of itself; its lines' own don't count, which is simpler than ERP.net. */
function lastUpdate(scope: Scope, place: Place): string {
  const moments: string[] = []
  for (let entity: DomainEntity | undefined = place.entity; entity; entity = entity.base) {
    const { name: table, columns } = entity.entity.table
    for (const column of columns) {
      if (/(?:^|_)(?:Creation|Update|Release|Complete|Void)_Time(?:_Utc)?$/.test(column.name)) {
        moments.push(`ifnull(${scope.value(place, table, column)}, '')`)
      }
    }
  }
  return `max('2024-01-02T00:00:00Z', ${moments.length === 0 ? "''" : moments.join(', ')})`
}

export function unknown({ entity }: DomainEntity, name: string): DomainError {
  return new DomainError('property', name, entity.type)
}
