import { ErpError, isErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import { findTable, nearest } from '../../core/model/find.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { Table } from '../../core/model/table.ts'
import { ConnectionModel } from './connectionModel.ts'
import type { ModelParts } from './modelInstance.ts'
import type { Load } from './part.ts'

/** More than anybody looks through. */
const SEARCH_LIMIT = 100

export interface ModelServiceOptions extends ModelParts {
  /** Tells that what is known of a model has become another. */
  readonly changes: Changes
}

/** As much of VS Code's `EventEmitter` as is needed. */
export interface Changes {
  readonly event: (listener: () => unknown) => { dispose(): unknown }
  fire(): void
}

/**
 * The models of the connections: one for all who look at one, loaded when first asked for, kept on disk for the next
 * time and for other windows. See ARCHITECTURE.md, "The model". All that loads fails with what discovery, sign-in and
 * the server fail with.
 */
export class ModelService {
  readonly #options: ModelServiceOptions
  readonly #models = new Map<string, ConnectionModel>()
  #ended = false
  /** Fires when what is known has become another: ask again. */
  readonly onDidChange: Changes['event']

  constructor(options: ModelServiceOptions) {
    this.#options = options
    this.onDidChange = options.changes.event
  }

  /** All entities in short. */
  async entities(connection: Connection): Promise<DomainEntity[]> {
    return this.#with(connection, model => model.loadedEntities())
  }

  /** One entity in full; a broken description is `unexpected-answer`. */
  async entity(connection: Connection, entitySet: string): Promise<DomainEntityDetails> {
    return this.#with(connection, model => model.entity(entitySet))
  }

  /** All entities in full, for search and comparison: some thousand members come some entities at a time. */
  details(connection: Connection): AsyncGenerator<DomainEntityDetails> {
    return this.#of(connection).details()
  }

  /** When it is the model with all that the instance has of its own. Throws `signed-out` where that isn't to be had. */
  async current(connection: Connection): Promise<void> {
    await this.#with(connection, model => model.current())
  }

  /** One that a person has named. Fails with `entity-unknown` where there is none, instead of asking for it. */
  async entityNamed(connection: Connection, entitySet: string): Promise<DomainEntityDetails> {
    const names = (await this.entities(connection)).map(entity => entity.entitySet)
    if (names.includes(entitySet)) return this.entity(connection, entitySet)
    const suggestion = nearest(names, entitySet)
    throw new ErpError('entity-unknown', suggestion === undefined ? { name: entitySet } : { name: entitySet, suggestion })
  }

  /**
   * All tables, joined with the Domain model. Waits for that, where it is on its way; without it they are as they are.
   */
  async tables(connection: Connection): Promise<Table[]> {
    return this.#with(connection, model => model.joinedTables())
  }

  /** Throws `table-unknown` too. */
  async table(connection: Connection, name: string): Promise<Table> {
    return findTable(await this.tables(connection), name)
  }

  /** What is called so, the best first: entities, tables, their members and values, in English and Bulgarian. */
  async search(connection: Connection, typed: string): Promise<FoundItem[]> {
    return this.#with(connection, model => model.search(typed, SEARCH_LIMIT))
  }

  /** Those entity sets that have attributes which this instance has added to the standard model. */
  async entitiesWithAdded(connection: Connection): Promise<ReadonlySet<string>> {
    return this.#with(connection, model => model.added())
  }

  /** Which model it is; known once entities or tables are there. */
  about(connection: Connection): ModelAbout | undefined {
    return this.#of(connection).about
  }

  /** What is known of the entities by now; begins to load them. */
  entitiesLoad(connection: Connection): Load<DomainEntity[]> {
    return this.#of(connection).entities()
  }

  /** What is known of the tables by now, joined or not; begins to load them. */
  tablesLoad(connection: Connection): Load<Table[]> {
    return this.#of(connection).tables()
  }

  /** The tables if they are there already; else they are loaded in the background, and a failure waits for who asks. */
  loadedTables(connection: Connection): readonly Table[] | undefined {
    const load = this.tablesLoad(connection)
    return load.state === 'ready' ? load.value : undefined
  }

  /** When nothing of the model is on its way any more: looked for a newer one, details loaded, or failed. */
  async quiet(connection: Connection): Promise<void> {
    await this.#of(connection).quiet()
  }

  /**
   * Loads from the instance what has been asked for; the entities, where nothing has. What is there stays where that
   * fails. Fails with the first failure, and with `signed-out` where the standard model would replace a current one.
   */
  async reload(connection: Connection): Promise<void> {
    try {
      await this.#of(connection).reload()
    } finally {
      this.#options.changes.fire()
    }
  }

  /**
   * Opens the model of one connection, or of all, anew when it is next asked for: as it is kept, or from the instance.
   */
  forget(connectionId?: string): void {
    for (const [id, model] of [...this.#models]) {
      if (connectionId !== undefined && id !== connectionId) continue
      model.dispose()
      this.#models.delete(id)
    }
    this.#options.changes.fire()
  }

  /** Removes what is kept of the connection's instance from the disk. */
  async remove({ id, url: root }: Connection): Promise<void> {
    // who waits for it ends with it; it stays known until then, so that nobody begins it anew
    this.#models.get(id)?.dispose()
    const { engine, folder } = this.#options
    await engine.call('removeModels', { folder, root })
    this.forget(id)
  }

  dispose(): void {
    this.#ended = true
    for (const model of this.#models.values()) model.dispose()
  }

  /**
   * Where the model is forgotten meanwhile, who waits goes on with its successor: so that a session's end is
   * `signed-out`. Not where the connection leads elsewhere by now.
   */
  async #with<T>(connection: Connection, action: (model: ConnectionModel) => Promise<T>): Promise<T> {
    const model = this.#of(connection)
    try {
      return await action(model)
    } catch (error) {
      const next = this.#models.get(connection.id)
      const isForgotten = next !== model && (next === undefined || next.url === connection.url)
      if (!isErpError(error, 'cancelled') || !isForgotten || this.#ended) throw error
      return this.#with(connection, action)
    }
  }

  #of(connection: Connection): ConnectionModel {
    let model = this.#models.get(connection.id)
    if (model?.url !== connection.url) {
      model?.dispose()
      model = new ConnectionModel(connection, this.#options, () => this.#options.changes.fire())
      this.#models.set(connection.id, model)
    }
    return model
  }
}
