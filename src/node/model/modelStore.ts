import { join } from 'node:path'
import { ErpError } from '../../core/base/errors.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntityDetails } from '../../core/model/domain.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import { FileLock } from '../fileLock.ts'
import { type Held, HeldModels } from './heldModels.ts'
import type { LoadParams, ModelPlace, ModelSnapshot, SearchParams, SomeDetails } from './modelCalls.ts'
import { readModelFile } from './modelFile.ts'
import {
  type DomainAnswer, readDomain, readable, readDomainSource, readEntity, readTablesFrom, type TablePlace,
} from './readModel.ts'
import { entitiesIn, entitiesOf, indexOf, joined } from './wholeModel.ts'

/** Models of instances, for the worker: asked for, put together, and looked into. `HeldModels` keeps them. */
export class ModelStore {
  readonly #models = new HeldModels()

  /** What is there, in memory or on disk; nothing is sent. */
  async cached(place: ModelPlace): Promise<ModelSnapshot> {
    return snapshot(await this.#models.open(place))
  }

  /**
   * Loads all entities in short. A current model that is kept isn't replaced by the standard one, which is what comes
   * without a token. Fails as `readDomain` does.
   */
  async loadEntities({ domain, version, ...place }: LoadParams, signal: AbortSignal): Promise<ModelSnapshot> {
    return this.#load(place, async held => {
      if (staysCurrent(held, domain)) {
        held.entities ??= await entitiesIn(held.source)
      } else {
        const answer = await readDomain({ ...domain, language: place.language }, signal)
        const { about } = held
        // the details of another model are not those of this one
        if (about?.kind !== answer.kind || about.version !== version) held.source = undefined
        take(held, place, answer, version)
      }
      await this.#models.save(held)
    })
  }

  /** Loads the tables, and joins them with the Domain model where that is there. Fails as `readTablesFrom` does. */
  async loadTables({ api, ...place }: ModelPlace & { api: TablePlace }, signal: AbortSignal): Promise<ModelSnapshot> {
    return this.#load(place, async held => {
      const tables = await readTablesFrom(api, signal)
      held.tables = JSON.stringify(held.source === undefined ? tables : await joined(tables, held.source))
      await this.#models.save(held)
    })
  }

  /**
   * Loads all entities in full and joins the tables with them. What is held, or another window has loaded meanwhile,
   * is taken where the instance would give the same, unless `anew` is wanted. A current model that is kept isn't
   * replaced by the standard one: without a token it may stay without details. Fails as `readDomainSource` does.
   */
  async loadDetails({ anew, ...params }: LoadParams & { anew: boolean }, signal: AbortSignal): Promise<ModelSnapshot> {
    const { domain, version, ...place } = params
    return this.#load(place, async held => {
      if (staysCurrent(held, domain)) return
      await new FileLock(join(place.folder, 'locks')).hold(held.file, async () => {
        const others = anew ? undefined : await readModelFile(held.file)
        const isSame = isUpToDate(held.about, params)
        if (others?.source !== undefined && isUpToDate(others.about, params)) {
          const { tables = others.tables } = held
          const entities = isSame && held.entities !== undefined ? held.entities : others.entities
          Object.assign(held, { ...others, entities, tables })
        } else if (held.source === undefined || !isSame || anew) {
          const answer = await readDomainSource({ ...domain, language: place.language }, signal)
          if (!isSame) held.entities = undefined
          take(held, place, answer, version)
        }
        if (held.source === undefined) return
        if (held.tables !== undefined) held.tables = JSON.stringify(await joined(JSON.parse(held.tables) as Table[], held.source))
        await this.#models.save(held)
      })
    })
  }

  /**
   * One entity in full from what is held; undefined where the details aren't there. Throws `unexpected-answer`,
   * `not-found`.
   */
  async cachedEntity({ entitySet, ...place }: ModelPlace & { entitySet: string }): Promise<DomainEntityDetails | undefined> {
    const { source } = await this.#models.open(place)
    const entity = source?.read(entitySet)
    if (source === undefined || entity !== undefined) return entity
    throw new ErpError('not-found', { url: place.root, message: entitySet })
  }

  /** One entity in full from the instance. Fails as `readEntity` does. */
  async loadEntity(
    { domain, language, entitySet }: LoadParams & { entitySet: string }, signal: AbortSignal,
  ): Promise<DomainEntityDetails> {
    return readEntity({ ...domain, language }, entitySet, signal)
  }

  /**
   * Some entities in full, in the order in which the instance told them; those that are broken are left out. Undefined
   * where the details aren't there.
   */
  async cachedDetails({ from, count, ...place }: ModelPlace & { from: number; count: number }): Promise<SomeDetails | undefined> {
    const { source } = await this.#models.open(place)
    if (source === undefined) return undefined
    return { entities: JSON.stringify(readable(source, source.entitySets.slice(from, from + count))), end: from + count >= source.entitySets.length }
  }

  /**
   * What is called so, the best first; also by its names in the other languages, where those models are there too. The
   * first search takes longer, as everything is read for it.
   */
  async search({ typed, limit, also, renamed, ...place }: SearchParams): Promise<FoundItem[]> {
    const held = await this.#models.open(place)
    const others = await Promise.all(also.map(async language => (await this.#models.open({ ...place, language })).source))
    const parts = [held.source, held.entities, held.tables, renamed, ...others]
    if (held.search?.parts.every((part, index) => part === parts[index]) !== true) {
      held.search = { parts, index: indexOf(held, others, renamed) }
    }
    return (await held.search.index).search(typed, limit)
  }

  /** Those entity sets that have attributes which the instance has added to the standard model. */
  async addedTo(place: ModelPlace): Promise<string[]> {
    const { source } = await this.#models.open(place)
    const found: string[] = []
    for await (const { entitySet, attributes } of source === undefined ? [] : entitiesOf(source)) {
      if (attributes.some(({ custom, calculated }) => custom || calculated)) found.push(entitySet)
    }
    return found
  }

  /** Forgets all that is held and kept of an instance, in every language. What is on its way isn't kept any more. */
  async remove(instance: Omit<ModelPlace, 'language'>): Promise<void> {
    await this.#models.remove(instance)
  }

  async #load(place: ModelPlace, load: (held: Held) => Promise<void>): Promise<ModelSnapshot> {
    return snapshot(await this.#models.whileLoading(place, load))
  }
}

function take(held: Held, { language }: ModelPlace, { kind, entities, source }: DomainAnswer, version: string | undefined): void {
  if (entities !== undefined) held.entities = JSON.stringify(entities)
  if (source !== undefined) held.source = source
  held.about = { ...(version === undefined ? {} : { version }), language, kind }
}

/** Without a token only the standard model could be had. */
function staysCurrent({ about }: Held, { token }: LoadParams['domain']): boolean {
  return token === undefined && about?.kind === 'current'
}

/**
 * Would the instance give the same model now? Where it doesn't tell its version, that is no reason to think otherwise.
 */
function isUpToDate(about: ModelAbout | undefined, { domain, version }: LoadParams): boolean {
  if (about === undefined || (version !== undefined && about.version !== version)) return false
  return about.kind !== 'standard' || domain.token === undefined
}

function snapshot({ about, entities, tables, source }: Held): ModelSnapshot {
  return { about, entities, tables, complete: source !== undefined }
}
