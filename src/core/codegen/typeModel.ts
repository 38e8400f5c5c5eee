import { compareText } from '../model/describe/neighbours.ts'
import type { DomainAttribute, DomainEntityDetails, DomainEnumValue } from '../model/domain.ts'
import type { Identifiers } from './identifiers.ts'

/** What of a model types are made of, before any language: in a fixed order, each member once. */
export interface TypeModel {
  readonly entities: readonly TypedEntity[]
  /** Of all attributes, by the names of their types. */
  readonly enums: readonly TypedEnum[]
  /** Those of `COMPLEX_TYPES` that are used. */
  readonly complex: readonly ComplexType[]
}

export interface TypedEntity {
  readonly entity: DomainEntityDetails
  /** Name of its EDM type, without namespace. */
  readonly typeName: string
  readonly properties: readonly Property[]
}

export interface Property {
  readonly name: string
  readonly label?: string
  readonly description?: string
  readonly nullable: boolean
  /** May it be sent? */
  readonly writable: boolean
  readonly type: PropertyType
}

export type PropertyType =
  | { readonly kind: 'primitive'; readonly edm: string; readonly list: boolean }
  | { readonly kind: 'enum'; readonly name: string; readonly list: boolean }
  | { readonly kind: 'complex'; readonly name: ComplexType; readonly list: boolean }
  | { readonly kind: 'reference'; readonly entitySet: string }
  | { readonly kind: 'children'; readonly entitySet: string }

export interface TypedEnum {
  readonly name: string
  readonly values: readonly DomainEnumValue[]
}

/** Complex types of the Domain API (protocol sheet, section 3, "Query options"). */
export const COMPLEX_TYPES = ['Amount', 'Quantity', 'MultilanguageString', 'Systems_Bpm_CustomPropertyValue', 'ValueTextPair'] as const
export type ComplexType = (typeof COMPLEX_TYPES)[number]

/** What things are called in a text: enumerations by the names of their types, entities by entity set. */
export interface Names {
  readonly enums: ReadonlyMap<string, string>
  readonly read: ReadonlyMap<string, string>
  readonly write: ReadonlyMap<string, string>
}

export function namesOf({ enums, entities }: TypeModel, names: Identifiers): Names {
  return {
    enums: new Map(enums.map(({ name }) => [name, names.add(name)])),
    read: new Map(entities.map(({ entity, typeName }) => [entity.entitySet, names.add(typeName)])),
    write: new Map(entities.map(({ entity, typeName }) => [entity.entitySet, names.add(`${typeName}Write`)])),
  }
}

/**
 * A property as it is sent: a reference has two, and of child collections only those are there whose entity has a
 * type.
 */
export interface SentProperty {
  readonly name: string
  readonly nullable: boolean
  readonly type:
    | Exclude<PropertyType, { kind: 'reference' | 'children' }>
    /** An object with the address of what it leads to. */
    | { readonly kind: 'binding'; readonly entitySet: string }
    /** That address itself. */
    | { readonly kind: 'address' }
    | { readonly kind: 'children'; readonly child: string }
}

/** What may be sent to make or change an entity; child collections in a new one, together with it. */
export function sentProperties({ properties }: TypedEntity, { write }: Names): SentProperty[] {
  const taken = new Set(properties.map(property => property.name))
  return properties.filter(property => property.writable).flatMap(({ name, nullable, type }): SentProperty[] => {
    if (type.kind === 'children') {
      const child = write.get(type.entitySet)
      return child === undefined ? [] : [{ name, nullable, type: { kind: 'children', child } }]
    }
    if (type.kind !== 'reference') return [{ name, nullable, type }]
    const bound = `${name}@odata.bind`
    return [
      { name, nullable, type: { kind: 'binding', entitySet: type.entitySet } },
      ...(taken.has(bound) ? [] : [{ name: bound, nullable, type: { kind: 'address' } as const }]),
    ]
  })
}

export function typeModel(entities: readonly DomainEntityDetails[]): TypeModel {
  const chosen = [...new Map(entities.map(entity => [entity.entitySet, entity])).values()]
    .sort((a, b) => compareText(a.entitySet, b.entitySet))
  const typed = chosen.map((entity): TypedEntity => ({
    entity, typeName: localName(entity.entityType ?? entity.entitySet), properties: propertiesOf(entity),
  }))
  const used = new Set(typed.flatMap(({ properties }) => properties.flatMap(({ type }) => type.kind === 'complex' ? [type.name] : [])))
  return { entities: typed, enums: enumsOf(chosen), complex: COMPLEX_TYPES.filter(name => used.has(name)) }
}

/**
 * Attributes, references, child collections, in that order and each by name; of two with the same name the first
 * counts.
 */
function propertiesOf(entity: DomainEntityDetails): Property[] {
  const properties = [
    ...byName(entity.attributes.map(attribute => ({
      ...described(attribute), nullable: attribute.nullable, writable: !attribute.readOnly && !attribute.calculated, type: attributeType(attribute),
    }))),
    ...byName(entity.references.map(({ nullable, readOnly, target, ...reference }): Property => ({
      ...described(reference), nullable, writable: !readOnly, type: { kind: 'reference', entitySet: target },
    }))),
    ...byName(entity.childCollections.map(({ target, ...collection }): Property => ({
      ...described(collection), nullable: false, writable: true, type: { kind: 'children', entitySet: target },
    }))),
  ]
  return [...new Map(properties.toReversed().map(property => [property.name, property])).values()].toReversed()
}

function described({ name, label, description }: { name: string; label?: string; description?: string }) {
  return { name, ...(label === undefined ? {} : { label }), ...(description === undefined ? {} : { description }) }
}

function byName(properties: readonly Property[]): Property[] {
  return [...properties].sort((a, b) => compareText(a.name, b.name))
}

function attributeType({ type, enumValues }: DomainAttribute): PropertyType {
  const inner = /^Collection\((.*)\)$/.exec(type)?.[1]
  const list = inner !== undefined
  const name = localName(inner ?? type)
  if (enumValues.length > 0) return { kind: 'enum', name, list }
  const complex = COMPLEX_TYPES.find(known => known === name)
  return complex !== undefined && !type.includes('Edm.') ? { kind: 'complex', name: complex, list } : { kind: 'primitive', edm: inner ?? type, list }
}

/** Members that several attributes tell are joined; each once. */
function enumsOf(entities: readonly DomainEntityDetails[]): TypedEnum[] {
  const enums = new Map<string, Map<string, DomainEnumValue>>()
  for (const attribute of entities.flatMap(entity => entity.attributes)) {
    const type = attributeType(attribute)
    if (type.kind !== 'enum') continue
    const values = enums.get(type.name) ?? new Map<string, DomainEnumValue>()
    for (const value of attribute.enumValues) if (!values.has(value.name)) values.set(value.name, value)
    enums.set(type.name, values)
  }
  return [...enums].map(([name, values]) => ({ name, values: [...values.values()] })).sort((a, b) => compareText(a.name, b.name))
}

/** `Erp.Crm_Sales_SalesOrder` is `Crm_Sales_SalesOrder`. */
function localName(type: string): string {
  return type.replace(/^(?:Erp|Edm)\./, '')
}
