/** The outside world as the core sees it; tests bring their own. */

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
}

/** Keeps secrets by key, over restarts. Every method may fail with `secret-not-kept`. */
export interface SecretStore {
  get(key: string): Promise<string | undefined>
  store(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
}
