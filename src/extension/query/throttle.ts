/** Calls at once when it has been quiet, else as soon as the interval is over; the last call is never lost. */
export class Throttle {
  readonly #interval: number
  readonly #action: () => void
  #last = -Infinity
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(intervalMs: number, action: () => void) {
    this.#interval = intervalMs
    this.#action = action
  }

  now(): void {
    this.dispose()
    this.#last = performance.now()
    this.#action()
  }

  soon(): void {
    if (this.#timer !== undefined) return
    const wait = this.#last + this.#interval - performance.now()
    if (wait <= 0) this.now()
    else this.#timer = setTimeout(() => this.now(), wait)
  }

  dispose(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
