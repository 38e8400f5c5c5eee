import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { RequestGate } from '../../../src/node/run/gate.ts'

describe('the turns of an instance', () => {
  /** Who has been let in, in that order, and how each gives its turn back. */
  function line(gate: RequestGate): { let: string[], leave: Map<string, () => void>, enter: (name: string, limit: number) => void } {
    const [entered, leave] = [[] as string[], new Map<string, () => void>()]
    const enter = (name: string, limit: number): void => void gate.enter('https://x', limit).then(back => {
      entered.push(name)
      leave.set(name, back)
    })
    return { let: entered, leave, enter }
  }

  it('are no more than the limit that holds now, where it was higher before', async () => {
    const { let: entered, leave, enter } = line(new RequestGate())
    for (const name of ['a', 'b']) enter(name, 2)
    for (const name of ['c', 'd']) enter(name, 1)
    await nextTurn()
    leave.get('a')?.()
    await nextTurn()
    assert.deepEqual(entered, ['a', 'b'])
    leave.get('b')?.()
    await nextTurn()
    assert.deepEqual(entered, ['a', 'b', 'c'])
    leave.get('c')?.()
    await nextTurn()
    assert.deepEqual(entered, ['a', 'b', 'c', 'd'])
  })

  it('are as many as the limit that holds now, where it was lower before', async () => {
    const { let: entered, leave, enter } = line(new RequestGate())
    enter('a', 1)
    for (const name of ['b', 'c']) enter(name, 2)
    for (const name of ['d', 'e']) enter(name, 3)
    await nextTurn()
    assert.deepEqual(entered, ['a', 'b'])
    leave.get('a')?.()
    leave.get('b')?.()
    await nextTurn()
    assert.deepEqual(entered, ['a', 'b', 'c', 'd', 'e'])
  })

  it('come to the next one when who waited first gives up', async () => {
    const gate = new RequestGate()
    const { let: entered, enter } = line(gate)
    enter('a', 2)
    const abort = new AbortController()
    const first = gate.enter('https://x', 1, { signal: abort.signal })
    enter('b', 2)
    await nextTurn()
    assert.deepEqual(entered, ['a'])
    abort.abort()
    await assert.rejects(first)
    await nextTurn()
    assert.deepEqual(entered, ['a', 'b'])
  })
})
