import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type CodeAction, commands, languages, NotebookCellData, NotebookCellKind, NotebookData, Range, TabInputTextDiff, Uri, window, workspace,
} from 'vscode'
import { entityPage } from '../../../src/extension/entity/entityPage.ts'
import { attributeOf, entityOf, ODD_NAMES, referenceOf } from '../../fakes/models.ts'
import { readInsideRun } from '../host/insideRun.ts'
import { until } from '../host/until.ts'

interface Description { readonly uri: string; readonly text: string }
interface Comparison {
  readonly summary: string
  readonly differences: readonly { readonly name: string; readonly change: string }[]
  readonly text: string
}
interface Finds { readonly partial: boolean; readonly found: readonly { readonly uri: string; readonly oldName: string; readonly line: number; readonly column: number }[] }

/** `erpnet.entity.describe`, `erpnet.entity.generateTypes` and `erpnet.model.compare`, as other extensions call them. */
describe('model features', () => {
  const { sandbox } = readInsideRun()
  const folder = workspace.workspaceFolders![0]!.uri.fsPath
  const files: string[] = []

  before(async () => {
    for (const id of ['features', 'features-2']) {
      await commands.executeCommand('erpnet.connection.add', {
        id, name: id, url: sandbox.url, application: 'referenceToken', referenceToken: sandbox.referenceToken,
      })
    }
  })

  afterEach(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors')
    await Promise.all(files.splice(0).map(file => rm(file, { force: true })))
  })

  after(async () => {
    for (const id of ['features', 'features-2']) await commands.executeCommand('erpnet.connection.remove', { id })
  })

  describe('entity.describe', () => {
    for (const name of ['Crm_Sales_SalesOrders', 'Crm.Sales.SalesOrders', 'Erp.Crm_Sales_SalesOrder']) {
      it(`of ${name}`, async () => {
        const { uri, text } = await call<Description>('erpnet.entity.describe', { name })
        assert.match(uri, /^erpnet-page:/)
        for (const part of [
          '# Crm\\.Sales\\.SalesOrders', '| Key | `Id` |', '| Table | `Crm_Sales_Orders` |',
          '## Aggregate', 'Crm_Sales_SalesOrders ←\n  Crm_Sales_SalesOrderLines',
          '```mermaid\nflowchart LR', 'Crm_Sales_SalesOrders -->|"Customer, ShipToCustomer"| Crm_Sales_Customers',
          '| `State` | `General_Documents_DocumentState` | `eq`', '## Values of State', '| `Released` | `30` |',
          '| `Customer` | `Crm_Sales_Customers` |', '| `Crm_Invoicing_InvoiceLines` | `SalesOrder` |',
          '### ChangeState', `POST ${sandbox.url}/api/domain/odata/Crm_Sales_SalesOrders(00000000-0000-0000-0000-000000000000)/Erp.ChangeState`,
          '## The table Crm\\_Sales\\_Orders', '| `Sales_Order_Id` |', '```erpnet\nCrm_Sales_Orders\n  ?$select=', '```erpnet\ndomain/Crm_Sales_SalesOrders\n',
        ]) assert.ok(text.includes(part), part)
        const shown = await workspace.openTextDocument(Uri.parse(uri))
        assert.equal(shown.getText(), text)
      })
    }

    it('of a table', async () => {
      const { text } = await call<Description>('erpnet.entity.describe', { name: 'Crm_Sales_Order_Lines' })
      for (const part of ['# Crm\\_Sales\\_Order\\_Lines', '| `Line_Amount` | `Decimal', '| `Sales_Order_Reference` | `Crm_Sales_Orders` |', '```mermaid', '```erpnet\nCrm_Sales_Order_Lines\n']) {
        assert.ok(text.includes(part), part)
      }
    })

    it('of hostile names and endless descriptions is text alone', async () => {
      const odd = entityOf('Odd', {
        label: '<img src=x onerror=alert(1)>', description: `[x](command:y) https://evil.example www.evil.example evil@evil.example ${'long '.repeat(200_000)}`, table: '`|`', aggregateParent: 'Odd',
        attributes: ODD_NAMES.map(name => attributeOf(name, name, { label: name, description: name, column: name, enumValues: [{ name, value: name, label: name }] })),
        references: ODD_NAMES.map(name => referenceOf(name, name, { label: name })),
        childCollections: ODD_NAMES.map(name => ({ name, target: name, label: name })),
        methods: ODD_NAMES.map(name => ({ name, isAction: true, returnType: name, description: name, parameters: [{ name, type: name }] })),
      })
      const page = entityPage({ entity: odd, entities: [odd], model: [odd], odataRoot: `${sandbox.url}/`, connection: '<b>' })
      const html = await commands.executeCommand<string>('markdown.api.render', page)
      const tags = new Set([...html.matchAll(/<([a-z0-9]+)/g)].map(([, tag]) => tag))
      assert.deepEqual(['img', 'script', 'summary', 'b', 'em', 'strong', 's'].filter(tag => tags.has(tag)), [])
      assert.deepEqual([...new Set([...html.matchAll(/href="([^"]*)"/g)].map(([, to]) => to))], ['https://docs.erp.net/model/entities/Odd.html'])
      assert.deepEqual(['table', 'pre', 'h1'].filter(tag => !tags.has(tag)), [])
      assert.ok(page.length < 100_000, String(page.length))
    })

    it('of who is not signed in: of the standard model; a table wants a sign-in', async () => {
      // by another name, under which no model is kept
      const url = sandbox.url.replace('127.0.0.1', 'localhost')
      await commands.executeCommand('erpnet.connection.add', { id: 'nobody', url, application: 'native', clientId: 'com.acme/erpnet-tools' })
      try {
        const { text } = await call<Description>('erpnet.entity.describe', { name: 'Crm_Sales_SalesOrders', connection: 'nobody' })
        for (const part of ['This is the standard model', '| `Customer` | `Crm_Sales_Customers` |', '| `Crm_Invoicing_InvoiceLines` | `SalesOrder` |']) {
          assert.ok(text.includes(part), part)
        }
        await assert.rejects(call('erpnet.entity.describe', { name: 'Crm_Sales_Orders', connection: 'nobody' }), /\[signed-out\]$/)
      } finally {
        await commands.executeCommand('erpnet.connection.remove', { id: 'nobody' })
      }
    })

    it('of nothing', () => assert.rejects(call('erpnet.entity.describe', { name: 'Nothing' }), /Nothing.*\[entity-unknown\]$/))
  })

  describe('entity.generateTypes', () => {
    it('gives TypeScript, and C# when asked', async () => {
      const ts = await call<string>('erpnet.entity.generateTypes', { name: 'Crm.Sales.SalesOrders' })
      assert.match(ts, new RegExp(`^// ERP\\.net types \\(TypeScript\\)[^]*// instance: ${new URL(sandbox.url).host}\n// version: 26[^]*export interface Crm_Sales_SalesOrderWrite \\{`))
      assert.match(ts, /'Customer@odata\.bind'\?: string$/m)
      const cs = await call<string>('erpnet.entity.generateTypes', { names: ['Crm_Sales_SalesOrders', 'General_Products_Products'], language: 'csharp' })
      assert.match(cs, /public class Crm_Sales_SalesOrder\n[^]*public class General_Products_Product\n/)
    })

    it('makes a file, adds to it, and makes it again', async () => {
      const uri = file('erp.ts').toString()
      await call('erpnet.entity.generateTypes', { name: 'Crm_Sales_SalesOrders', uri })
      const text = await call<string>('erpnet.entity.generateTypes', { name: 'General_Products_Products', uri })
      assert.match(text, /entity set: Crm_Sales_SalesOrders\n[^]*entity set: General_Products_Products\n/)
      await writeFile(Uri.parse(uri).fsPath, text.replace(/^export interface Crm_Sales_SalesOrder \{[^]*?^\}/m, ''))
      assert.equal(await call('erpnet.entity.generateTypes', { uri }), text)
      assert.equal(await readFile(Uri.parse(uri).fsPath, 'utf8'), text)
    })

    it('leaves other files alone', async () => {
      const uri = file('mine.ts')
      await writeFile(uri.fsPath, 'export const mine = 1\n')
      await assert.rejects(call('erpnet.entity.generateTypes', { name: 'Crm_Sales_SalesOrders', uri: uri.toString() }), /mine\.ts.*\[types-other-file\]$/)
      assert.equal(await readFile(uri.fsPath, 'utf8'), 'export const mine = 1\n')
    })

    it('knows no COBOL', () => assert.rejects(call('erpnet.entity.generateTypes', { name: 'Crm_Sales_SalesOrders', language: 'cobol' }), /\[language-unknown\]$/))
  })

  describe('model.compare', () => {
    it('standard against current: what this instance has added', async () => {
      const { summary, differences, text } = await call<Comparison>('erpnet.model.compare', { with: 'standard' })
      assert.equal(summary, 'Entities: 0 added, 0 removed, 3 changed.')
      assert.deepEqual(differences.map(({ name, change }) => [name, change]), [
        ['Crm_Sales_SalesOrderLines', 'changed'], ['Crm_Sales_SalesOrders', 'changed'], ['General_Products_Products', 'changed'],
      ])
      assert.match(text, /^ {2}\+ attribute CustomProperty_Priority type=Erp\.Systems_Bpm_CustomPropertyValue nullable/m)
      const diff = await until('the editor of differences', () => window.tabGroups.all.flatMap(group => group.tabs).map(tab => tab.input).find(input => input instanceof TabInputTextDiff))
      const [before, after] = await Promise.all([diff.original, diff.modified].map(async uri => (await workspace.openTextDocument(uri)).getText()))
      assert.match(before!, /^erpnet-model 1\n.*model=standard\n/)
      assert.match(after!, /CustomProperty_Priority/)
      assert.doesNotMatch(before!, /CustomProperty_Priority/)
    })

    it('one connection against another', async () => {
      assert.deepEqual(await call('erpnet.model.compare', { with: 'features-2' }), { summary: 'Entities: 0 added, 0 removed, 0 changed.', differences: [], text: '' })
    })

    it('now against a snapshot', async () => {
      const uri = file('model.erpmodel')
      const text = await call<string>('erpnet.model.compare', { saveTo: uri.toString() })
      assert.equal(await readFile(uri.fsPath, 'utf8'), text)
      assert.deepEqual((await call<Comparison>('erpnet.model.compare', { snapshot: uri.toString() })).differences, [])
      await writeFile(uri.fsPath, text.replace(/^ {2}attribute DeliveryTermsCode .*\n( {4}.*\n)*/m, '').replace('table=Crm_Sales_Orders ', 'table=Orders '))
      assert.match((await call<Comparison>('erpnet.model.compare', { snapshot: uri.toString() })).text, /table=Orders → table=Crm_Sales_Orders|\+ attribute DeliveryTermsCode/)
    })

    it('against a file that is no snapshot, or not there', async () => {
      const uri = file('broken.erpmodel')
      await assert.rejects(call('erpnet.model.compare', { snapshot: uri.toString() }), /\[file-not-read\]$/)
      await writeFile(uri.fsPath, 'erpnet-model 1\n\nnonsense\n')
      await assert.rejects(call('erpnet.model.compare', { snapshot: uri.toString() }), /Line 3 .*\[snapshot-invalid\]$/)
    })
  })

  describe('model.findRenamed', () => {
    it('finds old names in files and open notebooks, and each can be mended', async () => {
      const code = file('old.py')
      await writeFile(code.fsPath, "# é\r\nfetch('domain/Crm_Customers?$top=1') // not Crm_CustomersList\r\n")
      const book = file('old.erpnb')
      await writeFile(book.fsPath, '---\nerpnb: 1\n---\n\n```erpnet\ndomain/General_DocumentTypes\n```\n')
      const closed = await call<Finds>('erpnet.model.findRenamed', {})
      assert.deepEqual(closed.found.map(({ oldName, line, column }) => [oldName, line, column]).sort(), [['Crm_Customers', 2, 15], ['General_DocumentTypes', 6, 8]])
      assert.equal(closed.partial, false)
      assert.deepEqual(languages.getDiagnostics(code).map(({ message }) => message), ['Crm_Customers is called Crm_Sales_Customers from version 24.1.5.35 on.'])

      const document = await workspace.openTextDocument(code)
      await window.showTextDocument(document)
      const actions = await commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', code, new Range(1, 20, 1, 20))
      const fix = actions.find(({ title }) => title === 'Write Crm_Sales_Customers')
      assert.ok(fix?.edit !== undefined && await workspace.applyEdit(fix.edit))
      assert.match(document.getText(), /domain\/Crm_Sales_Customers\?\$top=1'\) \/\/ not Crm_CustomersList/)
      await until('no mark', () => languages.getDiagnostics(code).length === 0 || undefined)
      await document.save()

      const notebook = await workspace.openNotebookDocument(book)
      const open = await call<Finds>('erpnet.model.findRenamed', {})
      assert.deepEqual(open.found.map(({ uri }) => uri), [notebook.cellAt(0).document.uri.toString()])
    })

    it('finds nothing in what is new', async () => {
      await workspace.openNotebookDocument('erpnet-notebook', new NotebookData([new NotebookCellData(NotebookCellKind.Code, 'Crm_Sales_Customers', 'erpnet')]))
      assert.deepEqual((await call<Finds>('erpnet.model.findRenamed', {})).found, [])
    })
  })

  it('an unknown connection is one error for all', async () => {
    for (const id of ['erpnet.entity.describe', 'erpnet.entity.generateTypes', 'erpnet.model.compare', 'erpnet.model.findRenamed']) {
      await assert.rejects(call(id, { name: 'Crm_Sales_SalesOrders', connection: 'nobody' }), /\[connection-unknown\]$/)
    }
  })

  function file(name: string): Uri {
    const path = join(folder, name)
    files.push(path)
    return Uri.file(path)
  }

  function call<T>(id: string, args: Record<string, unknown>): Promise<T> {
    return Promise.resolve(commands.executeCommand<T>(id, { connection: 'features', ...args }))
  }
})
