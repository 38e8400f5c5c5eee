import assert from 'node:assert/strict'

import { useSandbox } from '../fakes/sandbox.ts'
import { tablesOf } from './tables.ts'

describe('sandbox: Table API refuses', () => {
  const sandbox = useSandbox()
  afterEach(async () => sandbox.control.clearQuirks())

  const ask = (path: string, options?: Record<string, string>) => tablesOf(sandbox).ask(path, options)

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
    ['Apm_Cases', { $filter: 'Due_Time ge 25' }, /'25' is not a valid value for 'Due_Time' \(time\)/],
    ['Apm_Cases', { $filter: "Due_Time ge '17:30:00'" }, /is not a valid value/],
    ['Apm_Cases', { $filter: 'Priority eq 1.5' }, /'1.5' is not a valid value for 'Priority' \(tinyint\)/],
    ['Apm_Cases', { $filter: 'Owner_User_Reference/Is_Admin eq true' }, /'Owner_User_Reference' of 'Apm_Cases' is not filterable/],
    ['Dmv_Table_Info', { $filter: 'Row_Count eq 1e3' }, /'1e3' is not a valid value for 'Row_Count' \(bigint\)/],
    ['Dmv_Table_Info', { $filter: "Size_MB ge '1.5'" }, /'1.5' is not a valid value for 'Size_MB' \(decimal\)/],
    ['Dmv_Apps_Performance', { $filter: 'Requests eq NaN' }, /'NaN' is not a valid value for 'Requests' \(float\)/],
    ['Gen_Parties', { $filter: 'Party_Type eq C' }, /'C' is not a valid value for 'Party_Type' \(char\)/],
    ['Gen_Product_Groups', { $filter: 'Picture eq null' }, /'Picture' is not filterable/],
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

  it('percent-encoding that is none with 400', async () => {
    for (const query of ['$filter=Document_No%20eq%20%zz', '$top=1%', '$select=%ff', '$filter=%C3%28']) {
      const response = await fetch(
        `${sandbox.url}/tableapi/odata/Gen_Documents?${query}`, { headers: { 'x-api-key': sandbox.referenceToken } },
      )
      assert.equal(response.status, 400, query)
      assert.match(await response.text(), /not well formed/)
    }
  })

  it('every method but GET', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']) {
      for (const path of ['', '$metadata', 'Gen_Documents']) {
        const response = await fetch(
          `${sandbox.url}/tableapi/odata/${path}`, { method, headers: { 'x-api-key': sandbox.referenceToken } },
        )
        assert.equal(response.status, 405, `${method} ${path}`)
        assert.equal(response.headers.get('allow'), 'GET')
        await response.text()
      }
    }
  })
})
