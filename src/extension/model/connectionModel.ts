import { Attempt } from '../../core/base/attempt.ts'
import { unlessAborted } from '../../core/base/cancel.ts'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import type { Json, LoadParams, ModelSnapshot } from '../../node/model/modelStore.ts'
import { ModelInstance, type ModelParts } from './modelInstance.ts'

/** A part of a model: on its way, there, or why not. */
export type Load<T> =
  | { readonly state: 'loading'; readonly promise: Promise<T> }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ErpError }

/**
 * The model of one connection. What is kept on disk is there at once, and then it is looked, without a session, whether
 * the instance has a newer version. Else the parts are loaded when they are first asked for, and the details of all
 * entities after them, with which the tables are joined.
 */
export class ConnectionModel {
  readonly #instance: ModelInstance
  readonly #onTrouble: ModelParts['onTrouble']
  readonly #changed: () => void
  readonly #life = new AbortController()
  #entities: Load<DomainEntity[]> | undefined
  #tables: Load<Table[]> | undefined
  #about: ModelAbout | undefined
  readonly #cached = new Attempt<ModelSnapshot>()
  readonly #details = new Attempt<void>()
  readonly #newer = new Attempt<void>()
  /** Entities by their old names, for the search: whether it was asked for them, and what they are. */
  readonly #oldNames = new Attempt<void>()
  #renamed: Json<RenamedEntity[]> = '[]'
  readonly #otherLanguages = new Attempt<void>()

  /** @param changed called when a part that was there has become another */
  constructor(connection: Connection, parts: ModelParts, changed: () => void) {
    this.#instance = new ModelInstance(connection, parts, this.#life.signal)
    this.#onTrouble = parts.onTrouble
    this.#changed = changed
  }

  /** Its instance's address; where a person changes that, it is another model. */
  get url(): string {
    return this.#instance.connection.url
  }

  /** Known once entities or tables are there. */
  get about(): ModelAbout | undefined {
    return this.#about
  }

  /** For views: a failure stays until somebody waits for the entities, or reloads. */
  entities(): Load<DomainEntity[]> {
    return this.#entities ??= this.#loading(this.#firstEntities(), load => (this.#entities = load))
  }

  /** For views, as `entities`. */
  tables(): Load<Table[]> {
    return this.#tables ??= this.#loading(this.#firstTables(), load => (this.#tables = load))
  }

  /** For who waits: what has failed is tried again. */
  async loadedEntities(): Promise<DomainEntity[]> {
    if (this.#entities?.state === 'ready') this.#lookForNewer()
    if (this.#entities?.state === 'failed') {
      this.#entities = this.#loading(this.#firstEntities(), load => this.#showAgain(() => (this.#entities = load), load))
    }
    return settled(this.entities())
  }

  async #loadedTables(): Promise<Table[]> {
    if (this.#tables?.state === 'failed') {
      this.#tables = this.#loading(this.#firstTables(), load => this.#showAgain(() => (this.#tables = load), load))
    }
    return settled(this.tables())
  }

