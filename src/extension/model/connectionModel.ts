import { unlessAborted } from '../../core/base/cancel.ts'
import { asErpError, type ErpError, isErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { type Instance, odataRoot, site, tableRoot } from '../../core/instance/instance.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { ModelItem } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import type { Engine } from '../../node/engine/client.ts'
import type { LoadParams, ModelPlace, ModelSnapshot } from '../../node/model/modelStore.ts'
import { type OpenAccess, withAccess } from '../platform/contracts.ts'

export interface ModelParts {
  readonly engine: Engine
  readonly access: OpenAccess
  /** The connection as it is reached now. Fails with `sandbox-stopped`. */
  readonly ready: (connection: Connection, signal?: AbortSignal) => Promise<Connection>
  /** Finds the instance, without a token. Fails as discovery does. */
  readonly instance: (connection: Connection, signal?: AbortSignal) => Promise<Instance>
  /** Sends nothing. */
  readonly isSignedIn: (connection: Connection) => Promise<boolean>
  /** Where models are kept, for all windows. */
  readonly folder: string
  /** In which language models are asked for. */
  readonly language: () => string
  /** Told what went wrong where nobody waits for it. */
  readonly onTrouble: (error: ErpError) => void
}

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
  readonly #connection: Connection
  readonly #parts: ModelParts
  readonly #changed: () => void
  readonly #life = new AbortController()
  #entities: Load<DomainEntity[]> | undefined
  #tables: Load<Table[]> | undefined
  #cached: Promise<ModelSnapshot> | undefined
  #details: Promise<void> | undefined
  #newer: Promise<void> | undefined
  #about: ModelAbout | undefined
  #version: Promise<string | undefined> | undefined
  #language: string | undefined
  /** The names in the other language, for the search: on their way or there. */
  #otherLanguage: Promise<void> | undefined

  /** @param changed called when a part that was there has become another */
  constructor(connection: Connection, parts: ModelParts, changed: () => void) {
    this.#connection = connection
    this.#parts = parts
    this.#changed = changed
  }

  /** Its instance's address; where a person changes that, it is another model. */
  get url(): string {
    return this.#connection.url
  }

  /** Known once entities or tables are there. */
  get about(): ModelAbout | undefined {
    return this.#about
  }

  entities(): Load<DomainEntity[]> {
    return this.#entities ??= this.#loading(this.#firstEntities(), load => (this.#entities = load))
  }

  tables(): Load<Table[]> {
    return this.#tables ??= this.#loading(this.#firstTables(), load => (this.#tables = load))
  }

  /** The tables, joined with the Domain model where that can be had in time: a query must not hang where that API does. */
  async joinedTables(): Promise<Table[]> {
    await settled(this.tables())
    await unlessAborted(this.#joined(), AbortSignal.timeout(JOINED_WITHIN_MS)).catch(() => undefined)
    return settled(this.tables())
  }

  async #joined(): Promise<void> {
    if (!(await this.#open()).complete) await this.#newer
    await this.#details
  }

  /** Fails as the loading of entities does. */
  async entity(entitySet: string): Promise<DomainEntityDetails> {
    const { engine } = this.#parts
    const held = await engine.call('cachedEntity', { ...await this.#place(), entitySet }, this.#options)
    return held ?? this.#withDomain(params => engine.call('loadEntity', { ...params, entitySet }, this.#options))
  }

  /** All entities in full, some at a time; those that can't be read are left out. Fails as the loading of entities does. */
  async *details(): AsyncGenerator<DomainEntityDetails> {
    if (!(await this.#open()).complete) await this.#startDetails()
    const place = await this.#place()
    for (let from = 0, end = false; !end; from += ENTITIES_AT_ONCE) {
      const params = { ...place, from, count: ENTITIES_AT_ONCE }
      const some = await this.#parts.engine.call('cachedDetails', params, this.#options)
      yield* JSON.parse(some.entities) as DomainEntityDetails[]
      end = some.end
    }
  }

  /** What is called so, the best first. Fails as the loading of entities does. */
  async search(typed: string, limit: number): Promise<ModelItem[]> {
    await Promise.allSettled([settled(this.tables())])
    await settled(this.entities())
    const place = await this.#place()
    const also = place.language === 'bg' ? 'en' : 'bg'
    this.#otherLanguage ??= this.#loadLanguage(also).catch((error: unknown) => this.#report(error))
    return this.#parts.engine.call('searchModel', { ...place, typed, limit, also }, this.#options)
  }

  /** Those entity sets that have attributes which this instance has added. Fails as the loading of entities does. */
  async added(): Promise<ReadonlySet<string>> {
    if (!(await this.#open()).complete) await this.#startDetails()
    return new Set(await this.#parts.engine.call('addedEntities', await this.#place(), this.#options))
  }

  /**
   * Loads from the instance what has been asked for. What is there stays until its successor has come; what had failed is
   * loaded when it is next asked for. Fails with the first failure.
   */
  async reload(): Promise<void> {
    await this.quiet()
    this.#version = undefined
    if (this.#entities?.state === 'failed') this.#entities = undefined
    if (this.#tables?.state === 'failed') this.#tables = undefined
    await this.#loadAnew(true)
  }

  /** When nothing of it is on its way any more, however that ended. */
  async quiet(): Promise<void> {
    for (const load of [this.#entities, this.#tables]) if (load?.state === 'loading') await Promise.allSettled([load.promise])
    await this.#newer
    await Promise.allSettled([this.#details])
    await this.#otherLanguage
  }

  dispose(): void {
    this.#life.abort()
  }

  get #options(): { signal: AbortSignal } {
    return { signal: this.#life.signal }
  }

  async #firstEntities(): Promise<DomainEntity[]> {
    const { about, entities } = await this.#open()
    if (entities !== undefined) {
      this.#about ??= about
      void this.#lookForNewer()
      return JSON.parse(entities) as DomainEntity[]
    }
    const loaded = await this.#loadEntities()
    void this.#startDetails().catch(() => undefined)
    return loaded
  }

  async #firstTables(): Promise<Table[]> {
    const { about, tables, complete } = await this.#open()
    if (tables !== undefined) {
      this.#about ??= about
      void this.#lookForNewer()
      return JSON.parse(tables) as Table[]
    }
    const loaded = await this.#loadTables()
    if (!complete) void this.#startDetails().catch(() => undefined)
    return loaded
  }

  /** Asks for the version alone where that is enough; nobody waits for it. */
  #lookForNewer(): Promise<void> {
    return this.#newer ??= this.#look().catch((error: unknown) => this.#report(error))
  }

  async #look(): Promise<void> {
    const { about, complete } = await this.#open()
    const version = await this.#versionNow()
    const isOlder = version !== undefined && version !== about?.version
    const isLess = about?.kind === 'standard' && await this.#parts.isSignedIn(this.#connection)
    if (isOlder || isLess) await this.#loadAnew(false)
    else if (!complete) await this.#startDetails()
  }

  async #loadAnew(anew: boolean): Promise<void> {
    const { tables } = await this.#open()
    const steps: (() => Promise<void>)[] = []
    if (this.#entities !== undefined) steps.push(async () => this.#show({ entities: await this.#loadEntities() }))
    if (this.#tables !== undefined || tables !== undefined) {
      steps.push(async () => this.#show({ tables: await this.#loadTables() }))
    }
    if (steps.length > 0) steps.push(() => this.#details = this.#loadDetails(anew))
    const ends = []
    for (const step of steps) ends.push(...await Promise.allSettled([step()]))
    const failure = ends.find(end => end.status === 'rejected')
    if (failure !== undefined) throw asErpError(failure.reason)
  }

  #show({ entities, tables }: { entities?: DomainEntity[]; tables?: Table[] }): void {
    if (entities !== undefined) this.#entities = { state: 'ready', value: entities }
    if (tables !== undefined) this.#tables = { state: 'ready', value: tables }
    if (!this.#life.signal.aborted) this.#changed()
  }

  async #loadEntities(): Promise<DomainEntity[]> {
    const { about, entities } = await this.#withDomain(params => this.#parts.engine.call('loadEntities', params, this.#options))
    this.#about = about
    return JSON.parse(entities ?? '[]') as DomainEntity[]
  }

  async #loadTables(): Promise<Table[]> {
    const { engine, access } = this.#parts
    const place = await this.#place()
    const { tables } = await withAccess(access, this.#connection, ({ instance, token }) =>
      engine.call('loadTables', { ...place, api: { base: tableRoot(site(instance, 'TableAPI')), token } }, this.#options), this.#options)
    return JSON.parse(tables ?? '[]') as Table[]
  }

  #startDetails(): Promise<void> {
    if (this.#details !== undefined) return this.#details
    this.#details = this.#loadDetails(false)
    this.#details.catch((error: unknown) => this.#report(error))
    return this.#details
  }

  /** When the model itself is there: it matters more. */
  async #loadLanguage(language: string): Promise<void> {
    const { engine } = this.#parts
    await this.#joined()
    const about = await engine.call('cachedModel', { ...await this.#place(), language }, this.#options)
    if (about.complete && about.about?.version === await this.#versionNow()) return
    await this.#withDomain(params => engine.call('loadDetails', { ...params, language, anew: false }, this.#options))
  }

  async #loadDetails(anew: boolean): Promise<void> {
    const { engine } = this.#parts
    const { about, tables } = await this.#withDomain(params => engine.call('loadDetails', { ...params, anew }, this.#options))
    this.#about = about
    if (tables !== undefined && this.#tables?.state === 'ready') this.#show({ tables: JSON.parse(tables) as Table[] })
  }

  /** With the person's token, where they are signed in; else as everybody, which opens no session. */
  async #withDomain<T>(action: (params: LoadParams) => Promise<T>): Promise<T> {
    const { access, instance, isSignedIn } = this.#parts
    const [place, version] = [await this.#place(), await this.#versionNow()]
    const run = (at: Instance, token?: string): Promise<T> => {
      const domain = site(at, 'DomainAPI')
      return action({ ...place, version, domain: { site: domain.url, odata: odataRoot(domain), token } })
    }
    try {
      if (await isSignedIn(this.#connection)) {
        return await withAccess(access, this.#connection, open => run(open.instance, open.token), this.#options)
      }
    } catch (error) {
      if (!isErpError(error, 'signed-out')) throw error
    }
    return run(await instance(this.#connection, this.#life.signal))
  }

  /** Undefined where the instance doesn't tell. Fails as discovery does. */
  async #versionNow(): Promise<string | undefined> {
    const { engine, instance } = this.#parts
    const { root } = await instance(this.#connection, this.#life.signal)
    return this.#version ??= engine.call('instanceVersion', { root }, this.#options).catch(() => undefined)
  }

  async #place(): Promise<ModelPlace> {
    const { folder, language, ready } = this.#parts
    this.#language ??= language()
    const { url: root } = await ready(this.#connection, this.#life.signal)
    return { folder, root, language: this.#language }
  }

  #open(): Promise<ModelSnapshot> {
    return this.#cached ??= this.#place().then(place => this.#parts.engine.call('cachedModel', place, this.#options))
  }

  #loading<T>(promise: Promise<T>, settle: (load: Load<T>) => void): Load<T> {
    promise.then(
      value => settle({ state: 'ready', value }),
      (error: unknown) => settle({ state: 'failed', error: asErpError(error) }),
    )
    return { state: 'loading', promise }
  }

  #report(error: unknown): void {
    if (!this.#life.signal.aborted) this.#parts.onTrouble(asErpError(error))
  }
}

const JOINED_WITHIN_MS = 15_000
/** One batch of them occupies a thread for some milliseconds. */
const ENTITIES_AT_ONCE = 25

export async function settled<T>(load: Load<T>): Promise<T> {
  if (load.state === 'failed') throw load.error
  return load.state === 'ready' ? load.value : load.promise
}
