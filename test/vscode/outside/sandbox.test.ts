import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { holdSandbox } from '../../../src/node/sandboxProcess.ts'
import { EXTENSION_ID } from '../host/ids.ts'
import { root, temporaryFolder } from '../host/places.ts'
import { Tree } from '../host/tree.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Window, type Workbench } from '../host/workbench.ts'

/** A newcomer's first click, and what becomes of the process behind it. */
describe('sandbox: in the workbench', () => {
  const profile = temporaryFolder()
  const file = join(profile, 'data/User/globalStorage', EXTENSION_ID, 'sandbox.json')
  let workbench: Workbench
  let isClosed = false

  before(async () => {
    workbench = await openWorkbench({ profile, theme: 'Light Modern' })
    await showViews(workbench)
  })

  after(async () => {
    if (!isClosed) await workbench.close()
  })

  const pid = () => (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid
  const isGone = (process: number) => until('the end of the process', () => isAlive(process) ? undefined : true, 90_000)
  const description = ({ page }: Window, words: RegExp) =>
    page.getByRole('tree', { name: 'Connections' }).getByRole('treeitem', { name: words }).waitFor()
  const seesModel = ({ page }: Window) => new Tree(page, 'Domain entities').show('Crm.Sales')

  it('is opened by a button of the empty view: connection, model and notebook', async () => {
    const { page } = workbench
    await page.getByRole('button', { name: 'Try it with a sandbox' }).first().click()
    await page.getByRole('tab', { name: /first-steps\.erpnb/ }).waitFor()
    await description(workbench, /^Sandbox, 127\.0\.0\.1:\d+, signed in, selected/)
    await seesModel(workbench)
    await workbench.notebookOutput().getByText('The latest documents').waitFor()
    await workbench.screenshot(join(root, 'out/sandbox/opened.png'))
  })

  it('goes on after a reload', async () => {
    const process = pid()
    const held = await holdSandbox({ folder: dirname(file) }) // however long a reload takes here
    await workbench.reload()
    await description(workbench, /^Sandbox, 127\.0\.0\.1:\d+, signed in, selected/)
    await seesModel(workbench)
    assert.equal(pid(), process)
    held?.release()
  })

  it('that crashed is said, and started again', async () => {
    process.kill(pid(), 'SIGKILL')
    const { page } = workbench
    await description(workbench, /^Sandbox, ended unexpectedly/)
    await page.getByText('The sandbox is not running.').first().waitFor()
    const toast = page.locator('.notification-toast', { hasText: 'The sandbox has ended unexpectedly.' })
    await toast.getByRole('button', { name: 'Start again' }).click()
    await description(workbench, /^Sandbox, 127\.0\.0\.1/)
    await seesModel(workbench)
    await toast.waitFor({ state: 'detached' })
  })

  it('is one for two windows, and is seen to be stopped in both', async () => {
    const process = pid()
    const other = await workbench.openWindow()
    const opened = await openSandbox(other)
    assert.deepEqual(await openSandbox(workbench), opened)
    await showViews(other)
    await seesModel(other)
    assert.equal(pid(), process)

    await other.evaluate(vscode => vscode.commands.executeCommand('erpnet.sandbox.stop'))
    for (const window of [workbench, other]) {
      await description(window, /^Sandbox, not running/)
      assert.equal(await window.page.locator('.notification-toast').count(), 0)
    }
    assert.ok(!isAlive(process))
    await openSandbox(other)
    await description(other, /^Sandbox, 127\.0\.0\.1/)
    await description(workbench, /^Sandbox, not running/) // it uses it when it asks for it
    await openSandbox(workbench)
    await other.close()
  })

  it('outlives the window that started it, and ends with the last one', async () => {
    const process = pid()
    assert.equal(await workbench.evaluate(async vscode => {
      const query = { connection: 'sandbox', text: 'Gen_Currencies?$top=1' }
      return (await vscode.commands.executeCommand<{ rows: unknown[] }>('erpnet.query.run', query)).rows.length
    }), 1)
    isClosed = true
    await workbench.close()
    await isGone(process)
    assert.ok(!existsSync(file))
  })
})

function openSandbox({ evaluate }: Window): Promise<unknown> {
  return evaluate(vscode => vscode.commands.executeCommand('erpnet.sandbox.open', { notebook: false }))
}

async function showViews({ evaluate }: Window): Promise<void> {
  await evaluate(vscode => vscode.commands.executeCommand('workbench.view.extension.erpnet'))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
