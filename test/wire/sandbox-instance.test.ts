import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

import { useSandbox } from '../fakes/sandbox.ts'

describe('sandbox: instance', () => {
  const sandbox = useSandbox()

  const get = (path: string, token?: string) =>
    fetch(sandbox.url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
  const json = async (path: string): Promise<unknown> => (await get(path, sandbox.referenceToken)).json()

  describe('root tools', () => {
    it('version, server info, hash', async () => {
      const version = await (await get('/tools/ver')).text()
      assert.match(version, /^\d+\.\d+\.\d+\.\d+$/)
      assert.deepEqual(await (await get('/tools/server-info')).json(), { version })
      const sha256 = createHash('sha256').update('DEMO').digest('base64')
      assert.deepEqual(await (await get('/tools/sha256?secret=DEMO')).json(), { sha256 })
    })

    const nowhere = ['/', '/nix', '/tools/nix', '/idx', '/tableapi', '/api/nix', '/api/domain/nix', '/profile/nix']
    for (const path of nowhere) {
      it(`${path}: 404`, async () => assert.equal((await get(path, sandbox.referenceToken)).status, 404))
    }
    it('an address that is not well formed: 400', async () => {
      assert.equal((await get('/api/%E0%A4', sandbox.referenceToken)).status, 400)
    })
  })

  it('tells who calls', async () => {
    const me = await json('/profile/me') as Record<string, unknown>
    const { login, isAdmin, userType, preferredLanguage, instance } = me
    assert.deepEqual({ login, isAdmin, userType, preferredLanguage, instance }, {
      login: 'admin', isAdmin: true, userType: 'InternalUser', preferredLanguage: 'en',
      instance: { database: 'E1_SANDBOX', url: sandbox.url },
    })
    assert.equal((await get('/profile/me')).status, 401)
  })
})
