import type { ServerResponse } from 'node:http'

import { Problem } from './http.ts'
import type { Monitor } from './monitor.ts'

/** How many requests run at a time, and how many may wait (protocol sheet, section 5). */
export interface TurnLimits {
  concurrent: number
  queue: number
}

interface Lane {
  running: number
  readonly waiting: (() => void)[]
}

/** Lets the requests of a site in one after another: in one lane over all sessions, or in a lane for each. */
export class Turns {
  readonly #site: string
  readonly #limits: TurnLimits
  readonly #monitor: Monitor
  readonly #lanes = new Map<string, Lane>()

  /** @param site for the message of a refusal, e.g. `Table API` */
  constructor(site: string, limits: TurnLimits, monitor: Monitor) {
    this.#site = site
    this.#limits = limits
    this.#monitor = monitor
  }

  /**
   * Waits for a turn, which lasts until the response is closed. False when the client has gone while it waited.
   * @throws Problem 429 when the queue is full
   */
  async take(response: ServerResponse, key = ''): Promise<boolean> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] }
    this.#lanes.set(key, lane)
    if (lane.running < this.#limits.concurrent) {
      lane.running += 1
    } else if (lane.waiting.length >= this.#limits.queue) {
      throw new Problem(429, 'TooManyRequestsException', `The queue of the ${this.#site} is full.`, { 'retry-after': '1' })
    } else if (!(await this.#wait(response, lane))) {
      return false
    }
    if (response.closed) this.#giveBack(key, lane)
    else response.once('close', () => this.#giveBack(key, lane))
    return !response.closed
  }

  /** The turn goes straight to the next in the queue, so that nobody slips in between. */
  #giveBack(key: string, lane: Lane): void {
    const next = lane.waiting.shift()
    if (next) {
      this.#monitor.queued -= 1
      next()
    } else {
      lane.running -= 1
      if (lane.running === 0) this.#lanes.delete(key)
    }
  }

  async #wait(response: ServerResponse, { waiting }: Lane): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const turn = () => {
      response.off('close', leave)
      resolve(true)
    }
    const leave = () => {
      waiting.splice(waiting.indexOf(turn), 1)
      this.#monitor.queued -= 1
      resolve(false)
    }
    waiting.push(turn)
    this.#monitor.queued += 1
    response.once('close', leave)
    return promise
  }
}
