import { setTimeout as delay } from 'node:timers/promises'

const LOOK_MS = 50

/**
 * Waits for something outside of this process that sends no event, and gives it.
 * @param what for the error, when it doesn't come in time
 */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined, timeoutMs = 30_000): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`)
    await delay(LOOK_MS)
  }
}
