import assert from 'node:assert/strict'
import { startDemo, type Demo } from '../host/demo.ts'
import { Tree } from '../host/tree.ts'
import { until } from '../host/until.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** The two model trees, as a person sees and clicks them. */
describe('The model views', () => {
  let demo: Demo
  let workbench: Workbench
  let entities: Tree
  let tables: Tree

  before(async () => {
    demo = await startDemo('models')
    workbench = await openWorkbench()
    entities = new Tree(workbench.page, 'Domain entities')
    tables = new Tree(workbench.page, 'Tables')
    await command('workbench.view.extension.erpnet')
  })

  after(async () => {
    await workbench.close()
    await demo.sandbox.stop()
  })

  it('offer to add a connection while there is none', async () => {
    await workbench.page.getByText('to see a model here').first().waitFor()
  })

  it('offer to sign in', async () => {
    await command('erpnet.connection.add', demo.native)
    await workbench.page.getByRole('button', { name: 'Sign in' }).first().waitFor()
    await entities.show('Crm.Sales') // everybody's model
  })

  it('say that the instance does not answer, and offer to try again and to test', async () => {
    await demo.sandbox.control.quirks({ 'answer-500': true })
    await command('erpnet.connection.add', demo.referenceToken)
    await command('erpnet.connection.select', { id: demo.referenceToken.id })
    await workbench.page.getByRole('button', { name: 'Test the connection' }).first().waitFor()
    await demo.sandbox.control.clearQuirks()
    await workbench.page.getByRole('button', { name: 'Try again' }).first().click()
    await entities.show('Crm.Sales')
  })

  it('say that a token is refused, of a connection that holds one', async () => {
    // of an instance that is known already, the model that is kept would be shown
    const fresh = await startDemo('models-refused')
    try {
      await command('erpnet.connection.add', { ...fresh.referenceToken, id: 'refused', referenceToken: `enrt_${'0'.repeat(64)}` })
      await command('erpnet.connection.select', { id: 'refused' })
      await workbench.page.getByText('does not accept the token').first().waitFor()
    } finally {
      await command('erpnet.connection.remove', { id: 'refused' })
      await fresh.sandbox.stop()
    }
  })

  it('say that no licence is free', async () => {
    // A session that is open keeps its slot, so this takes an instance that nobody has called yet.
    const fresh = await startDemo('models-full')
    try {
      await fresh.sandbox.control.quirks({ 'no-licence': true })
      await command('erpnet.connection.add', { ...fresh.referenceToken, id: 'full' })
      await command('erpnet.connection.select', { id: 'full' })
      await workbench.page.getByText('No licence is free').first().waitFor()
    } finally {
      await command('erpnet.connection.remove', { id: 'full' })
      await command('erpnet.connection.select', { id: demo.referenceToken.id })
      await fresh.sandbox.stop()
    }
  })

  describe('of a connection that works', () => {
    before(async () => {
      await command('erpnet.connection.add', { ...demo.referenceToken, replace: true })
      await command('erpnet.connection.select', { id: demo.referenceToken.id })
      await entities.expand('Crm.Sales')
    })

    it('show an entity’s attributes, references, child collections and methods with their types', async () => {
      await entities.expand('SalesOrders', 'Attributes')
      assert.match(await text(entities, 'ApplyTradeConditions'), /Boolean\?/)
      await entities.collapse('Attributes')
      await entities.expand('References')
      assert.match(await text(entities, 'Customer'), /→ Crm_(Sales_)?Customers/)
      await entities.collapse('References')
      await entities.expand('Child collections')
      assert.match(await text(entities, 'Lines'), /→ Crm_Sales_SalesOrderLines/)
      await entities.collapse('Child collections')
      await entities.expand('Methods')
      assert.match(await text(entities, 'ChangeState'), /\(.*newState.*\)/)
    })

    it('show an enumeration’s values', async () => {
      await entities.expand('Attributes', 'State')
      assert.match(await text(entities, 'Released'), /30/)
      await collapseAll(entities)
    })

    it('follow references to any depth', async () => {
      await entities.expand('Crm.Sales', 'SalesOrders', 'References', 'Customer')
      await workbench.page.locator('.monaco-list-row[aria-level="5"]').filter({ hasText: 'References' }).click()
      await entities.expand('DefaultCurrency')
      await collapseAll(entities)
    })

    it('show a table’s columns and references, and follow them', async () => {
      await tables.expand('Crm_Sales_Order_Lines')
      assert.match(await text(tables, 'Line_Amount'), /Decimal\(\d+,\d+\)/)
      assert.match(await text(tables, 'Sales_Order_Reference'), /→ Crm_Sales_Orders/)
      await tables.expand('Sales_Order_Reference', 'Document_Reference')
      await tables.show('Void')
      await collapseAll(tables)
    })

    it('show aggregate roots alone, and one’s own entities', async () => {
      await choose('erpnet.model.filter', 'Aggregate roots')
      await entities.expand('Crm.Sales')
      await until('fewer entities', async () => await entities.row('SalesOrderLines').count() === 0 || undefined)
      const row = await entities.show('SalesOrders')
      await row.hover()
      await row.getByRole('button', { name: 'Add to My Entities' }).click()
      await choose('erpnet.model.filter', 'My entities')
      await entities.expand('Crm.Sales')
      await until('one entity', async () => await entities.row('SalesOrders').count() === 1 && await entities.row('Customers').count() === 0 || undefined)
      await choose('erpnet.model.filter', 'All entities')
      await entities.show('Customers')
    })

    it('show what this instance has added, alone', async () => {
      await choose('erpnet.model.filter', 'With custom attributes')
      await entities.expand('General.Products', 'Products')
      assert.match(await text(entities, 'CalculatedAttribute_Margin'), /calculated/)
      await until('nothing of the standard model', async () => await entities.row('Attributes').count() === 0 || undefined)
      await choose('erpnet.model.filter', 'All entities')
      await collapseAll(entities)
    })

    it('copy a name, and write the path of a member at the cursor', async () => {
      await workbench.context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await command('erpnet.notebook.new', { connection: demo.referenceToken.id, cells: [{ kind: 'query', text: '' }] })
      await entities.expand('Crm.Sales', 'SalesOrders', 'References', 'Customer')
      await workbench.page.locator('.monaco-list-row[aria-level="5"]').filter({ hasText: 'References' }).click()
      await fromMenu(entities, 'DefaultCurrency', 'Copy Name')
      await until('the name', () => workbench.evaluate(async vscode => await vscode.env.clipboard.readText() === 'DefaultCurrency' || undefined))
      await fromMenu(entities, 'DefaultCurrency', 'Insert at the Cursor')
      await until('the path', () => workbench.evaluate(vscode =>
        vscode.window.activeNotebookEditor?.notebook.getCells().at(-1)?.document.getText() === 'Customer/DefaultCurrency' || undefined))
      await command('workbench.action.revertAndCloseActiveEditor')
      await collapseAll(entities)
    })

    for (const [item, address] of [
      ['Open Documentation', /https:\/\/docs\.erp\.net\/model\/entities\/Crm\.Sales\.SalesOrders\.html/],
      ['Open in the Query Builder', /\/api\/domain\/querybuilder#.*SalesOrders/], // VS Code shortens what is behind the #
    ] as const) {
      it(item, async () => {
        await collapseAll(entities)
        await entities.expand('Crm.Sales')
        await fromMenu(entities, 'SalesOrders', item)
        // VS Code asks before it opens an address
        const question = workbench.page.getByRole('dialog').filter({ hasText: address })
        await question.waitFor()
        await question.getByRole('button', { name: 'Cancel' }).click()
      })
    }

    it('go to what is found by typing', async () => {
      await collapseAll(entities)
      await type('erpnet.model.search', 'invoicelines')
      await entities.show('InvoiceLines')
      await type('erpnet.model.search', 'Crm_Sales_Order_Lines')
      await tables.show('Crm_Sales_Order_Lines')
    })

    for (const [what, tree, label] of [
      ['an entity, through its table', () => entities, 'SalesOrders'],
      ['a table', () => tables, 'Crm_Sales_Orders'],
    ] as const) {
      it(`open a query on ${what}`, async () => {
        await command('workbench.action.revertAndCloseActiveEditor')
        await collapseAll(tree())
        if (tree() === entities) await entities.expand('Crm.Sales')
        const row = await tree().show(label)
        await row.hover()
        await row.getByRole('button', { name: 'Query' }).click()
        const query = await until('the query', () => workbench.evaluate(vscode =>
          vscode.window.activeNotebookEditor?.notebook.getCells().at(-1)?.document.getText()))
        assert.match(query, /^Crm_Sales_Orders\n {2}\?\$select=/)
      })
    }
  })

  async function collapseAll(tree: Tree): Promise<void> {
    await command(`workbench.actions.treeView.erpnet.${tree === entities ? 'domain' : 'table'}Model.collapseAll`)
    await tree.top()
  }

  async function fromMenu(tree: Tree, label: string, item: string): Promise<void> {
    const row = await tree.show(label)
    await row.click({ button: 'right' })
    // a menu takes no click in its first moments
    await workbench.page.getByRole('menuitem', { name: item }).hover()
    await workbench.page.keyboard.press('Enter')
  }

  async function choose(id: string, choice: string): Promise<void> {
    void command(id)
    await workbench.page.getByRole('option', { name: choice }).first().click()
  }

  /** Types into the list that a command opens, and takes the first that it finds. */
  async function type(id: string, typed: string): Promise<void> {
    void command(id)
    const box = workbench.page.getByRole('textbox', { name: /Entity, table, attribute/ })
    await box.fill(typed)
    await workbench.page.getByRole('option', { name: new RegExp(typed, 'i') }).first().waitFor()
    await box.press('Enter')
  }

  async function text(tree: Tree, label: string): Promise<string> {
    return (await tree.show(label)).innerText()
  }

  function command(id: string, argument?: unknown): Promise<unknown> {
    return workbench.evaluate((vscode, call) => vscode.commands.executeCommand(call.id, call.argument), { id, argument })
  }
})
