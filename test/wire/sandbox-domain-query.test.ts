import assert from 'node:assert/strict'

import { at, DomainClient, type Entity } from '../fakes/domain.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { useTwin } from '../fakes/twin.ts'

const ORDERS = 'Crm_Sales_SalesOrders'
const LINES = 'Crm_Sales_SalesOrderLines'
const PRODUCTS = 'General_Products_Products'
const PARTIES = 'General_Contacts_Parties'

describe('sandbox: Domain API queries', () => {
  const sandbox = useSandbox({ rows: 6000 })
  const domain = new DomainClient(sandbox)
  const twin = useTwin(6000)
  before(async () => {
    await sandbox.control.limits({ perMinute: 10_000 })
  })
  afterEach(async () => sandbox.control.clearQuirks())

  const sql = (text: string) => Object.values(twin.prepare(text).get() ?? {})[0]
  const names = (entity: Entity | undefined) => Object.keys(entity ?? {})
  const guidOf = (id: unknown) => /\(([^)]*)\)$/.exec(String(id))?.[1] ?? ''

  it('lists its entity sets, and answers each of them', async () => {
    const sets = await domain.rows('')
    assert.ok(sets.length > 40)
    for (const { name, kind, url } of sets) {
      assert.deepEqual([kind, url], ['EntitySet', name])
      const [row] = await domain.rows(String(name), { $top: '1' })
      assert.ok(String(row?.['@odata.id']).startsWith(`${String(name)}(`), String(name))
    }
  })

  it('an answer has its context, its rows, and the content type of OData 4', async () => {
    const response = await domain.fetch(ORDERS, { $top: '1' })
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    assert.equal(response.headers.get('odata-version'), '4.0')
    const page = await response.json() as object
    assert.deepEqual(Object.keys(page), ['@odata.context', 'value', '@odata.nextLink'])
    assert.equal(at(page, '@odata.context'), `${domain.root}$metadata#${ORDERS}`)
  })

  it('gives whatever the model names: every attribute, reference and child list', async () => {
    interface Named { readonly Name: string }
    interface Repository extends Named {
      readonly Attributes: readonly Named[]; readonly References: readonly Named[]; readonly ChildCollections: readonly Named[]
    }
    const model = await domain.json(`${sandbox.url}/api/domain/currentmodel?details=true`) as readonly Repository[]
    for (const { Name: set, Attributes, References, ChildCollections } of model) {
      const attributes = Attributes.map(({ Name }) => Name)
      const ways = [...References, ...ChildCollections].map(({ Name }) => Name)
      const expand = ways.length === 0 ? {} : { $expand: ways.join(',') }
      const rows = await domain.rows(set, { $top: '2', $search: 'a', $select: attributes.join(','), ...expand })
      for (const row of rows) for (const way of ways) assert.ok(way in row, `${set}.${way}`)
    }
  })

  describe('$select', () => {
    it('by default: no Id, no custom properties, nothing calculated, no child lists', async () => {
      const [product] = await domain.rows(PRODUCTS, { $top: '1' })
      const found = names(product)
      for (const name of ['Name', 'PartNumber', 'ProductGroup', 'Active']) assert.ok(found.includes(name), name)
      for (const name of [
        'Id', 'CustomProperty_Colour', 'CalculatedAttribute_Margin', 'Prices', 'DisplayText', 'ObjectVersion',
        'AggregateLastUpdateTimeUtc',
      ]) assert.ok(!found.includes(name), name)
    })

    it('gives what is asked, and nothing else', async () => {
      const [product] = await domain.rows(PRODUCTS, { $top: '1', $select: 'PartNumber,Id' })
      assert.deepEqual(names(product), ['@odata.id', 'PartNumber', 'Id'])
      assert.equal(product?.['Id'], guidOf(product?.['@odata.id']))
    })

    it('default adds all default attributes to what is asked', async () => {
      const [plain] = await domain.rows(PRODUCTS, { $top: '1' })
      const [more] = await domain.rows(PRODUCTS, { $top: '1', $select: 'default,Id,CalculatedAttribute_Margin' })
      assert.deepEqual(names(more), [...names(plain), 'Id', 'CalculatedAttribute_Margin'])
    })

    it('custom properties: value, description and id', async () => {
      const rows = await domain.rows(PRODUCTS, { $top: '20', $select: 'CustomProperty_Eco_u002ELabel' })
      const value = rows.map(row => row['CustomProperty_Eco_u002ELabel']).find(each => each !== null)
      assert.deepEqual(Object.keys(value as object), ['Value', 'Description', 'ValueId'])
      assert.equal(at(value, 'Description', 'BG'), 'Избрано на ръка')
    })

    it('calculated attributes are calculated to the last digit', async () => {
      const select = 'CalculatedAttribute_Margin,StandardPricePerLot,StandardCostPerLot'
      const [row] = await domain.rows(PRODUCTS, { $top: '1', $select: select })
      const margin = Number(at(row, 'StandardPricePerLot', 'Value')) - Number(at(row, 'StandardCostPerLot', 'Value'))
      assert.equal(row?.['CalculatedAttribute_Margin'], margin.toFixed(4))
    })

    it('child lists that are selected are links', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'Lines' })
      assert.match(String(at(order, 'Lines', 0, '@odata.id')), /^Crm_Sales_SalesOrderLines\(/)
    })

    it('DisplayText follows the display format, in the language asked for', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'DisplayText,DocumentNo' })
      const number = String(order?.['DocumentNo'])
      assert.equal(order?.['DisplayText'], `Sales order ${number}`)
      const [bulgarian] = await domain.rows(ORDERS, { $top: '1', $select: 'DisplayText', culture: 'bg' })
      assert.equal(bulgarian?.['DisplayText'], `Продажба ${number}`)
    })

    it('AggregateLastUpdateTimeUtc: of aggregate roots, when asked', async () => {
      const [product] = await domain.rows(PRODUCTS, { $top: '1', $select: 'AggregateLastUpdateTimeUtc' })
      assert.match(String(product?.['AggregateLastUpdateTimeUtc']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      await domain.refused(LINES, { $top: '1', $select: 'AggregateLastUpdateTimeUtc' })
    })
  })

  describe('values', () => {
    it('amounts, quantities and languages are complex', async () => {
      const [line] = await domain.rows(LINES, { $top: '1', $select: 'LineAmount,Quantity,ProductDescription' })
      assert.match(String(at(line, 'LineAmount', 'Value')), /^\d+\.\d\d$/)
      assert.equal(at(line, 'LineAmount', 'Currency'), 'EUR')
      assert.match(String(at(line, 'Quantity', 'Value')), /^\d+\.\d{3}$/)
      assert.match(String(at(line, 'Quantity', 'Unit')), /^(?:PCE|KG|L|M)$/)
      assert.deepEqual(Object.keys(line?.['ProductDescription'] as object), ['EN', 'BG'])
    })

    it('decimals and 64-bit integers keep every digit', async () => {
      const [balance] = await domain.rows('Logistics_Inventory_CurrentBalances', { $top: '1', $select: 'BaseCost' })
      assert.equal(at(balance, 'BaseCost', 'Value'), '12345678901234567890.10')
      const [info] = await domain.rows(
        'Systems_Monitoring_TableInfo', { $filter: "TableName eq 'Sys_Attribute_Changes'", $select: 'RowCount,SizeMB' },
      )
      assert.deepEqual([info?.['RowCount'], info?.['SizeMB']], ['9007199254740993', '123456789.125'])
    })

    it('dates are moments in UTC, enumerations are names, references are links', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'DocumentDate,State,Customer,DocumentType' })
      assert.match(String(order?.['DocumentDate']), /^\d{4}-\d\d-\d\dT00:00:00Z$/)
      assert.equal(order?.['State'], 'Closed')
      assert.match(String(at(order, 'Customer', '@odata.id')), /^Crm_Sales_Customers\([0-9a-f-]{36}\)$/)
    })

    it('a picture is a stream: its address is in the answer, its bytes are there', async () => {
      const groups = await domain.rows('General_Products_ProductGroups', { $select: 'Picture' })
      const link = groups.map(group => group['Picture@odata.mediaReadLink']).find(Boolean)
      const bytes = Buffer.from(await (await domain.fetch(String(link))).arrayBuffer())
      assert.equal(bytes.subarray(0, 4).toString('latin1'), 'GIF8')
    })

    it('quirks: amounts as strings, languages in lower case', async () => {
      await sandbox.control.quirks({ 'amounts-as-strings': true, 'lower-case-languages': true })
      const text = await (await domain.fetch(LINES, { $top: '1', $select: 'LineAmount,ProductDescription' })).text()
      assert.match(text, /"LineAmount":\{"Value":"[\d.]+","Currency":"EUR"\},"ProductDescription":\{"en":".*","bg":"/)
    })

    it('options=skipnulls leaves out properties without a value', async () => {
      const [all] = await domain.rows(ORDERS, { $top: '1' })
      const [some] = await domain.rows(ORDERS, { $top: '1', options: 'skipnulls' })
      assert.ok(Object.values(all ?? {}).includes(null))
      assert.ok(!Object.values(some ?? {}).includes(null))
      const kept = Object.entries(all ?? {}).filter(([, value]) => value !== null).map(([name]) => name)
      assert.deepEqual(names(some), kept)
    })
  })

  describe('$expand', () => {
    it('references and child lists, nested, with options in parentheses', async () => {
      const expand = 'Lines($select=LineNo;$filter=Quantity' + 'Value ge 5;$orderby=LineNo desc;$top=2;'
        + '$expand=Product($select=Name;$expand=Codes($select=ProductCodeField))),Customer($select=Number)'
      const rows = await domain.rows(ORDERS, { $top: '5', $select: 'DocumentNo', $expand: expand })
      const order = rows.find(row => (row['Lines'] as unknown[]).length === 2)
      assert.deepEqual(names(order), ['@odata.id', 'DocumentNo', 'Lines', 'Customer'])
      assert.ok(Number(at(order, 'Lines', 0, 'LineNo')) > Number(at(order, 'Lines', 1, 'LineNo')))
      assert.equal(typeof at(order, 'Lines', 0, 'Product', 'Name', 'EN'), 'string')
      assert.match(String(at(order, 'Lines', 0, 'Product', 'Codes', 0, 'ProductCodeField')), /^380/)
      assert.deepEqual(names(order?.['Customer'] as Entity), ['@odata.id', 'Number'])
    })

    it('what is expanded is there although it is not selected', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'State', $expand: 'DocumentType' })
      assert.equal(typeof at(order, 'DocumentType', 'Code'), 'string')
    })

    it('Lines/$ref gives links only', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'DocumentNo', $expand: 'Lines/$ref' })
      assert.deepEqual(names(at(order, 'Lines', 0) as Entity), ['@odata.id'])
    })

    it('finds inherited child lists', async () => {
      const rows = await domain.rows(ORDERS, { $top: '200', $select: 'DocumentNo', $expand: 'Comments($select=Comment)' })
      assert.ok(rows.some(row => (row['Comments'] as unknown[]).length > 0))
    })

    for (const expand of [
      'Nix', 'State', 'Customer/Party', 'Customer($filter=Active eq true)', 'Lines($count=true)', 'Lines($nix=1)',
      'Lines($top=1;$top=2)', 'Lines,Lines', 'Lines(', 'Customer/$ref', 'Lines($select=Nix)',
    ]) it(`refuses to expand ${expand}`, async () => { await domain.refused(ORDERS, { $top: '1', $expand: expand }) })
  })

  describe('one entity', () => {
    it('by its key, with $select and $expand', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $skip: '7', $select: 'DocumentNo' })
      const one = await domain.one(String(order?.['@odata.id']), { $select: 'DocumentNo,DocumentId', $expand: 'Lines' })
      assert.equal(one['DocumentNo'], order?.['DocumentNo'])
      assert.equal(one['@odata.context'], `${domain.root}$metadata#${ORDERS}/$entity`)
      assert.equal(one['DocumentId'], guidOf(order?.['@odata.id']))
      assert.ok((one['Lines'] as unknown[]).length > 0)
    })

    it('through a reference, and cast to what it is', async () => {
      const [transaction] = await domain.rows('Logistics_Inventory_StoreTransactions', { $top: '1', $select: 'Parent' })
      const parent = await domain.one(`${String(transaction?.['@odata.id'])}/Parent`, { $select: 'DocumentNo' })
      assert.equal(parent['@odata.type'], '#Erp.Crm_Sales_SalesOrder')
      const order = await domain.one(
        `${String(transaction?.['@odata.id'])}/Parent/Erp.Crm_Sales_SalesOrder`, { $select: 'DocumentNo,Customer' },
      )
      assert.equal(order['DocumentNo'], parent['DocumentNo'])
      assert.match(String(at(order, 'Customer', '@odata.id')), /^Crm_Sales_Customers/)
    })

    it('one that is not there: 404', async () => {
      const nowhere = `${ORDERS}(00000000-0000-0000-0000-000000000000)`
      assert.equal((await domain.fetch(nowhere)).status, 404)
      const view = 'Logistics_Inventory_CurrentBalances(00000000-0000-0000-0000-000000000000)'
      assert.equal((await domain.fetch(view)).status, 404)
      assert.equal((await domain.fetch('Nix')).status, 404)
      assert.equal((await domain.fetch(`${ORDERS}/Erp.General_Products_Product`)).status, 404)
      await domain.refused(`${ORDERS}(17)`)
    })
  })

  describe('derived types', () => {
    it('the set of a base type shows its derived ones, and says what they are', async () => {
      const rows = await domain.rows('General_Documents_Documents', { $top: '1000', $select: 'DocumentNo,EntityName' })
      const types = new Map(rows.map(row => [row['EntityName'], row['@odata.type']]))
      assert.equal(types.get('Crm_Sales_Orders'), '#Erp.Crm_Sales_SalesOrder')
      assert.equal(types.get('Inv_Transactions'), '#Erp.Logistics_Inventory_StoreTransaction')
      assert.equal(await domain.count('General_Documents_Documents', "DocumentNo eq 'S00000002'"), 1)
    })

    it('a cast keeps the rows of that type, with its attributes', async () => {
      const path = `${PARTIES}/Erp.General_Contacts_Person`
      const page = await domain.page(path, { $top: '2', $select: 'FirstName,PartyName' })
      assert.equal(page['@odata.context'], `${domain.root}$metadata#${PARTIES}/Erp.General_Contacts_Person`)
      assert.equal(typeof at(page.value[0], 'FirstName', 'EN'), 'string')
      assert.equal(Number(await domain.json(`${path}/$count`)), sql('SELECT COUNT(*) FROM Cm_Persons'))
    })

    it('the links of a base entity and of its derived one open the same', async () => {
      const [person] = await domain.rows('General_Contacts_Persons', { $top: '1', $select: 'PartyId,LastName' })
      const guid = String(person?.['PartyId'])
      const party = await domain.one(`${PARTIES}(${guid})`, { $select: 'PartyName' })
      assert.equal(party['@odata.type'], '#Erp.General_Contacts_Person')
      const cast = await domain.one(`${PARTIES}(${guid})/Erp.General_Contacts_Person`, { $select: 'LastName' })
      assert.deepEqual(cast['LastName'], person?.['LastName'])
    })
  })
})
