import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { DomainSource } from '../../core/model/domainSource.ts'
import { TableJoin } from '../../core/model/joinTables.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import { SearchIndex } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import type { Json } from './modelCalls.ts'
import type { StoredModel } from './modelFile.ts'
import { readable } from './readModel.ts'

/** Between two such batches, the worker hears of other calls. */
const ENTITIES_AT_ONCE = 25

/** All entities in full; gives other calls their turn on the way. Those that are broken are left out. */
export async function* entitiesOf(source: DomainSource): AsyncGenerator<DomainEntityDetails> {
  for (let from = 0; from < source.entitySets.length; from += ENTITIES_AT_ONCE) {
    yield* readable(source, source.entitySets.slice(from, from + ENTITIES_AT_ONCE))
    await new Promise(resolve => setImmediate(resolve))
  }
}

/** The tables with what the Domain model tells of them. */
export async function joined(tables: readonly Table[], source: DomainSource): Promise<Table[]> {
  const join = new TableJoin()
  for await (const entity of entitiesOf(source)) join.add(entity)
  return join.join(tables)
}

/** What entities in full have more than those in short. */
const MEMBERS: ReadonlySet<string> = new Set<keyof DomainEntityDetails>(['attributes', 'references', 'childCollections', 'methods'])

/** All entities in short, as `readDomain` has them. */
export async function entitiesIn(source: DomainSource | undefined): Promise<Json<DomainEntity[]> | undefined> {
  if (source === undefined) return undefined
  const entities: DomainEntity[] = []
  for await (const entity of entitiesOf(source)) {
    const parts = Object.entries(entity).filter(([name]) => !MEMBERS.has(name))
    entities.push(Object.fromEntries(parts) as unknown as DomainEntity)
  }
  return JSON.stringify(entities.sort((a, b) => (a.repository < b.repository ? -1 : 1)))
}

/**
 * What one may search in. Until the details are there, entities are found by their own names alone.
 *
 * @param others the model in other languages
 */
export async function indexOf(
  { source, entities = '[]', tables = '[]' }: Partial<StoredModel>, others: readonly (DomainSource | undefined)[], renamed: Json<RenamedEntity[]>,
): Promise<SearchIndex> {
  const index = new SearchIndex()
  index.addEntities(JSON.parse(entities) as DomainEntity[])
  index.addTables(JSON.parse(tables) as Table[])
  for (const from of [source, ...others]) {
    for await (const entity of from === undefined ? [] : entitiesOf(from)) index.addEntities([entity])
  }
  index.addRenamed(JSON.parse(renamed) as RenamedEntity[])
  // what is used for the first time takes longer: that is over before somebody types
  index.search('a', 1)
  return index
}
