import { unlessAborted } from '../../core/base/cancel.ts'
import { isErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { type Instance, odataRoot, site } from '../../core/instance/instance.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { Table } from '../../core/model/table.ts'
import type { Engine } from '../../node/engine/client.ts'
import { type InstanceFacts, type ModelReader, type OpenAccess, withAccess } from '../platform/contracts.ts'
import type { ModelService } from './service.ts'

export interface InstanceModelsOptions {
  readonly engine: Pick<Engine, 'call'>
  readonly access: OpenAccess
  /** Finds the instance without signing in to it. */
  readonly instance: (connection: Connection) => Promise<Instance>
  readonly service: Pick<ModelService, 'entities' | 'entity' | 'tables' | 'details' | 'about' | 'current'>
}

/**
 * The models of instances as pages, types and comparisons want them. What everybody may know is asked for without a
 * session.
 */
export class InstanceModels implements ModelReader {
  readonly #options: InstanceModelsOptions

  constructor(options: InstanceModelsOptions) {
    this.#options = options
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

  async model(
    connection: Connection, model: 'current' | 'known' | 'standard', signal?: AbortSignal,
  ): Promise<readonly DomainEntityDetails[]> {
    const { engine, instance, service } = this.#options
    if (model !== 'standard') {
      return this.#own(connection, model, signal).catch((error: unknown) => {
        if (!isErpError(error, 'cancelled') || signal?.aborted === true) throw error
        // the session has ended meanwhile, and the model was opened anew
        return this.#own(connection, model, signal)
      })
    }
    const domain = site(await unlessAborted(instance(connection), signal), 'DomainAPI')
    const { language = 'en' } = service.about(connection) ?? {}
    return engine.call('standardModel', { site: domain.url, odata: odataRoot(domain), language }, { signal })
  }

  /**
   * The standard model isn't given for the current one: who compares would take what the instance has added for
   * removed.
   */
  async #own(
    connection: Connection, model: 'current' | 'known', signal: AbortSignal | undefined,
  ): Promise<readonly DomainEntityDetails[]> {
    const { service } = this.#options
    await unlessAborted(service.current(connection), signal).catch((error: unknown) => {
      if (model === 'current' || !isErpError(error, 'signed-out')) throw error
    })
    const entities: DomainEntityDetails[] = []
    const rest = service.details(connection)
    for (;;) {
      const next = await unlessAborted(rest.next(), signal)
      if (next.done) return entities
      entities.push(next.value)
    }
  }

  async about(connection: Connection, signal?: AbortSignal): Promise<InstanceFacts> {
    const { instance, service } = this.#options
    const at = await unlessAborted(instance(connection), signal)
    await unlessAborted(service.entities(connection), signal)
    const { version, kind } = service.about(connection) ?? {}
    const base = odataRoot(site(at, 'DomainAPI'))
    return { host: new URL(at.root).host, odataRoot: base, standard: kind === 'standard', ...(version === undefined ? {} : { version }) }
  }

  async renamed(connection: Connection, signal?: AbortSignal): Promise<readonly RenamedEntity[]> {
    const { engine, access } = this.#options
    return withAccess(access, connection, ({ instance, token }) =>
      engine.call('renamedEntities', { base: odataRoot(site(instance, 'DomainAPI')), token }, { signal }), { signal })
  }
}
