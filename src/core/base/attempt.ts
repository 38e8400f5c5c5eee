/** Something that is done once. Where it fails, that is forgotten: the next who wants it tries again. */
export class Attempt<T> {
  #promise: Promise<T> | undefined

  /** As it is under way or done; undefined where nobody has tried, or it has failed. */
  get current(): Promise<T> | undefined {
    return this.#promise
  }

  /** Fails as `action` does, for all who wait for it. */
  run(action: () => Promise<T>): Promise<T> {
    return this.#promise ?? this.again(action)
  }

  /** Nobody waits for it. @param onTrouble told how it has failed */
  start(action: () => Promise<T>, onTrouble: (error: unknown) => void): void {
    if (this.#promise === undefined) this.again(action).catch(onTrouble)
  }

  /** Does it anew, whatever there was. */
  again(action: () => Promise<T>): Promise<T> {
    const promise = action()
    this.#promise = promise
    promise.catch(() => {
      if (this.#promise === promise) this.#promise = undefined
    })
    return promise
  }

  forget(): void {
    this.#promise = undefined
  }
}
