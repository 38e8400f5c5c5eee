import assert from 'node:assert/strict'
import { Worker } from 'node:worker_threads'
import { commands, NotebookEdit, Uri, window, workspace, WorkspaceEdit } from 'vscode'
import { SandboxControl } from '../../fakes/sandbox.ts'
import { readInsideRun } from '../host/insideRun.ts'
import { until } from '../host/until.ts'
import { cancel, closeAll, fileUri, hasEnded, openFile, openQueries, outputs, plainText, rangeOf, resultOf, run, start, when } from './notebooks.ts'

describe('Running a notebook', () => {
  const { sandbox } = readInsideRun()
  const control = new SandboxControl(sandbox.url)
  const add = (id: string, name: string) => commands.executeCommand('erpnet.connection.add', {
    id, name, url: sandbox.url, application: 'referenceToken', referenceToken: sandbox.referenceToken, replace: true,
  })
  const DOCUMENTS = 'Gen_Documents?$select=Document_No,State&$top='

  before(() => add('notebooks', 'Notebooks'))
  afterEach(async () => {
    await control.clearQuirks()
    await closeAll()
  })
  after(() => commands.executeCommand('erpnet.connection.remove', { id: 'notebooks' }))

  it('shows rows as a table and as plain text', async () => {
    const notebook = await openQueries('notebooks', `${DOCUMENTS}25`)
    assert.equal(await run(notebook, 0), true)
    const { result, status, note } = resultOf(notebook.cellAt(0))!
    assert.deepEqual(result.columns.map(column => column.name), ['Document_No', 'State'])
    assert.deepEqual([result.rows.length, result.state, note], [25, 'done', undefined])
    assert.equal(result.url, `${sandbox.url}/tableapi/odata/Gen_Documents?$select=Document_No,State&$top=25`)
    assert.match(status, /^25 rows · /)
    const lines = plainText(notebook.cellAt(0)).split('\n')
    assert.match(lines[0]!, /^Document_No +State$/)
    assert.equal(lines[21 + 1], '… 5 more')
  })

  it('runs a query of the Domain API, and what that refuses', async () => {
    const notebook = await openQueries('notebooks', [
      'domain/Crm_Sales_SalesOrders?$select=DocumentNo,State,Customer', '&$filter=State ne \'Closed\'', '&$orderby=DocumentNo', '&$top=3',
    ].join('\n'))
    assert.equal(await run(notebook, 0), true)
    const { result } = resultOf(notebook.cellAt(0))!
    assert.match(result.url, /\/api\/domain\/odata\/Crm_Sales_SalesOrders\?\$select=DocumentNo,State,Customer&\$orderby=DocumentNo&\$top=1000$/)
    assert.deepEqual(result.columns.map(({ name }) => name), ['DocumentNo', 'State', 'Customer'])
    assert.equal(result.rows.length, 3)
    assert.ok(result.rows.every(([, state]) => typeof state === 'string' && state !== 'Closed'))
    assert.match(String(result.rows[0]?.[2]), /"@odata\.id":"Crm_Sales_Customers\(/)
  })

  it('says with $count how many rows there are in all', async () => {
    const notebook = await openQueries('notebooks', `${DOCUMENTS}1200`, `${DOCUMENTS}2&$count=true`)
    for (const index of [0, 1]) assert.equal(await run(notebook, index), true)
    const [all, two] = [0, 1].map(index => resultOf(notebook.cellAt(index))!)
    const documents = all!.result.stats.rows
    assert.ok(documents > 2 && documents < 1000)
    assert.ok(two!.status.startsWith(`2 rows · ${documents} in all · `), two!.status)
  })

  it('tells who writes SQL or other quotes how it is written here', async () => {
    const notebook = await openQueries('notebooks', 'SELECT * FROM Gen_Documents', 'Gen_Documents?$filter=Document_No eq "1"', 'Gen_Documents?$filter=State eq 30,5')
    for (const index of [0, 1, 2]) assert.equal(await run(notebook, index), false)
    const [sql, quotes, comma] = [0, 1, 2].map(index => plainText(notebook.cellAt(index)))
    assert.match(sql!, /^Line 1, column 1: found “SELECT \* FROM Gen_Documents”.*\nThis looks like SQL/)
    assert.match(quotes!, /single quotes: 'ABC'/)
    assert.match(comma!, /found “,”, expected the end\.$/)
  })

  it('names an entity that was meant', async () => {
    const notebook = await openQueries('notebooks', 'domain/Crm_Sales_SalesOrder')
    assert.equal(await run(notebook, 0), false)
    assert.match(plainText(notebook.cellAt(0)), /Did you mean Crm_Sales_SalesOrders\?/)
  })

  it('explains the active cell: what is sent, what is done here and why; and sends none of it', async () => {
    const notebook = await openQueries('notebooks', '@day = 2026-01-01\n# @name docs\nGen_Documents\n?$select=Document_No\n&$filter=Document_Date lt {{day}} and contains(Notes,\'x\')')
    await run(await openQueries('notebooks', `${DOCUMENTS}1`), 0) // the model is there
    await window.showNotebookDocument(notebook)
    const { total } = await control.requests()
    await commands.executeCommand('erpnet.query.explain')
    const page = await workspace.openTextDocument(Uri.from({ scheme: 'erpnet-page', path: '/Plan of docs.md' }))
    const text = page.getText()
    assert.ok(text.includes(`GET ${sandbox.url}/tableapi/odata/Gen_Documents?$select=Document_No,Document_Date,Notes&$filter=Document_Date%20le%202026-01-01T00:00:00Z`), text)
    assert.match(text, /Filter: contains\(Notes,'x'\).*The server has no operator for it/)
    assert.match(text, /Filter: Document_Date lt .*asked for a little more/)
    assert.match(text, /Texts of Notes are compared here/)
    assert.match(text, /1\\,000 rows are shown at most/)
    assert.equal((await control.requests()).total, total)
  })

  it('says that the result was cut where the query names no $top', async () => {
    await workspace.getConfiguration('erpnet').update('query.defaultTop', 7, true)
    try {
      const notebook = await openQueries('notebooks', 'Gen_Documents?$select=Document_No')
      await run(notebook, 0)
      const { result, note } = resultOf(notebook.cellAt(0))!
      assert.equal(result.rows.length, 7)
      assert.match(note ?? '', /7 rows.*erpnet\.query\.defaultTop/)
    } finally {
      await workspace.getConfiguration('erpnet').update('query.defaultTop', undefined, true)
    }
  })

  it('says whom it asked where the address is of another instance', async () => {
    const notebook = await openQueries('notebooks', 'GET https://demodb.my.erp.net/tableapi/odata/Gen_Documents?$select=Document_No&$top=1', `${sandbox.url}/tableapi/odata/Gen_Documents?$select=Document_No&$top=1`)
    await run(notebook, 0)
    const { result, note } = resultOf(notebook.cellAt(0))!
    assert.equal(result.rows.length, 1)
    assert.ok(note?.includes(`https://demodb.my.erp.net/tableapi/odata/, which is not this connection’s instance. What is asked is ${sandbox.url}/tableapi/odata/`), note)
    await run(notebook, 1)
    assert.equal(resultOf(notebook.cellAt(1))?.note, undefined)
  })

  for (const asStrings of [false, true]) {
    it(`keeps numbers exact that come as ${asStrings ? 'strings' : 'numbers'}`, async () => {
      await control.quirks({ 'decimals-as-strings': asStrings })
      const notebook = await openQueries('notebooks', 'Inv_Current_Balances?$select=Base_Cost&$top=1', 'Dmv_Table_Info?$select=Row_Count&$top=1')
      for (const [index, value] of ['12345678901234567890.10', '9007199254740993'].entries()) {
        await run(notebook, index)
        assert.deepEqual(resultOf(notebook.cellAt(index))?.result.rows, [[value]])
        assert.ok(plainText(notebook.cellAt(index)).includes(value))
      }
    })
  }

  it('shows the rows that have come while the rest is awaited, and a cancel frees the socket', async () => {
    const notebook = await openQueries('notebooks', `${DOCUMENTS}50`)
    const cell = notebook.cellAt(0)
    await run(notebook, 0) // the model is there
    await control.quirks({ 'stall-after-row': 10 })
    start(notebook, 0)
    await control.wait({ stalled: 1 })
    await when('ten rows', () => resultOf(cell)?.result.rows.length === 10)
    assert.equal(resultOf(cell)?.result.state, 'running')
    await cancel(notebook, 0)
    await control.wait({ tableSockets: 0 })
    await when('the end', () => hasEnded(cell))
    const { result, note } = resultOf(cell)!
    assert.deepEqual([result.rows.length, result.state, outputs(cell).length], [10, 'cancelled', 1])
    assert.match(note ?? '', /^Partial/)
  })

  it('runs other cells while one waits', async () => {
    const [waiting, other] = [await openQueries('notebooks', `${DOCUMENTS}50`), await openQueries('notebooks', `${DOCUMENTS}2`)]
    await run(other, 0) // the model is there
    await control.quirks({ 'stall-after-row': 10 })
    start(waiting, 0)
    await control.wait({ stalled: 1 })
    assert.equal(await run(other, 0), true)
    await control.release()
    await when('the end', () => hasEnded(waiting.cellAt(0)))
    assert.equal(resultOf(waiting.cellAt(0))?.result.rows.length, 50)
  })

  it('stops a cell whose notebook is closed', async () => {
    const notebook = await openQueries('notebooks', `${DOCUMENTS}50`)
    await run(notebook, 0) // the model is there
    await control.quirks({ 'stall-after-row': 10 })
    start(notebook, 0)
    await control.wait({ stalled: 1 })
    await closeAll()
    await control.wait({ tableSockets: 0 })
    await control.clearQuirks()
    assert.equal(await run(await openQueries('notebooks', `${DOCUMENTS}2`), 0), true)
  })

  it('stops a cell that is deleted', async () => {
    const notebook = await openQueries('notebooks', `${DOCUMENTS}50`, `${DOCUMENTS}2`)
    await run(notebook, 1) // the model is there
    await control.quirks({ 'stall-after-row': 10 })
    start(notebook, 0)
    await control.wait({ stalled: 1 })
    const edit = new WorkspaceEdit()
    edit.set(notebook.uri, [NotebookEdit.deleteCells(rangeOf(0))])
    await workspace.applyEdit(edit)
    await control.wait({ tableSockets: 0 })
    await control.clearQuirks()
    assert.equal(await run(notebook, 0), true)
  })

  for (const [quirk, words] of [['cut-after-row', /broke/], ['error-after-row', /The instance answered/]] as const) {
    it(`keeps the rows that came before a failure, and says what happened (${quirk})`, async () => {
      await control.quirks({ [quirk]: 10 })
      const notebook = await openQueries('notebooks', `${DOCUMENTS}50`)
      assert.equal(await run(notebook, 0), false)
      const [result, error] = outputs(notebook.cellAt(0))
      assert.ok(result?.kind === 'result' && error?.kind === 'error')
      assert.deepEqual([result.result.rows.length, result.result.state], [10, 'failed'])
      assert.match(error.title, words)
      assert.match(error.cure ?? '', /^10 rows had come by then\./)
    })
  }

  it('offers what helps', async () => {
    await control.quirks({ 'answer-401': true })
    const notebook = await openQueries('notebooks', `${DOCUMENTS}1`)
    assert.equal(await run(notebook, 0), false)
    const error = outputs(notebook.cellAt(0)).at(-1)
    assert.ok(error?.kind === 'error')
    assert.deepEqual(error.actions.map(({ label, command }) => [label, command]), [['Sign in', 'erpnet.signIn']])
    assert.ok(plainText(notebook.cellAt(0)).includes(error.title))
  })

  it('survives the death of its engine in the middle of a cell, and so do the results of others', async () => {
    const notebook = await openQueries(
      'notebooks',
      `${DOCUMENTS}50`,
      '# @name orders\nCrm_Sales_Orders?$select=Customer_Id&$top=3',
      'Crm_Customers?$select=Customer_Id&$filter=Customer_Id in {{orders.Customer_Id}}',
    )
    await run(notebook, 1)
    await control.quirks({ 'stall-after-row': 10 })
    const worker = nextWorkerCalled()
    start(notebook, 0)
    await control.wait({ stalled: 1 })
    await (await worker).terminate()
    await when('the end', () => hasEnded(notebook.cellAt(0)))
    const error = outputs(notebook.cellAt(0)).at(-1)
    assert.ok(error?.kind === 'error')
    assert.match(error.title, /engine/)
    await control.clearQuirks()
    assert.equal(await run(notebook, 2), true)
    assert.ok(resultOf(notebook.cellAt(2))!.result.rows.length > 0)
    assert.equal(await run(notebook, 0), true)
  })

  it('forgets a result when its output is cleared, when its cell runs again in vain, and when it is deleted', async () => {
    const notebook = await openQueries(
      'notebooks',
      '# @name orders\nCrm_Sales_Orders?$select=Customer_Id&$top=3',
      'Crm_Customers?$select=Customer_Id&$filter=Customer_Id in {{orders.Customer_Id}}',
    )
    const forget: (() => unknown)[] = [
      () => commands.executeCommand('notebook.clearAllCellsOutputs'),
      async () => {
        await control.quirks({ 'cut-after-row': 1 })
        assert.equal(await run(notebook, 0), false)
        await control.clearQuirks()
      },
      async () => {
        const edit = new WorkspaceEdit()
        edit.set(notebook.uri, [NotebookEdit.deleteCells(rangeOf(0))])
        await workspace.applyEdit(edit)
      },
    ]
    for (const act of forget) {
      assert.deepEqual([await run(notebook, 0), await run(notebook, 1)], [true, true])
      const last = notebook.cellAt(1)
      await act()
      await run(notebook, last.index)
      const error = outputs(last).at(-1)
      assert.ok(error?.kind === 'error')
      assert.match(error.title, /orders\.Customer_Id/)
    }
  })

  it('says that a result was stopped where it has grown to erpnet.query.maxRows, also behind steps that are done here', async () => {
    const settings = workspace.getConfiguration('erpnet')
    await settings.update('query.maxRows', 7, true)
    try {
      const notebook = await openQueries('notebooks', `${DOCUMENTS}50`, `${DOCUMENTS}50&$orderby=Document_No desc`)
      for (const index of [0, 1]) {
        assert.equal(await run(notebook, index), true)
        const { result, note } = resultOf(notebook.cellAt(index))!
        assert.equal(result.rows.length, 7)
        assert.match(note ?? '', /^Partial.*7 rows.*erpnet\.query\.maxRows/)
      }
    } finally {
      await settings.update('query.maxRows', undefined, true)
    }
  })

  it('runs all cells in order, up to the first failure', async () => {
    const notebook = await openQueries('notebooks', `${DOCUMENTS}1`, '# nothing to run', `${DOCUMENTS}2`, 'Gen_Documents?$search=1', `${DOCUMENTS}3`)
    start(notebook, 0, 5)
    await when('the failure', () => notebook.cellAt(3).executionSummary?.success === false)
    const summaries = notebook.getCells().map(cell => cell.executionSummary)
    assert.deepEqual(summaries.map(summary => summary?.success), [true, true, true, false, undefined])
    const orders = summaries.slice(0, 4).map(summary => summary?.executionOrder ?? 0)
    assert.deepEqual(orders, orders.toSorted((a, b) => a - b))
    assert.equal(notebook.cellAt(4).outputs.length, 0)
  })

  it('takes variables and results of other cells', async () => {
    const notebook = await openQueries(
      'notebooks',
      '@count = 3',
      '# @name orders\nCrm_Sales_Orders?$select=Customer_Id&$top={{count}}',
      'Crm_Customers?$select=Customer_Id&$filter=Customer_Id in {{orders.Customer_Id}}',
    )
    assert.deepEqual([await run(notebook, 0), await run(notebook, 1), await run(notebook, 2)], [true, true, true])
    const [orders, customers] = [1, 2].map(index => resultOf(notebook.cellAt(index))!.result.rows.map(row => row[0]))
    assert.equal(orders!.length, 3)
    assert.deepEqual(customers!.toSorted(), [...new Set(orders)].toSorted())
  })

  it('asks which connection to use where the notebook names an unknown one, and writes it down', async () => {
    const uri = fileUri('unknown-connection.erpnb')
    const notebook = await openFile(uri, '---\nerpnb: 1\nconnection: elsewhere # mine\n---\n\n```erpnet\nGen_Currencies?$top=1\n```\n')
    const cell = notebook.cellAt(0)
    start(notebook, 0)
    await until('the choice of a connection', async () => {
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem')
      return hasEnded(cell) ? true : undefined
    })
    assert.equal(cell.executionSummary?.success, true)
    assert.ok(await notebook.save())
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri))
    assert.match(text, /^---\nerpnb: 1\nconnection: [\w.-]+ # mine\n---\n/)
    assert.doesNotMatch(text, /elsewhere/)
  })

  it('says so where the file is of a newer format', async () => {
    const notebook = await openFile(fileUri('newer.erpnb'), '---\nerpnb: 2\n---\n\n```erpnet\nGen_Currencies?$top=1\n```\n')
    assert.equal(await run(notebook, 0), false)
    assert.match(plainText(notebook.cellAt(0)), /format 2/)
  })
})

/** The worker that is spoken to next. */
function nextWorkerCalled(): Promise<Worker> {
  const { promise, resolve } = Promise.withResolvers<Worker>()
  const original = Object.getOwnPropertyDescriptor(Worker.prototype, 'postMessage')!
  Object.defineProperty(Worker.prototype, 'postMessage', {
    ...original,
    value(this: Worker, ...args: Parameters<Worker['postMessage']>): void {
      Object.defineProperty(Worker.prototype, 'postMessage', original)
      resolve(this)
      this.postMessage(...args)
    },
  })
  return promise
}
