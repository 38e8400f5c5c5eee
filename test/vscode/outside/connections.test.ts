import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import type { Locator } from 'playwright-core'
import { startDemo, type Demo } from '../host/demo.ts'
import { temporaryFolder } from '../host/places.ts'
import { Tree } from '../host/tree.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** A person adds a connection by the dialog, and removes it again. */
describe('The dialog for a new connection', () => {
  const profile = temporaryFolder()
  let demo: Demo
  let workbench: Workbench

  before(async () => {
    demo = await startDemo('connections')
    workbench = await openWorkbench({ profile })
    await workbench.evaluate(vscode => vscode.commands.executeCommand('workbench.view.extension.erpnet'))
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  it('says what is wrong while it is typed, and adds what is right', async () => {
    const { page } = workbench
    await page.getByRole('button', { name: 'Add a connection' }).first().click()
    await answer('id.erp.net')
    await page.getByText('id.erp.net is not an instance').waitFor()
    await answer(demo.sandbox.url)
    await page.getByText('How to connect?').waitFor()
    await page.getByRole('option', { name: 'Use a reference token' }).click()
    await answer('Bearer enrt_00')
    await page.getByText('This is not a reference token').waitFor()
    await answer(demo.sandbox.referenceToken)
    const { host } = new URL(demo.sandbox.url)
    await new Tree(page, 'Connections').row(host).waitFor()
    await new Tree(page, 'Domain entities').show('Crm.Sales')
    assert.ok(!JSON.stringify(await connections()).includes('enrt_'))
  })

  it('removes a connection only when the person is sure', async () => {
    const { page } = workbench
    for (const [button, left] of [['Cancel', 1], ['Remove', 0]] as const) {
      await workbench.evaluate(vscode => {
        const [connection] = vscode.workspace.getConfiguration('erpnet').get('connections', [] as { id: string }[])
        void vscode.commands.executeCommand('erpnet.connection.remove', { ...connection, interactive: true })
      })
      await page.locator('.monaco-dialog-box').getByRole('button', { name: button }).click()
      await page.locator('.monaco-dialog-box').waitFor({ state: 'detached' })
      if (left === 0) await page.getByRole('button', { name: 'Add a connection' }).first().waitFor()
      assert.equal((await connections()).length, left)
    }
  })

  it('takes along what was kept of the connection, its model only with the last one that leads there', async () => {
    const entities = new Tree(workbench.page, 'Domain entities')
    const models = (): string[] => globSync('data/User/globalStorage/*/models/*.model', { cwd: profile })
    const showsMine = async (title: string): Promise<Locator> => {
      await entities.expand('Crm.Sales')
      const row = await entities.show('SalesOrders')
      await row.hover()
      return row.getByRole('button', { name: title })
    }
    await command('erpnet.connection.add', demo.referenceToken)
    await (await showsMine('Add to My Entities')).click()
    await until('the model on disk', () => models().length === 1 || undefined)
    await command('erpnet.connection.add', { ...demo.referenceToken, id: 'second' })
    await command('erpnet.connection.remove', { id: demo.referenceToken.id })
    assert.equal(models().length, 1)
    await command('erpnet.connection.remove', { id: 'second' })
    assert.deepEqual(models(), [])
    await workbench.page.getByRole('button', { name: 'Add a connection' }).first().waitFor()
    await command('erpnet.connection.add', demo.referenceToken)
    await (await showsMine('Add to My Entities')).waitFor()
  })

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  /** Types into the box in front, in place of what is there, and presses Enter. */
  async function answer(text: string): Promise<void> {
    const box = workbench.page.locator('.quick-input-widget input.input:visible')
    await box.fill(text)
    await box.press('Enter')
  }

  function connections(): Promise<unknown[]> {
    return workbench.evaluate(vscode => vscode.workspace.getConfiguration('erpnet').get<unknown[]>('connections', []))
  }
})
