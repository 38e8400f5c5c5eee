import type { Lock } from '../../src/core/base/effects.ts'

/** A lock in memory: for each name, one holds it at a time. */
export class MemoryLock implements Lock {
  readonly #last = new Map<string, Promise<unknown>>()

  hold<T>(name: string, action: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve()
    const mine = before.then(action, action)
    this.#last.set(name, mine.catch(() => undefined))
    return mine
  }
}
