import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { ErpError } from '../../core/base/errors.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { DomainSource } from '../../core/model/domainSource.ts'
import { TableJoin } from '../../core/model/joinTables.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import { type FoundItem, SearchIndex } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import { FileLock } from '../fileLock.ts'
import { readModelFile, removeModelFiles, type StoredModel, writeModelFile } from './modelFile.ts'
import {
  type DomainAnswer, type DomainPlace, readDomain, readable, readDomainSource, readEntity, readTablesFrom, type TablePlace,
} from './readModel.ts'

/** Which model: that of an instance, in a language, kept in a folder that the windows share. */
export interface ModelPlace {
  readonly folder: string
  /** Root URL of the instance. */
  readonly root: string
  readonly language: string
}

/** A value as JSON text: one string goes from thread to thread at a tenth of what the objects in it cost. */
export type Json<T> = string & { readonly of?: T }

/** What is known of a model, for the host; what is missing hasn't been loaded yet. */
export interface ModelSnapshot {
  readonly about?: ModelAbout | undefined
  readonly entities?: Json<DomainEntity[]> | undefined
  readonly tables?: Json<Table[]> | undefined
  /** Are all details there, and the tables joined with them? */
  readonly complete: boolean
}

export interface LoadParams extends ModelPlace {
  readonly domain: Omit<DomainPlace, 'language'>
  /** What the instance says now. */
  readonly version?: string | undefined
}

export interface SearchParams extends ModelPlace {
  readonly typed: string
  readonly limit: number
  /** The other languages. */
  readonly also: readonly string[]
  /** What entities were called before. */
  readonly renamed: Json<RenamedEntity[]>
}

export interface SomeDetails {
  readonly entities: Json<DomainEntityDetails[]>
  /** Were they the last? */
  readonly end: boolean
}

/** A model while it is held; its parts are replaced one by one. */
type Held = { -readonly [K in keyof StoredModel]?: StoredModel[K] } & { readonly file: string }

/** An instance that isn't looked at is read from the disk again when it is. */
const MODELS_HELD = 3
/** Between two of them, the worker hears of other calls. */
const ENTITIES_AT_ONCE = 25

/**
 * The models that the worker holds, each in a file of its own too (`modelFile.ts`). Where the disk refuses, they are
 * held in memory alone.
 */
export class ModelStore {
  readonly #held = new Map<string, Promise<Held>>()
  /** How many loads of each file are under way. */
  readonly #loads = new Map<string, number>()
  /** The last write of each file. */
  readonly #saves = new Map<string, Promise<void>>()
  /** What models are searched in, and what it was made of. */
  readonly #searches = new Map<string, { readonly parts: readonly unknown[]; readonly index: Promise<SearchIndex> }>()

