import assert from 'node:assert/strict'

import { at, DomainClient } from '../fakes/domain.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { useTwin } from '../fakes/twin.ts'

const ORDERS = 'Crm_Sales_SalesOrders'
const LINES = 'Crm_Sales_SalesOrderLines'
const PRODUCTS = 'General_Products_Products'
const CUSTOMERS = 'Crm_Sales_Customers'

describe('sandbox: Domain API filters', () => {
  const sandbox = useSandbox({ rows: 800 })
  const domain = new DomainClient(sandbox)
  const twin = useTwin(800)
  before(async () => {
    await sandbox.control.limits({ perMinute: 10_000 })
  })

  const sql = (text: string) => Object.values(twin.prepare(text).get() ?? {})[0]
  const values = 'Gen_Property_Values v JOIN Gen_Properties p ON p.Property_Id = v.Property_Id'
  const orders = 'Crm_Sales_Orders o JOIN Gen_Documents d ON d.Id = o.Document_Id'

  describe('finds what SQL finds', () => {
    const cases: readonly (readonly [set: string, filter: string, rows: string])[] = [
      [ORDERS, "State eq 'Released'", `${orders} WHERE d.State = 30`],
      [ORDERS, "State eq Erp.General_Documents_DocumentState'Released'", `${orders} WHERE d.State = 30`],
      [ORDERS, "State ge 'Completed'", `${orders} WHERE d.State >= 40`],
      [ORDERS, "State in ('Completed', 'Released')", `${orders} WHERE d.State IN (30, 40)`],
      [ORDERS, "DocumentNo eq 'S00000002'", `${orders} WHERE d.Document_No = 'S00000002'`],
      [ORDERS, 'Void eq false and IsReleased eq true', `${orders} WHERE d.Void = 0 AND o.Is_Released = 1`],
      [ORDERS, '(Void eq false) and (IsReleased eq true)', `${orders} WHERE d.Void = 0 AND o.Is_Released = 1`],
      [ORDERS, 'DocumentDate ge 2025-01-01Z', `${orders} WHERE d.Document_Date >= '2025-01-01T00:00:00Z'`],
      [ORDERS, 'DocumentDate ge 2025-01-01', `${orders} WHERE d.Document_Date >= '2025-01-01T00:00:00Z'`],
      [ORDERS, 'DocumentDate le 2025-01-01T00:00:00.000Z', `${orders} WHERE d.Document_Date <= '2025-01-01T00:00:00Z'`],
      [ORDERS, 'CreationTime le 2025-03-04T23:59:59.999Z', `${orders} WHERE d.Creation_Time <= '2025-03-04T00:00:00Z'`],
      [ORDERS, "startswith(DocumentNo,'w0')", `${orders} WHERE d.Document_No LIKE 'W0%'`],
      [ORDERS, "endswith(DocumentNo,'7')", `${orders} WHERE d.Document_No LIKE '%7'`],
      [ORDERS, "contains(DocumentNo,'00012')", `${orders} WHERE d.Document_No LIKE '%00012%'`],
      [ORDERS, "contains(DocumentNo,'%')", `${orders} WHERE 0`],
      [ORDERS, 'lessequalnull(RequiredDeliveryDate,2024-06-01)',
        `${orders} WHERE o.Required_Delivery_Date IS NULL OR o.Required_Delivery_Date <= '2024-06-01T00:00:00Z'`],
      [ORDERS, 'greaterequalnull(RequiredDeliveryDate,2026-01-01) and Void eq false',
        `${orders} WHERE (o.Required_Delivery_Date IS NULL OR o.Required_Delivery_Date >= '2026-01-01T00:00:00Z')`
          + ' AND d.Void = 0'],
      [ORDERS, 'AggregateLastUpdateTimeUtc ge 2024-01-02T00:00:00Z', orders],
      [LINES, "SalesOrder/State ge 'Released' and SalesOrder/Void eq false",
        `Crm_Sales_Order_Lines l JOIN (${orders}) ON o.Sales_Order_Id = l.Sales_Order_Id WHERE d.State >= 30 AND d.Void = 0`],
      [LINES, 'QuantityValue ge 12.5 and QuantityValue le 20',
        'Crm_Sales_Order_Lines WHERE CAST(Quantity AS REAL) BETWEEN 12.5 AND 20'],
      [LINES, 'LineNo eq 20', 'Crm_Sales_Order_Lines WHERE Line_No = 20'],
      ['Crm_Pricing_ProductPrices', 'PriceValue ge 100', 'Crm_Product_Prices WHERE CAST(Price AS REAL) >= 100'],
      ['Crm_Pricing_ProductPrices', 'equalnull(MinQuantityValue,10)',
        "Crm_Product_Prices WHERE Min_Quantity IS NULL OR Min_Quantity = '10.000'"],
      [PRODUCTS, "contains(Name,'стол')", "Gen_Products WHERE Product_Name LIKE '%стол%'"],
      [PRODUCTS, "PartNumber in ('FUR-0000','FUR-0001','nix')", "Gen_Products WHERE Part_Number IN ('FUR-0000','FUR-0001')"],
      [PRODUCTS, "CustomProperty_Colour eq 'червен'",
        `${values} WHERE p.Property_Code = 'Colour' AND v.Property_Value = 'червен'`],
      [PRODUCTS, "CustomProperty_Eco_u002ELabel eq 'A'",
        `${values} WHERE p.Property_Code = 'Eco.Label' AND v.Property_Value = 'A'`],
      [CUSTOMERS, "contains(Party/PartyName,'Rila')",
        "Crm_Customers c JOIN Gen_Parties p ON p.Id = c.Party_Id WHERE p.Party_Name LIKE '%Rila%'"],
      ['Systems_Monitoring_TableInfo', 'RowCount ge 9007199254740993', 'Dmv_Table_Info WHERE Row_Count >= 9007199254740993'],
      ['Logistics_Inventory_CurrentBalances', 'BaseCostValue ge 12345678901234567890.1',
        "Inv_Current_Balances WHERE Base_Cost = '12345678901234567890.10'"],
    ]
    for (const [set, filter, rows] of cases) {
      it(`${set}: ${filter}`, async () => {
        assert.equal(await domain.count(set, filter), sql(`SELECT COUNT(*) FROM ${rows}`))
      })
    }
  })

  it('compares references with entity ids, by eq, in and equalnull', async () => {
    const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'Customer,Store' })
    const customer = String(at(order, 'Customer', '@odata.id'))
    const guid = customer.slice(customer.indexOf('(') + 1, -1)
    const count = sql(`SELECT COUNT(*) FROM Crm_Sales_Orders WHERE Customer_Id = '${guid}'`)
    assert.equal(await domain.count(ORDERS, `Customer eq '${customer}'`), count)
    const nobody = `${CUSTOMERS}(00000000-0000-0000-0000-000000000000)`
    assert.equal(await domain.count(ORDERS, `Customer in ('${customer}','${nobody}')`), count)
    assert.equal(await domain.count(ORDERS, `Customer eq '${nobody}'`), 0)
    const [channel] = await domain.rows('Crm_Marketing_DistributionChannels', { $top: '1' })
    const id = String(channel?.['@odata.id'])
    const held = sql(`SELECT COUNT(*) FROM Crm_Sales_Orders WHERE Distribution_Channel_Id IS NULL
      OR Distribution_Channel_Id = '${id.slice(id.indexOf('(') + 1, -1)}'`)
    assert.equal(await domain.count(ORDERS, `equalnull(DistributionChannel,'${id}')`), held)
  })

  it('a reference to a base type is compared with the id of what extends it too', async () => {
    const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'DocumentNo' })
    const id = String(order?.['@odata.id'])
    const lines = await domain.count(LINES, `SalesOrder eq '${id}'`)
    assert.equal(lines, ((await domain.one(id, { $select: 'Lines' }))['Lines'] as unknown[]).length)
    const follow = await domain.count('General_Documents_Documents', `MasterDocument eq '${id}'`)
    assert.ok(follow >= 1)
    const asDocument = id.replace(ORDERS, 'General_Documents_Documents')
    assert.equal(await domain.count('General_Documents_Documents', `MasterDocument eq '${asDocument}'`), follow)
  })

  it('compares ids, as bare GUIDs', async () => {
    const [product] = await domain.rows(PRODUCTS, { $top: '1', $select: 'Id' })
    const id = String(product?.['Id'])
    assert.equal(await domain.count(PRODUCTS, `Id eq ${id}`), 1)
    assert.equal(await domain.count(PRODUCTS, `Id in (${id.toUpperCase()}, 00000000-0000-0000-0000-000000000000)`), 1)
  })

  it('moments are cut to the day', async () => {
    const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'CreationTime,DocumentNo' })
    const day = String(order?.['CreationTime']).slice(0, 10)
    const number = `DocumentNo eq '${String(order?.['DocumentNo'])}'`
    const count = (operator: string) =>
      domain.count(ORDERS, `${number} and CreationTime ${operator} ${day}T23:59:59.999Z`)
    assert.deepEqual([await count('le'), await count('ge')], [0, 1])
  })

  it('AggregateLastUpdateTimeUtc is compared to the minute', async () => {
    const [latest] = await domain.rows(ORDERS, { $top: '1', $select: 'AggregateLastUpdateTimeUtc,DocumentNo' })
    const moment = String(latest?.['AggregateLastUpdateTimeUtc'])
    const minute = Date.parse(`${moment.slice(0, 17)}00Z`)
    const number = `DocumentNo eq '${String(latest?.['DocumentNo'])}'`
    const since = (milliseconds: number) =>
      domain.count(ORDERS, `${number} and AggregateLastUpdateTimeUtc ge ${new Date(milliseconds).toISOString()}`)
    assert.equal(await since(minute + 59_000), 1, 'seconds are cut')
    assert.equal(await since(minute + 60_000), 0)
  })

  describe('refuses', () => {
    const cases: readonly (readonly [set: string, filter: string, words: RegExp])[] = [
      [ORDERS, "DocumentNo eq 'a' or DocumentNo eq 'b'", /operator 'or' is not supported/],
      [ORDERS, "(DocumentNo eq 'a' or DocumentNo eq 'b')", /operator 'or'/],
      [ORDERS, 'not (Void eq true)', /operator 'not'/],
      [ORDERS, 'not Void eq true', /operator 'not'/],
      [ORDERS, 'Void ne true', /operator 'ne'/],
      [ORDERS, 'DocumentDate gt 2025-01-01', /operator 'gt'/],
      [ORDERS, 'DocumentDate lt 2025-01-01', /operator 'lt'/],
      [ORDERS, "DocumentNo like 'S%'", /operator 'like'/],
      [ORDERS, 'Store eq null', /null/],
      [ORDERS, 'RequiredDeliveryDate le null', /null/],
      [ORDERS, 'equalnull(Store,null)', /null/],
      [ORDERS, "tolower(DocumentNo) eq 'a'", /function 'tolower'/],
      [ORDERS, 'year(DocumentDate) eq 2025', /function 'year'/],
      [ORDERS, "contains(DocumentNo,'a') eq true", /operator 'eq'/],
      [ORDERS, "Lines/any(l: l/LineNo eq 1)", /function 'Lines\/any'/],
      [ORDERS, "Lines/LineNo eq 10", /'Lines'/],
      [ORDERS, "Notes eq 'a'", /'Notes' is not filterable/],
      [ORDERS, "VoidReason eq 'a'", /not filterable/],
      [ORDERS, "contains(InvoiceNo,'a')", /'InvoiceNo' does not support 'contains' \(supported filters: Equals\)/],
      [ORDERS, "CreationTime eq 2025-01-01", /does not support 'eq'/],
      [ORDERS, "DocumentNo ge 'a'", /does not support 'ge'/],
      [ORDERS, "DocumentNo in ('a')", /does not support 'in'/],
      [ORDERS, 'Customer ge 1', /does not support 'ge'/],
      [ORDERS, "contains(Customer,'a')", /does not support 'contains'/],
      [ORDERS, "Customer/Number eq 'C1'", /'Customer' of 'Erp.Crm_Sales_SalesOrder' is neither/],
      [ORDERS, `Customer eq '${PRODUCTS}(00000000-0000-0000-0000-000000000000)'`, /not a valid value for 'Customer'/],
      [ORDERS, "Customer eq 00000000-0000-0000-0000-000000000000", /not a valid value/],
      [ORDERS, "Customer eq 'Crm_Customers(00000000-0000-0000-0000-000000000000)'", /not a valid value/],
      [ORDERS, "State eq 'Nix'", /'Nix' is not a valid value for 'State'/],
      [ORDERS, 'State eq 30', /not a valid value/],
      [ORDERS, "State eq Erp.General_Priority'Low'", /not a valid value/],
      [ORDERS, "Void eq 'true'", /not a valid value for 'Void' \(Edm.Boolean\)/],
      [ORDERS, "DocumentDate eq '2025-01-01'", /not a valid value/],
      [ORDERS, 'DocumentDate eq 2025-13-01', /not a valid value/],
      [ORDERS, 'DocumentDate eq 2025-01-01T00:00:00', /not a valid value/],
      [ORDERS, 'DocumentNo eq 7', /not a valid value/],
      [ORDERS, "Nix eq 'a'", /property named 'Nix'/],
      [ORDERS, "documentno eq 'a'", /property named 'documentno'/],
      [ORDERS, "DocumentNo eq 'a' and", /Syntax error/],
      [ORDERS, "DocumentNo eq 'a' x", /'x'/],
      [ORDERS, 'DocumentNo', /Syntax error/],
      [ORDERS, "DocumentNo eq 'a", /Syntax error/],
      [ORDERS, "'a' eq DocumentNo", /Syntax error/],
      [LINES, 'Quantity ge 5', /'Quantity' can't be used here; use 'QuantityValue'/],
      [LINES, 'LineAmountValue ge 5', /'LineAmountValue' is not filterable/],
      [PRODUCTS, "Name eq 'a'", /'Name' can be filtered only through 'contains'/],
      [PRODUCTS, "startswith(Name,'a')", /only through 'contains'/],
      [PRODUCTS, "contains(CustomProperty_Colour,'a')", /'CustomProperty_Colour' can be filtered only through 'eq'/],
      [PRODUCTS, "CustomProperty_Colour in ('a')", /only through 'eq'/],
      [PRODUCTS, 'CalculatedAttribute_Margin ge 1', /not filterable/],
      [PRODUCTS, "DisplayText eq 'a'", /not filterable/],
      [PRODUCTS, `Id eq '00000000-0000-0000-0000-000000000000'`, /not a valid value/],
      ['Systems_Security_Users', "contains(UserType,'INT')", /does not support 'contains'/],
    ]
    for (const [set, filter, words] of cases) {
      it(`${set}: ${filter}`, async () => {
        assert.match((await domain.refused(set, { $filter: filter })).message, words)
      })
    }
  })

  it('lets each attribute do what the model says of it, and nothing else', async () => {
    interface Attribute {
      Name: string; Type: string; BaseInfo: { SupportedFilters: string }; enumValues?: { Name: string }[]
    }
    interface Repository { Name: string; Attributes: Attribute[] }
    const model = await (await fetch(`${sandbox.url}/api/domain/standardmodel?details=true`)).json() as Repository[]
    let asked = 0
    for (const { Name: set, Attributes } of model) {
      for (const { Name, Type, BaseInfo: { SupportedFilters: able }, enumValues } of Attributes) {
        const literal = enumValues ? `'${enumValues[0]?.Name ?? ''}'` : LITERALS[Type]
        if (literal === undefined || !/^(?:Crm|Systems)_/.test(set)) continue
        const name = /^Erp\.(?:Amount|Quantity)$/.test(Type) ? `${Name}Value` : Name
        const tries = [
          [`${name} eq ${literal}`, 'Equals'], [`${name} ge ${literal}`, 'GreaterThanOrLessThan'],
          [`${name} in (${literal})`, 'EqualsIn'],
        ]
        if (Type === 'Edm.String') tries.push([`contains(${name},'x')`, 'Like'])
        for (const [filter = '', kind = ''] of tries) {
          const response = await domain.fetch(`${set}/$count`, { $filter: filter })
          const allowed = able.split(', ').includes(kind)
          assert.equal(response.status, allowed ? 200 : 500, `${set}: ${filter} (${able}): ${await response.text()}`)
          asked += 1
        }
      }
    }
    assert.ok(asked > 500)
  })
})

const LITERALS: Readonly<Record<string, string>> = {
  'Edm.String': "'x'", 'Edm.Boolean': 'true', 'Edm.Int32': '1', 'Edm.Int16': '1', 'Edm.Byte': '1', 'Edm.Int64': '1',
  'Edm.Decimal': '1.5', 'Edm.DateTimeOffset': '2025-01-01Z', 'Edm.Guid': '00000000-0000-0000-0000-000000000000',
  'Erp.Amount': '1', 'Erp.Quantity': '1',
}
