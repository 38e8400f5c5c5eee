import assert from 'node:assert/strict'

import { at, DomainClient, type Entity } from '../fakes/domain.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { useTwin } from '../fakes/twin.ts'

const ORDERS = 'Crm_Sales_SalesOrders'
const LINES = 'Crm_Sales_SalesOrderLines'

describe('sandbox: Domain API groups and aggregates', () => {
  const sandbox = useSandbox({ rows: 800 })
  const domain = new DomainClient(sandbox)
  const twin = useTwin(800)
  before(async () => {
    await sandbox.control.limits({ perMinute: 10_000 })
  })

  const sqlRows = (text: string): readonly Entity[] => twin.prepare(text).all()
  const hundredths = (amount: unknown) => Math.round(Number(amount) * 100)
  const apply = (set: string, text: string, more: Record<string, string> = {}) => domain.rows(set, { $apply: text, ...more })

  it('counts groups, and lays paths as deep as they are', async () => {
    const found = await apply(LINES, 'groupby((SalesOrder/State),aggregate($count as Count))')
    const wanted = sqlRows(`SELECT d.State AS state, COUNT(*) AS n FROM Crm_Sales_Order_Lines l
      JOIN Crm_Sales_Orders o ON o.Sales_Order_Id = l.Sales_Order_Id JOIN Gen_Documents d ON d.Id = o.Document_Id GROUP BY 1`)
    assert.equal(found.length, wanted.length)
    const closed = found.find(row => at(row, 'SalesOrder', 'State') === 'Closed')
    assert.equal(Number(closed?.['Count']), wanted.find(({ state }) => state === 50)?.['n'])
  })

  it('answers open objects', async () => {
    const page = await domain.page(LINES, { $apply: 'aggregate($count as Count)' })
    assert.equal(page['@odata.context'], `${domain.root}$metadata#Collection(Erp.OpenObject)`)
    assert.deepEqual(page.value, [{ Count: '800' }])
  })

  it('sums amounts to the last digit, with their currency', async () => {
    const [row] = await apply(LINES, 'aggregate(LineAmount with sum as Total,TaxAmount with max as Tax)')
    const [wanted] = sqlRows(`SELECT SUM(CAST(replace(Line_Amount, '.', '') AS INTEGER)) AS total,
      MAX(CAST(Tax_Amount AS REAL)) AS tax FROM Crm_Sales_Order_Lines`)
    assert.equal(hundredths(at(row, 'Total', 'Value')), wanted?.['total'])
    assert.equal(at(row, 'Total', 'Currency'), 'EUR')
    assert.equal(Number(at(row, 'Tax', 'Value')), wanted?.['tax'])
    const [balances] = await apply('Logistics_Inventory_CurrentBalances', 'aggregate(BaseCost with sum as Cost)')
    const cents = sqlRows('SELECT Base_Cost AS c FROM Inv_Current_Balances')
      .reduce((sum, { c }) => sum + BigInt(String(c).replace('.', '')), 0n)
    assert.equal(String(at(balances, 'Cost', 'Value')).replace('.', ''), String(cents))
  })

  it('keeps quantities of different units apart', async () => {
    const rows = await apply(LINES, 'aggregate(Quantity with sum as Sum,$count as Lines)')
    const units = rows.map(row => at(row, 'Sum', 'Unit'))
    assert.equal(new Set(units).size, rows.length)
    assert.ok(rows.length > 2)
    assert.equal(rows.reduce((sum, row) => sum + Number(row['Lines']), 0), 800)
  })

  it('min, max and countdistinct', async () => {
    const [lines] = await apply(
      LINES, 'aggregate(LineNo with min as First,LineAmountValue with max as Most,SalesOrder with countdistinct as Orders)',
    )
    const [wanted] = sqlRows(`SELECT MIN(Line_No) AS first, MAX(CAST(Line_Amount AS REAL)) AS most,
      COUNT(DISTINCT Sales_Order_Id) AS orders FROM Crm_Sales_Order_Lines`)
    assert.deepEqual(
      [Number(lines?.['First']), Number(lines?.['Most']), Number(lines?.['Orders'])],
      [wanted?.['first'], wanted?.['most'], wanted?.['orders']],
    )
  })

  it('groups by owner and filterable references: the id of each', async () => {
    const rows = await apply(LINES, 'groupby((SalesOrder),aggregate($count as Count))')
    assert.equal(rows.length, sqlRows('SELECT DISTINCT Sales_Order_Id FROM Crm_Sales_Order_Lines').length)
    assert.match(String(at(rows[0], 'SalesOrder', 'DocumentId')), /^[0-9a-f-]{36}$/)
  })

  it('expandgroup opens a grouped reference', async () => {
    const rows = await apply(LINES, 'groupby((SalesOrder),aggregate(LineAmount with sum as Total))', {
      expandgroup: 'SalesOrder($select=DocumentNo,DisplayText;$expand=Customer($select=Number))', $top: '3',
    })
    assert.match(String(at(rows[0], 'SalesOrder', '@odata.id')), /^Crm_Sales_SalesOrders\(/)
    assert.equal(typeof at(rows[0], 'SalesOrder', 'Customer', 'Number'), 'string')
    assert.match(String(at(rows[0], 'SalesOrder', 'DisplayText')), / [SW]\d{8}$/)
    assert.equal(rows.length, 3)
  })

  it('groups without aggregates', async () => {
    const rows = await apply(ORDERS, 'groupby((Void,State))')
    assert.equal(new Set(rows.map(row => JSON.stringify(row))).size, rows.length)
  })

  const intervals: readonly (readonly [compute: string, sql: string])[] = [
    ['year(DocumentDate)', 'CAST(substr(d.Document_Date, 1, 4) AS INTEGER)'],
    ['yearmonth(DocumentDate)', "CAST(replace(substr(d.Document_Date, 1, 7), '-', '') AS INTEGER)"],
    ['date(CreationTime)', "substr(d.Creation_Time, 1, 10) || 'T00:00:00Z'"],
    ['substring(DocumentNo,0,1)', 'substr(d.Document_No, 1, 1)'],
    ['substring(DocumentNo,8)', 'substr(d.Document_No, 9)'],
  ]
  for (const [compute, expression] of intervals) {
    it(`computes ${compute} and groups by it`, async () => {
      const rows = await apply(ORDERS, `compute(${compute} as A)/groupby((A),aggregate($count as N))`, { $top: '1000' })
      const wanted = sqlRows(`SELECT ${expression} AS a, COUNT(*) AS n FROM Crm_Sales_Orders o
        JOIN Gen_Documents d ON d.Id = o.Document_Id GROUP BY 1 ORDER BY 1`)
      const found = rows.map(({ A, N }) => `${String(A)} ${String(N)}`).sort()
      assert.deepEqual(found, wanted.map(({ a, n }) => `${String(a)} ${String(n)}`).sort())
    })
  }

  it('$filter narrows what is grouped; $top and $skip cut the groups', async () => {
    const [row] = await apply(ORDERS, 'aggregate($count as N)', { $filter: 'Void eq true' })
    assert.equal(Number(row?.['N']), await domain.count(ORDERS, 'Void eq true'))
    const all = await apply(ORDERS, 'groupby((DocumentNo))', { $top: '10' })
    assert.deepEqual(await apply(ORDERS, 'groupby((DocumentNo))', { $top: '4', $skip: '3' }), all.slice(3, 7))
  })

  describe('refuses', () => {
    const cases: readonly (readonly [set: string, apply: string, words: RegExp])[] = [
      [LINES, 'aggregate(LineAmount with average as A)', /function 'average' is not supported/],
      [LINES, 'filter(LineNo eq 10)/aggregate($count as N)', /function 'filter'/],
      [LINES, 'aggregate($count as N)/filter(N ge 1)', /function 'filter'/],
      [LINES, 'compute(month(RequiredDeliveryDate) as M)/groupby((M))', /function 'month'/],
      [LINES, 'compute(year(LineNo) as Y)/groupby((Y))', /'LineNo' does not support/],
      [LINES, 'compute(year(RequiredDeliveryDate) as Y)/aggregate($count as N)', /function 'aggregate'/],
      [LINES, 'groupby((LineNo,LineNo))', /'LineNo' is used more than once/],
      [LINES, 'aggregate(LineNo with min as A,LineNo with max as B)', /'LineNo' is used more than once/],
      [LINES, 'aggregate($count as A,LineNo with max as A)', /'A' is used more than once/],
      [LINES, 'groupby((Product),aggregate($count as N))', /'Product' of .* is neither/],
      [LINES, 'groupby((Product/PartNumber))', /'Product' of .* is neither/],
      [LINES, 'groupby((SalesOrder/Customer/Number))', /'Customer' of .* is neither/],
      [ORDERS, 'groupby((Lines/LineNo))', /'Lines'/],
      [LINES, 'groupby((LineAmount))', /'LineAmount' can't be grouped by/],
      [LINES, 'groupby((ProductDescription))', /can't be grouped by/],
      [LINES, 'aggregate(ProductDescription with max as M)', /does not support the aggregate function 'max'/],
      [ORDERS, 'aggregate(DocumentDate with max as M)', /does not support the aggregate function 'max'/],
      [ORDERS, 'aggregate(Customer with sum as S)', /function 'sum'/],
      [LINES, 'groupby((Nix))', /'Nix'/],
      [LINES, 'groupby(LineNo)', /Syntax error/],
      [LINES, 'aggregate(LineNo with sum)', /Syntax error/],
      [LINES, 'aggregate($count)', /Syntax error/],
    ]
    for (const [set, text, words] of cases) {
      it(text, async () => assert.match((await domain.refused(set, { $apply: text })).message, words))
    }

    it('$orderby with it, in ERP.net\'s words', async () => {
      const refusal = await domain.refused(LINES, { $apply: 'groupby((LineNo))', $orderby: 'LineNo' })
      assert.equal(refusal.message, 'OData $orderby is not supported together with $apply groupby.')
      assert.match(refusal.type, /NotSupportedException$/)
    })
    for (const option of ['$select', '$expand', '$count']) {
      it(`${option} with it`, async () => {
        const value = option === '$count' ? 'true' : 'SalesOrder'
        await domain.refused(LINES, { $apply: 'groupby((SalesOrder))', [option]: value })
      })
    }
    for (const path of ['Customer', 'SalesOrder/Customer', 'LineNo']) {
      it(`expandgroup of ${path}, which is no grouped reference`, async () => {
        await domain.refused(LINES, { $apply: 'groupby((SalesOrder,LineNo))', expandgroup: path })
      })
    }
  })
})
