import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ErrorCode, isErpError } from '../../src/core/base/errors.ts'
import type { Table } from '../../src/core/model/table.ts'
import { ModelStore } from '../../src/node/model/modelStore.ts'
import { fails } from '../fakes/fails.ts'
import { ModelWindow } from '../fakes/modelWindow.ts'
import { startSandbox, useSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { serve } from './servers.ts'

/** The real model's facts, where they are there: see `src/sandbox/README.md`, "A model from files". */
const REAL = join(process.env['ERPNET_SHARED'] ?? join(import.meta.dirname, '../../../shared'), 'erpnet/model')

const CURRENT = '/api/domain/currentmodel'
const STANDARD = '/api/domain/standardmodel'
const TABLES = '/tableapi/odata/$metadata'

/** The model service of a window, over a real engine worker, against the sandbox. */
describe('model', () => {
  const sandbox = useSandbox()
  let folder: string
  let windows: ModelWindow[]

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erpnet-models-'))
    windows = []
    await sandbox.control.open()
    await sandbox.control.clearQuirks()
  })

  afterEach(async () => {
    await Promise.all(windows.map(window => window.close()))
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (token: string | undefined = sandbox.referenceToken, language = 'en') => {
    const window = new ModelWindow({ url: sandbox.url, folder, token, language })
    windows.push(window)
    return window
  }
  const openSignedOut = () => {
    const window = open()
    window.token = undefined
    return window
  }
  /** Loads all there is, and closes: the model is on disk then. */
  const keep = async (language = 'en') => {
    const window = open(sandbox.referenceToken, language)
    await window.models.entities(window.connection)
    await window.models.tables(window.connection)
    await window.close()
  }
  const file = () => {
    const [name = ''] = readdirSync(folder).filter(name => name.endsWith('.model'))
    return join(folder, name)
  }
  const kept = () => readdirSync(folder).filter(name => name.endsWith('.model')).map(name => readFileSync(join(folder, name), 'latin1'))
  const detailsOf = async ({ models, connection }: ModelWindow) => {
    const entities = []
    for await (const entity of models.details(connection)) entities.push(entity)
    return entities
  }
  /** How often these paths have been asked, while that went on. */
  const counting = async (action: () => Promise<unknown>): Promise<(path: string) => number> => {
    const { byPath: before } = await sandbox.control.requests()
    await action()
    const { byPath: after } = await sandbox.control.requests()
    return path => (after[path] ?? 0) - (before[path] ?? 0)
  }

  describe('of an instance', () => {
    it('is the standard one for everybody: without a token, a session or a licence slot', async () => {
      const { sessions } = await sandbox.control.state()
      const { models, connection } = openSignedOut()
      await assert.doesNotReject(models.entities(connection))
      const entities = await models.entities(connection)
      assert.ok(entities.some(({ repository, table }) => repository === 'Crm.Sales.SalesOrders' && table === 'Crm_Sales_Orders'))
      assert.equal(models.about(connection)?.kind, 'standard')
      assert.equal(models.about(connection)?.version, '26.2.0.76')
      const orders = await models.entity(connection, 'Crm_Sales_SalesOrders')
      assert.ok(orders.attributes.length > 3)
      await fails(models.tables(connection), 'signed-out')
      assert.equal((await sandbox.control.state()).sessions, sessions)
    })

    it('is the current one for who is signed in: with custom properties and calculated attributes', async () => {
      const { models, connection } = open()
      await models.entities(connection)
      const product = await models.entity(connection, 'General_Products_Products')
      assert.ok(product.attributes.some(({ custom }) => custom))
      assert.ok(product.attributes.some(({ calculated }) => calculated))
      assert.equal(models.about(connection)?.kind, 'current')
    })

    it('tells of every column its attribute and filters, of every reference whether it leads to the owner', async () => {
      const { models, connection } = open()
      const documents = await models.table(connection, 'Gen_Documents')
      const column = (name: string) => documents.columns.find(candidate => candidate.name === name)
      assert.equal(documents.entitySet, 'General_Documents_Documents')
      assert.equal(column('Void')?.attribute, 'Void')
      assert.deepEqual(column('Notes')?.filters, [])
      assert.ok(column('Document_Date')?.filters?.includes('GreaterThanOrLessThan'))
      assert.deepEqual(
        column('State')?.enumValues?.map(({ name, code }) => [name, code]).slice(0, 2), [['New', '0'], ['Adjustment', '5']],
      )
      const lines = await models.table(connection, 'Crm_Sales_Order_Lines')
      const reference = (name: string) => lines.references.find(candidate => candidate.name === name)
      assert.deepEqual(reference('Sales_Order_Reference'), {
        name: 'Sales_Order_Reference', target: 'Crm_Sales_Orders', columns: ['Sales_Order_Id'], owner: true, filterable: true,
      })
      assert.equal(reference('Product_Reference')?.owner, false)
      // the order inherits what its document has
      const orders = await models.table(connection, 'Crm_Sales_Orders')
      assert.equal(orders.references.find(({ name }) => name === 'Document_Reference')?.owner, true)
      await fails(models.table(connection, 'Gen_Document'), 'table-unknown', { table: 'Gen_Document', suggestion: 'Gen_Documents' })
    })

    it('has names in the language that is asked for, else in English', async () => {
      const label = async (language: string) => {
        const { models, connection } = open(sandbox.referenceToken, language)
        return (await models.entities(connection)).find(({ entitySet }) => entitySet === 'Crm_Sales_SalesOrders')?.label
      }
      const [english, bulgarian, french] = [await label('en'), await label('bg'), await label('fr')]
      assert.notEqual(bulgarian, english)
      assert.match(bulgarian ?? '', /[а-я]/)
      assert.equal(french, english)
    })

    it('comes in full, some entities at a time', async () => {
      const { models, connection } = open()
      const names = (await models.entities(connection)).map(({ entitySet }) => entitySet)
      const seen: string[] = []
      for await (const { entitySet } of models.details(connection)) seen.push(entitySet)
      assert.deepEqual(seen.sort(), names.sort())
    })

    it('may come compressed', async () => {
      await sandbox.control.quirks({ compression: true })
      const { models, connection } = open()
      assert.ok((await models.entities(connection)).length > 5)
      assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
    })
  })

  describe('that is kept', () => {
    beforeEach(() => keep())

    it('is there at once: the version alone is asked for, without a session', async () => {
      const { models, connection } = open()
      const asked = await counting(async () => {
        assert.ok((await models.entities(connection)).length > 5)
        assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
        assert.ok((await models.entity(connection, 'Crm_Sales_SalesOrders')).attributes.length > 3)
        await models.quiet(connection)
      })
      assert.deepEqual([CURRENT, `${CURRENT}/Crm_Sales_SalesOrders`, TABLES].map(asked), [0, 0, 0])
    })

    it('is there offline, also for who is signed out', async () => {
      await sandbox.control.close()
      const window = openSignedOut()
      const { models, connection } = window
      assert.ok((await models.entities(connection)).length > 5)
      assert.ok((await models.entity(connection, 'Crm_Sales_SalesOrders')).attributes.length > 3)
      assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
      assert.equal(models.about(connection)?.kind, 'current')
      await models.quiet(connection)
      assert.equal(window.troubles[0]?.code, 'connection-refused')
    })

    it('gives way to a newer version, quietly', async () => {
      await sandbox.control.quirks({ 'nextlink-none': true })
      const window = open()
      const { models, connection } = window
      const asked = await counting(async () => {
        await models.entities(connection)
        assert.equal(models.about(connection)?.version, '26.2.0.76')
        await models.quiet(connection)
        assert.equal(models.about(connection)?.version, '26.1.5.12')
        await models.tables(connection)
      })
      // in short, and in full
      assert.deepEqual([CURRENT, TABLES].map(asked), [2, 1])
      await window.close()
      assert.match(readFileSync(file(), 'latin1'), /"version":"26\.1\.5\.12"/)
    })

    it('stays where the newer one can’t be had', async () => {
      await sandbox.control.quirks({ 'nextlink-none': true, 'answer-500': { path: CURRENT } })
      const window = open()
      const { models, connection } = window
      await models.entities(connection)
      await models.quiet(connection)
      assert.ok((await models.entities(connection)).length > 5)
      assert.equal(models.about(connection)?.version, '26.2.0.76')
    })

    const damages: [what: string, damage: (bytes: Buffer) => Buffer][] = [
      ['a bit of its body is another', bytes => { bytes[bytes.length - 1000]! ^= 1; return bytes }],
      ['a bit of its head is another', bytes => { bytes[40]! ^= 1; return bytes }],
      ['it ends too early', bytes => bytes.subarray(0, bytes.length - 7)],
      ['it is empty', () => Buffer.alloc(0)],
      ['it is of another form', () => Buffer.from('erpmdl99 and more than sixteen bytes')],
    ]
    for (const [what, damage] of damages) {
      it(`is thrown away and loaded again where ${what}`, async () => {
        const whole = readFileSync(file())
        writeFileSync(file(), damage(Buffer.from(whole)))
        const { models, connection } = open()
        const asked = await counting(async () => {
          assert.ok((await models.entities(connection)).length > 5)
          assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
        })
        assert.deepEqual([CURRENT, TABLES].map(asked), [2, 1])
        assert.equal(readFileSync(file()).length, whole.length)
      })
    }

    it('gives way to a newer version where the tables alone are looked at', async () => {
      await sandbox.control.quirks({ 'nextlink-none': true })
      const { models, connection } = open()
      await models.tables(connection)
      await models.quiet(connection)
      assert.deepEqual(kept().map(text => /"version":"[^"]+"/.exec(text)?.[0]), ['"version":"26.1.5.12"'])
      const asked = await counting(() => models.entities(connection))
      assert.equal(asked(CURRENT), 1, 'the entities of the older one are no longer there')
      assert.equal(models.about(connection)?.version, '26.1.5.12')
    })

    it('is asked for its version again where that failed', async () => {
      await sandbox.control.close()
      const { models, connection } = open()
      await models.entities(connection)
      await models.quiet(connection)
      await sandbox.control.open()
      await sandbox.control.quirks({ 'nextlink-none': true })
      await models.entities(connection)
      await models.quiet(connection)
      assert.equal(models.about(connection)?.version, '26.1.5.12')
    })

    it('stays the current one for who is signed out, whatever the version is, and after a refresh', async () => {
      await sandbox.control.quirks({ 'nextlink-none': true })
      const { models, connection } = openSignedOut()
      await models.entities(connection)
      await models.quiet(connection)
      assert.equal(models.about(connection)?.kind, 'current')
      await fails(models.reload(connection), 'signed-out', { connection: 'Here' })
      assert.equal(models.about(connection)?.kind, 'current')
      assert.match(readFileSync(file(), 'latin1'), /"kind":"current"/)
    })

    it('is removed with its connection, in every language; those of other instances stay', async () => {
      await keep()
      await keep('bg')
      const { models, connection } = open()
      const elsewhere = await serve((_request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[]'))
      const other = new ModelStore()
      const place = { folder, root: elsewhere.url, language: 'en' }
      await other.loadEntities({ ...place, domain: { site: elsewhere.url, odata: `${elsewhere.url}/odata/` } }, new AbortController().signal)
      await elsewhere.close()
      await models.entities(connection)
      assert.equal(kept().length, 3)
      await models.remove(connection)
      assert.equal(kept().length, 1)
      assert.equal((await new ModelStore().cached(place)).entities, '[]')
      assert.ok(await counting(() => models.entities(connection)).then(asked => asked(CURRENT) > 0), 'nothing of it is held either')
    })

    it('is loaded anew by a refresh, and stays where that fails', async () => {
      const { models, connection } = open()
      await models.entities(connection)
      await models.tables(connection)
      const asked = await counting(() => models.reload(connection))
      assert.deepEqual([CURRENT, TABLES].map(asked), [2, 1])
      await sandbox.control.quirks({ 'answer-500': true })
      await fails(models.reload(connection), 'server-error')
      assert.ok((await models.entities(connection)).length > 5)
      assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
    })
  })

  describe('where something failed', () => {
    it('is loaded again when somebody waits for it; till then the views show the failure', async () => {
      await sandbox.control.close()
      const { models, connection } = open()
      await fails(models.tables(connection), 'connection-refused')
      await fails(models.entities(connection), 'connection-refused')
      await fails(models.search(connection, ''), 'connection-refused')
      await sandbox.control.open()
      assert.equal(models.tablesLoad(connection).state, 'failed')
      assert.equal(models.entitiesLoad(connection).state, 'failed')
      let changes = 0
      models.onDidChange(() => changes++)
      assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
      assert.ok((await models.search(connection, 'salesorders')).length > 0)
      assert.equal(models.tablesLoad(connection).state, 'ready')
      assert.equal(models.entitiesLoad(connection).state, 'ready')
      assert.ok(changes >= 2, 'the views look again')
    })

    it('in full: is loaded again when it is next asked for', async () => {
      await sandbox.control.quirks({ 'truncate-after-byte': { value: 60_000, path: CURRENT } })
      const window = open()
      await fails(detailsOf(window), 'unexpected-answer')
      await fails(window.models.entitiesWithAdded(window.connection), 'unexpected-answer')
      await sandbox.control.clearQuirks()
      assert.ok((await detailsOf(window)).length > 5)
      assert.ok((await window.models.entitiesWithAdded(window.connection)).size > 0)
    })

    it('as its worker died: works with the next one, also by a refresh', async () => {
      await keep()
      const window = open()
      const { models, connection } = window
      await models.search(connection, '')
      // the answer may be there before the worker dies
      for (let hit = false; !hit;) {
        models.forget()
        const waiting = models.entities(connection).then(() => false, (error: unknown) => isErpError(error, 'engine-stopped'))
        await new Promise(resolve => setImmediate(resolve))
        await window.stopWorker()
        hit = await waiting
      }
      await models.reload(connection)
      assert.ok((await models.entities(connection)).length > 5)
    })

    it('is not the standard one in the place of the current one, which is kept in short, for who signed out', async () => {
      await sandbox.control.quirks({ 'truncate-after-byte': { value: 60_000, path: CURRENT } })
      const window = open()
      await window.models.entities(window.connection)
      await window.models.quiet(window.connection)
      const signedOut = openSignedOut()
      await fails(detailsOf(signedOut), 'signed-out', { connection: 'Here' })
      assert.ok((await signedOut.models.entities(signedOut.connection)).length > 5)
      assert.equal(signedOut.models.about(signedOut.connection)?.kind, 'current')
    })
  })

  it('of which the tables alone were looked at has its entities for who is signed out', async () => {
    const window = open()
    await window.models.tables(window.connection)
    await window.close()
    const { models, connection } = openSignedOut()
    assert.ok((await models.entities(connection)).length > 5)
    assert.equal(models.about(connection)?.kind, 'current')
    assert.match(readFileSync(file(), 'latin1'), /"kind":"current"/)
  })

  it('that is forgotten while somebody waits for it is replaced by its successor', async () => {
    const { models, connection } = open()
    const waiting = Promise.all([models.entities(connection), models.tables(connection)])
    models.forget(connection.id)
    const [entities, tables] = await waiting
    assert.ok(entities.length > 5 && tables.length > 5)
  })

  it('is no longer waited for where its connection leads elsewhere meanwhile', async () => {
    const { models, connection } = open()
    const waiting = models.entities(connection)
    const elsewhere = models.entities({ ...connection, url: connection.url.replace('127.0.0.1', 'localhost') })
    await fails(waiting, 'cancelled')
    assert.ok((await elsewhere).length > 5)
  })

  it('is not begun anew by who waits for it while it is removed', async () => {
    const { models, connection } = open()
    const waiting = models.entities(connection)
    const removed = models.remove(connection)
    await fails(waiting, 'cancelled')
    await removed
    assert.deepEqual(kept(), [])
  })

  it('is loaded by a refresh of its own connection alone', async () => {
    const { models, connection } = open()
    const there = { ...connection, id: 'there' }
    await models.entities(there)
    await models.quiet(there)
    const asked = await counting(() => models.reload(connection))
    assert.equal(asked(CURRENT), 2)
    assert.equal(models.entitiesLoad(connection).state, 'ready')
  })

  describe('that is read by pages and comparisons', () => {
    it('is not the standard one where the current one is asked for', async () => {
      const { reader, models, connection } = openSignedOut()
      await fails(reader.model(connection, 'current'), 'signed-out', { connection: 'Here' })
      assert.ok((await reader.model(connection, 'known')).some(({ entitySet }) => entitySet === 'Crm_Sales_SalesOrders'))
      assert.equal((await reader.about(connection)).standard, true)
      assert.ok((await reader.model(connection, 'standard')).length > 5)
      assert.equal(models.about(connection)?.kind, 'standard')
    })

    it('is the current one, once somebody has signed in, where the standard one was kept', async () => {
      const before = openSignedOut()
      await before.models.entities(before.connection)
      await before.models.quiet(before.connection)
      const { reader, connection } = open()
      for (const model of ['known', 'current'] as const) {
        const entities = await reader.model(connection, model)
        assert.ok(entities.some(({ attributes }) => attributes.some(({ custom }) => custom)), model)
      }
    })

    it('can be cancelled on the way', async () => {
      const { reader, connection } = open()
      const cancelled = async (act: (signal: AbortSignal) => Promise<unknown>) => {
        const abort = new AbortController()
        const end = fails(act(abort.signal), 'cancelled')
        abort.abort()
        await end
      }
      await cancelled(signal => reader.model(connection, 'current', signal))
      await cancelled(signal => reader.model(connection, 'standard', signal))
      await cancelled(signal => reader.about(connection, signal))
    })
  })

  describe('that is searched', () => {
    const found = async ({ models, connection }: ModelWindow, typed: string) => {
      const [item] = await models.search(connection, typed)
      return [item?.kind, item?.of, item?.name]
    }

    it('finds entities, tables, members and values', async () => {
      const window = open()
      await window.models.search(window.connection, '')
      await window.models.quiet(window.connection)
      assert.deepEqual(await found(window, 'salesorders'), ['entity', 'Crm_Sales_SalesOrders', 'SalesOrders'])
      assert.deepEqual(await found(window, 'Crm_Sales_Orders'), ['table', 'Crm_Sales_Orders', 'Crm_Sales_Orders'])
      assert.deepEqual(await found(window, 'state salesorders'), ['attribute', 'Crm_Sales_SalesOrders', 'State'])
      assert.equal((await found(window, 'released'))[0], 'enumValue')
    })

    for (const [language, typed] of [['en', 'клиенти'], ['bg', 'customers'], ['bg-bg', 'customers'], ['de', 'клиенти']] as const) {
      it(`finds names of the other language than ${language}`, async () => {
        const window = open(sandbox.referenceToken, language)
        await window.models.search(window.connection, '')
        await window.models.quiet(window.connection)
        assert.deepEqual(await found(window, typed), ['entity', 'Crm_Sales_Customers', 'Customers'])
      })
    }

    it('asks for the other language without a token, and again where that failed', async () => {
      await sandbox.control.quirks({ 'answer-500': { path: STANDARD } })
      const window = open()
      const { models, connection } = window
      const asked = await counting(async () => {
        await models.search(connection, '')
        await models.quiet(connection)
        assert.deepEqual(await models.search(connection, 'клиенти'), [])
        await models.quiet(connection)
        await sandbox.control.clearQuirks()
        await models.search(connection, '')
        await models.quiet(connection)
        assert.deepEqual(await found(window, 'клиенти'), ['entity', 'Crm_Sales_Customers', 'Customers'])
      })
      assert.deepEqual([CURRENT, STANDARD].map(asked), [2, 3])
    })

    it('leaves the current model of the other language as it is kept', async () => {
      await keep('bg')
      await keep('en')
      await sandbox.control.quirks({ 'nextlink-none': true })
      const window = open()
      await window.models.search(window.connection, '')
      await window.models.quiet(window.connection)
      assert.deepEqual(await found(window, 'клиенти'), ['entity', 'Crm_Sales_Customers', 'Customers'])
      assert.deepEqual(kept().map(text => /"kind":"\w+"/.exec(text)?.[0]), Array(2).fill('"kind":"current"'))
    })

    it('finds entities by their old names', async () => {
      const window = open()
      await window.models.search(window.connection, '')
      await window.models.quiet(window.connection)
      assert.deepEqual(await found(window, 'Crm_Customers'), ['table', 'Crm_Customers', 'Crm_Customers'])
      const items = await window.models.search(window.connection, 'Crm_Customers')
      assert.ok(items.slice(0, 2).some(({ kind, of }) => kind === 'entity' && of === 'Crm_Sales_Customers'), JSON.stringify(items.slice(0, 3)))
    })

    it('finds what everybody may see where nobody is signed in', async () => {
      assert.deepEqual(await found(openSignedOut(), 'salesorders'), ['entity', 'Crm_Sales_SalesOrders', 'SalesOrders'])
    })

    it('knows which entities the instance has added to', async () => {
      const window = open()
      const added = await window.models.entitiesWithAdded(window.connection)
      const expected: string[] = []
      for await (const { entitySet, attributes } of window.models.details(window.connection)) {
        if (attributes.some(({ custom, calculated }) => custom || calculated)) expected.push(entitySet)
      }
      assert.ok(expected.length > 0)
      assert.deepEqual([...added].sort(), expected.sort())
    })
  })

  it('of a window that signs in becomes the current one', async () => {
    const window = openSignedOut()
    const { models, connection } = window
    await models.entities(connection)
    await models.quiet(connection)
    window.token = sandbox.referenceToken
    models.forget(connection.id)
    await models.entities(connection)
    await models.quiet(connection)
    assert.equal(models.about(connection)?.kind, 'current')
  })

  it('is loaded in full once for two windows that open at the same moment', async () => {
    const asked = await counting(() => Promise.all([open(), open()].map(async ({ models, connection }) => {
      const tables = await models.tables(connection)
      assert.ok(tables.some(({ entitySet }) => entitySet !== undefined))
    })))
    assert.equal(asked(CURRENT), 1)
  })

  it('works without a disk that could be written', async () => {
    writeFileSync(join(folder, 'file'), '')
    folder = join(folder, 'file')
    const { models, connection } = open()
    assert.ok((await models.entities(connection)).length > 5)
    assert.ok((await models.tables(connection)).some(({ entitySet }) => entitySet !== undefined))
    folder = join(folder, '..')
  })

  describe('where the instance answers badly', () => {
    const states: [quirks: Parameters<SandboxUnderTest['control']['quirks']>[0], code: ErrorCode][] = [
      [{ 'html-page': { path: CURRENT } }, 'html-instead-of-data'],
      [{ 'redirect-page': { path: CURRENT } }, 'html-instead-of-data'],
      [{ 'answer-401': { path: CURRENT } }, 'unauthorized'],
      [{ 'answer-403': { path: CURRENT } }, 'forbidden'],
      [{ 'answer-500': { path: CURRENT } }, 'server-error'],
      [{ 'truncate-after-byte': { value: 900, path: CURRENT } }, 'unexpected-answer'],
      [{ 'empty-body': { path: CURRENT } }, 'unexpected-answer'],
      [{ 'cut-after-byte': { value: 900, path: CURRENT } }, 'connection-cut'],
    ]
    for (const [quirks, code] of states) {
      it(`the Domain model, with ${Object.keys(quirks).join()}: says so, and tables are as they are`, async () => {
        await sandbox.control.quirks(quirks)
        const { models, connection } = open()
        await fails(models.entities(connection), code)
        const tables = await models.tables(connection)
        assert.ok(tables.length > 5)
        assert.ok(tables.every(({ entitySet }) => entitySet === undefined))
      })
      it(`the tables, with ${Object.keys(quirks).join()}: says so, and the Domain model is as it is`, async () => {
        const elsewhere = Object.entries(quirks).map(([name, setting]) => [name, { ...Object(setting), path: TABLES } as object])
        await sandbox.control.quirks(Object.fromEntries(elsewhere) as typeof quirks)
        const { models, connection } = open()
        await fails(models.tables(connection), code)
        assert.ok((await models.entities(connection)).length > 5)
      })
    }

    it('an older one: its $metadata is the model', async () => {
      await sandbox.control.quirks({ 'answer-404': { path: CURRENT } })
      const { models, connection } = open()
      const entities = await models.entities(connection)
      assert.equal(models.about(connection)?.kind, 'metadata')
      assert.equal(entities.find(({ entitySet }) => entitySet === 'Crm_Sales_SalesOrders')?.table, 'Crm_Sales_Orders')
      const order = await models.entity(connection, 'Crm_Sales_SalesOrders')
      assert.ok(order.attributes.find(({ name }) => name === 'State')?.enumValues.some(({ name }) => name === 'Released'))
      assert.ok(order.attributes.some(({ name }) => name === 'DocumentNo'), 'of its base')
      assert.ok(order.childCollections.some(({ name, target }) => name === 'Lines' && target === 'Crm_Sales_SalesOrderLines'))
      const orders = await models.table(connection, 'Crm_Sales_Orders')
      assert.equal(orders.entitySet, 'Crm_Sales_SalesOrders')
      assert.ok(orders.columns.every(({ filters }) => filters === undefined))
    })

    it('half of the details: each entity is read when it is looked at', async () => {
      await sandbox.control.quirks({ 'truncate-after-byte': { value: 60_000, path: CURRENT } })
      const window = open()
      const { models, connection } = window
      assert.ok((await models.entities(connection)).length > 5)
      await models.quiet(connection)
      assert.deepEqual(window.troubles.map(({ code }) => code), ['unexpected-answer'])
      await sandbox.control.clearQuirks()
      assert.ok((await models.entity(connection, 'Crm_Sales_SalesOrders')).attributes.length > 3)
      await fails(models.entity(connection, 'No_Such'), 'not-found')
      assert.ok((await models.tables(connection)).length > 5)
    })
  })
})

/** The worker's side alone, against a server that answers when the test says so. */
describe('model: while it loads', () => {
  it('stays held, however many others are looked at', async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    const server = await serve((_request, response) => asked.resolve(response))
    const scratch = mkdtempSync(join(tmpdir(), 'erpnet-models-'))
    // nothing can be kept there
    const folder = join(scratch, 'file')
    writeFileSync(folder, '')
    const store = new ModelStore()
    const place = { folder, root: server.url, language: 'en' }
    const domain = { site: server.url, odata: `${server.url}/odata/` }
    const load = store.loadEntities({ ...place, domain }, new AbortController().signal)
    const response = await asked.promise
    for (const language of ['bg', 'de', 'fr', 'it']) await store.cached({ ...place, language })
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
    const { entities } = await load
    assert.equal(entities, '[]')
    assert.equal((await store.cached(place)).entities, '[]')
    await server.close()
    rmSync(scratch, { recursive: true })
  })

  it('stays removed', async () => {
    const asked = Promise.withResolvers<ServerResponse>()
    const server = await serve((_request, response) => asked.resolve(response))
    const folder = mkdtempSync(join(tmpdir(), 'erpnet-models-'))
    const store = new ModelStore()
    const place = { folder, root: server.url, language: 'en' }
    const domain = { site: server.url, odata: `${server.url}/odata/` }
    const load = store.loadEntities({ ...place, domain }, new AbortController().signal)
    const response = await asked.promise
    await store.remove(place)
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]')
    await load
    assert.deepEqual(readdirSync(folder), [])
    await server.close()
    rmSync(folder, { recursive: true })
  })
})

/** By table: what is known of each column. */
type RealTables = Readonly<Record<string, {
  columns: { name: string; type: string; filters?: string[]; owner?: boolean }[]
}>>

describe('model: the real one at full size', () => {
  let tables: readonly Table[]
  let real: RealTables

  before(async function () {
    if (!existsSync(REAL)) return this.skip()
    real = JSON.parse(readFileSync(join(REAL, 'tables.json'), 'utf8')) as RealTables
    const sandbox = await startSandbox({ model: REAL, rows: 60 })
    const folder = mkdtempSync(join(tmpdir(), 'erpnet-models-'))
    const window = new ModelWindow({ url: sandbox.url, folder, token: sandbox.referenceToken })
    tables = await window.models.tables(window.connection)
    await window.close()
    await sandbox.stop()
    rmSync(folder, { recursive: true })
  })

  const factsOf = (table: Table, name: string) => real[table.name]?.columns.find(column => column.name === name)

  it('tells the filters of every column that the Domain model knows', () => {
    const told = tables.flatMap(table => table.columns
      .filter(({ filters }) => filters !== undefined)
      .map(({ name, filters = [] }) => [filters.toSorted().join(), (factsOf(table, name)?.filters ?? []).toSorted().join()]))
    assert.ok(told.length > 6000, String(told.length))
    // of a few columns the entity tells less than the table
    assert.ok(told.filter(([here, there]) => here !== there).length < 5)
  })

  it('takes no reference for an owner that is none, and knows nearly all', () => {
    const references = tables.flatMap(table => table.references.map(({ name, columns: [column = ''], owner }) =>
      ({ name: `${table.name}.${name}`, told: owner === true, is: factsOf(table, column)?.owner === true })))
    assert.deepEqual(references.filter(({ told, is }) => told && !is), [])
    const owners = references.filter(({ is }) => is)
    assert.ok(owners.filter(({ told }) => told).length > owners.length * 0.9, String(owners.length))
  })
})
