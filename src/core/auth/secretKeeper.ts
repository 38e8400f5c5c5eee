import type { SecretStore } from '../base/effects.ts'
import { asErpError, type ErpError } from '../base/errors.ts'

/** Remembers over restarts which keys have been stored: a store may forget without a word. */
export interface KeptMarks {
  has(key: string): boolean
  set(key: string, kept: boolean): void
}

export interface SecretKeeperParts {
  readonly store: SecretStore
  readonly marks: KeptMarks
  /** Asks, once, whether to go on in memory until the window closes; says why. */
  askToKeepInMemory(reason: ErpError): Promise<boolean>
  /** Told what was stored before and is gone; of the `first` one a window the person should hear. */
  lost(key: string, first: boolean): void
  /** Told which keys are gone because the person does not want them kept in memory. */
  dropped(keys: readonly string[]): void
}

/**
 * Secrets in the editor's store. A machine without a keyring can't keep them: then they live in memory if the person
 * chooses so, and that is said once. Until they have chosen nothing is lost, since a renewal can't wait for them.
 */
export class SecretKeeper implements SecretStore {
  readonly #parts: SecretKeeperParts
  readonly #memory = new Map<string, string>()
  /** Somebody else has changed them since this window began: what they miss, others have removed. */
  readonly #changed = new Set<string>()
  #choice: 'none' | 'asked' | 'memory' | 'refused' = 'none'
  #hasLost = false

  constructor(parts: SecretKeeperParts) {
    this.#parts = parts
  }

  async get(key: string): Promise<string | undefined> {
    const { store, marks } = this.#parts
    const value = this.#memory.get(key) ?? await store.get(key)
    if (value === undefined && marks.has(key)) {
      marks.set(key, false)
      if (!this.#changed.has(key)) {
        this.#parts.lost(key, !this.#hasLost)
        this.#hasLost = true
      }
    }
    return value
  }

  /** Throws `secret-not-kept` when the store fails and the person does not want it in memory. */
  async store(key: string, value: string): Promise<void> {
    const { store, marks } = this.#parts
    try {
      await store.store(key, value)
    } catch (error) {
      if (this.#choice === 'refused') throw error
      this.#memory.set(key, value)
      if (this.#choice === 'none') void this.#ask(asErpError(error))
      return
    }
    this.#memory.delete(key)
    marks.set(key, true)
  }

  async delete(key: string): Promise<void> {
    const { store, marks } = this.#parts
    const onlyInMemory = this.#memory.delete(key) && !marks.has(key)
    try {
      await store.delete(key)
    } catch (error) {
      if (!onlyInMemory) throw error
    }
    marks.set(key, false)
  }

  /** The editor says that an entry has changed, in this window or in another. */
  noticeChange(key: string): void {
    this.#changed.add(key)
  }

  async #ask(reason: ErpError): Promise<void> {
    this.#choice = 'asked'
    if (await this.#parts.askToKeepInMemory(reason)) {
      this.#choice = 'memory'
      return
    }
    this.#choice = 'refused'
    const keys = [...this.#memory.keys()]
    this.#memory.clear()
    this.#parts.dropped(keys)
  }
}
