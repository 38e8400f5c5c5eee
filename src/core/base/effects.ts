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

/** Lets one at a time act, over all windows of this machine. */
export interface Lock {
  /** Waits until nobody else holds that name, acts, and lets go, whatever comes of it. */
  hold<T>(name: string, action: () => Promise<T>): Promise<T>
}
