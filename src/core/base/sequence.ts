/** Lets actions happen one after another, in the order in which they are asked for. */
export class Sequence {
  #last: Promise<unknown> = Promise.resolve()

  /** Fails as `action` does; the next one happens all the same. */
  run<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#last.then(action)
    this.#last = result.catch(() => undefined)
    return result
  }
}
