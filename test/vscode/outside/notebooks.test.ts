import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FrameLocator, Locator } from 'playwright-core'
import { startDemo, type Demo } from '../host/demo.ts'
import { temporaryFolder } from '../host/places.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** What stands on the screen: the renderer in its webview, and what a reload leaves. */
describe('A notebook on the screen', () => {
  const profile = temporaryFolder()
  let demo: Demo
  let workbench: Workbench
  let output: FrameLocator

  before(async () => {
    demo = await startDemo('notebooks')
    workbench = await openWorkbench({ profile })
    output = workbench.notebookOutput()
    await command('erpnet.connection.add', demo.referenceToken)
  })

  afterEach(() => demo.sandbox.control.clearQuirks())

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  it('shows ten rows when the server stalls after the tenth, then the rest', async () => {
    await query('Gen_Documents?$select=Document_No&$top=2')
    await run()
    await output.getByRole('status').filter({ hasText: '2 rows' }).waitFor()
    await demo.sandbox.control.quirks({ 'stall-after-row': 10 })
    await query('Gen_Documents?$select=Document_No&$top=25')
    await run()
    const table = output.getByRole('table', { name: 'Result of the query' })
    await output.getByRole('status').filter({ hasText: '10 rows' }).waitFor()
    assert.equal(await table.getByRole('row').count(), 1 + 10)
    await demo.sandbox.control.release()
    await output.getByRole('status').filter({ hasText: '25 rows' }).waitFor()
    assert.equal(await table.getByRole('row').count(), 1 + 25)
  })

  it('shows exact numbers, and what a cell would hide in its tooltip', async () => {
    await query('Inv_Current_Balances?$select=Base_Cost&$top=1')
    await run()
    await output.getByRole('cell', { name: '12345678901234567890.10', exact: true }).waitFor()
    await query('Dmv_Table_Info?$select=Row_Count&$top=1')
    await run()
    await output.getByRole('cell', { name: '9007199254740993', exact: true }).waitFor()
  })

  it('shows the exact request', async () => {
    await query('Gen_Documents?$select=Document_No&$filter=Document_No eq \'Ж&\'&$top=1')
    await run()
    await output.getByText('Request', { exact: true }).click()
    await output.getByText('$filter=Document_No%20eq%20%27%D0%96%26%27&$top=1').waitFor()
    await output.getByText('No rows.').waitFor()
  })

  it('tells a failure with links that work', async () => {
    await demo.sandbox.control.quirks({ 'html-page': true })
    await query('Gen_Documents?$top=1')
    await run()
    await output.getByRole('alert').getByText('web page where data was due').waitFor()
    await demo.sandbox.control.clearQuirks()
    await output.getByRole('button', { name: 'Test the connection' }).click()
    await workbench.page.getByText('Sandbox (reference token) works').first().waitFor()
  })

  it('plans, from the palette, the query of the cell in front', async () => {
    await query('@of = 30\nGen_Documents?$select=Document_No\n  &$filter=State ge {{of}}')
    const box = await fromPalette('Plan a Query')
    assert.equal(await box.inputValue(), 'Gen_Documents?$select=Document_No &$filter=State ge {{of}}')
    await box.fill('Gen_Documents?$filter=State le {{of}}')
    await box.press('Enter')
    const page = await until('the plan', () => workbench.evaluate(vscode =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'erpnet-page')?.getText()))
    assert.match(page, /^# Plan of Gen\\_Documents\n/)
    assert.match(page, /\?\$filter=State%20le%2030/)
    await command('workbench.action.closeActiveEditor')
  })

  it('runs a query from the palette, on the connection that one picks, in a new notebook', async () => {
    await command('workbench.action.revertAndCloseActiveEditor')
    await command('erpnet.connection.add', demo.native)
    const box = await fromPalette('Run a Query')
    await box.fill('Gen_Documents?$select=Document_No&$top=3')
    await box.press('Enter')
    await workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: '(reference token)' }).click()
    await output.getByRole('status').filter({ hasText: '3 rows' }).waitFor()
    await command('erpnet.connection.remove', { id: demo.native.id })
  })

  it('keeps an unsaved notebook over a reload', async () => {
    await query('Gen_Documents?$top=3 # not saved')
    await until('VS Code’s backup of it', () => backups().some(text => text.includes('# not saved')) ? true : undefined)
    await workbench.reload()
    const text = await until('the notebook', () => workbench.evaluate(vscode =>
      vscode.workspace.notebookDocuments.find(({ notebookType }) => notebookType === 'erpnet-notebook')?.getCells()[0]?.document.getText()))
    assert.equal(text, 'Gen_Documents?$top=3 # not saved')
  })

  /** In a notebook of its own, the only one. */
  async function query(text: string): Promise<void> {
    await command('workbench.action.revertAndCloseActiveEditor')
    await command('erpnet.notebook.new', { connection: demo.referenceToken.id, cells: [{ kind: 'query', text }] })
  }

  /** Chooses the command of that title; gives the box that it shows then. */
  async function fromPalette(title: string): Promise<Locator> {
    const widget = workbench.page.locator('.quick-input-widget')
    await workbench.page.keyboard.press('F1')
    await widget.locator('input.input:visible').fill(`>ERP.net: ${title}`)
    await widget.locator('.monaco-list-row').filter({ hasText: title }).click()
    await widget.locator('.quick-input-title').filter({ hasText: title }).waitFor()
    return widget.locator('input.input:visible')
  }

  /** What VS Code has on disk of what nobody saved. */
  function backups(): string[] {
    const folder = join(profile, 'data/User/Backups')
    if (!existsSync(folder)) return []
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
    return entries.filter(entry => entry.isFile()).map(entry => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  }

  async function run(): Promise<void> {
    await workbench.page.getByRole('button', { name: 'Run All' }).first().click()
  }

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }
})
