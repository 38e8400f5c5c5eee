import { Problem } from '../http.ts'
import type { Monitor } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'

const IDLE_MINUTES = 20

interface Session {
  lastCall: number
  /** Calls since `minute` began. */
  calls: number
  minute: number
}

/** The API sessions: each takes a licence slot from its first call until it ends (protocol sheet, section 2). */
export class Sessions {
  readonly #sessions = new Map<string, Session>()
  readonly #quirks: Quirks
  readonly #monitor: Monitor
  readonly #limits: { readonly perMinute: number }

  constructor(limits: { readonly perMinute: number }, quirks: Quirks, monitor: Monitor) {
    this.#limits = limits
    this.#quirks = quirks
    this.#monitor = monitor
  }

  /**
   * A call of a session, which opens it when it is the first.
   * @throws Problem 500 when no licence is free
   */
  call(key: string): void {
    const now = Date.now()
    this.#forgetIdle(now)
    if (this.#quirks.has('no-licence') && !this.#sessions.has(key)) {
      throw new Problem(
        500, 'MaximumLicenseCountExceededException', 'MaximumLicenseCountExceeded: all licence slots are taken.',
      )
    }
    const session = this.#sessions.get(key) ?? { lastCall: now, calls: 0, minute: now }
    session.lastCall = now
    this.#sessions.set(key, session)
    this.#monitor.sessions = this.#sessions.size
  }

  /** Counts a call against the limit of a minute. @throws Problem 429 when it is over */
  countCall(key: string): void {
    const now = Date.now()
    const session = this.#sessions.get(key)
    if (!session) return
    if (now - session.minute >= 60_000) Object.assign(session, { calls: 0, minute: now })
    session.calls += 1
    if (session.calls > this.#limits.perMinute) {
      const seconds = Math.max(1, Math.ceil((session.minute + 60_000 - now) / 1000))
      throw new Problem(
        429, 'TooManyRequestsException', 'Too many requests in this minute.', { 'retry-after': String(seconds) },
      )
    }
  }

  end(keys: readonly string[]): void {
    for (const key of keys) this.#sessions.delete(key)
    this.#monitor.sessions = this.#sessions.size
  }

  #forgetIdle(now: number): void {
    for (const [key, { lastCall }] of this.#sessions) {
      if (now - lastCall > IDLE_MINUTES * 60_000) this.#sessions.delete(key)
    }
  }
}
