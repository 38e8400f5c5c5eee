import type { DatabaseSync } from 'node:sqlite'

import type { Value } from '../../data/database.ts'
import type { Column } from '../../data/schema.ts'
import { keyEquals, writtenOrder } from '../../data/source.ts'
import { childColumn, keyColumn, type Catalog } from '../catalog.ts'
import type { DomainCollection, DomainEntity } from '../entities.ts'
import { DomainError } from '../problem.ts'
import type { Order, Query } from '../query/select.ts'
import { searchTexts } from './display.ts'
import { Ids } from './ids.ts'
import { resolve } from './paths.ts'
import { Scope } from './scope.ts'
import { Shape, type Row, type Surroundings } from './shape.ts'
import type { Writing } from './values.ts'
import { toWhere, type Where } from './where.ts'

/** Reads the rows of one request. */
export class Reader implements Surroundings {
  readonly database: DatabaseSync
  readonly catalog: Catalog
  readonly ids: Ids
  readonly writing: Writing

  constructor(database: DatabaseSync, catalog: Catalog, writing: Writing) {
    this.database = database
    this.catalog = catalog
    this.ids = new Ids(database, catalog)
    this.writing = writing
  }

  /** The JSON of each row, from `skip` on, at most `limit`. */
  rows(entity: DomainEntity, query: Query, search: string | undefined, skip: number, limit: number): readonly string[] {
    const scope = new Scope(this.catalog, entity)
    const shape = new Shape(this, scope, query)
    const where = this.where(scope, query, search)
    const order = orderSql(scope, query.orderby)
    const sql = `SELECT ${shape.columns} FROM ${scope.from}${where.sql}${order} LIMIT ${limit} OFFSET ${skip}`
    return this.all(sql, where.values).map(row => shape.text(row))
  }

  count(entity: DomainEntity, query: Query, search: string | undefined): number {
    const scope = new Scope(this.catalog, entity)
    const where = this.where(scope, query, search)
    return Number(this.all(`SELECT COUNT(*) FROM ${scope.from}${where.sql}`, where.values)[0]?.[0])
  }

  /** ` WHERE …` of `$filter` and `$search` together, or nothing. */
  where(scope: Scope, { filter }: Query, search: string | undefined): Where {
    const filtered = filter && toWhere(this.catalog, this.ids, scope, filter)
    const searched = search === undefined ? undefined : searchSql(scope, search)
    const parts = [filtered, searched].filter(part => part !== undefined)
    return {
      sql: parts.length === 0 ? '' : ` WHERE ${parts.map(({ sql }) => `(${sql})`).join(' AND ')}`,
      values: parts.flatMap(({ values }) => values),
    }
  }

  all(sql: string, values: readonly Value[]): readonly Row[] {
    const statement = this.database.prepare(sql)
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    return statement.all(...values) as unknown as readonly Row[]
  }

  /** One value of the row with this id in the entity's own table. */
  cell(entity: DomainEntity, own: string, table: string, column: Column): Value {
    const scope = new Scope(this.catalog, entity)
    const key = keyColumn(entity)
    if (!key) return null
    const value = scope.value(scope.root, table, column)
    const sql = `SELECT ${value} FROM ${scope.from} WHERE ${keyEquals(scope.root.source, key, '?')}`
    return this.all(sql, [own])[0]?.[0] ?? null
  }

  byId(entity: DomainEntity, query: Query): (own: string) => string | undefined {
    const key = keyColumn(entity)
    // The rows of a view have no address.
    if (!key) return () => undefined
    const rows = this.#matching(entity, key, query, false)
    const known = new Map<string, string | undefined>()
    return own => {
      if (!known.has(own)) known.set(own, rows(own)[0])
      return known.get(own)
    }
  }

  children(owner: DomainEntity, collection: DomainCollection, query: Query, links: boolean): (own: string) => string {
    const rows = this.#matching(this.catalog.of(collection.child), childColumn(owner, collection), query, links)
    return own => `[${rows(own).join(',')}]`
  }

  /** The rows whose column holds what is asked for, by a statement that is prepared once. */
  #matching(entity: DomainEntity, column: Column, query: Query, links: boolean): (value: string) => readonly string[] {
    const scope = new Scope(this.catalog, entity)
    const shape = new Shape(this, scope, query, links)
    const where = query.filter && toWhere(this.catalog, this.ids, scope, query.filter)
    const order = orderSql(scope, query.orderby)
    const statement = this.database.prepare(
      `SELECT ${shape.columns} FROM ${scope.from} WHERE ${keyEquals(scope.root.source, column, '?')}`
        + `${where ? ` AND (${where.sql})` : ''}${order} LIMIT ${query.top ?? -1} OFFSET ${query.skip}`,
    )
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    return value => {
      const rows = statement.all(value, ...where?.values ?? []) as unknown as readonly Row[]
      return rows.map(row => shape.text(row))
    }
  }
}

function orderSql(scope: Scope, orders: readonly Order[]): string {
  const parts = orders.flatMap(({ path, descending }) => {
    const property = resolve(scope, path)
    if (property.kind === 'reference' || !property.column || !property.attribute.facts.orderable) {
      throw new DomainError('order', path.join('/'))
    }
    if (property.column.measure && !property.number) throw new DomainError('measure', property.name)
    const direction = descending ? ' DESC' : ''
    const { sql } = property
    // Decimals are kept as text: by size first, then by the digits that a double doesn't hold.
    const size = property.column.type === 'decimal' ? [`CAST(${sql} AS REAL)${direction}`] : []
    return [...size, sql + direction]
  })
  // Pages follow each other only when rows that are equal in all this have an order too.
  return ` ORDER BY ${[...parts, writtenOrder(scope.root.source)].join(', ')}`
}

function searchSql(scope: Scope, search: string): Where {
  const texts = searchTexts(scope)
  const sql = texts.map(text => `text_match(CAST(${text} AS TEXT), ?, 'contains')`).join(' OR ')
  return { sql: sql === '' ? '0' : sql, values: texts.map(() => search) }
}
