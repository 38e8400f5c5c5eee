import type { ErpError } from '../base/errors.ts'
import type { DomainAttribute, DomainEntityDetails, DomainReference, FilterKind } from '../model/domain.ts'
import type { Checked, CheckedColumn, DomainFacts } from './checked.ts'
import type { Path } from './expression.ts'
import type { Place } from './place.ts'
import { misplaced, type NameScope, unknownName } from './tableScope.ts'
import { valueType } from './types.ts'

/** An entity that a name leads to and that isn't there yet: load it, and try again. */
export class EntityMissing extends Error {
  readonly entitySet: string

  constructor(entitySet: string) {
    super(`the entity ${entitySet} is not loaded`)
    this.entitySet = entitySet
  }
}

export type Entities = ReadonlyMap<string, DomainEntityDetails>

/** @throws EntityMissing */
export function entityOf(entities: Entities, entitySet: string): DomainEntityDetails {
  const entity = entities.get(entitySet)
  if (entity === undefined) throw new EntityMissing(entitySet)
  return entity
}

const MEASURES: ReadonlySet<string> = new Set(['Erp.Amount', 'Erp.Quantity'])
export const MULTILANGUAGE = 'Erp.MultilanguageString'
/** The text by which a reference is compared: `Crm_Sales_Customers(guid)`. */
export const ENTITY_ID = '@odata.id'

export function isReference(expression: Checked): boolean {
  return expression.kind === 'column' && expression.domain?.at?.at(-1) === ENTITY_ID
}

/** The guid in lower case, so that the same entity is the same text. */
export function canonicalId(id: string): string {
  return id.replace(/\(.*\)$/, key => key.toLowerCase())
}

/** The properties of an entity, and of those that its references lead to (protocol sheet, section 3, "Query options"). */
export class EntityScope implements NameScope {
  readonly entity: DomainEntityDetails
  readonly #entities: Entities
  readonly #place: Place

  constructor(entity: DomainEntityDetails, entities: Entities, place: Place) {
    this.entity = entity
    this.#entities = entities
    this.#place = place
  }

  /** @throws `column-unknown`, EntityMissing */
  column(path: Path): CheckedColumn {
    let entity = this.entity
    let [nullable, reachable] = [false, true]
    const steps: string[] = []
    let left = path.steps
    let property = propertyOf(entity, left)
    while (property === undefined) {
      const [step = '', ...further] = left
      if (further.length === 0) throw this.unknown(path, step, entity, [...entity.attributes, ...entity.references].map(({ name }) => name))
      const reference = this.reference(entity, step, path)
      nullable ||= reference.nullable
      reachable &&= reference.ownership || reference.filterable
      entity = entityOf(this.#entities, reference.target)
      steps.push(step)
      left = further
      property = propertyOf(entity, left)
    }
    const { at } = property.domain
    return {
      kind: 'column',
      ...property,
      steps,
      nullable: nullable || property.nullable,
      reachable,
      domain: { ...property.domain, ...(at === undefined ? {} : { at: [...steps, ...at] }) },
    }
  }

  /** @throws `column-unknown` */
  reference(entity: DomainEntityDetails, name: string, path: Path): DomainReference {
    const reference = entity.references.find(candidate => candidate.name === name)
    if (reference === undefined) throw this.unknown(path, name, entity, entity.references.map(candidate => candidate.name))
    return reference
  }

  /** A name that may not stand there; a property, where a reference is due, and a list are said to be such. */
  unknown(path: Path, name: string, { entitySet, attributes, childCollections }: DomainEntityDetails, names: readonly string[]): ErpError {
    const attribute = attributes.find(candidate => candidate.name === name)
    const list = childCollections.find(candidate => candidate.name === name)
    if (attribute !== undefined) {
      return misplaced(this.#place, path, name, entitySet, 'column', MEASURES.has(attribute.type) ? `${name}Value` : undefined)
    }
    if (list !== undefined) return misplaced(this.#place, path, name, entitySet, 'list', list.target)
    return unknownName(this.#place, path, name, entitySet, names)
  }
}

type Property = Pick<CheckedColumn, 'name' | 'type' | 'edm' | 'nullable' | 'filters' | 'scale'> & { readonly domain: DomainFacts }

/** Amounts and quantities may be written `AmountValue` or, as they are in a row, `Amount/Value`; so may custom properties. */
function propertyOf({ attributes, references }: DomainEntityDetails, steps: readonly string[]): Property | undefined {
  const name = steps.join('/')
  const attribute = attributes.find(candidate => candidate.name === name || (candidate.custom && `${candidate.name}/Value` === name))
  if (attribute !== undefined) return attributeProperty(attribute)
  const measure = attributes.find(candidate => [`${candidate.name}Value`, `${candidate.name}/Value`].includes(name) && MEASURES.has(candidate.type))
  if (measure !== undefined) return measureProperty(measure)
  const reference = references.find(candidate => candidate.name === name)
  return reference === undefined ? undefined : referenceProperty(reference)
}

function attributeProperty(attribute: DomainAttribute): Property {
  const { name, type: edm, nullable, scale, filters, orderable: sortable = false, day = false, enumValues, custom } = attribute
  const common = { name, edm, nullable, ...(scale === undefined ? {} : { scale }), ...(filters === undefined ? {} : { filters }) }
  if (custom) return { ...common, type: 'text', filters: ['Equals'], domain: { at: [name, 'Value'] } }
  if (MEASURES.has(edm)) return { ...common, type: 'json', domain: {} }
  if (edm === MULTILANGUAGE) return { ...common, type: 'text', filters: only(filters, 'Like'), domain: {} }
  if (enumValues.length > 0) {
    return {
      ...common, type: 'text', filters: only(filters, 'Equals', 'EqualsIn'),
      domain: { at: [name], members: membersOf(attribute), sortable, groupable: true },
    }
  }
  const type = valueType(edm)
  const groupable = type !== 'json' && type !== 'binary' && type !== 'double' && edm !== 'Edm.Decimal' && !attribute.calculated
  return { ...common, type, domain: { at: [name], sortable, groupable, ...(day ? { day } : {}) } }
}

/** Quantities and amounts are filtered through `<Name>Value`. */
function measureProperty({ name, nullable, filters, scale }: DomainAttribute): Property {
  return {
    name: `${name}Value`, type: 'number', edm: 'Edm.Decimal', nullable,
    filters: only(filters, 'Equals', 'EqualsIn', 'GreaterThanOrLessThan'),
    ...(scale === undefined ? {} : { scale }),
    domain: { at: [name, 'Value'] },
  }
}

function referenceProperty({ name, target, nullable, filters, ownership, filterable }: DomainReference): Property {
  return {
    name, type: 'text', edm: `Erp.${target}`, nullable,
    filters: filters === undefined ? ['Equals', 'EqualsIn'] : only(filters, 'Equals', 'EqualsIn'),
    domain: { at: [name, ENTITY_ID], groupable: ownership || filterable },
  }
}

/** Where the model doesn't tell, nothing is taken for granted. */
function only(filters: readonly FilterKind[] | undefined, ...kinds: readonly FilterKind[]): FilterKind[] {
  return kinds.filter(kind => filters?.includes(kind))
}

/** By their values, where the model tells these as numbers; else as they are listed. */
function membersOf({ enumValues }: DomainAttribute): string[] {
  const isNumbered = enumValues.every(({ value }) => value !== undefined && /^-?\d+$/.test(value))
  return [...enumValues].sort((a, b) => (isNumbered ? Number(a.value) - Number(b.value) : 0)).map(({ name }) => name)
}
