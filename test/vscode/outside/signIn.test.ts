import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Page } from 'playwright-core'
import { freePort } from '../../wire/servers.ts'
import { startDemo, type Demo } from '../host/demo.ts'
import { fillSignInPage, openedPage } from '../host/signIn.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** The outcome of a call, whose promise must not be awaited while somebody has yet to act. */
interface Outcome {
  readonly code?: string
}

/** For real: the sandbox's own page in Chromium, the real loopback server, the real secret store. */
describe('sign-in: in the editor', () => {
  let demo: Demo
  let workbench: Workbench

  before(async () => {
    demo = await startDemo('signIn')
    workbench = await openWorkbench({ trustedDomains: [demo.sandbox.url] })
    await command('erpnet.connection.add', demo.native)
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  afterEach(async () => {
    await configure('erpnet.auth.timeoutSeconds', undefined)
    await configure('erpnet.auth.redirectPorts', undefined)
  })

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  function configure(name: string, value: unknown): Promise<unknown> {
    return workbench.evaluate(async (vscode, setting) =>
      vscode.workspace.getConfiguration().update(setting.name, setting.value, vscode.ConfigurationTarget.Global), { name, value })
  }

  /** Calls the sign-in, and gives the page that it opens. */
  async function startSignIn(id: string): Promise<{ page: Page; outcome: Promise<Outcome> }> {
    let outcome: Promise<Outcome> = Promise.resolve({})
    const page = await openedPage(workbench.context, () => {
      outcome = outcomeOf(command('erpnet.signIn', { id }))
    })
    return { page, outcome }
  }

  async function signIn(): Promise<void> {
    const { page, outcome } = await startSignIn(demo.native.id)
    await page.getByLabel('Login').or(page.getByRole('status')).waitFor()
    if (await page.getByLabel('Login').isVisible()) await fillSignInPage(page, demo.sandbox.users[1]!)
    assert.deepEqual(await outcome, {})
    await page.close()
  }

  /** What the extension's own test of a connection says of its token. */
  async function hasToken(id: string): Promise<boolean> {
    const { steps } = await command('erpnet.connection.test', { id }) as { steps: { name: string; ok: boolean }[] }
    return steps.find(({ name }) => name === 'token')?.ok ?? false
  }

  it('goes through the instance’s page, which ends without the code and leads back', async () => {
    const { page, outcome } = await startSignIn(demo.native.id)
    const asked = new URL(page.url()).origin
    assert.equal(asked, demo.sandbox.url)
    await fillSignInPage(page, demo.sandbox.users[1]!)
    assert.deepEqual(await outcome, {})
    await page.getByRole('heading', { name: 'You are signed in to Sandbox' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/result')
    assert.equal(new URL(page.url()).search, '')
    await page.close()
    assert.equal(await hasToken(demo.native.id), true)
  })

  it('survives a reload of the window', async () => {
    await signIn()
    await workbench.reload()
    assert.equal(await hasToken(demo.native.id), true)
  })

  it('is forgotten here and ended at the instance by the sign-out', async () => {
    await signIn()
    await hasToken(demo.native.id)
    const { sessions } = await demo.sandbox.control.state()
    const page = await openedPage(workbench.context, () => command('erpnet.signOut', { id: demo.native.id }))
    assert.equal(await hasToken(demo.native.id), false)
    await page.getByRole('heading', { name: 'You are signed out of Sandbox' }).waitFor()
    await page.close()
    await demo.sandbox.control.wait({ sessions: sessions - 1 })
    await workbench.page.locator('.notification-toast', { hasText: 'its licence slot is free' }).waitFor()
  })

  it('denied at the page', async () => {
    const { page, outcome } = await startSignIn(demo.native.id)
    await page.getByRole('button', { name: 'Cancel' }).click()
    assert.deepEqual(await outcome, { code: 'sign-in-denied' })
    await page.getByRole('heading', { name: 'declined' }).waitFor()
    await page.close()
  })

  it('cancelled in the editor', async () => {
    const toast = workbench.page.locator('.notification-toast', { hasText: 'Signing in to Sandbox' })
    // that of the test before may still be on its way out
    await toast.waitFor({ state: 'detached' })
    const { page, outcome } = await startSignIn(demo.native.id)
    await toast.getByRole('button', { name: 'Cancel' }).click()
    assert.deepEqual(await outcome, { code: 'sign-in-cancelled' })
    await page.close()
  })

  it('timed out', async () => {
    await configure('erpnet.auth.timeoutSeconds', 1)
    const { page, outcome } = await startSignIn(demo.native.id)
    assert.deepEqual(await outcome, { code: 'sign-in-timed-out' })
    await page.close()
  })

  it('kept from every port', async () => {
    const port = await freePort()
    await configure('erpnet.auth.redirectPorts', [port])
    const busy = createServer().listen(port, '127.0.0.1')
    await once(busy, 'listening')
    assert.deepEqual(await outcomeOf(command('erpnet.signIn', { id: demo.native.id })), { code: 'sign-in-ports-busy' })
    busy.close()
  })
})

async function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  return call.then(() => ({}), (error: unknown) => ({ code: String((error as { code?: unknown }).code) }))
}
