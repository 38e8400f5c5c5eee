import { Attempt } from '../../core/base/attempt.ts'
import { type ErpError, isErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { type Instance, odataRoot, site, tableRoot } from '../../core/instance/instance.ts'
import type { Engine } from '../../node/engine/client.ts'
import type { EngineMethods, MethodName } from '../../node/engine/protocol.ts'
import type { LoadParams, ModelPlace } from '../../node/model/modelCalls.ts'
import type { TablePlace } from '../../node/model/readModel.ts'
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

/** The instance that a model comes from: where it is, who asks it, and the worker that does. */
export class ModelInstance {
  readonly connection: Connection
  readonly #parts: ModelParts
  readonly #options: { readonly signal: AbortSignal }
  readonly #version = new Attempt<string | undefined>()
  #language: string | undefined

  /** @param signal ends all that is on its way */
  constructor(connection: Connection, parts: ModelParts, signal: AbortSignal) {
    this.connection = connection
    this.#parts = parts
    this.#options = { signal }
  }

  call<M extends MethodName>(method: M, params: EngineMethods[M]['params']): Promise<EngineMethods[M]['result']> {
    return this.#parts.engine.call(method, params, this.#options)
  }

  /** Sends nothing. */
  isSignedIn(): Promise<boolean> {
    return this.#parts.isSignedIn(this.connection)
  }

  /** Fails with `sandbox-stopped`. */
  async place(): Promise<ModelPlace> {
    const { folder, language, ready } = this.#parts
    this.#language ??= language()
    const { url: root } = await ready(this.connection, this.#options.signal)
    return { folder, root, language: this.#language }
  }

  /** Undefined where the instance doesn't tell. Fails as discovery does. */
  async version(): Promise<string | undefined> {
    const { root } = await this.#parts.instance(this.connection, this.#options.signal)
    return this.#version.run(() => this.call('instanceVersion', { root })).catch(() => undefined)
  }

  /** Has it been asked for its version, and has answered? */
  get hasToldVersion(): boolean {
    return this.#version.current !== undefined
  }

  forgetVersion(): void {
    this.#version.forget()
  }

  /**
   * Asks the Domain API with the person's token, where they are signed in; else as everybody, which opens no session.
   * @param asEverybody also where the session turns out to have ended; else that is `signed-out`
   */
  async withDomain<T>(action: (params: LoadParams) => Promise<T>, asEverybody: boolean): Promise<T> {
    const { access } = this.#parts
    const [place, version] = [await this.place(), await this.version()]
    try {
      if (await this.isSignedIn()) {
        return await withAccess(access, this.connection, ({ instance, token }) =>
          action({ ...place, version, domain: { ...domainOf(instance), token } }), this.#options)
      }
    } catch (error) {
      if (!isErpError(error, 'signed-out') || !asEverybody) throw error
    }
    return action({ ...place, version, domain: await this.publicDomain() })
  }

  /** The Domain API as everybody may ask it. Fails as discovery does. */
  async publicDomain(): Promise<LoadParams['domain']> {
    return domainOf(await this.#parts.instance(this.connection, this.#options.signal))
  }

  /** Asks the Table API with the person's token. Fails with `signed-out`. */
  withTables<T>(action: (api: TablePlace) => Promise<T>): Promise<T> {
    return withAccess(this.#parts.access, this.connection, ({ instance, token }) =>
      action({ base: tableRoot(site(instance, 'TableAPI')), token }), this.#options)
  }
}

function domainOf(instance: Instance): { site: string; odata: string } {
  const domain = site(instance, 'DomainAPI')
  return { site: domain.url, odata: odataRoot(domain) }
}
