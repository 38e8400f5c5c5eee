import type { DatabaseSync } from 'node:sqlite'

import type { Value } from '../../data/database.ts'
import { attributeOf, childColumn, collectionOf, keyColumn, referenceOf, type Catalog } from '../catalog.ts'
import type { DomainAttribute, DomainCollection, DomainEntity, DomainReference } from '../entities.ts'
import { DomainError } from '../problem.ts'
import type { Expansion, Query } from '../query/select.ts'
import { customValues } from './custom.ts'
import { subtractDecimals } from './decimals.ts'
import { displayParts } from './display.ts'
import type { Ids } from './ids.ts'
import { unitSql } from './measures.ts'
import { attributeProperty, unknown } from './paths.ts'
import type { Scope } from './scope.ts'
import { languagesText, measureText, plainText, valueText, viewItemId, type Writing } from './values.ts'

export type Row = readonly Value[]
/** A property of one row as JSON, or nothing where it has none. */
type Field = (row: Row) => string | undefined

/** What the shape of one entity needs from the rest of the request. */
export interface Surroundings {
  readonly database: DatabaseSync
  readonly catalog: Catalog
  readonly ids: Ids
  readonly writing: Writing
  /** The row of an entity by its own id, and the rows of a child collection by the id of what they belong to. */
  byId(entity: DomainEntity, query: Query): (own: string) => string | undefined
  children(owner: DomainEntity, collection: DomainCollection, query: Query, links: boolean): (own: string) => string
}

/** What one entity becomes in the answer: which columns are read for it, and how JSON is made of them. */
export class Shape {
  readonly #scope: Scope
  readonly #around: Surroundings
  readonly #columns: string[] = []
  readonly #fields = new Map<string, Field>()

  /** @throws DomainError for names that the entity doesn't have */
  constructor(around: Surroundings, scope: Scope, query: Query, links = false) {
    this.#scope = scope
    this.#around = around
    const { entity } = scope.root
    this.#annotations()
    if (links) return
    for (const { path, links: onlyLinks, query: inner } of query.expand) {
      const [name = ''] = path
      if (path.length > 1 || (!referenceOf(entity, name) && !collectionOf(entity, name))) {
        throw new DomainError('expand', path.join('/'), entity.entity.type)
      }
      const isList = collectionOf(entity, name) !== undefined
      if (onlyLinks && !isList) throw new DomainError('expand', `${name}/$ref`, entity.entity.type)
      if (!isList && speaksOfLists(inner)) throw new DomainError('expand', `${name}(…)`, entity.entity.type)
    }
    const expansions = new Map(query.expand.map(expansion => [expansion.path[0] ?? '', expansion]))
    // What is expanded is there even when it isn't selected.
    for (const name of [...query.select ?? ['default'], ...expansions.keys()]) {
      if (name === 'default') this.#defaults(expansions)
      else this.#add(name, expansions.get(name))
    }
  }

  /** What to put after SELECT. */
  get columns(): string {
    return this.#columns.join(', ')
  }

