import assert from 'node:assert/strict'
import { diagram, DIAGRAM_NODES } from '../../../src/core/model/describe/diagram.ts'
import { entityExamples, methodExample, modelTypes, tableExamples } from '../../../src/core/model/describe/examples.ts'
import { aggregateOf, type AggregateNode, type Link, linksFrom, referrers } from '../../../src/core/model/describe/neighbours.ts'
import type { Table } from '../../../src/core/model/table.ts'
import { attributeOf, entityOf, ODD_NAMES, referenceOf } from '../../fakes/models.ts'

describe('neighbours of an entity', () => {
  const lines = entityOf('Lines', { references: [referenceOf('Order', 'Orders', { ownership: true }), referenceOf('Source', 'Orders'), referenceOf('Source', 'Orders')] })
  const orders = entityOf('Orders', { references: [referenceOf('Previous', 'Orders'), referenceOf('Lost', '')], childCollections: [{ name: 'Lines', target: 'Lines' }] })

  it('who refers to it, itself too, each reference once', () => {
    assert.deepEqual(referrers([orders, lines], 'Orders'), [
      { from: 'Lines', to: 'Orders', name: 'Order', kind: 'owner' },
      { from: 'Lines', to: 'Orders', name: 'Source', kind: 'reference' },
      { from: 'Orders', to: 'Orders', name: 'Previous', kind: 'reference' },
    ])
  })

  it('where it leads; what leads nowhere is left out', () => {
    assert.deepEqual(linksFrom(orders).map(({ to, name }) => [name, to]), [['Previous', 'Orders'], ['Lines', 'Lines']])
  })

  const outline = ({ entitySet, parts }: AggregateNode): string => entitySet + (parts.length === 0 ? '' : `(${parts.map(outline).join(' ')})`)
  const trees: readonly (readonly [string, Readonly<Record<string, string | undefined>>, string, string])[] = [
    ['a part of a part', { A: undefined, B: 'A', C: 'B', D: 'A', X: undefined }, 'C', 'A(B(C) D)'],
    ['the root itself', { A: undefined, B: 'A' }, 'A', 'A(B)'],
    ['alone', { A: undefined, B: 'X' }, 'A', 'A'],
    ['a parent that is not there', { B: 'Gone', C: 'B' }, 'C', 'Gone(B(C))'],
    ['its own parent', { A: 'A' }, 'A', 'A'],
    ['a circle', { A: 'C', B: 'A', C: 'B' }, 'A', 'B(C(A))'],
  ]
  for (const [what, parents, of, tree] of trees) {
    it(`aggregate: ${what}`, () => {
      const all = Object.entries(parents).map(([name, parent]) => entityOf(name, parent === undefined ? {} : { aggregateParent: parent }))
      assert.equal(outline(aggregateOf(all, all.find(({ entitySet }) => entitySet === of)!)), tree)
    })
  }
})

describe('the diagram of a neighbourhood', () => {
  const link = (from: string, to: string, name: string, kind: Link['kind'] = 'reference'): Link => ({ from, to, name, kind })

  it('can be read as text: owners and parts first, names of one way together', () => {
    const links = [link('Orders', 'Stores', 'Store'), link('Orders', 'Customers', 'Customer'), link('Orders', 'Customers', 'ShipTo'),
      link('Orders', 'Lines', 'Lines', 'collection'), link('Lines', 'Orders', 'Order', 'owner'), link('Orders', 'Notes', 'Notes', 'collection')]
    assert.deepEqual(diagram('Orders', links), {
      omitted: 0,
      text: `flowchart LR
  Lines ==>|"Order"| Orders
  Orders -->|"Notes"| Notes
  Orders -->|"Store"| Stores
  Orders -->|"Customer, ShipTo"| Customers
  style Orders stroke-width:3px`,
    })
  })

  it('has at most 20 entities, and tells how many are left out', () => {
    const links = [...Array.from({ length: 600 }, (_, index) => link(`From_${index}`, 'Orders', 'Order')), link('Orders', 'Owner', 'Owner', 'owner')]
    const { text, omitted } = diagram('Orders', links)
    assert.equal(omitted, 601 - (DIAGRAM_NODES - 1))
    assert.match(text, /Orders ==>\|"Owner"\| Owner/)
    assert.equal(text.split('\n').length, 2 + (DIAGRAM_NODES - 1))
  })

  it('of one that stands alone is itself', () => assert.equal(diagram('A', []).text, 'flowchart LR\n  A\n  style A stroke-width:3px'))

  it('takes no name for more than text', () => {
    const { text } = diagram('end', ODD_NAMES.map(name => link('end', name, name)))
    const label = String.raw`"(?:[\p{L}\p{N}_ .,…-]|#\d+;)*"`
    const line = new RegExp(String.raw`^(flowchart LR|  n\d+\[${label}\]|  \w+ -->\|${label}\| \w+|  style n0 stroke-width:3px)$`, 'u')
    assert.deepEqual(text.split('\n').filter(each => !line.test(each)), [])
  })
})

