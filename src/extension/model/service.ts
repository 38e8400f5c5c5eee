import { type Disposable, EventEmitter } from 'vscode'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { site, tableRoot } from '../../core/instance/instance.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import { nearest } from '../../core/model/findTable.ts'
import type { Table } from '../../core/model/table.ts'
import type { Engine } from '../../node/engine/client.ts'
import { type Access, type OpenAccess, withAccess } from '../platform/contracts.ts'

export interface ModelServiceOptions {
  readonly engine: Engine
  readonly access: OpenAccess
}

/** A part of a model: on its way, there, or why not. */
export type Load<T> =
  | { readonly state: 'loading'; readonly promise: Promise<T> }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ErpError }

/** The models of the connections, loaded when first asked for and kept while the window lives. */
export class ModelService implements Disposable {
  readonly #options: ModelServiceOptions
  readonly #loads = new Map<string, Load<unknown>>()
  readonly #forgotten = new EventEmitter<void>()
  /** Fires when what was known was forgotten. */
  readonly onDidForget = this.#forgotten.event

  constructor(options: ModelServiceOptions) {
    this.#options = options
  }

  /** All entities in short. Like the two below, fails with what discovery, sign-in and the server fail with. */
  async entities(connection: Connection): Promise<DomainEntity[]> {
    return settled(this.entitiesLoad(connection))
  }

  async entity(connection: Connection, entitySet: string): Promise<DomainEntityDetails> {
    return settled(this.#load(connection, `entity ${entitySet}`, (engine, { instance, token }) =>
      engine.call('domainEntity', { base: site(instance, 'DomainAPI').url, token, entitySet })))
  }

  /** One that a person has named. Fails with `entity-unknown` where there is none, instead of asking for it. */
  async entityNamed(connection: Connection, entitySet: string): Promise<DomainEntityDetails> {
    const names = (await this.entities(connection)).map(entity => entity.entitySet)
    if (names.includes(entitySet)) return this.entity(connection, entitySet)
    const suggestion = nearest(names, entitySet)
    throw new ErpError('entity-unknown', suggestion === undefined ? { entity: entitySet } : { entity: entitySet, suggestion })
  }

  async tables(connection: Connection): Promise<Table[]> {
    return settled(this.tablesLoad(connection))
  }

  /** What is known of the entities by now; begins to load them. */
  entitiesLoad(connection: Connection): Load<DomainEntity[]> {
    return this.#load(connection, 'entities', (engine, { instance, token }) =>
      engine.call('domainEntities', { base: site(instance, 'DomainAPI').url, token }))
  }

  /** What is known of the tables by now; begins to load them. */
  tablesLoad(connection: Connection): Load<Table[]> {
    return this.#load(connection, 'tables', (engine, { instance, token }) =>
      engine.call('tables', { base: tableRoot(site(instance, 'TableAPI')), token }))
  }

  /** The tables if they are there already; else they are loaded in the background, and a failure waits for who asks. */
  loadedTables(connection: Connection): readonly Table[] | undefined {
    const load = this.tablesLoad(connection)
    return load.state === 'ready' ? load.value : undefined
  }

  /** Forgets the models of one connection, or of all: they are loaded anew when next asked for. */
  forget(connectionId?: string): void {
    for (const key of [...this.#loads.keys()]) {
      if (connectionId === undefined || key.startsWith(`${connectionId}\n`)) this.#loads.delete(key)
    }
    this.#forgotten.fire()
  }

  dispose(): void {
    this.#forgotten.dispose()
  }

  /** One load a part at a time; a part that failed stays so until it is forgotten. */
  #load<T>(connection: Connection, part: string, read: (engine: Engine, access: Access) => Promise<T>): Load<T> {
    const key = `${connection.id}\n${part}`
    const known = this.#loads.get(key) as Load<T> | undefined
    if (known !== undefined) return known
    const { engine, access } = this.#options
    const promise = withAccess(access, connection, open => read(engine, open))
    const load: Load<T> = { state: 'loading', promise }
    this.#loads.set(key, load)
    const settle = (next: Load<T>): void => {
      if (this.#loads.get(key) === load) this.#loads.set(key, next)
    }
    promise.then(
      value => settle({ state: 'ready', value }),
      (error: unknown) => settle({ state: 'failed', error: asErpError(error) }),
    )
    return load
  }
}

async function settled<T>(load: Load<T>): Promise<T> {
  if (load.state === 'failed') throw load.error
  return load.state === 'ready' ? load.value : load.promise
}
