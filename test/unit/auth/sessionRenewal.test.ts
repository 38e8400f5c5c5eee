import assert from 'node:assert/strict'
import { SessionRenewal } from '../../../src/core/auth/sessionRenewal.ts'
import { SessionStore, type TokenSession } from '../../../src/core/auth/sessionStore.ts'
import type { TokenSet } from '../../../src/core/auth/tokens.ts'
import { ErpError, type ErrorCode } from '../../../src/core/base/errors.ts'
import { readConnection } from '../../../src/core/instance/connection.ts'
import { fails } from '../../fakes/fails.ts'
import { MemoryLock } from '../../fakes/locks.ts'
import { MemorySecrets } from '../../fakes/secrets.ts'

const CONNECTION = readConnection({ id: 'demo', name: 'Demo', url: 'demodb', application: 'native', clientId: 'app' })
const NOW = 1_000_000
const OLD: TokenSet = {
  accessToken: 'access-1', refreshToken: 'refresh-1', idToken: 'id-1', scopes: ['read'], expiresAt: NOW, account: { login: 'ivan', name: 'Ivan' },
}
const NEW: TokenSet = { accessToken: 'access-2', refreshToken: 'refresh-2', scopes: [], expiresAt: NOW + 3_600_000 }

/** A renewal whose identity service answers when the test says so. */
async function start(tokens: TokenSet) {
  const secrets = new MemorySecrets()
  const store = new SessionStore(secrets, new MemoryLock())
  const write = (next: TokenSet) => store.write(CONNECTION, session(next))
  await write(tokens)
  const asked: string[] = []
  const ended: string[] = []
  const renewed: string[] = []
  const answer = Promise.withResolvers<TokenSet>()
  const arrived = Promise.withResolvers<undefined>()
  const renewal = new SessionRenewal({
    store,
    clock: { now: () => NOW },
    lock: new MemoryLock(),
    renew: (_, { tokens: { refreshToken = 'none' } }) => {
      asked.push(refreshToken)
      arrived.resolve(undefined)
      return answer.promise
    },
    renewed: ({ id }) => renewed.push(id),
    ended: ({ id }) => ended.push(id),
  })
  const stored = async () => (await store.read(CONNECTION) as TokenSession | undefined)?.tokens
  return { secrets, store, write, stored, asked, ended, renewed, answer, arrived: arrived.promise, renewal }
}

function session(tokens: TokenSet): TokenSession {
  return { kind: 'tokens', issuer: 'https://demodb.my.erp.net/id', clientId: 'app', tokens }
}