  /** What is there, in memory or on disk; nothing is sent. */
  async cached(place: ModelPlace): Promise<ModelSnapshot> {
    return snapshot(await this.#open(place))
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
        this.#take(held, place, answer, version)
      }
      await this.#save(held)
    })
  }

  /** Loads the tables, and joins them with the Domain model where that is there. Fails as `readTablesFrom` does. */
  async loadTables({ api, ...place }: ModelPlace & { api: TablePlace }, signal: AbortSignal): Promise<ModelSnapshot> {
    return this.#load(place, async held => {
      const tables = await readTablesFrom(api, signal)
      held.tables = JSON.stringify(held.source === undefined ? tables : await joined(tables, held.source))
      await this.#save(held)
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
          this.#take(held, place, answer, version)
        }
        if (held.source === undefined) return
        if (held.tables !== undefined) held.tables = JSON.stringify(await joined(JSON.parse(held.tables) as Table[], held.source))
        await this.#save(held)
      })
    })
  }

  /**
   * One entity in full from what is held; undefined where the details aren't there. Throws `unexpected-answer`,
   * `not-found`.
   */
  async cachedEntity({ entitySet, ...place }: ModelPlace & { entitySet: string }): Promise<DomainEntityDetails | undefined> {
    const { source } = await this.#open(place)
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
    const { source } = await this.#open(place)
    if (source === undefined) return undefined
    return { entities: JSON.stringify(readable(source, source.entitySets.slice(from, from + count))), end: from + count >= source.entitySets.length }
  }

  /**
   * What is called so, the best first; also by its names in the other languages, where those models are there too. The
   * first search takes longer, as everything is read for it.
   */
  async search({ typed, limit, also, renamed, ...place }: SearchParams): Promise<FoundItem[]> {
    const held = await this.#open(place)
    const others = await Promise.all(also.map(async language => (await this.#open({ ...place, language })).source))
    const known = this.#searches.get(held.file)
    const parts = [held.source, held.entities, held.tables, renamed, ...others]
    if (known?.parts.every((part, index) => part === parts[index])) return (await known.index).search(typed, limit)
    const index = indexOf(held, others, renamed)
    this.#searches.set(held.file, { parts, index })
    return (await index).search(typed, limit)
  }

  /** Those entity sets that have attributes which the instance has added to the standard model. */
  async addedTo(place: ModelPlace): Promise<string[]> {
    const { source } = await this.#open(place)
    const found: string[] = []
    for await (const { entitySet, attributes } of source === undefined ? [] : entitiesOf(source)) {
      if (attributes.some(({ custom, calculated }) => custom || calculated)) found.push(entitySet)
    }
    return found
  }

  /** Forgets all that is held and kept of an instance, in every language. What is on its way isn't kept any more. */
  async remove({ folder, root }: Omit<ModelPlace, 'language'>): Promise<void> {
    const files = join(folder, digest(root))
    for (const held of [...this.#held.keys()].filter(file => file.startsWith(files))) {
      this.#held.delete(held)
      this.#searches.delete(held)
      await this.#saves.get(held)
    }
    await removeModelFiles(files)
  }

  /** Its model stays held meanwhile: else what comes would be lost to who asks next. */
  async #load(place: ModelPlace, load: (held: Held) => Promise<void>): Promise<ModelSnapshot> {
    const file = fileOf(place)
    const count = (change: number): unknown => this.#loads.set(file, (this.#loads.get(file) ?? 0) + change)
    count(1)
    try {
      const held = await this.#open(place)
      await load(held)
      return snapshot(held)
    } finally {
      count(-1)
    }
  }

  #open(place: ModelPlace): Promise<Held> {
    const file = fileOf(place)
    const held = this.#held.get(file) ?? readModelFile(file).then(stored => ({ ...stored, file }))
    this.#held.delete(file)
    this.#held.set(file, held)
    for (const oldest of [...this.#held.keys()].slice(0, -MODELS_HELD)) {
      if ((this.#loads.get(oldest) ?? 0) > 0) continue
      this.#held.delete(oldest)
      this.#searches.delete(oldest)
    }
    return held
  }

  #take(held: Held, { language }: ModelPlace, { kind, entities, source }: DomainAnswer, version: string | undefined): void {
    if (entities !== undefined) held.entities = JSON.stringify(entities)
    if (source !== undefined) held.source = source
    held.about = { ...(version === undefined ? {} : { version }), language, kind }
  }

  /** One after the other; what was removed meanwhile stays away. */
  async #save(held: Held): Promise<void> {
    const { file } = held
    const write = async (): Promise<void> => {
      const { about } = held
      if (about !== undefined && await this.#held.get(file) === held) await writeModelFile(file, { ...held, about })
    }
    const saved = (this.#saves.get(file) ?? Promise.resolve()).then(write).catch(() => undefined)
    this.#saves.set(file, saved)
    await saved
  }
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

/** The models of one instance have names that begin alike. */
function fileOf({ folder, root, language }: ModelPlace): string {
  return join(folder, `${digest(root)}-${digest(language)}.model`)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}

function snapshot({ about, entities, tables, source }: Held): ModelSnapshot {
  return { about, entities, tables, complete: source !== undefined }
}

async function joined(tables: readonly Table[], source: DomainSource): Promise<Table[]> {
  const join = new TableJoin()
  for await (const entity of entitiesOf(source)) join.add(entity)
  return join.join(tables)
}

/** What entities in full have more than those in short. */
const MEMBERS: ReadonlySet<string> = new Set<keyof DomainEntityDetails>(['attributes', 'references', 'childCollections', 'methods'])

/** All entities in short, as `readDomain` has them. */
async function entitiesIn(source: DomainSource | undefined): Promise<Json<DomainEntity[]> | undefined> {
  if (source === undefined) return undefined
  const entities: DomainEntity[] = []
  for await (const entity of entitiesOf(source)) {
    const parts = Object.entries(entity).filter(([name]) => !MEMBERS.has(name))
    entities.push(Object.fromEntries(parts) as unknown as DomainEntity)
  }
  return JSON.stringify(entities.sort((a, b) => (a.repository < b.repository ? -1 : 1)))
}

/** Until the details are there, entities are found by their own names alone. */
async function indexOf(
  { source, entities = '[]', tables = '[]' }: Held, others: readonly (DomainSource | undefined)[], renamed: Json<RenamedEntity[]>,
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

/** Gives other calls their turn on the way. */
async function* entitiesOf(source: DomainSource): AsyncGenerator<DomainEntityDetails> {
  for (let from = 0; from < source.entitySets.length; from += ENTITIES_AT_ONCE) {
    yield* readable(source, source.entitySets.slice(from, from + ENTITIES_AT_ONCE))
    await new Promise(resolve => setImmediate(resolve))
  }
}
