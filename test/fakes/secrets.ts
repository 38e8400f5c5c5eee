import type { SecretStore } from '../../src/core/base/effects.ts'

/** A secret store in memory. */
export class MemorySecrets implements SecretStore {
  readonly entries = new Map<string, string>()

  get(key: string): Promise<string | undefined> {
    return Promise.resolve(this.entries.get(key))
  }

  store(key: string, value: string): Promise<void> {
    this.entries.set(key, value)
    return Promise.resolve()
  }

  delete(key: string): Promise<void> {
    this.entries.delete(key)
    return Promise.resolve()
  }
}