describe('SessionRenewal', () => {
  it('gives a token that is valid for more than a minute, and asks nobody', async () => {
    const { renewal, asked } = await start({ ...OLD, expiresAt: NOW + 60_001 })
    assert.equal(await renewal.validToken(CONNECTION), 'access-1')
    assert.deepEqual(asked, [])
  })

  it('gives a reference token as it is', async () => {
    const connection = readConnection({ id: 'demo', url: 'demodb', application: 'referenceToken' })
    const { renewal, store } = await start(OLD)
    await store.write(connection, { kind: 'referenceToken', token: 'enrt_01' })
    assert.equal(await renewal.validToken(connection), 'enrt_01')
  })

  it('renews a token that has a minute left', async () => {
    const { renewal, answer, stored } = await start({ ...OLD, expiresAt: NOW + 60_000 })
    answer.resolve(NEW)
    assert.equal(await renewal.validToken(CONNECTION), 'access-2')
    assert.deepEqual(await stored(), { ...OLD, ...NEW, scopes: ['read'] }, 'what the answer leaves out stays')
  })

  it('keeps the old refresh token when the answer has none', async () => {
    const { renewal, answer, stored } = await start(OLD)
    answer.resolve({ accessToken: 'access-2', scopes: ['read', 'update'], expiresAt: NOW + 3_600_000 })
    await renewal.validToken(CONNECTION)
    assert.equal((await stored())?.refreshToken, 'refresh-1')
    assert.deepEqual((await stored())?.scopes, ['read', 'update'])
  })

  it('renews once for all who ask', async () => {
    const { renewal, asked, answer } = await start(OLD)
    const tokens = Promise.all([renewal.validToken(CONNECTION), renewal.validToken(CONNECTION), renewal.validToken(CONNECTION)])
    answer.resolve(NEW)
    assert.deepEqual(await tokens, ['access-2', 'access-2', 'access-2'])
    assert.deepEqual(asked, ['refresh-1'])
  })

  it('renews once for two windows, which share the lock', async () => {
    const store = new SessionStore(new MemorySecrets(), new MemoryLock())
    await store.write(CONNECTION, session(OLD))
    const asked: string[] = []
    const lock = new MemoryLock()
    const windows = [1, 2].map(() => new SessionRenewal({
      store,
      lock,
      clock: { now: () => NOW },
      renew: (_, { tokens: { refreshToken = 'none' } }) => {
        asked.push(refreshToken)
        return Promise.resolve(NEW)
      },
      renewed: () => undefined,
      ended: () => undefined,
    }))
    assert.deepEqual(await Promise.all(windows.map(window => window.validToken(CONNECTION))), ['access-2', 'access-2'])
    assert.deepEqual(asked, ['refresh-1'])
  })

  it('stores the new refresh token before anybody gets the access token', async () => {
    const { renewal, secrets, answer } = await start(OLD)
    secrets.store = () => Promise.reject(new ErpError('secret-not-kept'))
    answer.resolve(NEW)
    await fails(renewal.validToken(CONNECTION), 'secret-not-kept')
  })

  it('goes on when one who waits gives up', async () => {
    const { renewal, answer, arrived } = await start(OLD)
    const abort = new AbortController()
    const patient = renewal.validToken(CONNECTION)
    const hasty = renewal.validToken(CONNECTION, { signal: abort.signal })
    await arrived
    abort.abort()
    await fails(hasty, 'cancelled')
    answer.resolve(NEW)
    assert.equal(await patient, 'access-2')
  })

  it('renews a token that an API has refused, and tells of it', async () => {
    const { renewal, asked, answer, renewed } = await start({ ...OLD, expiresAt: NOW + 3_600_000 })
    answer.resolve(NEW)
    assert.equal(await renewal.validToken(CONNECTION, { refused: 'access-1' }), 'access-2')
    assert.equal(await renewal.validToken(CONNECTION, { refused: 'access-1' }), 'access-2', 'somebody was slower')
    assert.deepEqual(asked, ['refresh-1'])
    assert.deepEqual(renewed, ['demo'])
  })

  it('ends a session whose token was refused and can’t be renewed', async () => {
    const { renewal, write, stored, ended } = await start(OLD)
    await write({ accessToken: 'access-1', scopes: [], expiresAt: NOW + 3_600_000 })
    await fails(renewal.validToken(CONNECTION, { refused: 'access-1' }), 'signed-out')
    assert.equal(await stored(), undefined)
    assert.deepEqual(ended, ['demo'])
  })

  it('asks anew for a service, which has no refresh token', async () => {
    const { renewal, store, asked, answer } = await start(OLD)
    const service = readConnection({ id: 'demo', url: 'demodb', application: 'service', clientId: 'app' })
    await store.write(service, session({ accessToken: 'access-1', scopes: [], expiresAt: NOW }))
    answer.resolve(NEW)
    assert.equal(await renewal.validToken(service), 'access-2')
    assert.deepEqual(asked, ['none'])
  })

  describe('is signed out', () => {
    it('without a session', async () => {
      const { renewal, store } = await start(OLD)
      await store.remove(CONNECTION)
      const error = await fails(renewal.validToken(CONNECTION), 'signed-out')
      assert.equal(error.facts['connection'], 'Demo')
    })

    it('when the token has expired and can’t be renewed, and the session stays for the sign-out', async () => {
      const { renewal, write, stored } = await start(OLD)
      const { accessToken, idToken, scopes, expiresAt } = OLD
      await write({ accessToken, idToken: idToken ?? '', scopes, expiresAt })
      await fails(renewal.validToken(CONNECTION), 'signed-out')
      assert.equal((await stored())?.idToken, 'id-1')
    })

    it('after invalid_grant, and the session is forgotten', async () => {
      const { renewal, answer, stored, ended } = await start(OLD)
      answer.reject(new ErpError('sign-in-refused', { error: 'invalid_grant' }))
      await fails(renewal.validToken(CONNECTION), 'signed-out')
      assert.equal(await stored(), undefined)
      assert.deepEqual(ended, ['demo'])
    })

    it('when the user signed out meanwhile, and the answer doesn’t bring the session back', async () => {
      const { renewal, answer, arrived, store, stored } = await start(OLD)
      const token = renewal.validToken(CONNECTION)
      await arrived
      await store.remove(CONNECTION)
      answer.resolve(NEW)
      await fails(token, 'signed-out')
      assert.equal(await stored(), undefined)
    })
  })

  it('takes what another window has renewed, when its own refresh token is refused', async () => {
    const { renewal, answer, arrived, write, stored } = await start(OLD)
    const token = renewal.validToken(CONNECTION)
    await arrived
    await write({ ...NEW, accessToken: 'access-3', refreshToken: 'refresh-3' })
    answer.reject(new ErpError('sign-in-refused', { error: 'invalid_grant' }))
    assert.equal(await token.catch(String), 'access-3')
    assert.equal((await stored())?.refreshToken, 'refresh-3')
  })

  const troubles: readonly ErrorCode[] = ['connection-refused', 'host-not-found', 'server-error', 'html-instead-of-data']
  for (const code of troubles) {
    it(`${code} is no sign-out`, async () => {
      const { renewal, answer, stored, ended } = await start(OLD)
      answer.reject(new ErpError(code))
      await fails(renewal.validToken(CONNECTION), code)
      assert.deepEqual(await stored(), OLD)
      assert.deepEqual(ended, [])
    })
  }

  it('another refusal is no sign-out: somebody may mend the application', async () => {
    const { renewal, answer, stored } = await start(OLD)
    answer.reject(new ErpError('sign-in-refused', { error: 'invalid_client' }))
    await fails(renewal.validToken(CONNECTION), 'sign-in-refused')
    assert.deepEqual(await stored(), OLD)
  })

  const lives: readonly (readonly [string, TokenSet, boolean])[] = [
    ['fresh', { accessToken: 'a', scopes: [], expiresAt: NOW + 60_001 }, true],
    ['expired', { accessToken: 'a', scopes: [], expiresAt: NOW }, false],
    ['expired, with a refresh token', OLD, true],
  ]
  for (const [what, tokens, alive] of lives) {
    it(`a session that is ${what} is ${alive ? 'alive' : 'over'}`, async () => {
      const { renewal } = await start(OLD)
      assert.equal(renewal.isAlive(CONNECTION, session(tokens)), alive)
    })
  }
})