  text(row: Row): string {
    const parts: string[] = []
    for (const [name, field] of this.#fields) {
      const value = field(row)
      if (value === undefined || (value === 'null' && this.#around.writing.skipNulls)) continue
      parts.push(`${JSON.stringify(name)}:${value}`)
    }
    return `{${parts.join(',')}}`
  }

  #annotations(): void {
    const { entity } = this.#scope.root
    const { catalog, ids } = this.#around
    const { table, set } = entity.entity
    const key = keyColumn(entity)
    if (catalog.derived(entity).length > 0 && key) {
      const own = this.#read(this.#scope.value(this.#scope.root, table.name, key))
      this.#fields.set('@odata.type', row => {
        const actual = ids.actual(entity, String(row[own]))
        return actual === entity ? undefined : JSON.stringify(`#Erp.${actual.entity.type}`)
      })
    }
    const id = this.#key()
    this.#fields.set('@odata.id', row => JSON.stringify(`${set}(${id(row)})`))
  }

  /** The value of the key that `$metadata` names. */
  #key(): (row: Row) => string {
    const { root } = this.#scope
    const { table, column } = attributeOf(root.entity, root.entity.key) ?? {}
    if (table !== undefined && column) {
      const index = this.#read(this.#scope.value(root, table, column))
      return row => String(row[index])
    }
    const { name, columns } = root.entity.entity.table
    const indexes = columns.map(each => this.#read(this.#scope.value(root, name, each)))
    return row => viewItemId(indexes.map(index => row[index] ?? null))
  }

  /** All but ids, custom properties, what is computed, and child lists. */
  #defaults(expansions: ReadonlyMap<string, Expansion>): void {
    const { attributes, references, key } = this.#scope.root.entity
    for (const attribute of attributes) {
      const { kind, name } = attribute
      if (kind === 'stored' && name !== 'Id' && name !== key) this.#attribute(attribute)
    }
    for (const reference of references) this.#reference(reference, expansions.get(reference.name))
  }

  #add(name: string, expansion: Expansion | undefined): void {
    const { entity } = this.#scope.root
    const attribute = attributeOf(entity, name)
    const reference = referenceOf(entity, name)
    const collection = collectionOf(entity, name)
    if (attribute) this.#attribute(attribute)
    else if (reference) this.#reference(reference, expansion)
    else if (collection) this.#collection(collection, expansion)
    else throw unknown(entity, name)
  }

  #attribute(attribute: DomainAttribute): void {
    const { name, kind, type } = attribute
    if (type === 'Edm.Stream') {
      this.#stream(attribute)
    } else {
      const field = kind === 'custom' ? this.#custom(attribute)
        : kind === 'calculated' ? this.#calculated(attribute)
          : kind === 'system' ? this.#system(attribute) : this.#stored(attribute)
      this.#fields.set(name, field)
    }
  }

  #stored(attribute: DomainAttribute): Field {
    const { table, column } = attribute
    if (table === undefined || !column) return () => 'null'
    const { writing, catalog } = this.#around
    const { root } = this.#scope
    const value = this.#read(this.#scope.value(root, table, column))
    const { measure } = column
    if (!measure) return row => valueText(writing, column, row[value] ?? null)
    const unit = this.#read(unitSql(catalog, this.#scope, root, attribute))
    return row => measureText(writing, measure, row[value] ?? null, row[unit] ?? null)
  }

  /** A stream isn't in the answer itself; where it is, its address is. */
  #stream({ name, table, column }: DomainAttribute): void {
    const { root } = this.#scope
    if (table === undefined || !column) return
    const there = this.#read(`${this.#scope.value(root, table, column)} IS NOT NULL`)
    const id = this.#key()
    this.#fields.set(`${name}@odata.mediaReadLink`, row =>
      Number(row[there]) === 1 ? JSON.stringify(`${root.entity.entity.set}(${id(row)})/${name}`) : undefined)
  }

  #system(attribute: DomainAttribute): Field {
    switch (attribute.name) {
      case 'ObjectVersion': return () => '1'
      case 'DisplayText': return this.#displayText()
      case 'ViewItemId': {
        const id = this.#key()
        return row => JSON.stringify(id(row))
      }
      case 'AggregateLastUpdateTimeUtc': {
        const moment = this.#read(attributeProperty(this.#scope, this.#scope.root, attribute).sql)
        return row => JSON.stringify(row[moment])
      }
      default: return () => 'null'
    }
  }

  #displayText(): Field {
    const { writing } = this.#around
    const pieces = displayParts(this.#scope, this.#scope.root).map(part => {
      if (typeof part === 'string') return () => part
      const { table, column } = part.attribute
      if (table === undefined || !column) return () => ''
      const index = this.#read(this.#scope.value(part.place, table, column))
      return (row: Row) => plainText(writing, column, row[index] ?? null)
    })
    return row => JSON.stringify(pieces.map(piece => piece(row)).join(''))
  }

  #custom(attribute: DomainAttribute): Field {
    const { database, catalog, writing } = this.#around
    const custom = customValues(catalog.schema, this.#scope, this.#scope.root, attribute.name)
    const own = this.#read(custom.own)
    const statement = database.prepare(custom.select)
    statement.setReturnArrays(true)
    return row => {
      const found: unknown = statement.get(...custom.values, row[own] ?? null)
      if (!Array.isArray(found)) return 'null'
      const [value, description, valueId] = found as unknown as Row
      const languages = typeof description === 'string'
        ? languagesText(description, writing.lowerCaseLanguages) : 'null'
      return `{"Value":${JSON.stringify(value)},"Description":${languages},"ValueId":${JSON.stringify(valueId)}}`
    }
  }

  /** What an instance calculates: the difference of two decimals of the entity. */
  #calculated({ formula }: DomainAttribute): Field {
    const { root } = this.#scope
    const indexes = (formula ?? []).map(name => {
      const { table, column } = attributeOf(root.entity, name) ?? {}
      return table !== undefined && column ? this.#read(this.#scope.value(root, table, column)) : -1
    })
    return row => {
      const [minuend, subtrahend] = indexes.map(index => row[index])
      const known = typeof minuend === 'string' && typeof subtrahend === 'string'
      return known ? subtractDecimals(minuend, subtrahend) : 'null'
    }
  }

  #reference({ name, target, table, column }: DomainReference, expansion: Expansion | undefined): void {
    const { catalog, ids } = this.#around
    const entity = catalog.of(target)
    const index = this.#read(this.#scope.value(this.#scope.root, table, column))
    const expand = expansion && this.#around.byId(entity, expansion.query)
    this.#fields.set(name, row => {
      const own = row[index]
      if (typeof own !== 'string') return 'null'
      if (expand) return expand(own) ?? 'null'
      const key = ids.key(entity, own)
      return key === undefined ? 'null' : `{"@odata.id":${JSON.stringify(`${target.set}(${key})`)}}`
    })
  }

  /** A list that is selected but not expanded is a list of links. */
  #collection(collection: DomainCollection, expansion: Expansion | undefined): void {
    const { root } = this.#scope
    const back = childColumn(root.entity, collection).reference
    const owner = ownerOf(root.entity, back?.table)
    const key = owner && keyColumn(owner)
    if (!owner || !key) throw new Error(`${root.entity.entity.set} has no ${collection.name}`)
    const index = this.#read(this.#scope.value(root, owner.entity.table.name, key))
    const query = expansion?.query ?? EVERYTHING
    const rows = this.#around.children(root.entity, collection, query, expansion?.links ?? true)
    this.#fields.set(collection.name, row => rows(String(row[index])))
  }

  #read(sql: string): number {
    const known = this.#columns.indexOf(sql)
    return known === -1 ? this.#columns.push(sql) - 1 : known
  }
}

export const EVERYTHING: Query = {
  select: undefined, expand: [], filter: undefined, orderby: [], top: undefined, skip: 0, count: false,
}

/** One entity can't be filtered, ordered or cut. */
function speaksOfLists({ filter, orderby, top, skip }: Query): boolean {
  return filter !== undefined || orderby.length > 0 || top !== undefined || skip > 0
}

function ownerOf(entity: DomainEntity, table: string | undefined): DomainEntity | undefined {
  return entity.entity.table.name === table ? entity : entity.base && ownerOf(entity.base, table)
}
