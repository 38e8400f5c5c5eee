import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { compareModels, differingItems, printDifferences } from '../../../src/core/model/compare.ts'
import { modelItems } from '../../../src/core/model/facts.ts'
import { hashItems, printSnapshot, readSnapshot } from '../../../src/core/model/snapshot.ts'
import { attributeOf, entityOf, ODD_NAMES, referenceOf } from '../../fakes/models.ts'

const ABOUT = { instance: 'demodb.my.erp.net', version: '26.2.0.76', model: 'current' } as const
const ORDERS = entityOf('Crm_Orders', {
  table: 'Crm_Orders', isAggregateRoot: true, aggregateRoot: 'Crm_Orders', label: 'Orders',
  attributes: [
    attributeOf('Void', 'Edm.Boolean', { nullable: true, filters: ['Equals'], table: 'Gen_Documents', column: 'Void' }),
    attributeOf('State', 'Erp.State', { filters: [], enumValues: [{ name: 'New', value: '0' }, { name: 'Closed', value: '50' }] }),
  ],
  references: [referenceOf('Customer', 'Crm_Customers', { filterable: true })],
  childCollections: [{ name: 'Lines', target: 'Crm_Lines' }],
  methods: [{ name: 'Copy', isAction: true, returnType: 'void', parameters: [{ name: 'deep', type: 'Edm.Boolean' }, { name: 'into', type: 'Erp.Crm_Order', optional: true }] }],
})
const CUSTOMERS = entityOf('Crm_Customers', { attributes: [attributeOf('Name', 'Edm.String', { maxLength: 64 })] })

describe('a snapshot of a model', () => {
  it('is text with a line for each item, whatever the order of the model', () => {
    const text = printSnapshot({ about: ABOUT, items: modelItems([ORDERS, CUSTOMERS]) })
    assert.equal(text, `erpnet-model 1
instance=demodb.my.erp.net version=26.2.0.76 model=current

entity Crm_Customers repository=Crm.Customers
  attribute Name type=Edm.String length=64
entity Crm_Orders repository=Crm.Orders table=Crm_Orders root
  attribute State type=Erp.State filters=none
    value Closed value=50
    value New value=0
  attribute Void type=Edm.Boolean nullable filters=Equals column=Gen_Documents.Void
  reference Customer to=Crm_Customers path
  collection Lines of=Crm_Lines
  method Copy action returns=void
    parameter deep type=Edm.Boolean
    parameter into type=Erp.Crm_Order optional
`)
    assert.equal(printSnapshot({ about: ABOUT, items: modelItems([{ ...CUSTOMERS, label: 'Клиенти' }, { ...ORDERS, attributes: ORDERS.attributes.toReversed() }]) }), text)
  })

  const odd = entityOf(ODD_NAMES.join(' '), {
    table: 'true', category: '\r\n\ttrue=1 "x"',
    attributes: ODD_NAMES.map(name => attributeOf(name, name, { column: name, enumValues: ODD_NAMES.map(value => ({ name: value, value })) })),
    references: ODD_NAMES.map(name => referenceOf(name, name)),
  })
  const models = [[], [ORDERS], [ORDERS, ORDERS, CUSTOMERS], [odd, ORDERS], ODD_NAMES.map(name => entityOf(name))]
  for (const [number, entities] of models.entries()) {
    it(`is read back exactly (${number})`, () => {
      const items = modelItems(entities)
      const text = printSnapshot({ about: { instance: 'a b"=\n', model: 'standard' }, items })
      assert.deepEqual(readSnapshot(text), { about: { instance: 'a b"=\n', model: 'standard' }, items })
      assert.deepEqual(readSnapshot(`\ufeff${text.replaceAll('\n', '\r\n')}`).items, items)
      assert.equal(printSnapshot(readSnapshot(text)), text)
    })
  }

  const broken: readonly (readonly [text: string, line: number])[] = [
    ['', 1], ['erpnet-model 2', 1], ['{"json":1}', 1],
    ['erpnet-model 1\na="', 2], ['erpnet-model 1\n\nentity', 3], ['erpnet-model 1\n\nthing X', 3],
    ['erpnet-model 1\n\nentity X\n    attribute Y', 4], ['erpnet-model 1\n\nentity a=b', 3], ['erpnet-model 1\n\nentity "\\x"', 3],
    ['erpnet-model 1\n\nentity X\n<<<<<<< HEAD', 4], ['erpnet-model 1\n\nentity X a==b', 3],
  ]
  for (const [text, line] of broken) {
    it(`${JSON.stringify(text)} is not read`, () =>
      assert.throws(() => readSnapshot(text), error => isErpError(error, 'snapshot-invalid') && error.facts['line'] === line))
  }

  it('has a fingerprint that tells every change', () => {
    const hashes = [[], [ORDERS], [CUSTOMERS], [ORDERS, CUSTOMERS], [{ ...ORDERS, table: 'Crm_Order' }], [{ ...ORDERS, attributes: [] }]].map(model => hashItems(modelItems(model)))
    assert.equal(new Set(hashes).size, hashes.length)
    assert.ok(hashes.every(hash => /^[0-9a-f]{16}$/.test(hash)))
  })
})

