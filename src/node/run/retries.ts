import { isErpError } from '../../core/base/errors.ts'
import type { Wait } from '../../core/execute/source.ts'

const BUSY_TIMES = 10
const BUSY_FIRST_MS = 1000
const BUSY_MOST_MS = 30_000
/** A server that wants to be left alone for longer isn't waited for. */
const RETRY_AFTER_MOST_SECONDS = 300
const BROKEN_TIMES = 2
const BROKEN_MS = 1000

/** Decides after failures of one request whether, and after which wait, it is sent again. */
export class Retries {
  readonly #random: () => number
  #busy = 0
  #broken = 0

  /** @param random from 0 up to 1 */
  constructor(random: () => number) {
    this.#random = random
  }

  /** The wait before the next try; undefined where the failure stands. */
  after(error: unknown): (Wait & { readonly seconds: number }) | undefined {
    if (isErpError(error, 'too-many-requests')) return this.#afterBusy(error.facts['retryAfterSeconds'])
    if (!isErpError(error, 'connection-cut') && !isErpError(error, 'network')) return undefined
    return this.#broken++ < BROKEN_TIMES ? { reason: 'connection', seconds: this.#random() * BROKEN_MS / 1000 } : undefined
  }

  /** What the server says, else more each time and never the same for all who wait ("full jitter"). */
  #afterBusy(retryAfter: unknown): (Wait & { readonly seconds: number }) | undefined {
    const time = this.#busy++
    if (time >= BUSY_TIMES) return undefined
    const most = Math.min(BUSY_MOST_MS, BUSY_FIRST_MS * 2 ** time) / 1000
    const seconds = typeof retryAfter === 'number' ? retryAfter + this.#random() * 0.2 : this.#random() * most
    return seconds <= RETRY_AFTER_MOST_SECONDS ? { reason: 'busy', seconds } : undefined
  }
}
