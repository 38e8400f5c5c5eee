import { Problem } from '../http.ts'
import type { Monitor } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'
import { SERVICE, type Caller } from './access.ts'
import type { Accounts, User } from './accounts.ts'

const IDLE_MS = 20 * 60_000
const SERVICE_MS = 60 * 60_000

interface Session {
  readonly began: number
  readonly user: User | undefined
  /** It sits on the slot that is kept for its user. */
  readonly reserved: boolean
  lastCall: number
  /** Calls since `minute` began. */
  calls: number
  minute: number
}

export interface SessionParts {
  readonly limits: { readonly perMinute: number; readonly slots: number }
  readonly accounts: Accounts
  readonly quirks: Quirks
  readonly monitor: Monitor
}

/** The API sessions: each takes a licence slot from its first call until it ends (protocol sheet, section 2). */
export class Sessions {
  readonly #sessions = new Map<string, Session>()
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /**
   * A call of a session, which opens it when it is the first.
   * @throws Problem 500 when no licence is free
   */
  call({ session: key, user }: Caller): void {
    this.forgetEnded()
    const now = Date.now()
    const session = this.#sessions.get(key) ?? this.#open(user, now)
    session.lastCall = now
    this.#sessions.set(key, session)
    this.#tell()
  }

  /** Counts a call against the limit of a minute. @throws Problem 429 when it is over */
  countCall(key: string): void {
    const now = Date.now()
    const session = this.#sessions.get(key)
    if (!session) return
    if (now - session.minute >= 60_000) Object.assign(session, { calls: 0, minute: now })
    session.calls += 1
    if (session.calls > this.#parts.limits.perMinute) {
      const seconds = Math.max(1, Math.ceil((session.minute + 60_000 - now) / 1000))
      throw new Problem(
        429, 'TooManyRequestsException', 'Too many requests in this minute.', { 'retry-after': String(seconds) },
      )
    }
  }

  end(keys: readonly string[]): void {
    for (const key of keys) this.#sessions.delete(key)
    this.#tell()
  }

  /** Those without a call for 20 minutes, and services after an hour in all. */
  forgetEnded(): void {
    const now = Date.now()
    for (const [key, { lastCall, began }] of this.#sessions) {
      const over = key.startsWith(SERVICE) && now - began >= SERVICE_MS
      if (over || now - lastCall >= IDLE_MS) this.#sessions.delete(key)
    }
    this.#tell()
  }

  /** @throws Problem 500 when neither a free slot nor the user's own is left */
  #open(user: User | undefined, now: number): Session {
    const { limits, accounts, quirks } = this.#parts
    const open = [...this.#sessions.values()]
    const reserved = user?.reservedSeat === true && !open.some(session => session.reserved && session.user === user)
    const shared = limits.slots - accounts.users.filter(({ reservedSeat }) => reservedSeat).length
    const taken = open.filter(session => !session.reserved).length
    if (quirks.has('no-licence') || (!reserved && taken >= shared)) {
      throw new Problem(
        500, 'MaximumLicenseCountExceededException', 'MaximumLicenseCountExceeded: all licence slots are taken.',
      )
    }
    return { began: now, user, reserved, lastCall: now, calls: 0, minute: now }
  }

  #tell(): void {
    this.#parts.monitor.sessions = this.#sessions.size
  }
}
