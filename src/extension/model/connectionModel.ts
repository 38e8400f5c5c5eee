import { Attempt } from '../../core/base/attempt.ts'
import { unlessAborted } from '../../core/base/cancel.ts'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import type { LoadParams, ModelSnapshot } from '../../node/model/modelCalls.ts'
import { ModelInstance, type ModelParts } from './modelInstance.ts'
import { ModelSearch } from './modelSearch.ts'
import { type Load, Part } from './part.ts'

/**
 * The model of one connection. What is kept on disk is there at once, and then it is looked, without a session, whether
 * the instance has a newer version. Else the parts are loaded when they are first asked for, and the details of all
 * entities after them, with which the tables are joined.
 */
export class ConnectionModel {
  readonly #instance: ModelInstance
  readonly #onTrouble: (error: unknown) => void
  readonly #life = new AbortController()
  readonly #entities: Part<DomainEntity[]>
  readonly #tables: Part<Table[]>
  readonly #search: ModelSearch
  #about: ModelAbout | undefined
  readonly #cached = new Attempt<ModelSnapshot>()
  readonly #details = new Attempt<void>()
  readonly #newer = new Attempt<void>()

  /** @param changed called when a part that was there has become another */
  constructor(connection: Connection, parts: ModelParts, changed: () => void) {
    const { signal } = this.#life
    const tell = (): void => {
      if (!signal.aborted) changed()
    }
    this.#instance = new ModelInstance(connection, parts, signal)
    this.#onTrouble = error => {
      if (!signal.aborted) parts.onTrouble(asErpError(error))
    }
    this.#entities = new Part(() => this.#firstEntities(), tell)
    this.#tables = new Part(() => this.#firstTables(), tell)
    const whole = () => this.#joined().then(() => this.#about)
    this.#search = new ModelSearch({ instance: this.#instance, whole, onTrouble: this.#onTrouble })
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
    return this.#entities.load()
  }

  /** For views, as `entities`. */
  tables(): Load<Table[]> {
    return this.#tables.load()
  }

  /** For who waits: what has failed is tried again. */
  async loadedEntities(): Promise<DomainEntity[]> {
    if (this.#entities.isReady) this.#lookForNewer()
    return this.#entities.value()
  }

  /**
   * The tables, joined with the Domain model where that can be had in time: a query must not hang where that API does.
   */
  async joinedTables(): Promise<Table[]> {
    await this.#tables.value()
    await unlessAborted(this.#joined(), AbortSignal.timeout(JOINED_WITHIN_MS)).catch(() => undefined)
    return this.#tables.value()
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
    await Promise.allSettled([this.#tables.value()])
    await this.loadedEntities()
    return this.#search.search(typed, limit)
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
    const isFirst = !this.#entities.isWanted && !this.#tables.isWanted
    this.#entities.forgetFailure()
    this.#tables.forgetFailure()
    const about = this.#about ?? (await this.#open()).about
    if (about?.kind === 'current' && !await this.#instance.isSignedIn()) throw this.#signedOut()
    await this.#loadAnew(true, isFirst)
  }

  /** When nothing of it is on its way any more, however that ended. */
  async quiet(): Promise<void> {
    for (const part of [this.#entities, this.#tables]) await part.quiet()
    for (const attempt of [this.#newer, this.#details]) await Promise.allSettled([attempt.current])
    await this.#search.quiet()
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
    this.#details.start(() => this.#loadDetails(false), this.#onTrouble)
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
    else this.#details.start(() => this.#loadDetails(false), this.#onTrouble)
    return loaded
  }

  /** Asks for the version alone where that is enough; nobody waits for it. */
  #lookForNewer(): void {
    this.#newer.start(() => this.#look(), this.#onTrouble)
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
    if (isFirst || this.#entities.isWanted) steps.push(async () => this.#entities.replace(await this.#loadEntities()))
    if (this.#tables.isWanted || tables !== undefined) steps.push(async () => this.#tables.replace(await this.#loadTables()))
    if (steps.length > 0) steps.push(() => this.#details.again(() => this.#loadDetails(anew)))
    const ends = []
    for (const step of steps) ends.push(...await Promise.allSettled([step()]))
    this.#cached.forget()
    const failure = ends.find(end => end.status === 'rejected')
    if (failure !== undefined) throw asErpError(failure.reason)
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

  async #loadDetails(anew: boolean): Promise<void> {
    const { about, tables, complete } = await this.#withDomain(params => this.#instance.call('loadDetails', { ...params, anew }))
    // a current model is kept in short, and everybody's doesn't replace it
    if (!complete) throw this.#signedOut()
    this.#about = about
    if (tables !== undefined && this.#tables.isReady) this.#tables.replace(JSON.parse(tables) as Table[])
  }

  /** As everybody, where the session has ended; but a current model then stays. */
  #withDomain<T>(action: (params: LoadParams) => Promise<T>): Promise<T> {
    return this.#instance.withDomain(action, this.#about?.kind !== 'current')
  }

  #open(): Promise<ModelSnapshot> {
    return this.#cached.run(async () => this.#instance.call('cachedModel', await this.#instance.place()))
  }

  #signedOut(): ErpError {
    return new ErpError('signed-out', { connection: this.#instance.connection.name })
  }
}

const JOINED_WITHIN_MS = 15_000
/** One batch of them occupies a thread for some milliseconds. */
const ENTITIES_AT_ONCE = 25
