import { asErpError, type ErpError } from '../../core/base/errors.ts'

/** How far a part of a model has come: on its way, there, or why not. */
export type Load<T> =
  | { readonly state: 'loading'; readonly promise: Promise<T> }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: ErpError }

/** A part of a model. It is loaded when it is first asked for, and may be replaced by a newer one. */
export class Part<T> {
  readonly #read: () => Promise<T>
  readonly #changed: () => void
  #load: Load<T> | undefined

  /** @param changed called when views show what no longer holds */
  constructor(read: () => Promise<T>, changed: () => void) {
    this.#read = read
    this.#changed = changed
  }

  /** Has anybody asked for it? */
  get isWanted(): boolean {
    return this.#load !== undefined
  }

  get isReady(): boolean {
    return this.#load?.state === 'ready'
  }

  /** For views; begins to load it. A failure stays until somebody waits for it, or it is forgotten. */
  load(): Load<T> {
    return this.#load ??= this.#begin(() => undefined)
  }

  /** For who waits: what has failed is tried again. */
  async value(): Promise<T> {
    if (this.#load?.state === 'failed') this.#load = this.#begin(() => this.#changed())
    const load = this.load()
    if (load.state === 'failed') throw load.error
    return load.state === 'ready' ? load.value : load.promise
  }

  /** Takes the place of what there was. */
  replace(value: T): void {
    this.#load = { state: 'ready', value }
    this.#changed()
  }

  /** What has failed is loaded when it is next asked for. */
  forgetFailure(): void {
    if (this.#load?.state === 'failed') this.#load = undefined
  }

  /** When it is not on its way, however that ended. */
  async quiet(): Promise<void> {
    if (this.#load?.state === 'loading') await Promise.allSettled([this.#load.promise])
  }

  #begin(loaded: () => void): Load<T> {
    const promise = this.#read()
    promise.then(
      value => {
        this.#load = { state: 'ready', value }
        loaded()
      },
      (error: unknown) => (this.#load = { state: 'failed', error: asErpError(error) }),
    )
    return { state: 'loading', promise }
  }
}