describe('examples', () => {
  it('of a table: a query for each kind of filter that its columns allow', () => {
    const table: Table = {
      name: 'Gen_Documents', key: ['Id'], references: [],
      columns: [
        { name: 'Id', type: 'Edm.Guid', nullable: false, filters: ['Equals'] },
        { name: 'State', type: 'Edm.Int16', nullable: false, filters: ['Equals'], enumValues: [{ name: 'New' }, { name: 'Released', code: '30' }] },
        { name: 'Date', type: 'Edm.DateTimeOffset', nullable: false, filters: ['GreaterThanOrLessThan'] },
        { name: 'Number', type: 'Edm.String', nullable: true, filters: ['Like'] },
        { name: 'Picture', type: 'Edm.Binary', nullable: true },
        { name: 'odd name', type: 'Edm.String', nullable: true, filters: ['Like'] },
      ],
    }
    const select = '$select=Id,State,Date,Number'
    assert.deepEqual(tableExamples(table), [
      `Gen_Documents\n  ?${select}\n  &$top=100`,
      `Gen_Documents\n  ?${select}\n  &$filter=State eq 30\n  &$top=100`,
      `Gen_Documents\n  ?${select}\n  &$filter=Date ge 2026-01-01\n  &$top=100`,
      `Gen_Documents\n  ?${select}\n  &$filter=Number like 'A%'\n  &$top=100`,
    ])
    assert.deepEqual(tableExamples({ ...table, name: 'no name' }), [])
    assert.deepEqual(tableExamples({ ...table, columns: [] }), [])
  })

  it('of an entity without anything: none', () => assert.deepEqual([entityExamples(entityOf('A')), entityExamples(entityOf('no name', { attributes: [attributeOf('A')] }))], [[], []]))

  const entity = entityOf('Orders', { entityType: 'Erp.Order', attributes: [attributeOf('State', 'Erp.State', { enumValues: [{ name: 'New' }] })] })
  const types = modelTypes([entity])
  const method = { name: 'Do', isAction: true, returnType: 'void', parameters: [] }
  const root = 'https://demodb.my.erp.net/api/domain/odata/'
  const address = `${root}Orders(00000000-0000-0000-0000-000000000000)/Erp.Do`
  const guid = '00000000-0000-0000-0000-000000000000'
  const parameters = [
    { name: 'order', type: 'Erp.Order' }, { name: 'state', type: 'Erp.State' }, { name: 'n', type: 'Edm.Int32', optional: true },
    { name: 'on', type: 'Edm.DateTimeOffset' }, { name: 'all', type: 'Collection(Erp.Order)' }, { name: 'odd', type: 'Erp.Unknown' }, { name: 'yes', type: 'Edm.Boolean' },
  ]
  const body = { order: { '@odata.id': `Orders(${guid})` }, state: 'New', n: 1, on: '2026-01-01T00:00:00Z', all: [], odd: '…', yes: true }
  const calls: readonly (readonly [string, Parameters<typeof methodExample>[2], string])[] = [
    ['an action', method, `POST ${address}`],
    ['an action with parameters', { ...method, parameters }, `POST ${address}\nContent-Type: application/json\n\n${JSON.stringify(body, undefined, 2)}`],
    ['a function', { ...method, isAction: false }, `GET ${address}()`],
    ['a function with parameters', { ...method, isAction: false, parameters }, `GET ${address}(order='…',state='New',on=2026-01-01T00:00:00Z,all='…',odd='…',yes=true)`],
  ]
  for (const [what, of, text] of calls) it(what, () => assert.equal(methodExample(root, 'Orders', of, types), text))
})
