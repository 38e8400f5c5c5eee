import assert from 'node:assert/strict'
import { commands, type CompletionItem, type CompletionList } from 'vscode'
import { readInsideRun } from '../host/insideRun.ts'
import { closeAll, openQueries, run } from './notebooks.ts'

describe('Completion in a query cell', () => {
  const { sandbox } = readInsideRun()

  before(() => commands.executeCommand('erpnet.connection.add', {
    id: 'completion', url: sandbox.url, application: 'referenceToken', referenceToken: sandbox.referenceToken, replace: true,
  }))
  afterEach(closeAll)
  after(() => commands.executeCommand('erpnet.connection.remove', { id: 'completion' }))

  it('knows tables, columns, references and variables once the model is there', async () => {
    const notebook = await openQueries(
      'completion', '@from = 2026-01-01\nGen_Currencies?$top=1', 'Gen_Doc', 'Gen_Documents?$select=Id,', 'Crm_Sales_Orders?$filter=Document_Reference/', 'T?$top={{',
      'Gen_Documents?$filter=',
    )
    await run(notebook, 0) // loads the model
    const items = async (index: number): Promise<CompletionItem[]> => {
      const { document } = notebook.cellAt(index)
      const list = await commands.executeCommand<CompletionList>('vscode.executeCompletionItemProvider', document.uri, document.positionAt(document.getText().length))
      return list.items
    }
    const offered = async (index: number): Promise<string[]> => (await items(index)).map(labelOf)
    assert.ok((await offered(1)).includes('Gen_Documents'))
    const columns = await offered(2)
    assert.ok(columns.includes('Document_No') && !columns.includes('Id'), columns.join())
    const behindReference = await offered(3)
    assert.ok(behindReference.includes('Void') && behindReference.includes('Currency_Directory_Reference/'), behindReference.join())
    assert.deepEqual((await offered(4)).slice(0, 2), ['from', '$guid'])
    const contains = (await items(5)).find(item => labelOf(item) === 'contains(')
    assert.deepEqual([contains?.detail, contains?.documentation], ['contains(text, text)', 'True where the first text holds the second one.'])
  })
})

function labelOf({ label }: CompletionItem): string {
  return typeof label === 'string' ? label : label.label
}