  /**
   * The tables, joined with the Domain model where that can be had in time: a query must not hang where that API does.
   */
  async joinedTables(): Promise<Table[]> {
    await this.#loadedTables()
    await unlessAborted(this.#joined(), AbortSignal.timeout(JOINED_WITHIN_MS)).catch(() => undefined)
    return settled(this.tables())
  }

  async #joined(): Promise<void> {
    if (!(await this.#open()).complete) await Promise.allSettled([this.#newer.current])
    await this.#details.current
  }

  /**
   * When it is the model with all that the instance has of its own. Throws `signed-out` where that isn't kept and
   * nobody is signed in; else fails as the loading of entities does.
   */
  async current(): Promise<void> {
    await this.loadedEntities()
    if (this.about?.kind === 'standard') await Promise.allSettled([this.#newer.current])
    if (this.about?.kind === 'standard' && await this.#instance.isSignedIn()) await this.#newer.again(() => this.#look())
    if (this.about?.kind === 'standard') throw this.#signedOut()
  }

  /** Fails as the loading of entities does. */
  async entity(entitySet: string): Promise<DomainEntityDetails> {
    const instance = this.#instance
    const held = await instance.call('cachedEntity', { ...await instance.place(), entitySet })
    return held ?? this.#withDomain(params => instance.call('loadEntity', { ...params, entitySet }))
  }

  /**
   * All entities in full, some at a time; those that can't be read are left out. Fails as the loading of entities
   * does.
   */
  async *details(): AsyncGenerator<DomainEntityDetails> {
    if (!(await this.#open()).complete) await this.#startDetails()
    const place = await this.#instance.place()
    for (let from = 0, end = false; !end; from += ENTITIES_AT_ONCE) {
      const read = () => this.#instance.call('cachedDetails', { ...place, from, count: ENTITIES_AT_ONCE })
      // what can't be kept is gone when the worker has held others meanwhile, or has died
      const some = await read() ?? await this.#details.again(() => this.#loadDetails(false)).then(read)
      if (some === undefined) throw new ErpError('internal', { reason: 'the details of the model are not held' })
      yield* JSON.parse(some.entities) as DomainEntityDetails[]
      end = some.end
    }
  }

  /** What is called so, the best first. Fails as the loading of entities does. */
  async search(typed: string, limit: number): Promise<FoundItem[]> {
    await Promise.allSettled([this.#loadedTables()])
    await this.loadedEntities()
    const place = await this.#instance.place()
    const also = otherLanguages(place.language)
    this.#inBackground(this.#otherLanguages, () => this.#loadLanguages(also))
    this.#inBackground(this.#oldNames, () => this.#loadRenamed())
    return this.#instance.call('searchModel', { ...place, typed, limit, also, renamed: this.#renamed })
  }

  /** Those entity sets that have attributes which this instance has added. Fails as the loading of entities does. */
  async added(): Promise<ReadonlySet<string>> {
    if (!(await this.#open()).complete) await this.#startDetails()
    return new Set(await this.#instance.call('addedEntities', await this.#instance.place()))
  }

  /**
   * Loads from the instance what has been asked for; the entities, where nothing has. What is there stays until its
   * successor has come; what had failed is loaded when it is next asked for. Fails with the first failure, and with
   * `signed-out` where a current model is kept, which everybody's must not replace.
   */
  async reload(): Promise<void> {
    await this.quiet()
    this.#instance.forgetVersion()
    this.#cached.forget()
    const isFirst = this.#entities === undefined && this.#tables === undefined
    if (this.#entities?.state === 'failed') this.#entities = undefined
    if (this.#tables?.state === 'failed') this.#tables = undefined
    const about = this.#about ?? (await this.#open()).about
    if (about?.kind === 'current' && !await this.#instance.isSignedIn()) throw this.#signedOut()
    await this.#loadAnew(true, isFirst)
  }

  /** When nothing of it is on its way any more, however that ended. */
  async quiet(): Promise<void> {
    for (const load of [this.#entities, this.#tables]) if (load?.state === 'loading') await Promise.allSettled([load.promise])
    for (const attempt of [this.#newer, this.#details, this.#otherLanguages, this.#oldNames]) await Promise.allSettled([attempt.current])
  }

  dispose(): void {
    this.#life.abort()
  }

  async #firstEntities(): Promise<DomainEntity[]> {
    const { about, entities } = await this.#open()
    if (entities !== undefined) {
      this.#about ??= about
      this.#lookForNewer()
      return JSON.parse(entities) as DomainEntity[]
    }
    const loaded = await this.#loadEntities()
    this.#inBackground(this.#details, () => this.#loadDetails(false))
    return loaded
  }

  async #firstTables(): Promise<Table[]> {
    const { about, tables, complete } = await this.#open()
    if (tables !== undefined) {
      this.#about ??= about
      this.#lookForNewer()
      return JSON.parse(tables) as Table[]
    }
    const loaded = await this.#loadTables()
    if (complete) this.#lookForNewer()
    else this.#inBackground(this.#details, () => this.#loadDetails(false))
    return loaded
  }

  /** Asks for the version alone where that is enough; nobody waits for it. */
  #lookForNewer(): void {
    this.#inBackground(this.#newer, () => this.#look())
  }

  async #look(): Promise<void> {
    const { about: opened, complete } = await this.#open()
    const about = this.#about ?? opened
    const version = await this.#instance.version()
    const isSignedIn = await this.#instance.isSignedIn()
    const isOlder = about !== undefined && version !== undefined && version !== about.version
    if (isSignedIn ? isOlder || about?.kind === 'standard' : isOlder && about.kind !== 'current') await this.#loadAnew(false)
    else if (!complete) await this.#startDetails()
    // it couldn't be asked: the next time, perhaps
    if (!this.#instance.hasToldVersion) this.#newer.forget()
  }

  async #loadAnew(anew: boolean, isFirst = false): Promise<void> {
    const { tables } = await this.#open()
    const steps: (() => Promise<void>)[] = []
    if (isFirst || this.#entities !== undefined) steps.push(async () => this.#show({ entities: await this.#loadEntities() }))
    if (this.#tables !== undefined || tables !== undefined) {
      steps.push(async () => this.#show({ tables: await this.#loadTables() }))
    }
    if (steps.length > 0) steps.push(() => this.#details.again(() => this.#loadDetails(anew)))
    const ends = []
    for (const step of steps) ends.push(...await Promise.allSettled([step()]))
    this.#cached.forget()
    const failure = ends.find(end => end.status === 'rejected')
    if (failure !== undefined) throw asErpError(failure.reason)
  }

  #show({ entities, tables }: { entities?: DomainEntity[]; tables?: Table[] }): void {
    if (entities !== undefined) this.#entities = { state: 'ready', value: entities }
    if (tables !== undefined) this.#tables = { state: 'ready', value: tables }
    if (!this.#life.signal.aborted) this.#changed()
  }

  /** The views have shown that it had failed. */
  #showAgain(take: () => void, { state }: Load<unknown>): void {
    take()
    if (state === 'ready' && !this.#life.signal.aborted) this.#changed()
  }

  async #loadEntities(): Promise<DomainEntity[]> {
    const { about, entities } = await this.#withDomain(params => this.#instance.call('loadEntities', params))
    this.#about = about
    return JSON.parse(entities ?? '[]') as DomainEntity[]
  }

  async #loadTables(): Promise<Table[]> {
    const place = await this.#instance.place()
    const { tables } = await this.#instance.withTables(api => this.#instance.call('loadTables', { ...place, api }))
    return JSON.parse(tables ?? '[]') as Table[]
  }

  #startDetails(): Promise<void> {
    return this.#details.run(() => this.#loadDetails(false))
  }

  /**
   * When the model itself is there: it matters more. Without a token, as that is enough to search in; a current model
   * that is kept stays.
   */
  async #loadLanguages(languages: readonly string[]): Promise<void> {
    await this.#joined()
    // there are no names in it
    if (this.#about?.kind === 'metadata') return
    const version = await this.#instance.version()
    for (const language of languages) {
      const place = { ...await this.#instance.place(), language }
      const { about, complete } = await this.#instance.call('cachedModel', place)
      if (complete && (version === undefined || about?.version === version)) continue
      const domain = await this.#instance.publicDomain()
      await this.#instance.call('loadDetails', { ...place, version, domain, anew: false })
    }
  }

  async #loadDetails(anew: boolean): Promise<void> {
    const { about, tables, complete } = await this.#withDomain(params => this.#instance.call('loadDetails', { ...params, anew }))
    // a current model is kept in short, and everybody's doesn't replace it
    if (!complete) throw this.#signedOut()
    this.#about = about
    if (tables !== undefined && this.#tables?.state === 'ready') this.#show({ tables: JSON.parse(tables) as Table[] })
  }

  /** As everybody, where the session has ended; but a current model then stays. */
  #withDomain<T>(action: (params: LoadParams) => Promise<T>): Promise<T> {
    return this.#instance.withDomain(action, this.#about?.kind !== 'current')
  }

  #open(): Promise<ModelSnapshot> {
    return this.#cached.run(async () => this.#instance.call('cachedModel', await this.#instance.place()))
  }

  #loading<T>(promise: Promise<T>, settle: (load: Load<T>) => void): Load<T> {
    promise.then(
      value => settle({ state: 'ready', value }),
      (error: unknown) => settle({ state: 'failed', error: asErpError(error) }),
    )
    return { state: 'loading', promise }
  }

  /** Only who is signed in may ask. */
  async #loadRenamed(): Promise<void> {
    const renamed = await this.#instance.withDomain(async ({ domain: { odata: base, token } }) =>
      token === undefined ? [] : this.#instance.call('renamedEntities', { base, token }), true)
    this.#renamed = JSON.stringify(renamed)
  }

  /** Nobody waits for it. */
  #inBackground(attempt: Attempt<void>, action: () => Promise<void>): void {
    if (attempt.current !== undefined) return
    attempt.run(action).catch((error: unknown) => {
      if (!this.#life.signal.aborted) this.#onTrouble(asErpError(error))
    })
  }

  #signedOut(): ErpError {
    return new ErpError('signed-out', { connection: this.#instance.connection.name })
  }
}

/** People search in English and Bulgarian, whatever their editor speaks. */
function otherLanguages(language: string): string[] {
  return ['en', 'bg'].filter(other => other !== language.split('-')[0])
}

const JOINED_WITHIN_MS = 15_000
/** One batch of them occupies a thread for some milliseconds. */
const ENTITIES_AT_ONCE = 25

export async function settled<T>(load: Load<T>): Promise<T> {
  if (load.state === 'failed') throw load.error
  return load.state === 'ready' ? load.value : load.promise
}
