import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'

import { sandboxSchema } from '../../src/sandbox/data/company.ts'
import { sizesOf } from '../../src/sandbox/data/replicas.ts'
import { seedDatabase } from '../../src/sandbox/data/seed/seed.ts'
import { countRows, fromSql, referenceJoin, valueSql, writtenOrder } from '../../src/sandbox/data/source.ts'
import { makeAccounts } from '../../src/sandbox/identity/accounts.ts'
import { startSandbox, useSandbox } from '../fakes/sandbox.ts'
import { tablesOf } from './tables.ts'

const LINES = 'Crm_Sales_Order_Lines'
const schema = sandboxSchema()
const table = (name: string) => schema.tables.get(name)!

describe('sandbox: any size', () => {
  it('is met exactly, with a base that stays small', () => {
    for (const rows of [1, 2, 3999, 4000, 4001, 16_001, 20_000, 99_991, 1_000_003, 9_999_991, 10_000_000]) {
      const { replicas, lines, rest } = sizesOf(schema, rows)
      assert.equal(replicas * lines + rest, rows)
      assert.ok(lines <= 4000 && rest < replicas)
    }
  })

  it('holds no more of 10,000,000 order lines than of 1,000,000', () => {
    const stored = [1_000_000, 10_000_000].map(rows => {
      const database = seedDatabase(schema, makeAccounts(1), { rows, seed: 1 })
      assert.equal(countRows(database, table(LINES)), rows)
      const count = database.prepare(`SELECT COUNT(*) AS n FROM ${LINES}`).get()?.['n']
      database.close()
      return Number(count)
    })
    for (const lines of stored) assert.ok(lines <= 4001, `${lines} are held`)
  })

  describe('of 16,001 order lines, which is five replicas and a line', () => {
    let database: DatabaseSync
    const count = (sql: string) => Number(Object.values(database.prepare(`SELECT COUNT(*) FROM ${sql}`).get() ?? {})[0])
    before(() => { database = seedDatabase(schema, makeAccounts(1), { rows: 16_001, seed: 1 }) })
    after(() => database.close())

    it('reads as many rows as it counts, in every table', () => {
      assert.equal(count(fromSql({ table: table(LINES), alias: 't' })), 16_001)
      for (const one of schema.tables.values()) {
        assert.equal(count(fromSql({ table: one, alias: 't' })), countRows(database, one), one.name)
      }
    })

    it('leads every reference to a row', () => {
      for (const one of schema.tables.values()) {
        for (const column of one.columns) {
          if (!column.reference) continue
          const [from, to] = [{ table: one, alias: 't' }, { table: table(column.reference.table), alias: 'r' }]
          const value = valueSql(from, column)
          const key = valueSql(to, to.table.columns.find(candidate => candidate.key)!)
          const lost = count(`${fromSql(from)}${referenceJoin(from, column, to)} WHERE ${value} IS NOT NULL AND ${key} IS NOT ${value}`)
          assert.equal(lost, 0, `${one.name}.${column.name}`)
        }
      }
    })

    it('has every key, document number and row version once', () => {
      const columns = [
        ['Gen_Documents', 'Id'], ['Gen_Documents', 'Document_No'], ['Gen_Documents', 'Row_Version'], [LINES, 'Sales_Order_Line_Id'],
        ['Crm_Invoice_Lines', 'Invoice_Line_Id'], ['Inv_Transaction_Lines', 'Transaction_Line_Id'],
      ] as const
      for (const [name, column] of columns) {
        const source = { table: table(name), alias: 't' }
        const value = valueSql(source, source.table.columns.find(candidate => candidate.name === column)!)
        const once = count(`(SELECT DISTINCT ${value} FROM ${fromSql(source)})`)
        assert.equal(once, countRows(database, source.table), `${name}.${column}`)
      }
    })

    it('keeps the exchange rates of a month once', () => {
      assert.ok(countRows(database, table('Gen_Currency_Directories')) < 40)
    })

    it('can be read in the order of writing without sorting', () => {
      const source = { table: table(LINES), alias: 't' }
      const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT t.Line_No FROM ${fromSql(source)} ORDER BY ${writtenOrder(source)}`)
      assert.doesNotMatch(JSON.stringify(plan.all()), /TEMP B-TREE/)
    })
  })

  describe('of 100,000 order lines, over the wire', () => {
    const sandbox = useSandbox({ rows: 100_000 })

    const rows = (name: string, options: Record<string, string> = {}) => tablesOf(sandbox).rows(name, options)
    const only = async (name: string, $filter: string) => {
      const found = await rows(name, { $filter })
      assert.equal(found.length, 1, `${name}: ${$filter}`)
      return found[0]!
    }

    it('comes in full, each line once and always in the same order', async () => {
      const ids = async () => (await rows(LINES, { $select: 'Sales_Order_Line_Id' })).map(row => row['Sales_Order_Line_Id'])
      const [first, again] = [await ids(), await ids()]
      assert.equal(new Set(first).size, 100_000)
      assert.deepEqual(first, again)
      for (const id of first) assert.match(String(id), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    })

    it('is consistent from a line to its document, by keys and by number', async () => {
      const lines = await rows(LINES, { $select: 'Sales_Order_Line_Id,Sales_Order_Id' })
      for (let at = 0; at < lines.length; at += 9973) {
        const { Sales_Order_Line_Id: line, Sales_Order_Id: id } = lines[at]!
        const order = await only('Crm_Sales_Orders', `Sales_Order_Id eq ${String(id)}`)
        const document = await only('Gen_Documents', `Id eq '${String(order['Document_Id'])}'`)
        assert.deepEqual(await only('Gen_Documents', `Document_No eq '${String(document['Document_No'])}'`), document)
        assert.equal(document['Master_Document_Id'], document['Id'])
        const way = `Sales_Order_Reference/Document_Reference/Document_No eq '${String(document['Document_No'])}'`
        const found = (await rows(LINES, { $filter: way })).map(row => row['Sales_Order_Line_Id'])
        assert.ok(found.includes(line))
        assert.equal(found.length, (await rows(LINES, { $filter: `Sales_Order_Id in (${String(id)})` })).length)
      }
    })

    it('follows an order to its invoice and payment', async () => {
      const invoices = await rows('Gen_Documents', { $filter: "Entity_Name eq 'Crm_Invoices'", $select: 'Id,Parent_Document_Id,Master_Document_Id' })
      for (let at = 0; at < invoices.length; at += 3001) {
        const invoice = invoices[at]!
        const order = await only('Gen_Documents', `Id eq ${String(invoice['Parent_Document_Id'])}`)
        assert.equal(order['Entity_Name'], 'Crm_Sales_Orders')
        const [owed] = await rows('Cash_Payment_Orders', { $filter: `Ref_Invoice_Document_Id eq ${String(invoice['Id'])}` })
        assert.equal(owed?.['Ref_Document_No'], order['Document_No'])
      }
    })

    it('finds nothing by a key that only looks like one', async () => {
      const [line] = await rows(LINES, { $top: '1' })
      const strange = `ffffffff${String(line?.['Sales_Order_Line_Id']).slice(8)}`
      assert.deepEqual(await rows(LINES, { $filter: `Sales_Order_Line_Id eq ${strange}` }), [])
    })

    it('ends $top within a replica and beyond', async () => {
      for (const top of [0, 1, 3999, 4001, 99_999]) {
        assert.equal((await rows(LINES, { $select: 'Line_No', $top: String(top) })).length, top)
      }
      assert.equal((await rows(LINES, { $select: 'Line_No', $top: '2147483647' })).length, 100_000)
    })
  })

  it('starts with 10,000,000 order lines', async () => {
    const sandbox = await startSandbox({ rows: 10_000_000 })
    const tables = tablesOf(sandbox)
    const [info] = await tables.rows('Dmv_Table_Info', { $filter: `Table_Name eq '${LINES}'` })
    assert.equal(info?.['Row_Count'], '10000000')
    assert.equal((await tables.rows(LINES, { $top: '3' })).length, 3)
    const last = await tables.rows('Gen_Documents', { $filter: "Document_No eq 'S24990001'" })
    assert.equal(last.length + (await tables.rows('Gen_Documents', { $filter: "Document_No eq 'W24990001'" })).length, 1)
    await sandbox.stop()
  })
})
