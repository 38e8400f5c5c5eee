import type { Lock } from '../../src/core/base/effects.ts'

/** A lock in memory: one window holds it at a time. */
export class MemoryLock implements Lock {
  #last: Promise<unknown> = Promise.resolve()

  hold<T>(_: string, action: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(action, action)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}
