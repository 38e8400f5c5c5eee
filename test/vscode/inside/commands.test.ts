import assert from 'node:assert/strict'
import { commands, window, workspace } from 'vscode'
import { SandboxControl } from '../../fakes/sandbox.ts'
import { readInsideRun } from '../host/insideRun.ts'

interface TestResult {
  readonly ok: boolean
  readonly steps: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}

interface RunResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly stats: { readonly rows: number; readonly requests: number; readonly droppedLocally: number; readonly count?: number; readonly firstRowMs: number }
  readonly partial?: string
}

interface Planned {
  readonly requests: readonly { readonly url: string }[]
  readonly local: readonly unknown[]
  readonly warnings: readonly { readonly code: string }[]
}

/** The commands as other extensions call them: with an object, without a dialog. */
describe('Commands', () => {
  const { sandbox } = readInsideRun()
  const control = new SandboxControl(sandbox.url)

  before(() => add({ id: 'commands', name: 'Commands' }))
  afterEach(() => control.clearQuirks())
  after(() => commands.executeCommand('erpnet.connection.remove', { id: 'commands' }))

  describe('connection.add', () => {
    it('keeps the token out of the settings', () => {
      const settings = JSON.stringify(workspace.getConfiguration('erpnet').get('connections'))
      assert.match(settings, /"id":"commands"/)
      assert.ok(!settings.includes(sandbox.referenceToken))
    })

    it('makes an id of the host, and another one when it is taken', async () => {
      const url = 'https://test-one.my.erp.net'
      const first = await call<{ id: string }>('erpnet.connection.add', { url, application: 'native', clientId: 'com.acme/x' })
      const second = await call<{ id: string }>('erpnet.connection.add', { url, application: 'native', clientId: 'com.acme/x' })
      assert.deepEqual([first, second], [{ id: 'test-one' }, { id: 'test-one-2' }])
      for (const { id } of [first, second]) await call('erpnet.connection.remove', { id })
    })

    it('replaces a connection only when told to', async () => {
      await fails(add({ id: 'commands' }), 'connection-exists')
      await add({ id: 'commands', name: 'Commands', replace: true })
    })

    it('loses none of those that come at the same time, and takes no id twice', async () => {
      const one = { url: 'https://many.my.erp.net', application: 'native', clientId: 'com.acme/x' }
      const added = await Promise.all(Array.from({ length: 5 }, () => call<{ id: string }>('erpnet.connection.add', one)))
      const ids = added.map(({ id }) => id)
      assert.deepEqual(ids, ['many', 'many-2', 'many-3', 'many-4', 'many-5'])
      await Promise.all(ids.map(id => call('erpnet.connection.rename', { id, name: `Name of ${id}` })))
      assert.deepEqual(entries().filter(({ url }) => url === one.url).map(({ name }) => name), ids.map(id => `Name of ${id}`))
      await Promise.all(ids.map(id => call('erpnet.connection.remove', { id })))
      assert.deepEqual(entries().filter(({ url }) => url === one.url), [])
    })

    it('keeps the secret of the one that it could not replace', async () => {
      await fails(add({ id: 'commands', replace: true, referenceToken: 'Bearer enrt_00' }), 'reference-token-form')
      assert.equal((await call<TestResult>('erpnet.connection.test', { id: 'commands' })).ok, true)
    })

    it('leaves an entry that somebody mistyped, and its id', async () => {
      const mistyped = { id: 'by-hand', url: 'https://by-hand.my.erp.net', application: 'nativ' }
      const setting = workspace.getConfiguration('erpnet')
      await setting.update('connections', [...entries(), mistyped], true)
      const other = { url: mistyped.url, application: 'native', clientId: 'x' }
      const { id } = await call<{ id: string }>('erpnet.connection.add', other)
      await fails(call('erpnet.connection.add', { ...other, id: mistyped.id }), 'connection-exists')
      await call('erpnet.connection.remove', { id })
      assert.equal(id, 'by-hand-2')
      assert.deepEqual(entries().at(-1), mistyped)
      await setting.update('connections', entries().slice(0, -1), true)
    })

    const refused: [what: string, args: Record<string, unknown>, code: string][] = [
      ['a broken address', { url: 'not an address' }, 'address-invalid'],
      ['an address that is not encrypted', { url: 'http://demodb.my.erp.net' }, 'address-insecure'],
      ['the global identity service', { url: 'https://id.erp.net' }, 'address-global-identity'],
      ['an unknown application type', { application: 'magic' }, 'connection-invalid'],
      ['no application id', { application: 'native' }, 'connection-invalid'],
      ['a token as the application id', { application: 'native', clientId: 'enrt_00' }, 'connection-invalid'],
      ['an id that is no text', { id: 5 }, 'argument-invalid'],
      ['something that is no reference token', { referenceToken: 'Bearer enrt_00' }, 'reference-token-form'],
    ]
    for (const [what, args, code] of refused) {
      it(`refuses ${what}`, () => fails(add({ id: 'refused', ...args }), code))
    }
  })

  describe('connection.test', () => {
    it('goes the way of every request', async () => {
      const { ok, steps } = await call<TestResult>('erpnet.connection.test', { id: 'commands' })
      assert.deepEqual(steps.map(step => [step.name, step.ok]), [
        ['discovery', true], ['identity', true], ['token', true], ['audience and scope', true],
        ['Domain API', true], ['Table API', true],
      ])
      assert.equal(ok, true)
    })

    it('names the site that is not working', async () => {
      await control.quirks({ 'site-not-working': 'TableAPI' })
      const { ok, steps } = await call<TestResult>('erpnet.connection.test', { id: 'commands' })
      assert.equal(ok, false)
      assert.deepEqual(steps.filter(step => !step.ok).map(step => step.name), ['Table API'])
      assert.match(steps.at(-1)!.detail, /TableAPI/)
    })

    it('says that nobody answers', async () => {
      await call('erpnet.connection.add', { id: 'nobody', url: 'http://127.0.0.1:9', application: 'native', clientId: 'x' })
      const { ok, steps } = await call<TestResult>('erpnet.connection.test', { id: 'nobody' })
      assert.equal(ok, false)
      assert.deepEqual(steps.map(step => step.name), ['discovery'])
      assert.match(steps[0]!.detail, /127\.0\.0\.1:9/)
      await call('erpnet.connection.remove', { id: 'nobody' })
    })
  })

  describe('query.run', () => {
    it('gives rows by column name, with their types', async () => {
      const result = await run('Gen_Documents?$select=Document_No,State&$filter=State ge 30&$top=3')
      assert.deepEqual(result.columns, [{ name: 'Document_No', type: 'Edm.String' }, { name: 'State', type: 'Edm.Int16' }])
      assert.equal(result.rows.length, 3)
      for (const { Document_No: number, State: state } of result.rows) {
        assert.equal(typeof number, 'string')
        assert.ok(Number(state) >= 30)
      }
      assert.deepEqual([result.stats.rows, result.stats.requests], [3, 1])
    })

    it('takes variables, comments and dates', async () => {
      const { rows } = await run('@from = 2026-01-01\nGen_Documents # all\n ?$select=Document_Date\n &$filter=Document_Date ge {{from}}&$top=5')
      assert.equal(rows.length, 5)
      for (const { Document_Date: date } of rows) assert.ok(String(date) >= '2026-01-01')
    })

    for (const asStrings of [false, true]) {
      it(`keeps numbers exact that come as ${asStrings ? 'strings' : 'numbers'}`, async () => {
        await control.quirks({ 'decimals-as-strings': asStrings })
        const costs = await run('Inv_Current_Balances?$select=Base_Cost&$top=1')
        assert.deepEqual(costs.rows, [{ Base_Cost: '12345678901234567890.10' }])
        const counts = await run('Dmv_Table_Info?$select=Row_Count&$top=1')
        assert.deepEqual(counts.rows, [{ Row_Count: '9007199254740993' }])
        assert.deepEqual([costs.columns[0]?.type, counts.columns[0]?.type], ['Edm.Decimal', 'Edm.Int64'])
      })
    }

    it('asks for no more rows than the caller wants', async () => {
      assert.equal((await run('Gen_Documents', { maxRows: 2 })).rows.length, 2)
      assert.equal((await run('Gen_Documents?$top=7', { maxRows: 2 })).rows.length, 2)
      for (const maxRows of ['2', -1, 1.5]) await fails(run('Gen_Documents', { maxRows }), 'argument-invalid', /maxRows.*whole number/)
    })

    it('says where a setting ends the result', async () => {
      const settings = workspace.getConfiguration('erpnet')
      for (const name of ['query.defaultTop', 'query.maxRows']) {
        await settings.update(name, 3, true)
        const result = run(`Gen_Documents${name === 'query.maxRows' ? '?$top=7' : ''}`)
        const { rows, partial } = await Promise.resolve(result).finally(() => settings.update(name, undefined, true))
        assert.deepEqual([rows.length, partial], [3, `erpnet.${name}`])
      }
      const { rows, stats, partial } = await run('Gen_Documents?$top=0')
      assert.deepEqual([rows.length, typeof stats.firstRowMs, partial], [0, 'number', undefined])
    })

    it('finishes what the server cannot do', async () => {
      const { columns, rows, stats } = await run('Crm_Sales_Orders?$select=Sales_Order_Id&$filter=Document_Reference/State ne 30&$orderby=Document_Reference/Document_Date desc'
        + '&$expand=Document($select=Document_No,State)&$skip=1&$top=3&$count=true')
      assert.deepEqual(columns, [{ name: 'Sales_Order_Id', type: 'Edm.Guid' }, { name: 'Document_Reference', type: 'Erp.Gen_Documents' }])
      assert.equal(rows.length, 3)
      for (const row of rows) {
        const document = row['Document_Reference'] as { Document_No: unknown; State: unknown }
        assert.equal(typeof document.Document_No, 'string')
        assert.notEqual(document.State, 30)
      }
      assert.ok(stats.count! > 3)
      assert.ok(stats.droppedLocally > 0)
      assert.ok(stats.requests > 1)
    })

    it('keeps decimals of groups and references exact', async () => {
      const groups = await run('Inv_Current_Balances?$apply=aggregate(Base_Cost with max as Most,Base_Cost with sum as Total,$count as Rows)')
      assert.deepEqual(groups.columns, [{ name: 'Most', type: 'Edm.Decimal' }, { name: 'Total', type: 'Edm.Decimal' }, { name: 'Rows', type: 'Edm.Int64' }])
      assert.equal(groups.rows[0]?.['Most'], '12345678901234567890.10')
      const { rows } = await run('Gen_Product_Groups?$expand=Parent_Group_Reference($select=Product_Group_Code)&$top=1')
      assert.equal(rows.length, 1)
    })

    it('gives what no model knows, objects as objects', async () => {
      await run('Gen_Currencies?$top=1') // the model is there; the quirk is for rows
      await control.quirks({ 'deep-nesting': 3 })
      const { columns, rows: [row] } = await run('Gen_Documents?$select=Id&$top=1')
      assert.deepEqual(columns.map(({ type }) => type), ['Edm.Guid', 'Edm.String'])
      assert.equal(typeof row![columns[1]!.name], 'object')
    })

    const refused: [text: string, code: string, words: RegExp][] = [
      ['', 'query-empty', /no query/],
      ['Gen_Document?$top=1', 'table-unknown', /Gen_Documents/],
      ['Gen_Documents?$search=Id', 'query-option', /\$search/],
      ['Gen_Documents?$filter=Document_No eq \'x', 'query-syntax', /Line 1, column 38/],
      ['Gen_Documents?$filter=Stat eq 1', 'column-unknown', /column 23.*State/s],
      ['Gen_Documents?$filter=From_Party_Reference eq null', 'column-unknown', /is a reference.*key is From_Party_Id.*From_Party_Reference\/…/s],
      ['domain/Crm_Sales_SalesOrders?$filter=Lines/LineNo eq 1', 'column-unknown', /is a list.*domain\/Crm_Sales_SalesOrderLines/s],
      ['Gen_Documents?$filter=State eq \'x\'', 'query-type', /a text.*a number/],
      ['Gen_Documents?$filter=yaer(Document_Date) eq 2026', 'function-unknown', /year/],
      ['Gen_Documents?$filter=State div (State sub State) eq 1', 'query-division', /zero/],
      ['Gen_Documents?$filter=State eq {{missing}}', 'variable-unknown', /missing/],
    ]
    for (const [text, code, words] of refused) {
      it(`refuses ${text === '' ? 'an empty text' : text}`, () => fails(run(text), code, words))
    }

    const faults: [quirk: Parameters<SandboxControl['quirks']>[0], code: string][] = [
      [{ 'answer-401': true }, 'unauthorized'],
      [{ 'answer-403': true }, 'forbidden'],
      [{ 'answer-404': true }, 'not-found'],
      [{ 'answer-429': true }, 'too-many-requests'],
      [{ 'answer-500': true }, 'server-error'],
      [{ 'answer-500': true, 'wrapped-errors': true }, 'server-error'],
      [{ 'html-page': true }, 'html-instead-of-data'],
      [{ 'cut-after-row': 10 }, 'connection-cut'],
    ]
    for (const [quirk, code] of faults) {
      it(`ends with a clear error: ${Object.keys(quirk).join(', ')}`, async () => {
        await run('Gen_Currencies?$top=1') // the model is there; the fault is to hit the rows
        await control.quirks(quirk)
        await fails(run('Gen_Documents?$top=50'), code)
      })
    }
  })

  it('query.plan tells the exact address', async () => {
    const plan = await call<{ requests: { url: string }[] }>('erpnet.query.plan', { connection: 'commands', text: 'Gen_Documents?$filter=Document_No eq \'a b\'' })
    assert.deepEqual(plan.requests, [{ url: `${sandbox.url}/tableapi/odata/Gen_Documents?$filter=Document_No%20eq%20%27a%20b%27&$top=1000` }])
  })

  it('query.plan tells what is done here, why, and what one should know', async () => {
    const text = 'Gen_Documents?$select=Id&$filter=State gt 30 and contains(Document_No,\'1\')'
    const { requests, local, warnings } = await call<{ requests: { url: string }[]; local: unknown; warnings: unknown }>('erpnet.query.plan', { connection: 'commands', text })
    assert.deepEqual(requests.map(({ url }) => decodeURIComponent(url.split('?')[1] ?? '')), ['$select=Id,Document_No&$filter=State ge 31'])
    assert.deepEqual(local, [
      { step: 'Filter: contains(Document_No,\'1\')', reason: 'The server has no operator for it, or none that this column allows.' },
      { step: 'Cut: erpnet.query.defaultTop=1000', reason: 'Rows are dropped, put in order or made here before.' },
      { step: 'Columns: Id', reason: 'Other columns were only needed on the way.' },
    ])
    assert.deepEqual(warnings, [{
      code: 'text-local', message: 'Texts of Document_No are compared here, letter by letter, and not by the rules of the server’s database.',
    }])
  })

  it('query.plan takes whole addresses, and warns of those of another instance', async () => {
    const plan = (text: string) => call<{ requests: { url: string }[]; warnings: { code: string; message: string }[] }>('erpnet.query.plan', { connection: 'commands', text })
    const own = `${sandbox.url}/api/domain/querybuilder#Crm_Sales_SalesOrders?$top=1`
    const asked = `${sandbox.url}/api/domain/odata/`
    assert.deepEqual(await plan(own), { requests: [{ url: `${asked}Crm_Sales_SalesOrders?$top=1` }], local: [], warnings: [] })
    const other = 'https://demodb.my.erp.net/api/domain/odata/'
    const { requests, warnings } = await plan(`${other}Crm_Sales_SalesOrders?$top=1&$format=json`)
    assert.deepEqual(requests, [{ url: `${asked}Crm_Sales_SalesOrders?$top=1` }])
    assert.deepEqual(warnings, [{
      code: 'other-instance', message: `The address of the query begins with ${other}, which is not this connection’s instance. What is asked is ${asked}.`,
    }])
  })

  it('query.plan says of a value that is to be asked for that nobody can be asked', () =>
    fails(call('erpnet.query.plan', { connection: 'commands', text: 'Gen_Documents?$top={{$prompt How many}}' }), 'variable-prompt', /“How many”/))

  describe('query.plan with nobody signed in', () => {
    const native = { application: 'native', clientId: 'com.acme/x' }
    const domain = 'domain/Crm_Sales_SalesOrders?$select=Id&$top=1'
    const plan = (id: string, text: string) => call<Planned>('erpnet.query.plan', { connection: id, text })

    before(async () => {
      await add({ id: 'kept', ...native })
      await add({ id: 'fresh', ...native, url: sandbox.url.replace('127.0.0.1', 'localhost') })
    })

    after(async () => {
      for (const id of ['kept', 'fresh']) await call('erpnet.connection.remove', { id })
    })

    it('goes by the model that is kept', async () => {
      for (const text of [domain, 'Gen_Documents?$top=1']) {
        const { requests, warnings } = await plan('commands', text)
        assert.deepEqual(await plan('kept', text), { requests, local: [], warnings })
        assert.deepEqual(warnings, [])
      }
    })

    it('says that it goes by everybody’s model, or that one must sign in, where none is kept', async () => {
      const { warnings } = await plan('fresh', domain)
      assert.deepEqual(warnings.map(({ code }) => code), ['standard-model'])
      await fails(plan('fresh', 'Gen_Documents?$top=1'), 'signed-out')
    })
  })

  for (const name of ['Crm_Sales_Orders', 'Crm.Sales.SalesOrders', 'Crm_Sales_SalesOrders']) {
    it(`entity.query opens a query on ${name}`, async () => {
      const uri = await call<string>('erpnet.entity.query', { name, connection: 'commands' })
      const notebook = workspace.notebookDocuments.find(document => document.uri.toString() === uri)
      assert.match(notebook!.cellAt(notebook!.cellCount - 1).document.getText(), /^Crm_Sales_Orders\n {2}\?\$select=/)
      assert.equal(window.activeNotebookEditor?.notebook, notebook)
    })
  }

  function add(args: Record<string, unknown>): Thenable<unknown> {
    return call('erpnet.connection.add', {
      url: sandbox.url, application: 'referenceToken', referenceToken: sandbox.referenceToken, ...args,
    })
  }

  function run(text: string, args: Record<string, unknown> = {}): Thenable<RunResult> {
    return call<RunResult>('erpnet.query.run', { text, connection: 'commands', ...args })
  }
})

/** As the user's settings have them. */
function entries(): Record<string, unknown>[] {
  return workspace.getConfiguration('erpnet').inspect<Record<string, unknown>[]>('connections')?.globalValue ?? []
}

function call<T>(id: string, args: Record<string, unknown>): Thenable<T> {
  return commands.executeCommand<T>(id, args)
}

/** The code comes as a property and, for callers in another extension host, at the end of the message. */
async function fails(outcome: Thenable<unknown>, code: string, words = /./): Promise<void> {
  await assert.rejects(Promise.resolve(outcome), (error: Error & { code?: string }) => {
    assert.ok(error.message.endsWith(`[${code}]`), error.message)
    assert.match(error.message, words)
    return true
  })
}
