import assert from 'node:assert/strict'

import { isErpError } from '../../../src/core/base/errors.ts'
import { sandboxSchema } from '../../../src/sandbox/data/company.ts'
import { hardSchema } from '../../fakes/oracle/hardTables.ts'
import { tablesOfSchema } from '../../fakes/tableApi.ts'
import { inShort, planText } from './planned.ts'

const tables = tablesOfSchema(sandboxSchema())
const GUIDS = Array.from({ length: 60 }, (_, index) => `a0000000-0000-0000-0000-${String(index).padStart(12, '0')}`)

describe('a plan', () => {
  const cases: [query: string, requests: string[], local?: string[], warnings?: string[]][] = [
    // the server does it all
    ['Gen_Documents', ['Gen_Documents?$top=1000']],
    ['Gen_Documents?$top=5&$select=Id', ['Gen_Documents?$select=Id&$top=5']],
    ['Gen_Documents?$filter=State gt 30 and Void ne true&$top=5', ['Gen_Documents?$filter=State ge 31 and Void eq false&$top=5']],
    ['Crm_Sales_Orders?$filter=Document/Void ne true', ['Crm_Sales_Orders?$filter=Document_Reference/Void eq false&$top=1000']],
    ['Gen_Parties?$filter=Party_Name like \'%Иван%\'', ['Gen_Parties?$filter=Party_Name like \'%Иван%\'&$top=1000']],
    // $skip
    ['Gen_Documents?$skip=5&$top=5', ['Gen_Documents?$top=10'], ['slice $skip=5, $top=5 (no-option)']],
    // a filter that is finished here
    [
      'Gen_Documents?$filter=Document_Date lt 2026-01-01&$select=Id',
      ['Gen_Documents?$select=Id,Document_Date&$filter=Document_Date le 2026-01-01T00:00:00Z'],
      ['filter Document_Date lt 2026-01-01T00:00:00Z (widened)', 'slice erpnet.query.defaultTop=1000 (after-local)', 'shape Id (hidden)'],
    ],
    [
      'Gen_Documents?$filter=State eq 30 and contains(Notes,\'x\')&$top=5',
      ['Gen_Documents?$filter=State eq 30'],
      ['filter contains(Notes,\'x\') (not-sendable)', 'slice $top=5 (after-local)'],
      ['text-local Notes'],
    ],
    ['Gen_Documents?$filter=Notes eq \'x\'&$top=5', ['Gen_Documents'], ['filter Notes eq \'x\' (not-sendable)', 'slice $top=5 (after-local)'], ['whole-table Gen_Documents', 'text-local Notes']],
    ['Apm_Cases?$filter=Title eq \'x\'&$top=5', ['Apm_Cases?$filter=Title like \'x\''], ['filter Title eq \'x\' (widened)', 'slice $top=5 (after-local)'], ['text-local Title']],
    ['Gen_Documents?$filter=true eq State gt 30&$top=5', ['Gen_Documents'], ['filter (State gt 30) eq true (not-sendable)', 'slice $top=5 (after-local)'], ['whole-table Gen_Documents']],
    // or
    ['Gen_Documents?$filter=Document_Date ge 2026-01-01t10:00:00z', ['Gen_Documents?$filter=Document_Date ge 2026-01-01T10:00:00Z&$top=1000']],
    ['Gen_Documents?$select=Id&$filter=year(Document_Date) ge 9999', ['Gen_Documents?$select=Id,Document_Date&$filter=Document_Date ge 9999-01-01T00:00:00Z'],
      ['filter year(Document_Date) ge 9999 (widened)', 'slice erpnet.query.defaultTop=1000 (after-local)', 'shape Id (hidden)']],
    ['Gen_Documents?$filter=State eq 30 or State eq 40', ['Gen_Documents?$filter=State in (30,40)&$top=1000']],
    [
      'Gen_Documents?$filter=State eq 30 or Document_Date ge 2026-01-01&$select=State&$top=5',
      ['Gen_Documents?$select=State,Id&$filter=State eq 30&$top=5', 'Gen_Documents?$select=State,Id&$filter=Document_Date ge 2026-01-01T00:00:00Z&$top=5'],
      ['distinct Id (branches)', 'slice $top=5 (after-local)', 'shape State (hidden)'],
    ],
    [
      'Gen_Documents?$filter=Document_Date le 2025-01-01 or Document_Date ge 2026-01-01&$top=5',
      ['Gen_Documents?$filter=Document_Date le 2025-01-01T00:00:00Z&$top=5', 'Gen_Documents?$filter=Document_Date ge 2026-01-01T00:00:00Z&$top=5'],
      ['slice $top=5 (after-local)'],
    ],
    // without a key, rows that may come twice are asked for at once
    [
      'Inv_Current_Balances?$filter=Base_Cost ge 5 or Quantity_Base ge 5&$top=1',
      ['Inv_Current_Balances'], ['filter (Base_Cost ge 5) or (Quantity_Base ge 5) (not-sendable)', 'slice $top=1 (after-local)'],
      ['whole-table Inv_Current_Balances'],
    ],
    // order and count need all rows
    ['Gen_Documents?$orderby=Document_Date desc,Id&$top=5', ['Gen_Documents'], ['sort Document_Date desc, Id (no-option)', 'slice $top=5 (after-local)'], ['reads-all $orderby']],
    ['Gen_Documents?$count=true&$select=Id&$top=0', ['Gen_Documents?$select=Id'], ['count $count (no-option)', 'slice $top=0 (after-local)'], ['reads-all $count']],
    // groups
    [
      'Gen_Documents?$apply=filter(State ge 30)/groupby((State),aggregate($count as N))/filter(N gt 5)&$orderby=N desc&$top=3',
      ['Gen_Documents?$select=State&$filter=State ge 30'],
      ['group State, $count as N (no-option)', 'filter N gt 5 (after-local)', 'sort N desc (no-option)', 'slice $top=3 (after-local)'],
      ['reads-all $orderby'],
    ],
    ['Gen_Documents?$apply=aggregate($count as N)&$top=1', ['Gen_Documents?$select=Id'], ['group $count as N (no-option)', 'slice $top=1 (after-local)']],
    // the key of a group by any of its names
    ...['Customer/Customer_Id', 'Customer_Reference/Customer_Id'].map((by): [string, string[], string[], string[]] => [
      `Crm_Sales_Orders?$apply=groupby((Customer/Customer_Id),aggregate($count as N))&$filter=${by} ne null&$orderby=${by}&$select=${by}`,
      ['Crm_Sales_Orders?$select=Customer_Id'],
      [
        'lookup Customer_Reference: Crm_Customers.Customer_Id (reference)',
        'group Customer_Reference/Customer_Id, $count as N (no-option)',
        'filter Customer_Reference/Customer_Id ne null (after-local)',
        'sort Customer_Reference/Customer_Id (no-option)',
        'slice erpnet.query.defaultTop=1000 (after-local)',
        'shape Customer_Reference (no-option)',
      ],
      ['reads-all $orderby'],
    ]),
    // references
    [
      'Crm_Sales_Orders?$select=Is_Released&$expand=Customer($select=Customer_Id;$expand=Party($select=Party_Name))&$top=2',
      ['Crm_Sales_Orders?$select=Is_Released,Customer_Id&$top=2'],
      [
        'lookup Customer_Reference: Crm_Customers.Customer_Id (reference)',
        'lookup Customer_Reference/Party_Reference: Gen_Parties.Id (reference)',
        'shape Is_Released, Customer_Reference (no-option)',
      ],
    ],
    ['Crm_Sales_Orders?$select=Customer/Customer_Id&$top=2', ['Crm_Sales_Orders?$select=Customer_Id&$top=2'], ['lookup Customer_Reference: Crm_Customers.Customer_Id (reference)', 'shape Customer_Reference (no-option)']],
    [
      'Crm_Sales_Orders?$filter=Customer_Reference/Credit_Limit gt 5&$select=Is_Released&$top=2',
      ['Crm_Sales_Orders?$select=Is_Released,Customer_Id'],
      ['lookup Customer_Reference: Crm_Customers.Customer_Id (reference)', 'filter Customer_Reference/Credit_Limit gt 5 (not-sendable)', 'slice $top=2 (after-local)', 'shape Is_Released (hidden)'],
      ['whole-table Crm_Sales_Orders'],
    ],
    // custom properties
    ['Gen_Property_Values?$top=1', ['Gen_Property_Values?$top=1'], [], ['scan Gen_Property_Values Entity_Item_Id']],
  ]
  for (const [query, requests, local = [], warnings = []] of cases) {
    it(query, () => assert.deepEqual(inShort(planText(query, { tables, defaultTop: 1000 })), { requests, local, warnings }))
  }

  it('cuts long lists into addresses that are short enough, and leaves no value out', () => {
    const plan = planText(`Gen_Documents?$filter=Void eq false and Id in (${GUIDS.join(',')})&$select=Id`, { tables, maxUrlLength: 600 })
    assert.ok(plan.requests.length > 4)
    assert.ok(plan.requests.every(({ url }) => url.length <= 600 && url.includes('Void%20eq%20false%20and%20Id%20in')))
    assert.deepEqual(plan.requests.flatMap(({ url }) => url.match(/a0000000[\d-]*/g) ?? []), GUIDS)
  })

  it('finishes a second long list here', () => {
    const plan = planText(`Gen_Documents?$filter=Id in (${GUIDS.join(',')}) and Document_Type_Id in (${GUIDS.slice(0, 40).join(',')})`, { tables, maxUrlLength: 600 })
    assert.ok(plan.requests.every(({ url }) => url.length <= 600))
    assert.match(inShort(plan).local.join(), /filter Document_Type_Id in/)
  })

  it('keeps addresses short where several lists are long together', () => {
    const columns = ['Id', 'A', 'B', 'C', 'D', 'E'].map(name => ({ name, type: 'Edm.Guid', nullable: false }))
    const several = [{ name: 'T', key: ['Id'], columns, references: [] }]
    const lists = columns.slice(1).map(({ name }) => `${name} in (${GUIDS.slice(0, 25).join(',')})`)
    const plan = planText(`T?$filter=${lists.join(' and ')}`, { tables: several })
    assert.ok(plan.requests.every(({ url }) => url.length <= 4000), plan.requests.map(({ url }) => url.length).join())
    assert.deepEqual(inShort(plan).local.map(text => text.slice(0, 13)), ['filter D in (', 'filter E in ('])
    assert.equal(plan.run.requests[0]?.list?.values.length, 25, 'one may be cut further while it runs')
    const one = planText(`T?$filter=${lists[0] ?? ''}`, { tables: several })
    assert.deepEqual([one.local, one.run.requests[0]?.list], [[], undefined])
  })

  it('asks by the foreign keys too for what is null behind a reference', () => {
    const requests = (filter: string): string[] =>
      inShort(planText(`Tst_Items?$select=Code&$filter=${filter}`, { tables: tablesOfSchema(hardSchema()) })).requests.map(text => text.split('$filter=')[1] ?? '')
    assert.deepEqual(requests('Group/Level eq null'), ['Group_Id eq null', 'Group_Reference/Level eq null'])
    assert.deepEqual(requests('Owner/Level eq null'), ['Owner_Reference/Level eq null'], 'there always is an owner')
    assert.deepEqual(requests('Owner/Parent_Group/Level in (1,null)'), [
      'Owner_Reference/Parent_Group_Reference/Level in (1)', 'Owner_Reference/Parent_Group_Id eq null', 'Owner_Reference/Parent_Group_Reference/Level eq null',
    ])
  })

  it('takes expansions of one reference by its different names as one', () => {
    const { run: { columns } } = planText('Crm_Sales_Orders?$select=Is_Released,Customer/Customer_Id&$expand=Customer_Reference($select=Credit_Limit),Customer_Id($select=Customer_Id)', { tables })
    assert.deepEqual(columns.map(({ name, columns: inner }) => [name, inner?.map(column => column.name)]), [
      ['Is_Released', undefined], ['Customer_Reference', ['Credit_Limit', 'Customer_Id']],
    ])
  })

  it('cuts no list of texts where rows have no key, and says what it does with a long one', () => {
    const texts = (count: number, letter: string): string => Array.from({ length: count }, (_, index) => `'${letter}${index}'`).join(',')
    const columns = ['Code', 'Name'].map(name => ({ name, type: 'Edm.String', nullable: false }))
    const keyless = [{ name: 'T', key: [], columns: [...columns, { name: 'G', type: 'Edm.Guid', nullable: false }], references: [] }]
    const short = planText(`T?$filter=Code in (${texts(90, 'a')}) and Name in (${texts(20, 'b')})`, { tables: keyless })
    assert.deepEqual([short.requests.length, short.local, short.warnings, short.run.requests[0]?.list], [1, [], [], undefined])
    const long = planText(`T?$filter=Code in (${texts(900, 'a')}) and Name in (${texts(20, 'b')})`, { tables: keyless })
    assert.match(inShort(long).requests.join(), /^T\?\$filter=Name in \([^)]*\)$/)
    assert.deepEqual(inShort(long).warnings, ['text-local Code'])
    const guids = planText(`T?$filter=G in (${GUIDS.join(',')}) and Code in (${texts(90, 'a')})`, { tables: keyless, maxUrlLength: 2000 })
    assert.ok(guids.requests.length > 1 && guids.local.length === 0)
    const withKey = planText(`T?$filter=Code in (${texts(900, 'a')}) and Name in (${texts(900, 'b')})`, { tables: keyless.map(table => ({ ...table, key: ['G'] })) })
    assert.ok(withKey.requests.length > 1)
    assert.deepEqual([inShort(withKey).local.at(-1), inShort(withKey).warnings], ['distinct G (branches)', ['text-local Name']])
  })

  it('takes it as it is where no rows are to be left out', () =>
    assert.deepEqual(inShort(planText('Gen_Documents', { tables })), { requests: ['Gen_Documents'], local: [], warnings: [] }))

  const refused: [query: string, code: string, facts: Readonly<Record<string, string | number>>][] = [
    ['Gen_Document', 'table-unknown', { table: 'Gen_Document', suggestion: 'Gen_Documents' }],
    ['Gen_Documents?$filter=Stat eq 1', 'column-unknown', { line: 1, column: 23, name: 'Stat', table: 'Gen_Documents', suggestion: 'State' }],
    ['Gen_Documents?$select=Id,\n Voidd', 'column-unknown', { line: 2, column: 2, name: 'Voidd', table: 'Gen_Documents', suggestion: 'Void' }],
    ['Crm_Sales_Orders?$filter=Custommer/Id eq null', 'column-unknown', { line: 1, column: 26, name: 'Custommer', table: 'Crm_Sales_Orders' }],
    ['Crm_Sales_Orders?$expand=Nothing', 'column-unknown', { line: 1, column: 26, name: 'Nothing', table: 'Crm_Sales_Orders' }],
    ['Gen_Documents?$filter=From_Party_Reference eq null', 'column-unknown', { line: 1, column: 23, name: 'From_Party_Reference', table: 'Gen_Documents', is: 'reference', suggestion: 'From_Party_Id' }],
    ['Gen_Documents?$select=From_Party', 'column-unknown', { line: 1, column: 23, name: 'From_Party', table: 'Gen_Documents', is: 'reference', suggestion: 'From_Party_Id' }],
    ['Crm_Sales_Orders?$orderby=Document/From_Party', 'column-unknown', { line: 1, column: 27, name: 'From_Party', table: 'Gen_Documents', is: 'reference', suggestion: 'From_Party_Id' }],
    ['Gen_Documents?$filter=State/Name eq \'x\'', 'column-unknown', { line: 1, column: 23, name: 'State', table: 'Gen_Documents', is: 'column' }],
    ['Gen_Documents?$expand=State', 'column-unknown', { line: 1, column: 23, name: 'State', table: 'Gen_Documents', is: 'column' }],
    ['Gen_Documents?$apply=aggregate($count as N)&$orderby=M', 'column-unknown', { line: 1, column: 54, name: 'M', table: '$apply', suggestion: 'N' }],
    ['Gen_Documents?$apply=groupby((State,State))', 'query-syntax', { line: 1, column: 37, found: 'State', expected: 'each column once' }],
    ['Crm_Sales_Orders?$apply=groupby((Customer/Customer_Id),aggregate($count as Customer_Reference))', 'query-syntax', { line: 1, column: 76, found: 'Customer_Reference', expected: 'each column once' }],
    ['Gen_Documents?$apply=groupby((State))&$expand=Currency', 'query-option', { option: '$expand' }],
    ['Gen_Documents?$filter=contian(Notes,\'x\')', 'function-unknown', { line: 1, column: 23, name: 'contian', suggestion: 'contains' }],
    ['Gen_Documents?$filter=Id eq guid\'x or Void eq true\'', 'query-syntax', { line: 1, column: 33, found: '\'x or Void eq true\'', expected: 'a guid' }],
    ['Gen_Documents?$filter=State eq \'x\'', 'query-type', { line: 1, column: 32, found: 'text', expected: 'number' }],
    ['Gen_Documents?$filter=not State eq 5', 'query-type', { line: 1, column: 27, found: 'number', expected: 'boolean' }],
    ['Gen_Documents?$filter=State', 'query-type', { line: 1, column: 23, found: 'number', expected: 'boolean' }],
    ['Gen_Documents?$filter=Void gt false', 'query-type', { line: 1, column: 23, found: 'boolean', expected: 'number' }],
    ['Gen_Documents?$filter=length(State) eq 1', 'query-type', { line: 1, column: 30, found: 'number', expected: 'text' }],
    ['Gen_Documents?$filter=length(Notes,Notes) eq 1', 'query-type', { line: 1, column: 23, found: '2', expected: 'length(text)' }],
    ['Gen_Documents?$filter=Document_Date ge \'soon\'', 'query-type', { line: 1, column: 40, found: 'text', expected: 'date' }],
    ['Gen_Documents?$apply=aggregate(Notes with sum as S)', 'query-type', { line: 1, column: 32, found: 'text', expected: 'number' }],
  ]
  for (const [query, code, facts] of refused) {
    it(`refuses ${query}`, () => assert.throws(() => planText(query, { tables, defaultTop: 10 }), error => {
      assert.ok(isErpError(error))
      assert.deepEqual({ code: error.code, facts: error.facts }, { code, facts })
      return true
    }))
  }
})
