import type { DatabaseSync, StatementSync } from 'node:sqlite'

import type { Column } from '../../data/schema.ts'
import { fromSql, keyEquals, valueSql } from '../../data/source.ts'
import { attributeOf, baseLink, isA, keyColumn, type Catalog } from '../catalog.ts'
import type { DomainEntity } from '../entities.ts'
import { DomainError } from '../problem.ts'
import { isGuid } from './literals.ts'

/**
 * Two ids belong to an entity that extends another: its own table's, to which references lead, and its base's, which is
 * its key in `$metadata` and in addresses (`DocumentId`). This leads from one to the other, for one request.
 */
export class Ids {
  readonly #database: DatabaseSync
  readonly #catalog: Catalog
  readonly #statements = new Map<string, StatementSync>()
  readonly #known = new Map<string, string | undefined>()

  constructor(database: DatabaseSync, catalog: Catalog) {
    this.#database = database
    this.#catalog = catalog
  }

  /** The key of the row with this id in the entity's own table. */
  key(entity: DomainEntity, own: string): string | undefined {
    const { base } = entity
    if (!base || hasOwnKey(entity)) return own
    const inBase = this.#look(entity, keyColumn(entity), own, baseLink(entity))
    return inBase === undefined ? undefined : this.key(base, inBase)
  }

  own(entity: DomainEntity, key: string): string | undefined {
    const { base } = entity
    if (!base || hasOwnKey(entity)) return key
    const inBase = this.own(base, key)
    return inBase === undefined ? undefined : this.#look(entity, baseLink(entity), inBase, keyColumn(entity))
  }

  /** What a row really is: the entity that extends this one and has a row for it, or the entity itself. */
  actual(entity: DomainEntity, own: string): DomainEntity {
    for (const derived of this.#catalog.derived(entity)) {
      const id = this.#look(derived, baseLink(derived), own, keyColumn(derived))
      if (id !== undefined) return this.actual(derived, id)
    }
    return entity
  }

  /**
   * `Crm_Sales_Customers(guid)`, in a filter on a reference to that entity, as the id that the reference holds;
   * undefined when there is no such row.
   * @throws DomainError when it is no entity id, or one of another entity
   */
  literal(text: string, target: DomainEntity, name: string): string | undefined {
    const [, set = '', guid = ''] = /^(\w+)\(([^)]*)\)$/.exec(text) ?? []
    const entity = this.#catalog.set(set)
    if (!entity || !isGuid(guid) || !isA(entity, target)) {
      throw new DomainError('literal', text, name, `Erp.${target.entity.type}`)
    }
    return this.own(target, guid.toLowerCase())
  }

  #look(
    { entity }: DomainEntity, by: Column | undefined, value: string, wanted: Column | undefined,
  ): string | undefined {
    if (!by || !wanted) throw new Error(`${entity.set} has no key`)
    const address = `${entity.table.name}.${by.name}`
    const way = `${address}=${value}`
    if (this.#known.has(way)) return this.#known.get(way)
    const source = { table: entity.table, alias: 't' }
    const statement = this.#statements.get(address) ?? this.#database.prepare(
      `SELECT ${valueSql(source, wanted)} AS id FROM ${fromSql(source)} WHERE ${keyEquals(source, by, '?')}`,
    )
    this.#statements.set(address, statement)
    const id = statement.get(value)?.['id']
    this.#known.set(way, typeof id === 'string' ? id : undefined)
    return this.#known.get(way)
  }
}

/** Whether the key in `$metadata` is the key of the entity's own table. */
function hasOwnKey(entity: DomainEntity): boolean {
  return attributeOf(entity, entity.key)?.table === entity.entity.table.name
}
