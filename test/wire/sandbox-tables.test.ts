import assert from 'node:assert/strict'
import type { DatabaseSync } from 'node:sqlite'

import { sandboxSchema } from '../../src/sandbox/data/company.ts'
import { seedDatabase } from '../../src/sandbox/data/seed/seed.ts'
import { makeAccounts } from '../../src/sandbox/identity/accounts.ts'
import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

/** Every value as the answer's text has it: numbers aren't parsed, so that no digit is lost on the way to the test. */
type ExactRow = Readonly<Record<string, string | boolean | null>>

function exactRows(text: string): readonly ExactRow[] {
  const body = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source ?? String(value) : value) as { value: ExactRow[] }
  return body.value
}

describe('sandbox: Table API', () => {
  const rows = 400
  let sandbox: SandboxUnderTest
  /** The same seed again, in this process: what a filter should find is asked from it in words of its own. */
  let twin: DatabaseSync
  before(async () => {
    sandbox = await startSandbox({ rows })
    twin = seedDatabase(sandboxSchema(), makeAccounts(1), { rows, seed: 1 })
  })
  after(async () => {
    twin.close()
    await sandbox.stop()
  })
  afterEach(async () => sandbox.control.clearQuirks())

  function ask(path: string, options: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    const url = new URL(`${sandbox.url}/tableapi/odata/${path}`)
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value)
    return fetch(url, { headers: { authorization: `Bearer ${sandbox.referenceToken}` }, ...(signal ? { signal } : {}) })
  }

  async function askRows(table: string, options: Record<string, string> = {}): Promise<readonly ExactRow[]> {
    const response = await ask(table, options)
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return exactRows(text)
  }

  const sqlCount = (sql: string) => Number(twin.prepare(`SELECT COUNT(*) AS n FROM ${sql}`).get()?.['n'])
  const sqlText = (sql: string) => String(Object.values(twin.prepare(sql).get() ?? {})[0])

  describe('what there is', () => {
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
  })

  describe('accepts', () => {
    const quantityInStore = () => sqlText('SELECT Quantity_Base FROM Inv_Current_Balances')
    const order = () => sqlText('SELECT Sales_Order_Id FROM Crm_Sales_Orders LIMIT 1 OFFSET 3')
    type Case = readonly [table: string, filter: string | (() => string), sql: string | (() => string)]
    const cases: readonly Case[] = [
      ['Gen_Documents', 'Void eq false', 'Gen_Documents WHERE Void = 0'],
      ['Gen_Documents', 'State eq 50', 'Gen_Documents WHERE State = 50'],
      ['Gen_Documents', 'State ge 30 and State le 40', 'Gen_Documents WHERE State BETWEEN 30 AND 40'],
      ['Gen_Documents', 'State in (10, 20,30)', 'Gen_Documents WHERE State IN (10, 20, 30)'],
      ['Gen_Documents', '(State eq 10 or State eq 20 or State eq 30)', 'Gen_Documents WHERE State IN (10, 20, 30)'],
      [
        'Gen_Documents', 'Void eq false and (State eq 50 or State eq 40) and Document_Version eq 1',
        'Gen_Documents WHERE Void = 0 AND State IN (40, 50)',
      ],
      ['Gen_Documents', '((Void eq true))', 'Gen_Documents WHERE Void = 1'],
      ['Gen_Documents', 'Parent_Document_Id eq null', 'Gen_Documents WHERE Parent_Document_Id IS NULL'],
      [
        'Gen_Documents', 'Document_Date ge 2025-01-01T00:00:00Z and Document_Date le 2025-12-31T23:59:59Z',
        "Gen_Documents WHERE substr(Document_Date, 1, 4) = '2025'",
      ],
      [
        'Gen_Documents', 'Document_Date eq 2024-01-02T00:00:00Z',
        "Gen_Documents WHERE Document_Date = '2024-01-02T00:00:00Z'",
      ],
      ['Gen_Documents', "Document_No like 'S%'", "Gen_Documents WHERE substr(Document_No, 1, 1) = 'S'"],
      ['Gen_Documents', "Document_No like 's_______1'", "Gen_Documents WHERE Document_No GLOB 'S???????1'"],
      ['Gen_Documents', "Document_No eq 'R00000001'", "Gen_Documents WHERE Document_No = 'R00000001'"],
      ['Gen_Documents', "Creation_User like '%ivan%'", "Gen_Documents WHERE instr(Creation_User, 'ivan') > 0"],
      ['Crm_Sales_Order_Lines', 'Quantity ge 10', 'Crm_Sales_Order_Lines WHERE CAST(Quantity AS REAL) >= 10'],
      ['Crm_Sales_Order_Lines', 'Quantity le 9.999', 'Crm_Sales_Order_Lines WHERE CAST(Quantity AS REAL) < 10'],
      [
        'Crm_Sales_Order_Lines', "Product_Description like '%СИР%'",
        "Crm_Sales_Order_Lines WHERE instr(Product_Description, 'сир') > 0 OR instr(Product_Description, 'Сир') > 0",
      ],
      [
        'Crm_Sales_Order_Lines', () => `Sales_Order_Id eq ${order()}`,
        () => `Crm_Sales_Order_Lines WHERE Sales_Order_Id = '${order()}'`,
      ],
      [
        'Crm_Sales_Order_Lines', () => `Sales_Order_Id in ('${order().toUpperCase()}')`,
        () => `Crm_Sales_Order_Lines WHERE Sales_Order_Id = '${order()}'`,
      ],
      ['Crm_Sales_Order_Lines', 'Sales_Order_Reference/Document_Reference/Void eq true',
        'Crm_Sales_Order_Lines WHERE Sales_Order_Id IN (SELECT Sales_Order_Id FROM Crm_Sales_Orders JOIN Gen_Documents ON Id = Document_Id WHERE Void = 1)'],
      ['Crm_Sales_Order_Lines', 'Sales_Order_Reference/Document_Reference/Void eq false and Sales_Order_Reference/Document_Reference/State ge 40 and Line_No eq 10',
        'Crm_Sales_Order_Lines l, Crm_Sales_Orders o, Gen_Documents d WHERE l.Sales_Order_Id = o.Sales_Order_Id AND o.Document_Id = d.Id AND Void = 0 AND State >= 40 AND Line_No = 10'],
      ['Inv_Transaction_Lines', 'Transaction_Reference/Document_Reference/Document_Date ge 2025-06-01T00:00:00Z',
        "Inv_Transaction_Lines l, Inv_Transactions t, Gen_Documents d WHERE l.Transaction_Id = t.Transaction_Id AND t.Document_Id = d.Id AND Document_Date >= '2025-06-01'"],
      [
        'Crm_Customers', "Party_Reference/Party_Name like '%müller%'",
        "Crm_Customers WHERE Party_Id IN (SELECT Id FROM Gen_Parties WHERE instr(Party_Name, 'Müller'))",
      ],
      ['Crm_Customers', 'Default_Price_List_Id eq null', 'Crm_Customers WHERE Default_Price_List_Id IS NULL'],
      ['Gen_Parties', "Party_Name like '%O''Neill%'", "Gen_Parties WHERE instr(Party_Name, 'O''Neill')"],
      ['Gen_Parties', "Party_Type in ('P','S')", "Gen_Parties WHERE Party_Type = 'P' OR Party_Type = 'S'"],
      [
        'Inv_Current_Balances', 'Base_Cost ge 12345678901234567890.10',
        'Inv_Current_Balances WHERE length(Base_Cost) > 20',
      ],
      ['Inv_Current_Balances', 'Base_Cost ge 12345678901234567890.11', 'Inv_Current_Balances WHERE 0'],
      // The table holds `123.000`, the filter says `123`.
      [
        'Inv_Current_Balances', () => `Quantity_Base eq ${quantityInStore().slice(0, -4)}`,
        () => `Inv_Current_Balances WHERE Quantity_Base = '${quantityInStore()}'`,
      ],
      ['Dmv_Table_Info', 'Row_Count eq 9007199254740993', "Dmv_Table_Info WHERE Table_Name = 'Sys_Attribute_Changes'"],
      ['Dmv_Table_Info', 'Row_Count eq 9007199254740992', 'Dmv_Table_Info WHERE 0'],
      ['Cm_Persons', 'Nationality eq null', 'Cm_Persons WHERE Nationality IS NULL'],
      ['Gen_Product_Groups', "Full_Path like '/F%'", "Gen_Product_Groups WHERE substr(Full_Path, 1, 2) = '/F'"],
      ['Gen_Documents', '', 'Gen_Documents'],
    ]
    for (const [table, filter, sql] of cases) {
      const shown = typeof filter === 'string' ? filter : String(filter)
      it(`${table}: ${shown}`, async () => {
        const found = await askRows(table, { $filter: typeof filter === 'string' ? filter : filter() })
        assert.equal(found.length, sqlCount(typeof sql === 'string' ? sql : sql()))
      })
    }

    it('finds something with most of them, so that the table above proves something', () => {
      const counts = cases.map(([, , sql]) => sqlCount(typeof sql === 'string' ? sql : sql()))
      assert.ok(counts.filter(count => count === 0).length <= 3, counts.join(' '))
    })

    it('$select in its order, empty for all, and $top', async () => {
      const [row] = await askRows('Gen_Currencies', { $select: 'Show_Order, Currency_Sign', $top: '1' })
      assert.deepEqual(Object.keys(row!), ['Show_Order', 'Currency_Sign'])
      assert.equal(Object.keys((await askRows('Gen_Currencies', { $select: '' }))[0]!).length, 6)
      assert.equal((await askRows('Gen_Currencies', { $top: '2147483647' })).length, 4)
      assert.deepEqual(await askRows('Gen_Currencies', { $top: '0' }), [])
      const text = await (await ask('Gen_Currencies', { $select: 'Currency_Sign', $top: '0' })).text()
      assert.equal(
        text, `{"@odata.context":"${sandbox.url}/tableapi/odata/$metadata#Gen_Currencies(Currency_Sign)","value":[]}`,
      )
    })
  })

  describe('refuses', () => {
    type Refusal = readonly [table: string, options: Record<string, string>, words: RegExp]
    const cases: readonly Refusal[] = [
      ...['$orderby', '$count', '$skip', '$expand', '$apply', '$search', '$format', '$skiptoken', 'options', '$Filter']
        .map((option): Refusal => [
          'Gen_Documents', { [option]: 'x' }, new RegExp(`query option '${option.replace('$', '\\$')}' is not supported`),
        ]),
      ...['ne', 'gt', 'lt', 'add', 'has'].map(operator =>
        ['Gen_Documents', { $filter: `State ${operator} 30` }, new RegExp(`operator '${operator}' at position 6 is not supported`)] as const),
      ['Gen_Documents', { $filter: 'not (State eq 30)' }, /operator 'not' at position 0 is not supported/],
      ...['contains', 'startswith', 'endswith', 'year', 'tolower'].map(name =>
        ['Gen_Documents', { $filter: `${name}(Document_No,'1')` }, new RegExp(`function '${name}' at position 0 is not supported`)] as const),
      ['Gen_Documents', { $filter: "Document_No eq tolower('a')" }, /function 'tolower' at position 15/],
      ['Gen_Documents', { $filter: 'State eq 30 or State eq 40' }, /operator 'or' at position 12 is not supported/],
      ['Gen_Documents', { $filter: '(State eq 30 or Void eq true)' }, /one and the same field/],
      ['Gen_Documents', { $filter: '(State eq 30 or State ge 40)' }, /only between 'eq' conditions/],
      ['Gen_Documents', { $filter: '(State eq 30 or State eq 40 and Void eq true)' }, /only between 'eq' conditions/],
      ['Gen_Documents', { $filter: '(Void eq true or Void eq false)' }, /'Void' does not support the operator 'in'/],
      ['Gen_Documents', { $filter: "Notes eq 'x'" }, /'Notes' is not filterable/],
      ['Gen_Documents', { $filter: "Row_Version eq 'x'" }, /'Row_Version' is not filterable/],
      [
        'Gen_Documents', { $filter: "Document_No ge '1'" },
        /'Document_No' does not support the operator 'ge' \(supported filters: Equals, Like\)/,
      ],
      ['Gen_Documents', { $filter: 'Creation_Time eq 2024-01-01T00:00:00Z' }, /does not support the operator 'eq'/],
      ['Gen_Documents', { $filter: 'Complete_Time eq null' }, /does not support the operator 'eq'/],
      ['Gen_Documents', { $filter: "Void like 'x'" }, /does not support the operator 'like'/],
      ['Crm_Sales_Order_Lines', { $filter: 'Quantity eq 1' }, /does not support the operator 'eq'/],
      ['Gen_Documents', { $filter: 'Nix eq 1' }, /property named 'Nix' on type 'Erp.Gen_Documents'/],
      ['Gen_Documents', { $filter: 'void eq true' }, /property named 'void'/],
      ['Gen_Documents', { $filter: 'Nix_Reference/Id eq null' }, /property named 'Nix_Reference'/],
      [
        'Crm_Sales_Order_Lines', { $filter: "Product_Reference/Part_Number eq 'x'" },
        /reference 'Product_Reference' of 'Crm_Sales_Order_Lines' is not filterable/,
      ],
      [
        'Crm_Sales_Order_Lines', { $filter: 'Sales_Order_Reference/Nix eq 1' },
        /property named 'Nix' on type 'Erp.Crm_Sales_Orders'/,
      ],
      [
        'Gen_Documents', { $filter: 'Document_Date ge 2024-01-01' },
        /'2024-01-01' is not a valid value for 'Document_Date' \(date\)/,
      ],
      ['Gen_Documents', { $filter: "Document_Date ge '2024-01-01T00:00:00Z'" }, /is not a valid value/],
      ['Gen_Documents', { $filter: 'Document_Date ge 2024-13-01T00:00:00Z' }, /is not a valid value/],
      ['Gen_Documents', { $filter: "State eq '30'" }, /'30' is not a valid value for 'State' \(smallint\)/],
      ['Gen_Documents', { $filter: 'State eq Released' }, /'Released' is not a valid value/],
      ['Gen_Documents', { $filter: 'Void eq 1' }, /'1' is not a valid value for 'Void' \(bit\)/],
      ['Gen_Documents', { $filter: 'Id eq 123' }, /'123' is not a valid value for 'Id' \(uniqueidentifier\)/],
      ['Gen_Documents', { $filter: 'Document_No eq 5' }, /'5' is not a valid value for 'Document_No' \(nvarchar\)/],
      ['Gen_Documents', { $filter: 'Document_No like 5' }, /pattern of 'like'/],
      ['Gen_Documents', { $filter: 'State ge null' }, /'null' can only be compared by 'eq'/],
      ['Gen_Documents', { $filter: 'State in (30, null)' }, /'null' can only be compared by 'eq'/],
      ['Gen_Documents', { $filter: 'State in ()' }, /'\)' is not expected at position 10/],
      ['Gen_Documents', { $filter: 'State eq' }, /ends at position 8/],
      ['Gen_Documents', { $filter: '(State eq 30' }, /ends at position 12/],
      ['Gen_Documents', { $filter: 'State eq 30 30' }, /'30' is not expected at position 12/],
      ['Gen_Documents', { $filter: 'State eq 30 and' }, /ends at position 15/],
      ['Gen_Documents', { $filter: '30 eq State' }, /'30' is not expected at position 0/],
      ['Gen_Documents', { $filter: "Document_No eq 'open" }, /character ''' is not valid at position 15/],
      ['Gen_Documents', { $filter: 'State = 30' }, /character '=' is not valid at position 6/],
      ['Gen_Documents', { $filter: 'State is 30' }, /'is' is not expected at position 6/],
      ['Gen_Documents', { $select: 'Id,Nix' }, /property named 'Nix'/],
      ['Gen_Documents', { $select: 'Id,' }, /property named ''/],
      ['Gen_Documents', { $select: '*' }, /property named '\*'/],
      ['Gen_Documents', { $top: '-1' }, /Invalid value '-1' for the query option '\$top'/],
      ['Gen_Documents', { $top: '2147483648' }, /Invalid value/],
      ['Gen_Documents', { $top: 'x' }, /Invalid value/],
    ]
    for (const [table, options, words] of cases) {
      it(`${table}: ${JSON.stringify(options)}`, async () => {
        const response = await ask(table, options)
        const body = await response.json() as Record<string, unknown>
        assert.equal(response.status, 500)
        assert.deepEqual(Object.keys(body), ['message', 'code', 'type', 'info', 'messageFormat', 'parameters'])
        assert.match(String(body['message']), words)
      })
    }

    it('an option given twice', async () => {
      const response = await fetch(
        `${sandbox.url}/tableapi/odata/Gen_Documents?$top=1&$top=2`,
        { headers: { 'x-api-key': sandbox.referenceToken } },
      )
      assert.match(await response.text(), /more than once/)
    })

    it('unknown tables with 404, other methods with 405', async () => {
      assert.equal((await ask('Nix')).status, 404)
      assert.equal((await ask('gen_documents')).status, 404)
      const post = await fetch(
        `${sandbox.url}/tableapi/odata/Gen_Documents`,
        { method: 'POST', headers: { 'x-api-key': sandbox.referenceToken } },
      )
      assert.equal(post.status, 405)
    })

    it('in the wrapped form by quirk', async () => {
      await sandbox.control.quirks({ 'wrapped-errors': true })
      const body = await (await ask('Gen_Documents', { $skip: '1' })).json() as { error: { message: string } }
      assert.match(body.error.message, /not supported/)
    })
  })
})
