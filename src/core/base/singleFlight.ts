/** Lets what is asked for many times at once happen once: everybody who comes meanwhile gets the same outcome. */
export class SingleFlight<T> {
  readonly #running = new Map<string, Promise<T>>()

  run(key: string, action: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key)
    if (running !== undefined) return running
    const started = action().finally(() => this.#running.delete(key))
    this.#running.set(key, started)
    return started
  }
}
