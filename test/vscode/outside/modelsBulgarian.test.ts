import { join } from 'node:path'
import { startDemo, type Demo } from '../host/demo.ts'
import { root } from '../host/places.ts'
import { Tree } from '../host/tree.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

const PICTURES = join(root, 'out/models')

/** The model trees and the search in Bulgarian, with pictures in every theme. */
describe('The model views in Bulgarian', () => {
  let demo: Demo
  let workbench: Workbench
  let entities: Tree

  before(async () => {
    demo = await startDemo('modelsBulgarian')
    workbench = await openWorkbench({ language: 'bg' })
    entities = new Tree(workbench.page, 'Domain обекти')
    await command('workbench.view.extension.erpnet')
    await command('erpnet.connection.add', demo.referenceToken)
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  it('show names as the instance calls them', async () => {
    await entities.expand('Crm.Sales')
    await (await entities.show('Customers')).getByText('Клиенти').waitFor()
    await entities.expand('SalesOrders', 'Атрибути')
    await entities.show('ApplyTradeConditions')
    await pictures('bg')
  })

  it('describe an entity on a page', async () => {
    await command('erpnet.entity.describe', { name: 'Crm.Sales.SalesOrders' })
    const page = workbench.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame')
    await page.getByRole('heading', { name: 'Атрибути' }).waitFor()
    await pictures('bg-page')
    await command('workbench.action.closeAllEditors')
  })

  it('find a name in either language', async () => {
    for (const typed of ['клиенти', 'customers']) {
      void command('erpnet.model.search')
      const box = workbench.page.getByRole('textbox', { name: /Обект, таблица/ })
      await box.fill(typed)
      await workbench.page.getByRole('option', { name: /Customers/ }).first().waitFor()
      await workbench.screenshot(join(PICTURES, `bg-search-${typed === 'customers' ? 'en' : 'bg'}.png`))
      await box.press('Escape')
    }
  })

  function pictures(name: string): Promise<void> {
    return workbench.inThemes(theme => workbench.screenshot(join(PICTURES, `${name}-${theme}.png`)))
  }

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }
})
