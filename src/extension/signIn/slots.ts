import type { Clock } from '../../core/base/effects.ts'
import { type Connection, placeOf } from '../../core/instance/connection.ts'

/** A session without a call ends, and frees its licence slot, after so long (protocol sheet, "Sessions and licences"). */
const IDLE_MS = 20 * 60_000
const NEWS_AFTER_MS = 30_000

/** Which licence slots this window's calls hold. Known without asking anybody: a question would hold the slot itself. */
export class Slots {
  readonly #clock: Clock
  readonly #lastCalls = new Map<string, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** @returns whether there is news: by the minute, not by the call */
  called(connection: Connection): boolean {
    const now = this.#clock.now()
    const last = this.#lastCalls.get(placeOf(connection)) ?? 0
    if (now - last < NEWS_AFTER_MS) return false
    this.#lastCalls.set(placeOf(connection), now)
    return true
  }

  /** Milliseconds since 1970; undefined when no slot is held that we know of. */
  heldUntil(connection: Connection): number | undefined {
    const last = this.#lastCalls.get(placeOf(connection))
    return last === undefined || last + IDLE_MS <= this.#clock.now() ? undefined : last + IDLE_MS
  }

  forget(connection: Connection): void {
    this.#lastCalls.delete(placeOf(connection))
  }
}
