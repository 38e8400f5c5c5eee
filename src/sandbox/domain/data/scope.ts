import type { Column } from '../../data/schema.ts'
import { fromSql, referenceJoin, valueSql, type Source } from '../../data/source.ts'
import { baseLink, type Catalog } from '../catalog.ts'
import type { DomainEntity, DomainReference } from '../entities.ts'

/** An entity's rows within a statement: its own table, to which base and references are joined when needed. */
export interface Place {
  readonly entity: DomainEntity
  readonly source: Source
  /** How it was reached, e.g. `/SalesOrder/Customer`; the same way is joined once. */
  readonly way: string
}

/** The tables of one statement. */
export class Scope {
  readonly root: Place
  readonly #catalog: Catalog
  readonly #joins = new Map<string, { readonly source: Source; readonly sql: string }>()

  constructor(catalog: Catalog, entity: DomainEntity) {
    this.#catalog = catalog
    this.root = { entity, source: { table: entity.entity.table, alias: 't' }, way: '' }
  }

  /** What stands after FROM; to be read when all else of the statement has been made. */
  get from(): string {
    return fromSql(this.root.source) + [...this.#joins.values()].map(({ sql }) => sql).join('')
  }

  /** A column of the place's own table, or of a table that its entity inherits from. */
  value(place: Place, table: string, column: Column): string {
    return valueSql(this.source(place, table), column)
  }

  source(place: Place, table: string): Source {
    const { entity, source, way } = place
    if (source.table.name === table) return source
    const link = baseLink(entity)
    if (!entity.base || !link) throw new Error(`${entity.entity.set} does not reach ${table}`)
    const base = { entity: entity.base, source: this.#join(`${way}^`, source, link, entity.base), way: `${way}^` }
    return this.source(base, table)
  }

  follow(place: Place, { name, target, table, column }: DomainReference): Place {
    const entity = this.#catalog.of(target)
    const way = `${place.way}/${name}`
    return { entity, source: this.#join(way, this.source(place, table), column, entity), way }
  }

  #join(way: string, from: Source, column: Column, { entity }: DomainEntity): Source {
    const known = this.#joins.get(way)
    if (known) return known.source
    const source = { table: entity.table, alias: `r${this.#joins.size}` }
    this.#joins.set(way, { source, sql: referenceJoin(from, column, source) })
    return source
  }
}
