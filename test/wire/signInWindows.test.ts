import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConnection } from '../../src/core/instance/connection.ts'
import { fails } from '../fakes/fails.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { SharedEditor, type EditorWindow } from '../fakes/windows.ts'

const ROUNDS = 100

describe('Sign-in in two windows', () => {
  const sandbox = useSandbox()
  let locks: string
  let editor: SharedEditor
  let windows: readonly [EditorWindow, EditorWindow]

  before(async () => {
    locks = await mkdtemp(join(tmpdir(), 'erpnet-locks-'))
    editor = new SharedEditor()
    const { clientId, redirectUris } = sandbox.applications.find(({ type }) => type === 'native')!
    const setting = {
      connection: readConnection({ id: 'demo', url: sandbox.url, application: 'native', clientId, staySignedIn: true }),
      user: sandbox.users[0]!,
      ports: redirectUris.map(uri => Number(new URL(uri).port)),
      locks,
    }
    windows = [editor.open(setting), editor.open(setting)]
  })

  after(async () => {
    await editor.close()
    await rm(locks, { recursive: true })
  })

  /** Both at once. */
  const both = (call: 'access' | 'state', refused?: string) => Promise.all(windows.map(window => window.call(call, refused)))

  it('lives through sign-ins, renewals and sign-outs against each other, without one needless sign-in', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = round % 2 === 0 ? windows : [windows[1], windows[0]]
      await one.call('signIn')
      await other.changed('signedIn')
      const old = String(await other.call('access'))
      // An API has refused the token to both of them at the same moment.
      const [token, same] = await both('access', old)
      assert.equal(token, same, `round ${round}: one renewal for both`)
      assert.notEqual(token, old)
      // One signs out while the other renews: whichever is first, both are signed out in the end.
      await Promise.all([one.call('signOut'), other.call('access', String(token)).catch(() => undefined)])
      await other.changed('signedOut')
      for (const window of windows) await fails(window.call('access'), 'signed-out')
      assert.equal(editor.secrets.entries.size, 0)
    }
  }).timeout(240_000)

  it('keeps what one window stores while the other signs out: the last one wins, and both agree', async () => {
    const [one, other] = windows
    await one.call('signIn')
    await other.changed('signedIn')
    const token = String(await one.call('access'))
    await Promise.allSettled([one.call('access', token), other.call('signOut')])
    const [first, second] = await both('state') as { signedIn: boolean }[]
    assert.deepEqual(first?.signedIn, second?.signedIn)
  })
})
