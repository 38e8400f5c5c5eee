import { compareText } from './describe/neighbours.ts'
import type {
  DomainAttribute, DomainChildCollection, DomainEntityDetails, DomainEnumValue, DomainMethod, DomainParameter,
  DomainReference,
} from './domain.ts'

/**
 * A model as plain facts, in a form that can be kept, printed, read back and compared. What is said in the language of
 * the reader (labels, descriptions) is no fact of the model.
 */
export interface ModelItem {
  readonly kind: ItemKind
  readonly name: string
  /** By name, in a fixed order; a flag that is off, and what isn't known, is left out. */
  readonly facts: Readonly<Record<string, string>>
  /** Sorted by kind, then by name; parameters as they are. */
  readonly items: readonly ModelItem[]
}

/** In the order in which they stand. */
export const ITEM_KINDS = ['entity', 'attribute', 'reference', 'collection', 'method', 'value', 'parameter'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

/** The entities of a model, sorted by entity set. */
export function modelItems(entities: readonly DomainEntityDetails[]): ModelItem[] {
  return sorted(entities.map(entityItem))
}

function entityItem(entity: DomainEntityDetails): ModelItem {
  const { entitySet, repository, entityType, table, category, isAggregateRoot, aggregateParent, aggregateRoot } = entity
  return item('entity', entitySet, {
    repository, type: entityType, table, category, root: isAggregateRoot,
    // the root is its own aggregate
    parent: aggregateParent, aggregate: aggregateRoot === entitySet ? undefined : aggregateRoot,
  }, sorted([
    ...entity.attributes.map(attributeItem), ...entity.references.map(referenceItem),
    ...entity.childCollections.map(collectionItem), ...entity.methods.map(methodItem),
  ]))
}

function attributeItem(attribute: DomainAttribute): ModelItem {
  const { type, maxLength, precision, scale, orderable, blob, custom, calculated, enumValues } = attribute
  return item('attribute', attribute.name, {
    type, length: maxLength, precision, scale, ...storedFacts(attribute), orderable, blob, custom, calculated,
  }, sorted(enumValues.map(valueItem)))
}

function referenceItem(reference: DomainReference): ModelItem {
  const { target, ownership, aggregateParent, filterable } = reference
  return item('reference', reference.name, { to: target, ...storedFacts(reference), owner: ownership, parent: aggregateParent, path: filterable })
}

function storedFacts({ nullable, readOnly, filters, obsolete, table, column }: DomainAttribute | DomainReference) {
  return {
    nullable, readonly: readOnly, filters: filters?.length === 0 ? 'none' : filters?.join(','), obsolete,
    column: column === undefined || table === undefined ? column : `${table}.${column}`,
  }
}

function collectionItem({ name, target }: DomainChildCollection): ModelItem {
  return item('collection', name, { of: target })
}

function methodItem({ name, isAction, returnType, parameters }: DomainMethod): ModelItem {
  return item('method', name, { action: isAction, returns: returnType }, parameters.map(parameterItem))
}

function parameterItem({ name, type, optional }: DomainParameter): ModelItem {
  return item('parameter', name, { type, optional })
}

function valueItem({ name, value }: DomainEnumValue): ModelItem {
  return item('value', name, { value })
}

type Fact = string | number | boolean | undefined

function item(kind: ItemKind, name: string, facts: Readonly<Record<string, Fact>>, items: readonly ModelItem[] = []): ModelItem {
  const known = Object.entries(facts).filter(([, fact]) => fact !== undefined && fact !== false)
  return { kind, name, facts: Object.fromEntries(known.map(([key, fact]): [string, string] => [key, String(fact)])), items }
}

function sorted(items: readonly ModelItem[]): ModelItem[] {
  return [...items].sort((a, b) => compareItems(a, b) || compareText(JSON.stringify(a.facts), JSON.stringify(b.facts)))
}

/** The order of items: by kind, then by name. */
export function compareItems(a: ModelItem, b: ModelItem): number {
  return ITEM_KINDS.indexOf(a.kind) - ITEM_KINDS.indexOf(b.kind) || compareText(a.name, b.name)
}
