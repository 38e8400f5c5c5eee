import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { startDemo, type Demo } from '../host/demo.ts'
import { fillSignInPage, openedPage } from '../host/signIn.ts'
import { openWorkbench, type Window, type Workbench } from '../host/workbench.ts'

const ROWS = { kind: 'query', text: 'Gen_Documents?$select=Document_No&$top=2' }

/**
 * Two pages of one VS Code in the browser: two extension hosts. Each page reads all secrets once and writes them back as
 * a whole, so that they overwrite each other's.
 */
describe('sign-in: two pages of VS Code in the browser', () => {
  let demo: Demo
  let first: Workbench
  let second: Window
  const opened: Page[] = []

  before(async () => {
    demo = await startDemo('signInPages')
    first = await openWorkbench({ folder: demo.folder, trustedDomains: [demo.sandbox.url] })
    await command(first, 'erpnet.connection.add', demo.native)
    second = await first.openWindow()
    // it has read its secrets: there are none
    assert.equal(await hasToken(second, demo.native.id), false)
    first.context.on('page', page => opened.push(page))
  })

  after(async () => {
    await second.close()
    await first.close()
    await demo.sandbox.stop()
  })

  function command({ evaluate }: Window, id: string, argument?: unknown): Promise<unknown> {
    return evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  async function hasToken(window: Window, id: string): Promise<boolean> {
    const { steps } = await command(window, 'erpnet.connection.test', { id }) as { steps: { name: string; ok: boolean }[] }
    return steps.find(({ name }) => name === 'token')?.ok ?? false
  }

  async function signIn(action: () => unknown): Promise<void> {
    await first.context.clearCookies({ domain: new URL(demo.sandbox.url).hostname })
    const page = await openedPage(first.context, action)
    await fillSignInPage(page, demo.sandbox.users[1]!)
    await page.getByRole('heading', { name: 'You are signed in to Sandbox' }).waitFor()
    await page.close()
  }

  async function run({ page }: Window): Promise<void> {
    await page.getByRole('button', { name: 'Run All' }).first().click()
  }

  it('what one page loses by the other’s write costs one sign-in, and the cell goes on', async () => {
    let done: Promise<unknown> = Promise.resolve()
    await signIn(() => {
      done = command(first, 'erpnet.signIn', { id: demo.native.id })
    })
    await done
    await command(second, 'erpnet.connection.add', demo.referenceToken)
    assert.equal(await hasToken(second, demo.referenceToken.id), true)
    assert.equal(await hasToken(first, demo.native.id), true, 'as long as the page lives it has its own')
    await first.reload()
    opened.length = 0
    await command(first, 'erpnet.notebook.new', { connection: demo.native.id, cells: [ROWS] })
    await run(first)
    const question = first.page.locator('.notification-toast', { hasText: 'Your session at Sandbox has ended.' })
    await signIn(() => question.getByRole('button', { name: 'Sign in' }).click())
    await first.notebookOutput().getByRole('status').filter({ hasText: '2 rows' }).waitFor()
    assert.equal(opened.length, 1)
    assert.equal(await hasToken(first, demo.native.id), true)
    assert.equal(await hasToken(second, demo.referenceToken.id), true)
    assert.equal(opened.length, 1, 'nobody was asked again')
  })

  it('a page that has its sign-in in its memory goes on without a question', async () => {
    opened.length = 0
    await first.reload()
    assert.equal(await hasToken(first, demo.native.id), true)
    assert.equal(opened.length, 0)
  })
})
