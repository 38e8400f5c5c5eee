import type { Connection } from '../../core/instance/connection.ts'
import { odataRoot, site } from '../../core/instance/instance.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { Table } from '../../core/model/table.ts'
import type { Engine } from '../../node/engine/client.ts'
import { type Access, type InstanceFacts, type ModelReader, type OpenAccess, withAccess } from '../platform/contracts.ts'
import type { ModelService } from './service.ts'

export interface InstanceModelsOptions {
  readonly engine: Pick<Engine, 'call'>
  readonly access: OpenAccess
  readonly service: Pick<ModelService, 'entities' | 'entity' | 'tables' | 'onDidForget'>
}

/** What the model service tells of single parts, and whole models, which are kept until what is known is forgotten. */
export class InstanceModels implements ModelReader {
  readonly #options: InstanceModelsOptions
  #known = new Map<string, unknown>()

  constructor(options: InstanceModelsOptions) {
    this.#options = options
    options.service.onDidForget(() => { this.#known = new Map() })
  }

  async entities(connection: Connection): Promise<readonly DomainEntity[]> {
    return this.#options.service.entities(connection)
  }

  async entity(connection: Connection, entitySet: string): Promise<DomainEntityDetails> {
    return this.#options.service.entity(connection, entitySet)
  }

  async tables(connection: Connection): Promise<readonly Table[]> {
    return this.#options.service.tables(connection)
  }

  async model(connection: Connection, model: 'current' | 'standard', signal?: AbortSignal): Promise<readonly DomainEntityDetails[]> {
    return this.#read(connection, `model ${model}`, signal, (engine, { instance, token }) => {
      const base = site(instance, 'DomainAPI').url
      return engine.call('domainModel', model === 'standard' ? { base, model } : { base, model, token }, { signal })
    })
  }

  async about(connection: Connection, signal?: AbortSignal): Promise<InstanceFacts> {
    return this.#read(connection, 'about', signal, async (engine, { instance, token }) => {
      const base = odataRoot(site(instance, 'DomainAPI'))
      const version = await engine.call('domainVersion', { base, token }, { signal })
      return { host: new URL(instance.root).host, odataRoot: base, ...(version === undefined ? {} : { version }) }
    })
  }

  async renamed(connection: Connection, signal?: AbortSignal): Promise<readonly RenamedEntity[]> {
    return this.#read(connection, 'renamed', signal, (engine, { instance, token }) =>
      engine.call('renamedEntities', { base: odataRoot(site(instance, 'DomainAPI')), token }, { signal }))
  }

  async #read<T>(
    connection: Connection, part: string, signal: AbortSignal | undefined,
    load: (engine: Pick<Engine, 'call'>, access: Access) => Promise<T>,
  ): Promise<T> {
    const known = this.#known
    const key = JSON.stringify([connection.id, connection.url, part])
    if (known.has(key)) return known.get(key) as T
    const { engine, access } = this.#options
    const value = await withAccess(access, connection, open => load(engine, open), { signal })
    known.set(key, value)
    return value
  }
}
