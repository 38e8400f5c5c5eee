import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { redeemCode, startSignIn } from '../../src/node/identity.ts'
import { FormBrowser } from '../fakes/form-browser.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

const ROOT = join(import.meta.dirname, '../..')

/** What `npm run sandbox` starts: bundled and minified, where names that a library relies on can get lost. */
describe('sandbox: bundle', () => {
  let sandbox: SandboxUnderTest

  before(async () => {
    execFileSync(process.execPath, ['esbuild.mjs', 'sandbox'], { cwd: ROOT })
    sandbox = await startSandbox({ entry: join(ROOT, 'dist/sandbox.cjs') })
  })

  after(() => sandbox.stop())

  it('signs a user in and lets the token read', async () => {
    const { clientId, redirectUris: [redirectUri = ''] } = sandbox.applications.find(({ type }) => type === 'native')!
    const client = { issuer: `${sandbox.url}/id`, clientId }
    const { url, ...secrets } = await startSignIn({ ...client, redirectUri, scopes: ['openid', 'profile', 'read'] })
    const callback = await new FormBrowser().signIn(url, sandbox.users[0]!)
    const { accessToken } = await redeemCode({ ...client, ...secrets, callbackUrl: callback.href })
    const rows = await fetch(`${sandbox.url}/tableapi/odata/Gen_Currencies?$top=1`, { headers: { authorization: `Bearer ${accessToken}` } })
    assert.equal(rows.status, 200)
    await rows.body?.cancel()
  })
})
