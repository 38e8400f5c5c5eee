import type { Column, Entity, Schema } from '../data/schema.ts'
import type { DomainAttribute, DomainCollection, DomainEntity, DomainReference } from './entities.ts'

/** The entities of an instance, looked up by whatever a query calls them. */
export class Catalog {
  readonly schema: Schema
  readonly entities: readonly DomainEntity[]
  readonly #bySet: ReadonlyMap<string, DomainEntity>
  readonly #byType: ReadonlyMap<string, DomainEntity>
  readonly #children = new Map<string, DomainEntity[]>()

  constructor(schema: Schema, entities: readonly DomainEntity[]) {
    this.schema = schema
    this.entities = entities
    this.#bySet = new Map(entities.map(entity => [entity.entity.set, entity]))
    this.#byType = new Map(entities.map(entity => [entity.entity.type, entity]))
    for (const entity of entities) {
      const base = entity.base?.entity.set
      if (base !== undefined) this.#children.set(base, [...this.#children.get(base) ?? [], entity])
    }
  }

  set(name: string): DomainEntity | undefined {
    return this.#bySet.get(name)
  }

  /** @param name without namespace, e.g. `Crm_Sales_SalesOrder` */
  type(name: string): DomainEntity | undefined {
    return this.#byType.get(name)
  }

  of({ set }: Entity): DomainEntity {
    const found = this.#bySet.get(set)
    if (!found) throw new Error(`the model has no ${set}`)
    return found
  }

  /** Those that extend it directly. */
  derived({ entity }: DomainEntity): readonly DomainEntity[] {
    return this.#children.get(entity.set) ?? []
  }
}

/** Whether `entity` is `base`, or extends it. */
export function isA(entity: DomainEntity, base: DomainEntity): boolean {
  return entity.entity.set === base.entity.set || (entity.base !== undefined && isA(entity.base, base))
}

export function attributeOf({ attributes }: DomainEntity, name: string): DomainAttribute | undefined {
  return attributes.find(attribute => attribute.name === name)
}

export function referenceOf({ references }: DomainEntity, name: string): DomainReference | undefined {
  return references.find(reference => reference.name === name)
}

export function collectionOf({ collections }: DomainEntity, name: string): DomainCollection | undefined {
  return collections.find(collection => collection.name === name)
}

export function keyColumn({ entity }: DomainEntity): Column | undefined {
  return entity.table.columns.find(({ key }) => key)
}

/** The column of a derived entity's own table that leads to the row of its base. */
export function baseLink({ entity, base }: DomainEntity): Column | undefined {
  const toBase = entity.table.columns.filter(({ reference }) => reference?.table === base?.entity.table.name)
  return toBase.find(({ attribute }) => attribute === undefined) ?? toBase[0]
}

/** The column of the child that leads back to the entity, or to one that it extends. */
export function childColumn(entity: DomainEntity, { name, child }: DomainCollection): Column {
  for (let owner: DomainEntity | undefined = entity; owner; owner = owner.base) {
    const table = owner.entity.table.name
    const column = child.table.columns.find(
      ({ reference }) => reference?.collection === name && reference.table === table,
    )
    if (column) return column
  }
  throw new Error(`${entity.entity.set} has no rows for ${name}`)
}
