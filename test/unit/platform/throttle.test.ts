import assert from 'node:assert/strict'
import { Throttle } from '../../../src/extension/query/throttle.ts'
import { until } from '../../fakes/until.ts'

const INTERVAL_MS = 30
/** Node's timers count in whole milliseconds. */
const EARLY_MS = 2

describe('what is called too often', () => {
  it('acts at once, and then no more often than it may', async () => {
    const { throttle, times } = counted(INTERVAL_MS)
    throttle.soon()
    assert.equal(times().length, 1)
    await until(() => {
      throttle.soon()
      return times().length >= 5
    })
    throttle.dispose()
    const gaps = times().slice(1).map((time, index) => time - (times()[index] ?? 0))
    assert.ok(gaps.every(gap => gap >= INTERVAL_MS - EARLY_MS), gaps.join())
  })

  it('acts once more for the last call, and not after it was disposed of', async () => {
    const { throttle, times } = counted(INTERVAL_MS)
    for (let time = 0; time < 10; time++) throttle.soon()
    assert.equal(times().length, 1)
    await until(() => times().length === 2)
    throttle.soon()
    throttle.dispose()
    const later = counted(2 * INTERVAL_MS)
    later.throttle.soon()
    later.throttle.soon()
    await until(() => later.times().length === 2)
    assert.equal(times().length, 2)
  })
})

/** When it has acted. */
function counted(interval: number): { throttle: Throttle, times: () => readonly number[] } {
  const times: number[] = []
  return { throttle: new Throttle(interval, () => times.push(performance.now())), times: () => times }
}
