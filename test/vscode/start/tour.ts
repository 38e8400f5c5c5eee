import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Demo } from '../host/demo.ts'
import { fillSignInPage } from '../host/signIn.ts'
import { Tree } from '../host/tree.ts'
import { until } from '../host/until.ts'
import type { Workbench } from '../host/workbench.ts'
import { step } from './steps.ts'

const ROWS = 20 // in sight after the run
const SAMPLE = 'first-steps.erpnb'

export interface TourOptions {
  readonly workbench: Workbench
  readonly demo: Demo
  /** Folder for the pictures. */
  readonly pictures: string
}

/** The main job, as a newcomer does it: connect, sign in, look at the model, run a notebook, sign out. */
export class Tour {
  readonly #workbench: Workbench
  readonly #demo: Demo
  readonly #pictures: string

  constructor({ workbench, demo, pictures }: TourOptions) {
    this.#workbench = workbench
    this.#demo = demo
    this.#pictures = pictures
  }

  async walk(): Promise<void> {
    await step('See the views while there is no connection', () => this.#welcome())
    await step('Add two connections to it', () => this.#connect())
    await step('Sign in at the instance\'s page in the browser', () => this.#signIn())
    await step('Test both connections', () => this.#test())
    await step('Look at the domain entities', () => this.#domainModel())
    await step('Look at the tables', () => this.#tableModel())
    await step('Open the sample notebook and run it', () => this.#notebook())
    await step('Sign out', () => this.#signOut())
  }

  async #welcome(): Promise<void> {
    await this.#command('workbench.view.extension.erpnet')
    await this.#workbench.page.getByRole('button', { name: 'Add a connection' }).first().waitFor()
    await this.#picture('welcome')
  }

  async #connect(): Promise<void> {
    const { native, referenceToken } = this.#demo
    for (const connection of [native, referenceToken]) {
      assert.deepEqual(await this.#command('erpnet.connection.add', connection), { id: connection.id })
    }
    const settings = await this.#workbench.evaluate(vscode => vscode.workspace.getConfiguration('erpnet').get('connections'))
    assert.doesNotMatch(JSON.stringify(settings), /enrt_/, 'the reference token is in the settings')
    await this.#command('erpnet.connection.select', { id: native.id })
    await new Tree(this.#workbench.page, 'Connections').row(String(native['name'])).waitFor()
  }

  async #signIn(): Promise<void> {
    const user = this.#demo.sandbox.users[0]!
    const opened = this.#workbench.context.waitForEvent('page')
    const signedIn = this.#command('erpnet.signIn', { id: this.#demo.native.id })
    const page = await Promise.race([opened, signedIn.then(() => opened)]) // or the failure that comes before a page
    await page.getByLabel('Login').waitFor()
    await page.screenshot({ path: join(this.#pictures, 'sign-in.png') })
    await fillSignInPage(page, user)
    await signedIn
    await page.screenshot({ path: join(this.#pictures, 'signed-in.png') })
    await page.close()
  }

  async #test(): Promise<void> {
    for (const { id } of [this.#demo.native, this.#demo.referenceToken]) {
      const result = await this.#command('erpnet.connection.test', { id }) as { ok: boolean, steps: unknown }
      assert.ok(result.ok, JSON.stringify(result.steps))
    }
  }

  async #domainModel(): Promise<void> {
    const tree = new Tree(this.#workbench.page, 'Domain entities')
    await tree.expand('Crm.Sales', 'SalesOrders', 'Attributes')
    await tree.show('Id')
    await this.#pictureInThemes('domain-entities')
  }

  async #tableModel(): Promise<void> {
    const { page } = this.#workbench
    const entities = page.locator('.pane-header', { hasText: 'Domain entities' })
    await entities.click() // folded, it leaves its room to the tables
    const tree = new Tree(page, 'Tables')
    await tree.expand('Crm_Sales_Orders')
    await tree.show('Document_Id')
    await this.#picture('tables')
    await entities.click()
  }

  async #notebook(): Promise<void> {
    const { page, evaluate, notebookOutput } = this.#workbench
    await evaluate(async (vscode, file) => {
      const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file))
      await vscode.window.showNotebookDocument(notebook)
    }, join(this.#demo.folder, SAMPLE))
    await page.getByRole('button', { name: 'Run All' }).first().click()
    await until('all cells to be run', () => evaluate(vscode => {
      const cells = vscode.window.activeNotebookEditor?.notebook.getCells() ?? []
      const queries = cells.filter(({ kind }) => kind === vscode.NotebookCellKind.Code)
      if (queries.some(({ executionSummary }) => executionSummary?.success === false)) throw new Error('A cell failed')
      return queries.every(({ executionSummary }) => executionSummary?.success === true) ? true : undefined
    }))
    await notebookOutput().getByRole('table').first().getByRole('row').nth(ROWS).waitFor()
    await page.mouse.move(0, 0) // no tooltip in the pictures
    await this.#pictureInThemes('notebook')
  }

  async #signOut(): Promise<void> {
    const { control } = this.#demo.sandbox
    const { sessions } = await control.state()
    await this.#command('erpnet.signOut', { id: this.#demo.native.id })
    await control.wait({ sessions: sessions - 1 }) // its licence slot is free
    // the models stay: they are kept on this machine
    await this.#workbench.page.getByRole('tree', { name: 'Connections' }).getByText('signed out').waitFor()
    await this.#picture('signed-out')
  }

  #pictureInThemes(name: string): Promise<void> {
    return this.#workbench.inThemes(theme => this.#picture(`${name}-${theme}`))
  }

  #picture(name: string): Promise<void> {
    return this.#workbench.screenshot(join(this.#pictures, `${name}.png`))
  }

  #command(id: string, argument?: unknown): Promise<unknown> {
    return this.#workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }
}
