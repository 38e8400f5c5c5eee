import assert from 'node:assert/strict'

import { useSandbox } from '../fakes/sandbox.ts'
import { useTwin } from '../fakes/twin.ts'
import { tablesOf } from './tables.ts'

describe('sandbox: Table API accepts', () => {
  const rows = 400
  const sandbox = useSandbox({ rows })
  const twin = useTwin(rows)
  afterEach(async () => sandbox.control.clearQuirks())

  const ask = (path: string, options?: Record<string, string>) => tablesOf(sandbox).ask(path, options)
  const askRows = (table: string, options?: Record<string, string>) => tablesOf(sandbox).rows(table, options)
  const sqlCount = (sql: string) => Number(twin.prepare(`SELECT COUNT(*) AS n FROM ${sql}`).get()?.['n'])
  const sqlText = (sql: string) => String(Object.values(twin.prepare(sql).get() ?? {})[0])

  const quantityInStore = () => sqlText('SELECT Quantity_Base FROM Inv_Current_Balances')
  const order = () => sqlText('SELECT Sales_Order_Id FROM Crm_Sales_Orders LIMIT 1 OFFSET 3')
  const document = () => sqlText('SELECT Id FROM Gen_Documents WHERE Parent_Document_Id IS NULL LIMIT 1 OFFSET 40')
  const user = () => sqlText('SELECT Owner_User FROM Apm_Cases')
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
    // As the sheet has it: a list over one field, after `and`.
    [
      'Gen_Parties', "Is_Active eq true and (Party_Type eq 'C' or Party_Type eq 'L')",
      "Gen_Parties WHERE Is_Active = 1 AND Party_Type IN ('C', 'L')",
    ],
    // A literal of every type that has filters.
    ['Apm_Cases', 'Due_Time ge 17:30:00', "Apm_Cases WHERE Due_Time >= '17:30:00'"],
    ['Apm_Time_Entries', 'Start_Time eq 09:05:09', "Apm_Time_Entries WHERE Start_Time = '09:05:09'"],
    ['Apm_Cases', 'Due_Date le 0001-01-01T23:59:59Z', "Apm_Cases WHERE Due_Date = '0001-01-01T00:00:00Z'"],
    ['Apm_Cases', 'Due_Date ge 9999-12-31T00:00:00Z', "Apm_Cases WHERE Due_Date = '9999-12-31T00:00:00Z'"],
    ['Apm_Cases', 'Story_Points le -2147483648', 'Apm_Cases WHERE Story_Points < 0'],
    ['Apm_Cases', 'Priority eq 3', 'Apm_Cases WHERE Priority = 3'],
    ['Apm_Cases', "Case_Number like '1%'", "Apm_Cases WHERE substr(Case_Number, 1, 1) = '1'"],
    ['Apm_Cases', "System_State in ('1','7')", "Apm_Cases WHERE System_State = '1' OR System_State = '7'"],
    ['Apm_Cases', () => `Owner_User eq ${user()}`, () => `Apm_Cases WHERE Owner_User = '${user()}'`],
    ['Apm_Cases', 'Parent_Case_Id eq null', 'Apm_Cases WHERE Parent_Case_Id IS NULL'],
    ['Dmv_Apps_Performance', 'Requests eq 1e15', 'Dmv_Apps_Performance WHERE Requests > 2000'],
    ['Dmv_Apps_Performance', 'Busy_Time_Hours_Per_Day ge 0.1', 'Dmv_Apps_Performance WHERE Busy_Time_Hours_Per_Day >= 0.1'],
    ['Dmv_Apps_Performance', "Application ge 'com.example/web'", "Dmv_Apps_Performance WHERE Application LIKE '%web%'"],
    ['Gen_Products', 'Show_In_Catalog in (true)', 'Gen_Products WHERE Show_In_Catalog = 1'],
    ['Gen_Documents', () => `Id ge ${document()}`, () => `Gen_Documents WHERE Id >= '${document()}'`],
    [
      'Gen_Documents', () => `Master_Document_Id in (${document()},'${document()}')`,
      () => `Gen_Documents WHERE Master_Document_Id = '${document()}'`,
    ],
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
