import type { DomainEntity, DomainEntityDetails } from '../domain.ts'

/** A way from one entity to another: a reference, or the child collection that leads the other way. */
export interface Link {
  /** Entity sets. */
  readonly from: string
  readonly to: string
  /** The reference's or collection's name. */
  readonly name: string
  readonly kind: 'reference' | 'owner' | 'collection'
}

/** The references of all entities that lead to this one, by entity and name; each once. */
export function referrers(all: readonly DomainEntityDetails[], entitySet: string): Link[] {
  const links = all.flatMap(entity => referenceLinks(entity).filter(link => link.to === entitySet))
  return distinct(links).sort((a, b) => compareText(a.from, b.from) || compareText(a.name, b.name))
}

/** Where an entity leads: its references, then its child collections. What leads nowhere is left out. */
export function linksFrom(entity: DomainEntityDetails): Link[] {
  const collections = entity.childCollections.map(({ name, target }): Link =>
    ({ from: entity.entitySet, to: target, name, kind: 'collection' }))
  return distinct([...referenceLinks(entity), ...collections]).filter(link => link.to !== '')
}

function referenceLinks({ entitySet, references }: DomainEntityDetails): Link[] {
  return references.map(({ name, target, ownership }) =>
    ({ from: entitySet, to: target, name, kind: ownership ? 'owner' : 'reference' }))
}

function distinct(links: readonly Link[]): Link[] {
  return [...new Map(links.map(link => [JSON.stringify([link.from, link.to, link.name, link.kind === 'collection']), link])).values()]
}

/** One entity of an aggregate with those that are parts of it. */
export interface AggregateNode {
  readonly entitySet: string
  readonly parts: readonly AggregateNode[]
}

/**
 * The aggregate that an entity belongs to, from its root down. An entity that the model doesn't list, or that is its own
 * parent in the end, stands where it was found first.
 */
export function aggregateOf(all: readonly DomainEntity[], entity: DomainEntity): AggregateNode {
  const known = new Map(all.map(one => [one.entitySet, one]))
  const children = Map.groupBy(all.filter(one => one.aggregateParent !== undefined), one => one.aggregateParent ?? '')
  const seen = new Set([entity.entitySet])
  let root = entity.entitySet
  for (let parent = entity.aggregateParent; parent !== undefined && !seen.has(parent); parent = known.get(parent)?.aggregateParent) {
    seen.add(parent)
    root = parent
  }
  const placed = new Set<string>()
  const place = (entitySet: string): AggregateNode => {
    placed.add(entitySet)
    const names = (children.get(entitySet) ?? []).map(one => one.entitySet).sort(compareText)
    return { entitySet, parts: names.flatMap(name => placed.has(name) ? [] : [place(name)]) }
  }
  return place(root)
}

/** By code units, so that the order is the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