describe('a comparison of models', () => {
  const before = modelItems([ORDERS, CUSTOMERS])
  const cases: readonly (readonly [what: string, after: Parameters<typeof modelItems>[0], text: string])[] = [
    ['nothing', [CUSTOMERS, ORDERS], ''],
    ['labels alone', [{ ...CUSTOMERS, label: 'x', description: 'y' }, ORDERS], ''],
    ['an entity that was added', [CUSTOMERS, ORDERS, entityOf('New_One')], '+ entity New_One repository=New.One'],
    ['an entity that was removed', [ORDERS], '- entity Crm_Customers repository=Crm.Customers'],
    ['a fact of an entity', [CUSTOMERS, { ...ORDERS, table: 'Orders' }], '~ entity Crm_Orders table=Crm_Orders → table=Orders'],
    ['a fact that is gone', [{ ...CUSTOMERS, attributes: [attributeOf('Name')] }, ORDERS], '~ entity Crm_Customers\n  ~ attribute Name length=64 → –'],
    ['an attribute', [{ ...CUSTOMERS, attributes: [...CUSTOMERS.attributes, attributeOf('CustomProperty_X', 'Edm.String', { custom: true })] }, ORDERS],
      '~ entity Crm_Customers\n  + attribute CustomProperty_X type=Edm.String custom'],
    ['a value of an enumeration', [CUSTOMERS, { ...ORDERS, attributes: [ORDERS.attributes[0]!, attributeOf('State', 'Erp.State', { filters: [], enumValues: [{ name: 'New', value: '1' }] })] }],
      '~ entity Crm_Orders\n  ~ attribute State\n    - value Closed value=50\n    ~ value New value=0 → value=1'],
    ['references, collections, methods', [CUSTOMERS, { ...ORDERS, references: [referenceOf('Customer', 'Crm_Parties')], childCollections: [], methods: [] }],
      '~ entity Crm_Orders\n  ~ reference Customer to=Crm_Customers path → to=Crm_Parties\n  - collection Lines of=Crm_Lines\n  - method Copy action returns=void'],
    ['the order of parameters', [CUSTOMERS, { ...ORDERS, methods: ORDERS.methods.map(method => ({ ...method, parameters: method.parameters.toReversed() })) }],
      '~ entity Crm_Orders\n  ~ method Copy\n    ~ parameter deep,into → into,deep'],
    ['a name that comes twice', [CUSTOMERS, ORDERS, entityOf('Crm_Orders')], '+ entity Crm_Orders repository=Crm.Orders'],
  ]
  for (const [what, after, text] of cases) {
    it(what, () => {
      const differences = compareModels(before, modelItems(after))
      if (what === 'a name that comes twice') assert.equal(differences.filter(difference => difference.change === 'added').length, 1)
      else assert.equal(printDifferences(differences), text)
    })
  }

  it('is the same the other way round, with other signs', () => {
    for (const [, after] of cases) {
      const there = printDifferences(compareModels(before, modelItems(after)))
      const back = printDifferences(compareModels(modelItems(after), before))
      assert.equal(back.split('\n').length, there.split('\n').length)
      assert.equal(back.match(/^ *\+/gm)?.length, there.match(/^ *-/gm)?.length)
    }
  })

  it('gives whole entities to the editor of differences, and those alone that differ', () => {
    const after = modelItems([CUSTOMERS, { ...ORDERS, table: 'Orders' }])
    assert.deepEqual(differingItems(after, compareModels(before, after)).map(item => item.name), ['Crm_Orders'])
  })
})
