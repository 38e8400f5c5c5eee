import assert from 'node:assert/strict'
import type { FrameLocator, Locator } from 'playwright-core'
import { startDemo, type Demo } from '../host/demo.ts'
import { fillSignInPage, openedPage } from '../host/signIn.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** What a person sees of `erpnet.token.inspect`, `erpnet.trustedApplication.describe` and `erpnet.connection.test`. */
describe('sign-in: what a person sees of it', () => {
  let demo: Demo
  let workbench: Workbench

  before(async () => {
    demo = await startDemo('application')
    workbench = await openWorkbench({ trustedDomains: [demo.sandbox.url] })
    await workbench.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await command('erpnet.connection.add', demo.native)
    await command('erpnet.connection.add', { ...demo.native, id: 'reports', name: 'Reports', application: 'confidential', clientId: 'com.acme/reports' })
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  afterEach(() => demo.sandbox.control.clearQuirks())

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  /** As from a link: the person is asked, so the call isn't waited for. */
  function start(id: string, connection: string): Promise<void> {
    return workbench.evaluate((vscode, call) => {
      void vscode.commands.executeCommand(call.id, { id: call.connection, interactive: true })
    }, { id, connection })
  }

  /** The Markdown preview. */
  function shownPage(): FrameLocator {
    return workbench.page.frameLocator('.editor-instance iframe.webview, iframe.webview').frameLocator('#active-frame')
  }

  /** Waits for a message, as a toast or in the list: VS Code holds back toasts that follow each other too quickly. */
  async function message(text: string): Promise<Locator> {
    const item = workbench.page.locator('.notification-list-item', { hasText: text }).first()
    return until(text, async () => {
      if (await item.isVisible()) return item
      await command('notifications.showList')
      return undefined
    })
  }

  async function press(text: string, button: string): Promise<void> {
    await (await message(text)).getByRole('button', { name: button }).click()
  }

  async function closeEditors(): Promise<void> {
    await command('workbench.action.closeAllEditors')
    await command('notifications.clearAll')
  }

  it('the facts of the token, and nothing of the token itself', async () => {
    const page = await openedPage(workbench.context, () => void command('erpnet.signIn', { id: demo.native.id }))
    await fillSignInPage(page, demo.sandbox.users[1]!)
    await page.getByRole('heading', { name: 'You are signed in' }).waitFor()
    await page.close()
    const inspection = await command('erpnet.token.inspect', { id: demo.native.id }) as Record<string, unknown>
    assert.deepEqual([inspection['kind'], inspection['subject'], inspection['userType'], inspection['findings']], ['jwt', 'ivan.petrov', 'InternalUser', []])
    assert.doesNotMatch(JSON.stringify(inspection), /eyJ/)
    await start('erpnet.token.inspect', demo.native.id)
    await shownPage().getByRole('heading', { name: 'Token of Sandbox' }).waitFor()
    await shownPage().getByText('openid, profile, read').waitFor()
    assert.doesNotMatch(await shownPage().locator('body').innerText(), /eyJ/)
    await closeEditors()
  })

  it('what to register, with a new secret that goes into the secret store', async () => {
    await start('erpnet.trustedApplication.describe', 'reports')
    await workbench.page.getByRole('option', { name: 'Make a new secret' }).click()
    await shownPage().getByRole('heading', { name: 'What to register for Reports' }).waitFor()
    await shownPage().getByText('com.acme/reports').first().waitFor()
    await press('registers this', 'Store secret')
    // what was done isn't offered again, the rest is
    await workbench.page.getByRole('button', { name: 'Store secret' }).waitFor({ state: 'detached' })
    await (await message('registers this')).getByRole('button', { name: 'Copy letter' }).waitFor()
    await press('registers this', 'Copy secret')
    const secret = await until('the secret', () => workbench.evaluate(async vscode => (await vscode.env.clipboard.readText()) || undefined))
    assert.match(secret, /^[\w-]{43}$/)
    assert.ok(!(await shownPage().locator('body').innerText()).includes(secret))
    await closeEditors()
  })

  it('what fails in the test of a connection, with buttons that help, and all steps', async () => {
    await demo.sandbox.control.quirks({ 'site-missing': 'TableAPI' })
    await start('erpnet.connection.test', demo.native.id)
    await press('lists no TableAPI site', 'Show all steps')
    await shownPage().getByRole('heading', { name: 'Test of Sandbox' }).waitFor()
    await shownPage().getByText('✘ Table API').waitFor()
    await closeEditors()
  })

  it('one line when the connection works', async () => {
    await start('erpnet.connection.test', demo.native.id)
    await message('Sandbox works: Domain API: Version 26.2.0.76.')
  })
})
