import type { ServerResponse } from 'node:http'

import { Problem } from '../http.ts'
import type { Monitor } from '../monitor.ts'

/** How many table requests run at a time, and how many may wait (protocol sheet, section 5). */
export interface TurnLimits {
  concurrent: number
  queue: number
}

/** Lets table requests in one after another, over all sessions. */
export class Turns {
  readonly #limits: TurnLimits
  readonly #monitor: Monitor
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limits: TurnLimits, monitor: Monitor) {
    this.#limits = limits
    this.#monitor = monitor
  }

  /**
   * Waits for a turn; the answer gives it back. Undefined when the client has gone while it waited.
   * @throws Problem 429 when the queue is full
   */
  async take(response: ServerResponse): Promise<(() => void) | undefined> {
    if (this.#running < this.#limits.concurrent) {
      this.#running += 1
    } else if (this.#waiting.length >= this.#limits.queue) {
      throw new Problem(429, 'TooManyRequestsException', 'The queue of the Table API is full.', { 'retry-after': '1' })
    } else if (!(await this.#wait(response))) {
      return undefined
    }
    return () => {
      // The turn goes straight to the next in the queue, so that nobody slips in between.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
      this.#monitor.queued = this.#waiting.length
    }
  }

  async #wait(response: ServerResponse): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const turn = () => resolve(true)
    this.#waiting.push(turn)
    this.#monitor.queued = this.#waiting.length
    response.once('close', () => {
      const at = this.#waiting.indexOf(turn)
      if (at !== -1) this.#waiting.splice(at, 1)
      this.#monitor.queued = this.#waiting.length
      resolve(false)
    })
    return promise
  }
}
