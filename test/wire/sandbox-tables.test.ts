import assert from 'node:assert/strict'

import { sandboxSchema } from '../../src/sandbox/data/company.ts'
import { SQL_TYPES } from '../../src/sandbox/data/schema.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { useTwin } from '../fakes/twin.ts'
import { tablesOf } from './tables.ts'

describe('sandbox: Table API', () => {
  const rows = 400
  const sandbox = useSandbox({ rows })
  const twin = useTwin(rows)
  afterEach(async () => sandbox.control.clearQuirks())

  const ask = (path: string, options?: Record<string, string>) => tablesOf(sandbox).ask(path, options)
  const askRows = (table: string, options?: Record<string, string>) => tablesOf(sandbox).rows(table, options)
  const sqlCount = (sql: string) => Number(twin.prepare(`SELECT COUNT(*) AS n FROM ${sql}`).get()?.['n'])

  it('lists its tables, and answers each of them', async () => {
    const { value } = await (await ask('')).json() as { value: { name: string; kind: string; url: string }[] }
    assert.ok(value.length >= 25)
    for (const { name, kind, url } of value) {
      assert.equal(kind, 'EntitySet')
      assert.equal(name, url)
      assert.ok((await askRows(name, { $top: '1' })).length === 1, `${name} is empty`)
    }
  })

  it('describes them in CSDL: keys, types, references with their constraint', async () => {
    const response = await ask('$metadata')
    assert.match(response.headers.get('content-type') ?? '', /^application\/xml/)
    const text = await response.text()
    const type = (name: string) => new RegExp(`<EntityType Name="${name}">[^]*?</EntityType>`).exec(text)?.[0] ?? ''
    const lines = type('Crm_Sales_Order_Lines')
    for (const part of [
      '<Key><PropertyRef Name="Sales_Order_Line_Id"/></Key>',
      '<Property Name="Sales_Order_Line_Id" Type="Edm.Guid" Nullable="false"/>',
      '<Property Name="Line_Amount" Type="Edm.Decimal" Nullable="false" Precision="14" Scale="2"/>',
      '<Property Name="Required_Delivery_Date" Type="Edm.DateTimeOffset"/>',
      '<Property Name="Product_Description" Type="Edm.String" Nullable="false" MaxLength="254"/>',
      '<Property Name="Notes" Type="Edm.String"/>',
      '<Property Name="Row_Version" Type="Edm.Binary" Nullable="false"/>',
      '<NavigationProperty Name="Sales_Order_Reference" Type="Erp.Crm_Sales_Orders" Nullable="false">'
        + '<ReferentialConstraint Property="Sales_Order_Id" ReferencedProperty="Sales_Order_Id"/></NavigationProperty>',
    ]) assert.ok(lines.includes(part), part)
    assert.ok(type('Gen_Documents').includes('Name="State" Type="Edm.Int16"'))
    assert.ok(type('Dmv_Table_Info').includes('Name="Row_Count" Type="Edm.Int64"'))
    assert.ok(type('Crm_Product_Prices').includes('Name="Priority" Type="Edm.Byte"'))
    assert.ok(type('Cm_Persons').includes('Name="Nationality_Reference"'))
    assert.match(text, /<EntitySet Name="Crm_Sales_Orders" EntityType="Erp.Crm_Sales_Orders">/)
  })

  it('holds as many order lines as asked, and every reference leads somewhere', () => {
    assert.equal(sqlCount('Crm_Sales_Order_Lines'), rows)
    const schema = sandboxSchema()
    for (const table of schema.tables.values()) {
      for (const { name, reference } of table.columns) {
        if (!reference) continue
        const key = schema.tables.get(reference.table)!.columns.find(column => column.key)!.name
        const lost = sqlCount(
          `${table.name} WHERE ${name} IS NOT NULL AND ${name} NOT IN (SELECT ${key} FROM ${reference.table})`,
        )
        assert.equal(lost, 0, `${table.name}.${name}`)
      }
    }
  })

  it('keeps every digit', async () => {
    assert.equal(
      (await askRows('Inv_Current_Balances', { $select: 'Base_Cost', $top: '1' }))[0]?.['Base_Cost'],
      '12345678901234567890.10',
    )
    const [info] = await askRows('Dmv_Table_Info', { $filter: "Table_Name eq 'Sys_Attribute_Changes'" })
    assert.equal(info?.['Row_Count'], '9007199254740993')
    assert.equal(
      (await askRows('Crm_Customers', { $select: 'Credit_Limit', $top: '1' }))[0]?.['Credit_Limit'],
      '9999999999999999.99',
    )
  })

  it('writes decimals and 64-bit integers as strings by quirk', async () => {
    await sandbox.control.quirks({ 'decimals-as-strings': true })
    const text = await (await ask('Dmv_Table_Info', { $top: '1' })).text()
    assert.ok(text.includes('"Row_Count":"9007199254740993","Size_MB":"123456789.125"'), text)
  })

  it('writes text that breaks careless readers', async () => {
    const documents = await askRows(
      'Gen_Documents', { $select: 'Document_No,Notes', $filter: "Document_No like '_0000000_'" },
    )
    const notes = documents.map(({ Notes }) => Notes).filter(note => typeof note === 'string').join('¶')
    const parts = [
      '"call first"', '\nsecond line\r\n', '\t', '\\C', '🚚📦', '👩‍👩‍👧', '{"@odata.context":"no"}]}', '<script>',
      'Дълга бележка',
    ]
    for (const part of parts) assert.ok(notes.includes(part), part)
  })

  it('writes values as ERP.net does', async () => {
    const [row] = await askRows('Gen_Documents', { $top: '1', $filter: 'Release_Time ge 2024-01-01T00:00:00Z' })
    assert.match(String(row?.['Id']), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    assert.match(String(row?.['Document_Date']), /^\d{4}-\d\d-\d\dT00:00:00Z$/)
    assert.match(String(row?.['Release_Time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    assert.equal(row?.['Void'], false)
    assert.equal(row['Parent_Document_Id'], null)
    assert.equal(Buffer.from(String(row['Row_Version']), 'base64').length, 8)
  })

  it('has data in a column of every type', async () => {
    const columns = [...sandboxSchema().tables.values()].flatMap(
      table => table.columns.map(column => ({ table: table.name, ...column })),
    )
    for (const type of SQL_TYPES) {
      const filled = columns.filter(column => column.type === type)
        .find(({ table, name }) => sqlCount(`${table} WHERE ${name} IS NOT NULL`) > 0)
      assert.ok(filled, type)
      const rows = await askRows(filled.table, { $select: filled.name })
      assert.ok(rows.some(row => row[filled.name] !== null), type)
    }
  })

  it('has the ends of int, date and time', async () => {
    const cases = await askRows('Apm_Cases', { $select: 'Story_Points,Due_Date,Due_Time', $filter: 'Case_Number in (1,2)' })
    assert.deepEqual(cases, [
      { Story_Points: '-2147483648', Due_Date: '0001-01-01T00:00:00Z', Due_Time: '00:00:00' },
      { Story_Points: '2147483647', Due_Date: '9999-12-31T00:00:00Z', Due_Time: '23:59:59' },
    ])
  })

  it('writes a float so that it is read as the same double', async () => {
    const rows = await askRows('Dmv_Apps_Performance')
    const hours = rows.map(row => Number(row['Busy_Time_Hours_Per_Day']))
    assert.deepEqual(hours, [0.1, 23.999_999_999_999_996, 5e-324])
    assert.equal(Number(rows[0]?.['Busy_Time_Percentage']), 1 / 3)
  })

  it('writes binary values in base64', async () => {
    const [row] = await askRows('Gen_Product_Groups', { $select: 'Picture', $top: '1' })
    assert.equal(Buffer.from(String(row?.['Picture']), 'base64').subarray(0, 6).toString(), 'GIF89a')
  })

  it('writes enumerations as raw codes, numbers or strings', async () => {
    const [order] = await askRows('Crm_Sales_Orders', { $select: 'Delivery_Terms_Code', $top: '400' })
      .then(rows => rows.filter(row => row['Delivery_Terms_Code'] !== null))
    assert.match(String(order?.['Delivery_Terms_Code']), /^(?:EXW|DAP|CPT)$/)
    const states = new Set((await askRows('Gen_Documents', { $select: 'State' })).map(({ State }) => State))
    assert.deepEqual([...states].filter(state => !['0', '5', '10', '20', '30', '40', '50'].includes(String(state))), [])
  })

  it('holds all languages of a text in one string', async () => {
    const [country] = await askRows('Gen_Countries', { $select: 'Country_Name', $top: '1' })
    assert.equal(country?.['Country_Name'], '{"EN":"Bulgaria","BG":"България"}')
  })

  it('holds custom properties in Gen_Property_Values', async () => {
    const [property] = await askRows('Gen_Properties', { $filter: "Property_Code eq 'Colour'" })
    const id = String(property?.['Property_Id'])
    assert.ok((await askRows('Gen_Property_Values', { $filter: `Property_Id eq ${id}` })).length > 0)
  })

  it('has views, and tables with a key of several columns', async () => {
    assert.ok((await askRows('Inv_Current_Balances', { $top: '1' })).length > 0)
    const text = await (await ask('$metadata')).text()
    const types = new Map([...text.matchAll(/<EntityType Name="(\w+)">([^]*?)<\/EntityType>/g)].map(([, name, body]) => [name, body]))
    assert.ok(!types.get('Inv_Current_Balances')?.includes('<Key>'))
    const key = '<Key><PropertyRef Name="Payment_Type_Id"/><PropertyRef Name="System_Type"/></Key>'
    assert.ok(types.get('Cash_Payment_Types')?.includes(key))
  })

  it('gives a navigation also to foreign keys that do not end in _Id', async () => {
    const text = await (await ask('$metadata')).text()
    for (const name of ['Nationality_Reference', 'Owner_User_Reference']) assert.ok(text.includes(`"${name}"`), name)
  })

  it('time-as-duration: writes times as durations, and $metadata says so', async () => {
    assert.match(await (await ask('$metadata')).text(), /Name="Due_Time" Type="Edm.TimeOfDay"/)
    await sandbox.control.quirks({ 'time-as-duration': true })
    assert.match(await (await ask('$metadata')).text(), /Name="Due_Time" Type="Edm.Duration"/)
    const [row] = await askRows('Apm_Cases', { $select: 'Due_Time', $filter: 'Case_Number eq 2' })
    assert.equal(row?.['Due_Time'], 'PT23H59M59S')
  })

  it('url-limit: refuses a longer address with 414', async () => {
    await sandbox.control.quirks({ 'url-limit': 200 })
    assert.equal((await ask('Gen_Currencies', { $top: '1' })).status, 200)
    const response = await ask('Gen_Currencies', { $filter: `Currency_Sign eq '${'x'.repeat(200)}'` })
    assert.equal(response.status, 414)
    assert.match(await response.text(), /more than 200 characters/)
  })
})
