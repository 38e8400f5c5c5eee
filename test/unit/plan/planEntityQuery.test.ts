import assert from 'node:assert/strict'

import { ErpError, isErpError } from '../../../src/core/base/errors.ts'
import { planEntityQuery } from '../../../src/core/plan/planEntityQuery.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { parseCell } from '../../../src/core/query/cell.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { ENTITIES } from '../../fakes/entities.ts'
import { ROOT } from '../../fakes/tableApi.ts'
import { inShort } from './planned.ts'

async function planText(text: string, defaultTop?: number): Promise<Plan> {
  const { query } = parseCell(`domain/${text}`)
  return planEntityQuery({ ...readQuery(query), text: query }, {
    domainRoot: ROOT,
    ...(defaultTop === undefined ? {} : { defaultTop }),
    entity: entitySet => {
      const entity = ENTITIES.find(candidate => candidate.entitySet === entitySet)
      return entity === undefined ? Promise.reject(new ErpError('entity-unknown', { entity: entitySet })) : Promise.resolve(entity)
    },
  })
}

const WHOLE = 'whole-table Orders'

describe('a plan for the Domain API', () => {
  const cases: [query: string, requests: string[], local?: string[], warnings?: string[]][] = [
    // the server does it all
    ['Orders?$top=5', ['Orders?$top=5']],
    ['Orders?$top=5&$skip=3&$select=No', ['Orders?$select=No&$skip=3&$top=5']],
    ['Orders?$select=default,Id&$top=1', ['Orders?$select=default,Id&$top=1']],
    ['Orders', ['Orders?$top=1000']],
    ['Orders?$top=1500', ['Orders?$top=1000']],
    ['Orders?$orderby=Document/Code desc,No&$top=1', ['Orders?$orderby=Document/Code desc,No&$top=1']],
    ['Orders?$filter=State eq Erp.State\'Open\' and Void ne true&$top=1', ['Orders?$filter=State eq \'Open\' and Void eq false&$top=1']],
    ['Orders?$filter=State gt \'New\'&$top=1', ['Orders?$filter=State in (\'Open\',\'Done\')&$top=1']],
    ['Orders?$filter=\'Open\' ge State&$top=1', ['Orders?$filter=State in (\'New\',\'Open\')&$top=1']],
    ['Orders?$filter=NOT (State Ne \'Open\') AND Void EQ false&$top=1', ['Orders?$filter=State eq \'Open\' and Void eq false&$top=1']],
    ['Orders?$filter=State eq \'Open\' or State eq \'New\'&$top=1', ['Orders?$filter=State in (\'Open\',\'New\')&$top=1']],
    ['Orders?$filter=Customer eq \'Customers(5f)\'&$top=1', ['Orders?$filter=Customer eq \'Customers(5f)\'&$top=1']],
    ['Orders?$filter=Customer in (\'Customers(5F)\')&$top=1', ['Orders?$filter=Customer in (\'Customers(5f)\')&$top=1']],
    ['Orders?$filter=Document/Void eq true and startswith(Store/Code,\'A\')&$top=1', ['Orders?$filter=Document/Void eq true and startswith(Store/Code,\'A\')&$top=1']],
    ['Orders?$filter=contains(Title,\'oil\')&$top=1', ['Orders?$filter=contains(Title,\'oil\')&$top=1']],
    ['Orders?$filter=CustomProperty_Color eq \'red\'&$top=1', ['Orders?$filter=CustomProperty_Color eq \'red\'&$top=1']],
    ['Orders?$filter=CustomProperty_Color/Value eq \'red\' and Total/Value ge 2.50&$top=1', ['Orders?$filter=CustomProperty_Color eq \'red\' and TotalValue ge 2.5&$top=1']],
    ['Items?$filter=Order/Total/Value ge 2.50&$top=1', ['Items?$filter=Order/TotalValue ge 2.5&$top=1']],
    ['Orders?$filter=Lines gt 5 and TotalValue ge 2.50&$top=1', ['Orders?$filter=Lines ge 6 and TotalValue ge 2.5&$top=1']],
    ['Orders?$search="two words"&options=skipnulls&$top=1', ['Orders?$search="two words"&options=skipnulls&$top=1']],
    ['Orders?$expand=Customer($select=Number;$expand=Party),Items($filter=LineNo ge\n 5;$orderby=LineNo desc;$top=2;$select=LineNo)&$top=1', ['Orders?$expand=Customer($select=Number;$expand=Party),Items($select=LineNo;$filter=LineNo ge 5;$orderby=LineNo desc;$top=2)&$top=1']],
    ['Orders?$expand=Items/$ref&$top=1', ['Orders?$expand=Items/$ref&$top=1']],
    ['Orders?$select=No,Customer/Number&$top=1', ['Orders?$select=No&$expand=Customer($select=Number)&$top=1']],
    // null
    ['Orders?$filter=equalnull(No,\'x\')&$top=1', ['Orders?$filter=equalnull(No,\'x\')&$top=1']],
    ['Orders?$filter=Lines le 5 or Lines eq null&$top=1', ['Orders?$filter=lessequalnull(Lines,5)&$top=1']],
    ['Orders?$filter=No eq null&$select=No&$top=1', ['Orders?$select=No&$top=1000'], ['filter No eq null (not-sendable)', 'slice $top=1 (after-local)'], [WHOLE]],
    // dates are cut to the day
    ['Orders?$filter=Day ge 2026-01-01 and Day lt 2026-07-01&$top=1', ['Orders?$filter=Day ge 2026-01-01T00:00:00.000Z and Day le 2026-06-30T00:00:00.000Z&$top=1']],
    [
      'Orders?$filter=Time le 2026-01-01T10:00:00Z and Time ge 2026-01-01&$select=Time&$top=1',
      ['Orders?$select=Time&$filter=Time le 2026-01-02T00:00:00.000Z and Time ge 2026-01-01T00:00:00.000Z&$top=1000'],
      ['filter Time le 2026-01-01T10:00:00Z (widened)', 'slice $top=1 (after-local)'],
    ],
    [
      'Orders?$filter=AggregateLastUpdateTimeUtc ge 2026-01-01T10:05:30Z&$top=1',
      ['Orders?$select=default,AggregateLastUpdateTimeUtc&$filter=AggregateLastUpdateTimeUtc ge 2026-01-01T10:05:00.000Z&$top=1000'],
      ['filter AggregateLastUpdateTimeUtc ge 2026-01-01T10:05:30Z (widened)', 'slice $top=1 (after-local)', 'shape No, Day, Time, State, Void, Lines, Rate, Total, Title, Notes, Customer, Document, Store (hidden)'],
    ],
    // counted by the server, where it is told all of the filter and no step here makes other rows
    ['Orders?$count=true&$skip=2&$top=5&$select=No', ['Orders?$select=No&$count=true&$skip=2&$top=5']],
    ['Orders?$filter=State eq \'New\'&$count=true&$top=0', ['Orders?$filter=State eq \'New\'&$count=true&$top=0']],
    ['Orders?$orderby=No&$count=true&$select=No&$search=oil', ['Orders?$select=No&$orderby=No&$search=oil&$count=true&$top=1000']],
    ['Orders?$count=true&$top=1500&$select=No', ['Orders?$select=No&$count=true&$top=1000']],
    [
      'Orders?$filter=Rate gt 5&$count=true&$select=Rate&$top=1',
      ['Orders?$select=Rate&$filter=Rate ge 5&$top=1000'],
      ['filter Rate gt 5 (widened)', 'count $count (after-local)', 'slice $top=1 (after-local)'], ['reads-all $count'],
    ],
    [
      'Orders?$filter=State eq \'New\' or Lines ge 5&$select=No&$count=true&$top=1',
      ['Orders?$select=No&$filter=State eq \'New\'&$top=1000', 'Orders?$select=No&$filter=Lines ge 5&$top=1000'],
      ['distinct @odata.id (branches)', 'count $count (after-local)', 'slice $top=1 (after-local)'], ['reads-all $count'],
    ],
    ['Orders?$orderby=Time&$select=Time&$count=true', ['Orders?$select=Time&$top=1000'], ['count $count (after-local)', 'sort Time (not-sendable)'], ['reads-all $count, $orderby']],
    ['Orders?$apply=groupby((State))&$count=true', ['Orders?$apply=groupby((State))&$top=1000'], ['count $count (after-local)'], ['reads-all $count']],
    // what is finished here
    [
      'Orders?$filter=Rate gt 5 and Customer/Limit lt 3&$select=No&$orderby=No&$skip=2&$top=3',
      ['Orders?$select=No,Rate&$filter=Rate ge 5&$orderby=No&$expand=Customer($select=Limit)&$top=1000'],
      ['filter Rate gt 5 (widened)', 'filter Customer/Limit lt 3 (not-sendable)', 'slice $skip=2, $top=3 (after-local)', 'shape No (hidden)'],
    ],
    ['Orders?$filter=State ne \'New\'&$select=State&$top=1', ['Orders?$select=State&$top=1000'], ['filter State ne \'New\' (not-sendable)', 'slice $top=1 (after-local)'], [WHOLE]],
    ['Orders?$orderby=length(No)&$select=No&$top=1', ['Orders?$select=No&$top=1000'], ['sort length(No) (not-sendable)', 'slice $top=1 (after-local)'], ['reads-all $orderby']],
    ['Orders?$orderby=Time&$select=Time&$top=1', ['Orders?$select=Time&$top=1000'], ['sort Time (not-sendable)', 'slice $top=1 (after-local)'], ['reads-all $orderby']],
    [
      'Orders?$filter=State eq \'New\' or Lines ge 5&$select=No&$orderby=No&$top=1',
      ['Orders?$select=No&$filter=State eq \'New\'&$top=1000', 'Orders?$select=No&$filter=Lines ge 5&$top=1000'],
      ['distinct @odata.id (branches)', 'sort No (several)', 'slice $top=1 (after-local)'],
      ['reads-all $orderby'],
    ],
    [
      'Balances?$filter=A ge 5 or B ge 5&$select=A,B',
      ['Balances?$select=A,B&$top=1000'], ['filter (A ge 5) or (B ge 5) (not-sendable)'], ['whole-table Balances'],
    ],
    // groups
    ['Orders?$apply=groupby((State,Document/Code),aggregate(Total with sum as T,$count as N))', ['Orders?$apply=groupby((State,Document/Code),aggregate(Total with sum as T,$count as N))&$top=1000']],
    ['Orders?$apply=filter(Void eq false)/aggregate(Lines with max as M)&$filter=State eq \'New\'', ['Orders?$filter=State eq \'New\' and Void eq false&$apply=aggregate(Lines with max as M)&$top=1000']],
    ['Orders?$apply=compute(yearmonth(Day) as YM)/groupby((YM),aggregate($count as N))', ['Orders?$apply=compute(yearmonth(Day) as YM)/groupby((YM),aggregate($count as N))&$top=1000']],
    ['Orders?$apply=groupby((Store))&expandgroup=Store($select=Code)', ['Orders?$apply=groupby((Store))&expandgroup=Store($select=Code)&$top=1000']],
    [
      'Orders?$apply=groupby((State),aggregate($count as N))/filter(N gt 5)&$orderby=N desc&$top=3',
      ['Orders?$apply=groupby((State),aggregate($count as N))&$top=1000'],
      ['filter N gt 5 (after-local)', 'sort N desc (not-sendable)', 'slice $top=3 (after-local)'], ['reads-all $orderby'],
    ],
    ['Orders?$apply=aggregate(Rate with average as A)', ['Orders?$select=Rate&$top=1000'], ['group Rate with average as A (not-sendable)']],
    ['Orders?$apply=groupby((Customer/Number))', ['Orders?$expand=Customer($select=Number)&$top=1000'.replace('?', '?$select=Id&')], ['group Customer/Number (not-sendable)', 'shape Customer (hidden)']],
  ]
  for (const [query, requests, local = [], warnings = []] of cases) {
    it(query, async () => assert.deepEqual(inShort(await planText(query)), { requests, local, warnings }))
  }

  it('shows so many rows of a query without $top', async () => {
    const plan = await planText('Orders?$select=No', 50)
    assert.deepEqual([inShort(plan).requests, plan.limit], [['Orders?$select=No&$top=50'], 50])
  })

  it('tells the columns with their types, also of what is nested', async () => {
    const { run } = await planText('Orders?$select=No,State,Total,Customer&$expand=Store($select=Code)')
    assert.deepEqual(run.columns, [
      { name: 'No', type: 'Edm.String' },
      { name: 'State', type: 'Edm.String' },
      { name: 'Total', type: 'Erp.Amount', columns: [{ name: 'Value', type: 'Edm.Decimal' }, { name: 'Currency', type: 'Edm.String' }] },
      { name: 'Customer', type: 'Erp.Customers', columns: [{ name: '@odata.id', type: 'Edm.String' }] },
      { name: 'Store', type: 'Erp.Stores', columns: [{ name: 'Code', type: 'Edm.String' }] },
    ])
  })

  const refused: [query: string, code: string, facts: Readonly<Record<string, string | number>>][] = [
    ['Order', 'entity-unknown', { entity: 'Order' }],
    ['Orders?$filter=Stat eq 1', 'column-unknown', { line: 1, column: 23, name: 'Stat', table: 'Orders', suggestion: 'State' }],
    ['Orders?$select=Noo', 'column-unknown', { line: 1, column: 23, name: 'Noo', table: 'Orders', suggestion: 'No' }],
    ['Orders?$expand=Custmer', 'column-unknown', { line: 1, column: 23, name: 'Custmer', table: 'Orders', suggestion: 'Customer' }],
    ['Orders?$expand=Total', 'column-unknown', { line: 1, column: 23, name: 'Total', table: 'Orders', is: 'column', suggestion: 'TotalValue' }],
    ['Orders?$filter=Total/Currency eq \'BGN\'', 'column-unknown', { line: 1, column: 23, name: 'Total', table: 'Orders', is: 'column', suggestion: 'TotalValue' }],
    ['Orders?$select=State/Name', 'column-unknown', { line: 1, column: 23, name: 'State', table: 'Orders', is: 'column' }],
    ['Orders?$filter=State/Value eq 1', 'column-unknown', { line: 1, column: 23, name: 'State', table: 'Orders', is: 'column' }],
    ['Orders?$filter=Items/LineNo eq 1', 'column-unknown', { line: 1, column: 23, name: 'Items', table: 'Orders', is: 'list', suggestion: 'Items' }],
    ['Orders?$orderby=Items', 'column-unknown', { line: 1, column: 24, name: 'Items', table: 'Orders', is: 'list', suggestion: 'Items' }],
    ['Orders?$filter=State eq \'Opne\'', 'query-type', { line: 1, column: 32, found: 'Opne', expected: 'New, Open, Done' }],
    ['Orders?$filter=State in (\'Open\',\'Opne\')', 'query-type', { line: 1, column: 40, found: 'Opne', expected: 'New, Open, Done' }],
    ['Orders?$filter=not contains(Title,\'oil\')', 'query-server-only', { name: 'Title' }],
    ['Orders?$apply=aggregate(Total with average as A)', 'query-server-only', { name: 'Total' }],
    ['Orders?$filter=Rate gt 5&$apply=compute(year(Day) as Y)/groupby((Y))', 'query-server-only', { name: '$apply=compute' }],
    ['Orders?$compute=x', 'query-option', { option: '$compute' }],
  ]
  for (const [query, code, facts] of refused) {
    it(`refuses ${query}`, () => assert.rejects(planText(query), (error: unknown) => {
      assert.ok(isErpError(error), String(error))
      assert.deepEqual([error.code, error.facts], [code, facts])
      return true
    }))
  }
})
