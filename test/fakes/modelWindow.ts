import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import { ErpError } from '../../src/core/base/errors.ts'
import type { Connection } from '../../src/core/instance/connection.ts'
import { InstanceModels } from '../../src/extension/model/reader.ts'
import { ModelService } from '../../src/extension/model/service.ts'
import type { OpenAccess } from '../../src/extension/platform/contracts.ts'
import { Engine } from '../../src/node/engine/client.ts'

export interface ModelWindowWishes {
  readonly url: string
  /** Where models are kept; windows share it. */
  readonly folder: string
  /** Nobody is signed in without one. */
  readonly token?: string | undefined
  readonly language?: string
  /** The worker; the source when not said. */
  readonly script?: string
}

/** One window of the editor, as far as it shows models: the real service over an engine worker of its own. */
export class ModelWindow {
  readonly connection: Connection
  readonly models: ModelService
  /** As pages, types and comparisons ask for the same models. */
  readonly reader: InstanceModels
  /** What went wrong where nobody waited. */
  readonly troubles: ErpError[] = []
  token: string | undefined
  readonly #engine: Engine
  readonly #emitter = new EventEmitter()

  constructor({ url, folder, token, language = 'en', script }: ModelWindowWishes) {
    this.#engine = new Engine({ script: script ?? join(import.meta.dirname, '../../src/node/engine/worker.ts') })
    this.connection = { id: 'here', name: 'Here', url, application: 'referenceToken', scopes: ['read'], staySignedIn: false, production: false }
    this.token = token
    const instance = ({ url: address }: Connection) => this.#engine.call('discover', { address })
    const access: OpenAccess = async connection => {
      if (this.token === undefined) throw new ErpError('signed-out', { connection: connection.name })
      return { instance: await instance(connection), token: this.token }
    }
    this.models = new ModelService({
      engine: this.#engine,
      access,
      ready: connection => Promise.resolve(connection),
      instance,
      isSignedIn: () => Promise.resolve(this.token !== undefined),
      folder,
      language: () => language,
      changes: {
        event: listener => {
          this.#emitter.on('change', listener)
          return { dispose: () => this.#emitter.off('change', listener) }
        },
        fire: () => this.#emitter.emit('change'),
      },
      onTrouble: error => this.troubles.push(error),
    })
    this.reader = new InstanceModels({ engine: this.#engine, access, instance, service: this.models })
  }

  /** As when the worker dies: what is on its way fails, and the next call starts another. */
  async stopWorker(): Promise<void> {
    await this.#engine.dispose()
  }

  async close(): Promise<void> {
    this.models.dispose()
    await this.#engine.dispose()
  }
}
