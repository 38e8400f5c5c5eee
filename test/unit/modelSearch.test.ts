import assert from 'node:assert/strict'
import type { DomainEntityDetails } from '../../src/core/model/domain.ts'
import { FuzzyPattern, target } from '../../src/core/model/search/fuzzy.ts'
import { SearchIndex } from '../../src/core/model/search/searchIndex.ts'

describe('What is typed, held against names', () => {
  const ranked: [typed: string, better: string, worse: string][] = [
    ['so', 'SalesOrders', 'DataSources'],
    ['so', 'Sales_Orders', 'Sensor'],
    ['customer', 'Customer', 'Customers'],
    ['customer', 'CustomerTypes', 'EndCustomerTypes'],
    ['date', 'DocumentDate', 'DeliveryAttempt'],
    ['State', 'State', 'state'],
    ['sord', 'SalesOrder', 'StoreRecord'],
    ['кл', 'Клиент', 'Наклон'],
  ]
  for (const [typed, better, worse] of ranked) {
    it(`${typed} fits ${better} better than ${worse}`, () => {
      const pattern = new FuzzyPattern(typed)
      const scores = [better, worse].map(name => pattern.score(target(name)) ?? -Infinity)
      assert.ok((scores[0] ?? 0) > (scores[1] ?? 0), scores.join(' '))
    })
  }

  for (const [typed, name] of [['ab', 'ba'], ['abc', 'ab'], ['x', ''], ['aa', 'a']] as const) {
    it(`${typed} does not fit "${name}"`, () => assert.equal(new FuzzyPattern(typed).score(target(name)), undefined))
  }

  it('looks at names of any length', () => {
    const long = 'x'.repeat(100_000)
    assert.notEqual(new FuzzyPattern('xyz').score(target(`${long}yz`)), undefined)
  })
})

describe('The search of a model', () => {
  const index = new SearchIndex()
  index.addEntities([
    entity('Crm.Sales.SalesOrders', { label: 'Sales orders', attributes: [
      { name: 'State', label: 'State', type: 'Erp.DocumentState', values: [['New', 'New'], ['Released', 'Released']] },
      { name: 'DocumentDate', label: 'Date', type: 'Edm.DateTimeOffset' },
    ] }),
    entity('Crm.Sales.Customers', { label: 'Customers' }),
    entity('Crm.Invoices', { attributes: [
      { name: 'State', type: 'Erp.DocumentState', values: [['New', 'New'], ['Released', 'Released']] },
    ] }),
  ])
  index.addEntities([
    entity('Crm.Sales.SalesOrders', { label: 'Продажби', attributes: [
      { name: 'State', label: 'Състояние', type: 'Erp.DocumentState', values: [['Released', 'Пуснат']] },
    ] }),
  ])
  index.addTables([{
    name: 'Crm_Sales_Orders', key: [], references: [], columns: [{ name: 'Document_Date', type: 'Edm.DateTimeOffset', nullable: false }],
  }])
  index.addRenamed([{ oldName: 'Crm_OldClients', newName: 'Crm_Sales_Customers' }, { oldName: 'Gone', newName: 'Nowhere' }])

  const first: [typed: string, kind: string, of: string, name: string][] = [
    ['salesord', 'entity', 'Crm_Sales_SalesOrders', 'SalesOrders'],
    ['SO', 'entity', 'Crm_Sales_SalesOrders', 'SalesOrders'],
    ['Crm_Sales_SalesOrders', 'entity', 'Crm_Sales_SalesOrders', 'SalesOrders'],
    ['продажби', 'entity', 'Crm_Sales_SalesOrders', 'SalesOrders'],
    ['sales orders', 'entity', 'Crm_Sales_SalesOrders', 'SalesOrders'],
    ['Crm.Sales.Customers', 'entity', 'Crm_Sales_Customers', 'Customers'],
    ['oldclients', 'entity', 'Crm_Sales_Customers', 'Customers'],
    ['Crm_Sales_Orders', 'table', 'Crm_Sales_Orders', 'Crm_Sales_Orders'],
    ['state inv', 'attribute', 'Crm_Invoices', 'State'],
    ['Invoices/State', 'attribute', 'Crm_Invoices', 'State'],
    ['SalesOrders.State', 'attribute', 'Crm_Sales_SalesOrders', 'State'],
    ['състояние', 'attribute', 'Crm_Sales_SalesOrders', 'State'],
    ['released', 'enumValue', 'Crm_Sales_SalesOrders', 'Released'],
    ['пуснат', 'enumValue', 'Crm_Sales_SalesOrders', 'Released'],
    ['document_date', 'column', 'Crm_Sales_Orders', 'Document_Date'],
  ]
  for (const [typed, kind, of, name] of first) {
    it(`finds ${kind} ${of} ${name} for "${typed}"`, () => {
      const [item] = index.search(typed, 10)
      assert.deepEqual([item?.kind, item?.of, item?.name], [kind, of, name])
    })
  }

  it('has an enumeration’s value once, however many attributes have it', () => {
    assert.equal(index.search('released', 10).filter(item => item.kind === 'enumValue').length, 1)
  })

  for (const typed of ['', '  ', '.', 'zzzz']) {
    it(`finds nothing for "${typed}"`, () => assert.deepEqual(index.search(typed, 10), []))
  }

  it('keeps the best of many', () => {
    const many = new SearchIndex()
    many.addEntities(Array.from({ length: 1000 }, (_, n) => entity(`A.X${n}Customer`, {})))
    many.addEntities([entity('A.Customer', {})])
    assert.deepEqual(many.search('customer', 1).map(item => item.name), ['Customer'])
    assert.equal(many.search('customer', 7).length, 7)
  })
})

interface Facts {
  readonly label?: string
  readonly attributes?: readonly { name: string; label?: string; type: string; values?: readonly (readonly [string, string])[] }[]
}

function entity(repository: string, { label, attributes = [] }: Facts): DomainEntityDetails {
  return {
    entitySet: repository.replaceAll('.', '_'),
    repository,
    ...(label === undefined ? {} : { label }),
    isAggregateRoot: true,
    attributes: attributes.map(({ values = [], ...attribute }) => ({
      ...attribute, nullable: true, readOnly: false, custom: false, calculated: false,
      enumValues: values.map(([name, named]) => ({ name, label: named })),
    })),
    references: [],
    childCollections: [],
    methods: [],
  }
}
