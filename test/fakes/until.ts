import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'

const MOST_MS = 15_000

/** Looks in every turn of the event loop whether it has come. */
export async function until(hasCome: () => boolean): Promise<void> {
  const giveUp = AbortSignal.timeout(MOST_MS)
  while (!hasCome()) {
    assert.ok(!giveUp.aborted, 'it never came')
    await nextTurn()
  }
}
