import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { SecretKeeper } from '../../../src/core/auth/secretKeeper.ts'
import { ErpError } from '../../../src/core/base/errors.ts'
import { fails } from '../../fakes/fails.ts'
import { MemorySecrets } from '../../fakes/secrets.ts'

/** A window of the editor; its store fails while `broken`, and the person answers by `choice`. */
function open({ secrets = new MemorySecrets(), kept = new Set<string>() } = {}) {
  const told: string[] = []
  const choice = Promise.withResolvers<boolean>()
  const keyring = { broken: false }
  const orFail = <T>(action: () => Promise<T>) =>
    keyring.broken ? Promise.reject(new ErpError('secret-not-kept', { reason: 'no keyring' })) : action()
  const keeper = new SecretKeeper({
    store: {
      get: key => secrets.get(key),
      store: (key, value) => orFail(() => secrets.store(key, value)),
      delete: key => orFail(() => secrets.delete(key)),
    },
    marks: { has: key => kept.has(key), set: (key, is) => {
        if (is) kept.add(key)
        else kept.delete(key)
      } },
    askToKeepInMemory: reason => {
      told.push(`ask ${String(reason.facts['reason'])}`)
      return choice.promise
    },
    lost: (key, first) => told.push(`lost ${key}${first ? ', the first' : ''}`),
    dropped: keys => told.push(`dropped ${keys.join()}`),
  })
  return { keeper, told, keyring, secrets, kept, choose: choice.resolve }
}

describe('SecretKeeper', () => {
  it('keeps in the store, and says nothing', async () => {
    const { keeper, told, secrets } = open()
    await keeper.store('a', '1')
    assert.equal(await keeper.get('a'), '1')
    await keeper.delete('a')
    assert.equal(await keeper.get('a'), undefined)
    assert.deepEqual([told, secrets.entries.size], [[], 0])
  })

  it('goes on in memory where the store fails, and asks once', async () => {
    const { keeper, told, keyring, secrets, choose } = open()
    keyring.broken = true
    await keeper.store('a', '1')
    await keeper.store('b', '2')
    assert.equal(await keeper.get('a'), '1', 'nothing is lost before they have chosen')
    choose(true)
    await setImmediate()
    await keeper.store('c', '3')
    assert.deepEqual([await keeper.get('a'), await keeper.get('b'), await keeper.get('c')], ['1', '2', '3'])
    assert.deepEqual(told, ['ask no keyring'])
    assert.equal(secrets.entries.size, 0)
    await keeper.delete('a')
    assert.equal(await keeper.get('a'), undefined)
  })

  it('forgets what is in memory where the person does not want that, and fails from then on', async () => {
    const { keeper, told, keyring, choose } = open()
    keyring.broken = true
    await keeper.store('a', '1')
    choose(false)
    await setImmediate()
    assert.equal(await keeper.get('a'), undefined)
    await fails(keeper.store('a', '1'), 'secret-not-kept')
    assert.deepEqual(told, ['ask no keyring', 'dropped a'])
  })

  it('leaves memory when the store works again', async () => {
    const { keeper, keyring, secrets } = open()
    keyring.broken = true
    await keeper.store('a', '1')
    keyring.broken = false
    await keeper.store('a', '2')
    assert.equal(secrets.entries.get('a'), '2')
    secrets.entries.set('a', '3')
    assert.equal(await keeper.get('a'), '3')
  })

  it('says that removing has failed, for what may still be in the store', async () => {
    const { keeper, keyring } = open()
    await keeper.store('a', '1')
    keyring.broken = true
    await fails(keeper.delete('a'), 'secret-not-kept')
  })

  it('says once that something is gone after a restart', async () => {
    const first = open()
    await first.keeper.store('a', '1')
    await first.keeper.store('b', '2')
    const { keeper, told } = open({ kept: first.kept })
    assert.deepEqual([await keeper.get('a'), await keeper.get('b'), await keeper.get('a')], [undefined, undefined, undefined])
    assert.deepEqual(told, ['lost a, the first', 'lost b'])
    assert.equal(first.kept.size, 0)
  })

  it('says nothing of what another window has removed', async () => {
    const first = open()
    await first.keeper.store('a', '1')
    const { keeper, told } = open({ kept: first.kept })
    keeper.noticeChange('a')
    assert.equal(await keeper.get('a'), undefined)
    assert.deepEqual(told, [])
  })
})
