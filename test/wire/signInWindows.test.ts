import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConnection } from '../../src/core/instance/connection.ts'
import { fails } from '../fakes/fails.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { SharedEditor, type EditorWindow } from '../fakes/windows.ts'

const ROUNDS = 100

describe('Sign-in in two windows', () => {
  let sandbox: SandboxUnderTest
  let locks: string
  let editor: SharedEditor
  let windows: readonly [EditorWindow, EditorWindow]

  before(async () => {
    sandbox = await startSandbox()
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
    await sandbox.stop()
    await rm(locks, { recursive: true })
  })

  /** Both at once. */
  const both = (call: 'access' | 'state', refused?: string) => Promise.all(windows.map(window => window.call(call, refused)))

  it('lives through sign-ins, renewals and sign-outs against each other, without one needless sign-in', async () => {
    let token = ''
    let signedIn = false
    for (let round = 0; round < ROUNDS; round++) {
      const [one, other] = round % 2 === 0 ? windows : [windows[1], windows[0]]
      if (!signedIn) {
        await one.call('signIn')
        await other.changed('signedIn')
        token = String(await other.call('access'))
        signedIn = true
      }
      // An API has refused the token to both of them at the same moment.
      const renewed = await both('access', token)
      assert.equal(renewed[0], renewed[1], `round ${round}: one renewal for both`)
      assert.notEqual(renewed[0], token)
      token = String(renewed[0])
      if (round % 10 !== 9) continue
      await one.call('signOut')
      await other.changed('signedOut')
      await fails(other.call('access'), 'signed-out')
      assert.equal(editor.secrets.entries.size, 0)
      signedIn = false
    }
  }).timeout(120_000)

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
