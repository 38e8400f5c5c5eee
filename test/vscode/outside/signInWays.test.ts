import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { startDemo, type Demo } from '../host/demo.ts'
import { temporaryFolder } from '../host/places.ts'
import { fillSignInPage, keepFromComingBack, openedPage } from '../host/signIn.ts'
import { Tree } from '../host/tree.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** An access, ID or reference token, whoever's it is. */
const TOKEN = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.|enrt_[0-9A-F]{64}/

/** What stands on the screen of a sign-in that doesn't go the usual way, and who is signed in by the other application types. */
describe('sign-in: its other ways', () => {
  const profile = temporaryFolder()
  let demo: Demo
  let workbench: Workbench
  let closed: Promise<void> | undefined

  before(async () => {
    demo = await startDemo('signInWays')
    workbench = await openWorkbench({ profile, folder: demo.folder, trustedDomains: [demo.sandbox.url] })
    await workbench.context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await command('workbench.view.extension.erpnet')
    await command('erpnet.connection.add', demo.native)
    for (const type of ['portal', 'service'] as const) {
      const { clientId, secret } = demo.sandbox.applications.find(application => application.type === type)!
      await command('erpnet.connection.add', { id: type, name: `A ${type}`, url: demo.sandbox.url, application: type, clientId, clientSecret: secret })
    }
  })

  // while the list is open, notifications show in it alone
  beforeEach(() => command('notifications.hideList'))

  after(async () => {
    await close()
    await demo.sandbox.stop()
  })

  afterEach(async () => {
    await demo.sandbox.control.clearQuirks()
    if (closed !== undefined) return
    await configure('erpnet.auth.timeoutSeconds', undefined)
    await workbench.context.clearCookies({ domain: new URL(demo.sandbox.url).hostname })
  })

  function close(): Promise<void> {
    return closed ??= workbench.close()
  }

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  function configure(name: string, value: unknown): Promise<unknown> {
    return workbench.evaluate(async (vscode, setting) =>
      vscode.workspace.getConfiguration().update(setting.name, setting.value, vscode.ConfigurationTarget.Global), { name, value })
  }

  /** Calls the sign-in, and gives the page that it opens and its outcome: the code of what it failed with. */
  async function startSignIn(id: string): Promise<{ page: Page, outcome: Promise<string | undefined> }> {
    let outcome: Promise<string | undefined> = Promise.resolve(undefined)
    const page = await openedPage(workbench.context, () => {
      outcome = command('erpnet.signIn', { id }).then(() => undefined, (error: unknown) => String((error as { code?: unknown }).code))
    })
    return { page, outcome }
  }

  async function signIn(id: string, login: string): Promise<void> {
    const { page, outcome } = await startSignIn(id)
    await fillSignInPage(page, user(login))
    assert.equal(await outcome, undefined)
    await page.close()
  }

  const user = (login: string) => demo.sandbox.users.find(candidate => candidate.login === login)!
  const toast = (text: string): Locator => workbench.page.locator('.notification-toast', { hasText: text })
  const box = (): Locator => workbench.page.locator('.quick-input-widget input.input:visible')
  const row = (name: string): Locator => new Tree(workbench.page, 'Connections').row(name)

  /** Puts the keyboard into an editor, as it is when somebody works. */
  async function focusEditor(): Promise<Locator> {
    await command('workbench.action.files.newUntitledFile')
    const focused = workbench.page.locator('.editor-instance .monaco-editor.focused')
    await focused.waitFor()
    return focused
  }

  /** Forgets the connection's tokens; says what becomes of the licence slot. */
  async function signOut(id: string): Promise<Locator> {
    await command('notifications.clearAll')
    await command('erpnet.signOut', { id })
    return listed('Signed out of')
  }

  /** A notification in the list of them, since VS Code shows no more than three of the same 800 ms by themselves. */
  async function listed(text: string): Promise<Locator> {
    await command('notifications.showList')
    return workbench.page.locator('.notifications-center .notification-list-item', { hasText: text }).first()
  }

  /** The box is gone, and the keyboard is where it was. */
  async function isBack(editor: Locator): Promise<void> {
    await box().waitFor({ state: 'detached' })
    await editor.waitFor()
  }

  it('in another browser, by the address that the notification copies', async () => {
    const { page, outcome } = await startSignIn(demo.native.id)
    await page.close()
    await toast('Signing in to Sandbox').getByRole('link', { name: 'copy its address' }).click()
    await workbench.page.getByText('The address of the sign-in page is copied.').waitFor()
    const address = await workbench.evaluate(vscode => vscode.env.clipboard.readText())
    assert.equal(new URL(address).origin, demo.sandbox.url)
    const other = await workbench.context.newPage()
    await other.goto(address)
    await fillSignInPage(other, user('ivan.petrov'))
    await other.getByRole('heading', { name: 'You are signed in to Sandbox' }).waitFor()
    assert.equal(await outcome, undefined)
    await other.close()
  })

  it('with the browser’s answer pasted, when it can’t come back; a wrong one is said', async () => {
    const { page, outcome } = await startSignIn(demo.native.id)
    const answer = await keepFromComingBack(page)
    await fillSignInPage(page, user('ivan.petrov'))
    const address = await answer.address
    await box().press('Escape')
    await box().waitFor({ state: 'detached' })
    await toast('Signing in to Sandbox').getByRole('link', { name: 'paste its answer' }).click()
    const wrong: [string, string][] = [
      ['not one', 'This is no address.'],
      [demo.sandbox.url, 'This is the address of another page.'],
      [address.replace(/state=[^&]+/, 'state=old'), 'This address belongs to another sign-in.'],
    ]
    for (const [text, fault] of wrong) {
      await box().fill(text)
      await workbench.page.locator('.quick-input-widget').getByText(fault).waitFor()
    }
    await box().fill(address)
    await box().press('Enter')
    assert.equal(await outcome, undefined)
    await row('Sandbox').getByText('Иван Петров').waitFor()
    await page.close()
  })

  it('closes its box when the browser comes back, and the keyboard is where it was', async () => {
    const editor = await focusEditor()
    const { page, outcome } = await startSignIn(demo.native.id)
    await box().waitFor()
    await fillSignInPage(page, user('ivan.petrov'))
    assert.equal(await outcome, undefined)
    await isBack(editor)
    await page.close()
  })

  it('closes its box when it is cancelled', async () => {
    const editor = await focusEditor()
    const { page, outcome } = await startSignIn(demo.native.id)
    await box().waitFor()
    await toast('Signing in to Sandbox').getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await outcome, 'sign-in-cancelled')
    await isBack(editor)
    await page.close()
  })

  it('closes its box when it is declined, and when it takes too long', async () => {
    const editor = await focusEditor()
    const declined = await startSignIn(demo.native.id)
    await box().waitFor()
    await declined.page.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await declined.outcome, 'sign-in-denied')
    await isBack(editor)
    await declined.page.close()
    await configure('erpnet.auth.timeoutSeconds', 1)
    const late = await startSignIn(demo.native.id)
    assert.equal(await late.outcome, 'sign-in-timed-out')
    await isBack(editor)
    await late.page.close()
  })

  it('of a portal: who visits, and as whom its application calls', async () => {
    await signIn('portal', 'elena.customer')
    await row('A portal').getByText('Elena Customer (external), calls as portal.service').waitFor()
    await command('erpnet.connection.test', { id: 'portal' })
    const page = await openedPage(workbench.context, async () => {
      await (await signOut('portal')).getByText('its licence slot becomes free after 20 idle minutes').waitFor()
    })
    await page.getByRole('heading', { name: 'You are signed out of A portal' }).waitFor()
    await page.close()
    await row('A portal').getByText('signed out').waitFor()
  })

  it('of a service: without a browser, in its own name', async () => {
    const pages = workbench.context.pages().length
    await command('erpnet.signIn', { id: 'service' })
    await row('A service').getByText('as sync.service').waitFor()
    await (await signOut('service')).getByText('The tokens are forgotten here.').waitFor()
    await command('erpnet.signIn', { id: 'service' })
    await command('erpnet.connection.test', { id: 'service' })
    await (await signOut('service')).getByText('its licence slot becomes free after 20 idle minutes').waitFor()
    assert.equal(workbench.context.pages().length, pages)
  })

  it('again, when the session has ended while a cell runs, and the cell goes on', async () => {
    // views of the model out of sight ask for nothing, so that the cell is the first to find out
    await command('workbench.view.explorer')
    await signIn(demo.native.id, 'ivan.petrov')
    await demo.sandbox.control.quirks({ 'token-revoked': 1 })
    await runsOnAfterSignIn(2)
  }).timeout(40_000).retries(2)

  it('again, when something else has found before the cell that the session has ended', async () => {
    await command('erpnet.connection.select', { id: demo.native.id })
    await signIn(demo.native.id, 'ivan.petrov')
    await demo.sandbox.control.quirks({ 'token-revoked': 1 })
    await command('workbench.view.extension.erpnet')
    await command('erpnet.model.refresh')
    await row('Sandbox').getByText('signed out').waitFor()
    await runsOnAfterSignIn(3)
  }).timeout(40_000).retries(2)

  /**
   * Runs a cell, whose person is asked to sign in again and does; then its rows come. On a busy machine VS Code
   * sometimes never finishes opening the notebook: it is closed then, and the test begins again.
   */
  async function runsOnAfterSignIn(rows: number): Promise<void> {
    const text = `Gen_Documents?$select=Document_No&$top=${rows}`
    await command('workbench.action.revertAndCloseActiveEditor')
    await command('erpnet.notebook.new', { connection: demo.native.id, cells: [{ kind: 'query', text }] })
    await workbench.page.getByRole('button', { name: 'Run All' }).first().click()
    const question = await listed('Your session at Sandbox has ended. Sign in, and the work goes on.')
    await workbench.context.clearCookies({ domain: new URL(demo.sandbox.url).hostname })
    const page = await openedPage(workbench.context, () => question.getByRole('button', { name: 'Sign in' }).click())
    await fillSignInPage(page, user('ivan.petrov'))
    await page.getByRole('heading', { name: 'You are signed in to Sandbox' }).waitFor()
    await page.close()
    await workbench.notebookOutput().getByRole('status').filter({ hasText: `${rows} rows` }).waitFor()
    await command('workbench.action.revertAndCloseActiveEditor')
  }

  it('leaves no token and no secret on the disk', async () => {
    await command('erpnet.signIn', { id: 'service' })
    await signIn('portal', 'elena.customer')
    await close()
    const secrets = demo.sandbox.applications.flatMap(({ secret }) => secret ?? [])
    const isSecret = (text: string): boolean => TOKEN.test(text) || secrets.some(secret => text.includes(secret))
    // the address of a sign-out names the ID token, so what the browser keeps of its own pages isn't looked at
    const places = ['data', 'browser/Default/Local Storage', 'browser/Default/IndexedDB'].map(name => join(profile, name))
    const files = [...places, demo.folder].flatMap(filesIn)
    assert.deepEqual(files.filter(file => isSecret(readText(file))), [])
    // the search itself works
    assert.ok(files.some(file => readText(file).includes(String(demo.native['clientId']))))
    assert.ok(isSecret(`"${demo.sandbox.referenceToken}"`) && isSecret(secrets[0]!))
  })

  function filesIn(folder: string): string[] {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  }

  /** Also of texts with two bytes a letter, as browsers keep them. */
  function readText(file: string): string {
    return readFileSync(file, 'latin1').replaceAll('\0', '')
  }
})
