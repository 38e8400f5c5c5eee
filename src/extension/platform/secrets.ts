import type { SecretStorage } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'

/** VS Code's secret store with our errors: every failure is `secret-not-kept`. */
export class Secrets {
  readonly #storage: SecretStorage

  constructor(storage: SecretStorage) {
    this.#storage = storage
  }

  get(key: string): Promise<string | undefined> {
    return attempt(() => this.#storage.get(key))
  }

  store(key: string, value: string): Promise<void> {
    return attempt(() => this.#storage.store(key, value))
  }

  delete(key: string): Promise<void> {
    return attempt(() => this.#storage.delete(key))
  }
}

async function attempt<T>(action: () => Thenable<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw new ErpError('secret-not-kept', { reason: error instanceof Error ? error.message : String(error) })
  }
}
