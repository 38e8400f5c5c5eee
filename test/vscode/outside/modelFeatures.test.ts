import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { FrameLocator, Locator } from 'playwright-core'
import { startDemo, type Demo } from '../host/demo.ts'
import { root } from '../host/places.ts'
import { Tree } from '../host/tree.ts'
import { openWorkbench, type Theme, type Workbench } from '../host/workbench.ts'

const THEMES: readonly Theme[] = ['Light Modern', 'Dark Modern', 'Default High Contrast']

/** The page of an entity and the comparison of models, as a person opens and sees them. */
describe('model features: what a person sees', () => {
  let demo: Demo
  let workbench: Workbench

  before(async () => {
    demo = await startDemo('model-features')
    workbench = await openWorkbench({ viewport: { width: 1400, height: 900 } })
    await command('erpnet.connection.add', demo.referenceToken)
    await command('erpnet.connection.select', { id: demo.referenceToken.id })
    await command('workbench.view.extension.erpnet')
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  it('the page of an entity from its line in the tree, with a picture of its neighbourhood', async () => {
    const tree = new Tree(workbench.page, 'Domain entities')
    await tree.expand('Crm.Sales')
    const row = await tree.show('SalesOrders')
    await row.hover()
    await row.getByRole('button', { name: 'Describe Entity or Table' }).click()
    await page().getByRole('heading', { name: 'Crm.Sales.SalesOrders' }).waitFor()
    assert.match(await drawing().textContent() ?? '', /Crm_Sales_Customers/)
  })

  for (const theme of THEMES) {
    it(`the page in ${theme}`, async () => {
      await command('workbench.action.closeAllEditors')
      await workbench.setTheme(theme)
      await command('erpnet.entity.describe', { name: 'Crm.Sales.SalesOrders' })
      await page().getByRole('heading', { name: 'Attributes' }).waitFor()
      await picture('entity', theme)
      await drawing().waitFor()
      await page().getByRole('heading', { name: 'Referred to by' }).evaluate(scrollThere)
      await picture('neighbourhood', theme)
      await page().getByRole('heading', { name: 'Queries to begin with' }).evaluate(scrollThere)
      await picture('queries', theme)
    })
  }

  it('the comparison from the palette: both texts beside each other, and a tree', async () => {
    await command('workbench.action.closeAllEditors')
    await start('erpnet.model.compare')
    await workbench.page.getByRole('option', { name: 'With the standard model' }).click()
    const tree = new Tree(workbench.page, 'Comparison')
    await tree.expand('General_Products_Products')
    await tree.show('CustomProperty_Colour')
    await workbench.page.locator('.monaco-diff-editor .line-insert').first().waitFor()
    for (const theme of THEMES) {
      await workbench.setTheme(theme)
      await picture('comparison', theme)
    }
    await command('erpnet.comparison.close')
    await workbench.page.getByRole('tree', { name: 'Comparison' }).waitFor({ state: 'detached' })
  })

  it('types from the line of an entity', async () => {
    const tree = new Tree(workbench.page, 'Domain entities')
    const row = await tree.show('SalesOrders')
    await row.click({ button: 'right' })
    await workbench.page.getByRole('menuitem', { name: 'Generate Types…' }).click()
    await workbench.page.getByRole('option', { name: 'TypeScript' }).click()
    await workbench.page.getByRole('tab', { name: 'ERP.net types (TypeScript)' }).waitFor()
  })

  function page(): FrameLocator {
    return workbench.page.frameLocator('iframe.webview').frameLocator('#active-frame')
  }

  function drawing(): Locator {
    return page().locator('svg[id^="mermaid"], .mermaid svg').first()
  }

  function picture(name: string, theme: Theme): Promise<void> {
    return workbench.screenshot(join(root, `out/model-features/${name}-${theme.replaceAll(' ', '-').toLowerCase()}.png`))
  }

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }

  /** It asks, so the call isn't waited for. */
  function start(id: string): Promise<void> {
    return workbench.evaluate((vscode, called) => { void vscode.commands.executeCommand(called) }, id)
  }
})

/** In the page. */
function scrollThere(element: unknown): void {
  (element as { scrollIntoView: () => void }).scrollIntoView()
}
