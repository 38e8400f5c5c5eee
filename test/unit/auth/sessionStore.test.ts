import assert from 'node:assert/strict'
import { SessionStore, type Session } from '../../../src/core/auth/sessionStore.ts'
import { readConnection, type Connection } from '../../../src/core/instance/connection.ts'
import { MemoryLock } from '../../fakes/locks.ts'
import { MemorySecrets } from '../../fakes/secrets.ts'

const NATIVE = readConnection({ id: 'demo', url: 'demodb', application: 'native', clientId: 'com.acme/app' })
const TOKEN = readConnection({ id: 'demo', url: 'demodb', application: 'referenceToken' })
const TOKENS: Session = {
  kind: 'tokens',
  issuer: 'https://demodb.my.erp.net/id',
  clientId: 'com.acme/app',
  tokens: {
    accessToken: 'a', refreshToken: 'r', idToken: 'i', scopes: ['read'], expiresAt: 5, account: { login: 'ivan', name: 'Иван' },
  },
}
const REFERENCE: Session = { kind: 'referenceToken', token: 'enrt_01' }

describe('SessionStore', () => {
  const kept: readonly (readonly [string, Connection, Session])[] = [
    ['tokens', NATIVE, TOKENS],
    ['the least of tokens', NATIVE, { ...TOKENS, tokens: { accessToken: 'a', scopes: [], expiresAt: 0 } }],
    ['a reference token', TOKEN, REFERENCE],
  ]
  for (const [what, connection, session] of kept) {
    it(`keeps ${what}`, async () => {
      const store = new SessionStore(new MemorySecrets(), new MemoryLock())
      await store.write(connection, session)
      assert.deepEqual(await store.read(connection), session)
      await store.remove(connection)
      assert.equal(await store.read(connection), undefined)
    })
  }

  const strangers: readonly (readonly [string, Session, Connection])[] = [
    ['another address', TOKENS, { ...NATIVE, url: 'https://evil.example' }],
    ['another id', TOKENS, { ...NATIVE, id: 'other' }],
    ['another application', TOKENS, { ...NATIVE, clientId: 'com.evil/app' }],
    ['another type of application', TOKENS, TOKEN],
    ['a browser sign-in, of a reference token', REFERENCE, NATIVE],
  ]
  for (const [what, session, reader] of strangers) {
    it(`gives no session to ${what}`, async () => {
      const store = new SessionStore(new MemorySecrets(), new MemoryLock())
      await store.write(session.kind === 'tokens' ? NATIVE : TOKEN, session)
      assert.equal(await store.read(reader), undefined)
    })
  }

  const broken: readonly string[] = [
    '', 'null', '[]', '{', '{"version":2,"kind":"referenceToken","token":"enrt_01"}', '{"kind":"referenceToken","token":"enrt_01"}',
    '{"version":1,"kind":"referenceToken"}', '{"version":1,"kind":"tokens","issuer":"x","clientId":"com.acme/app","tokens":{}}',
    JSON.stringify({ version: 1, ...TOKENS, tokens: { ...TOKENS.tokens, expiresAt: 'soon' } }),
    JSON.stringify({ version: 1, ...TOKENS, tokens: { ...TOKENS.tokens, account: 'ivan' } }),
    JSON.stringify({ version: 1, ...TOKENS, issuer: undefined }),
  ]
  for (const text of broken) {
    it(`reads ${text.slice(0, 60)} as no session, and leaves it`, async () => {
      const secrets = new MemorySecrets()
      const store = new SessionStore(secrets, new MemoryLock())
      await store.write(NATIVE, TOKENS)
      const [key = ''] = secrets.entries.keys()
      secrets.entries.set(key, text)
      assert.equal(await store.read(NATIVE), undefined)
      assert.equal(secrets.entries.get(key), text)
    })
  }

  it('sets aside what it can’t read when something takes its place, and forgets it with the connection', async () => {
    const secrets = new MemorySecrets()
    const store = new SessionStore(secrets, new MemoryLock())
    await store.write(NATIVE, TOKENS)
    const [key = ''] = secrets.entries.keys()
    secrets.entries.set(key, '{"version":9}')
    await store.write(NATIVE, TOKENS)
    assert.deepEqual(await store.read(NATIVE), TOKENS)
    assert.deepEqual([...secrets.entries.values()].filter(text => text === '{"version":9}').length, 1)
    await store.forget(NATIVE)
    assert.equal(secrets.entries.size, 0)
  })

  it('keeps a client secret beside the session', async () => {
    const store = new SessionStore(new MemorySecrets(), new MemoryLock())
    await store.writeClientSecret(NATIVE, 's')
    await store.write(NATIVE, TOKENS)
    await store.remove(NATIVE)
    assert.equal(await store.readClientSecret(NATIVE), 's')
    assert.equal(await store.readClientSecret({ ...NATIVE, url: 'https://evil.example' }), undefined)
    await store.forget(NATIVE)
    assert.equal(await store.readClientSecret(NATIVE), undefined)
  })
})
