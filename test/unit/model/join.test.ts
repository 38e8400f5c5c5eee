import assert from 'node:assert/strict'
import { TableJoin } from '../../../src/core/model/joinTables.ts'
import { readDomainEntity } from '../../../src/core/model/readDomain.ts'
import type { Column, Table, TableReference } from '../../../src/core/model/table.ts'

const column = (name: string, type = 'Edm.Guid'): Column => ({ name, type, nullable: true })
const reference = (name: string, target: string, ...columns: string[]): TableReference => ({ name, target, columns })
const table = (name: string, columns: Column[], references: TableReference[] = []): Table => ({ name, key: [], columns, references })
const base = (tableName: string, name: string, filters: string, more: object = {}) =>
  ({ BaseTableName: tableName, BaseColumnName: name, SupportedFilters: filters, ...more })

const DOCUMENT = {
  Name: 'Gen_Documents_Set', TableName: 'Gen_Documents',
  Attributes: [
    { Name: 'State', Type: 'Erp.State', LocalizedName: 'Състояние', BaseInfo: base('Gen_Documents', 'State', 'Equals, EqualsIn'), enumValues: [{ Name: 'New', Value: 0 }, { Name: 'Odd' }] },
    { Name: 'Kind', Type: 'Erp.Kind', BaseInfo: base('Gen_Documents', 'Kind', 'NotFilterable', { Obsolete: true }), enumValues: [{ Name: 'First', Value: 0 }] },
    { Name: 'Plain', ColumnName: 'Plain', Type: 'Edm.String' },
  ],
}
const ORDER = {
  Name: 'Orders', TableName: 'Crm_Orders',
  Attributes: [{ Name: 'State', BaseInfo: base('Gen_Documents', 'State', 'Equals') }],
  References: [
    { Name: 'Customer', ReferencedEntitySet: 'Customers', IsFilterable: true, BaseInfo: base('Crm_Orders', 'Customer_Id', 'Equals') },
    { Name: 'Store', ReferencedEntitySet: 'Stores', BaseInfo: base('Crm_Orders', 'Store_Id', 'Equals') },
  ],
}
const LINE = {
  Name: 'Lines', TableName: 'Crm_Lines',
  References: [
    { Name: 'Document', ReferencedEntitySet: 'Orders', BaseInfo: base('Crm_Lines', 'Order_Id', 'Equals') },
    { Name: 'Order', ReferencedEntitySet: 'Orders', IsOwnership: true, BaseInfo: base('Crm_Lines', 'Order_Id', 'Equals') },
    { Name: 'Loop', ReferencedEntitySet: 'Lines', BaseInfo: base('Crm_Lines', 'Loop_Id', 'Equals') },
  ],
}
const VIEW = {
  Name: 'Balances', TableName: 'Acc_Balances',
  References: [{ Name: 'Store', ColumnName: 'Where_Id', ReferencedEntitySet: 'Stores', BaseInfo: base('Crm_Stores', 'Store_Id', 'EqualsIn') }],
}
const TABLES = [
  table('Gen_Documents', [column('State', 'Edm.Int16'), column('Kind', 'Edm.String'), column('Plain', 'Edm.String'), column('Row_Version', 'Edm.Binary')]),
  table('Crm_Orders', [column('Customer_Id')], [
    reference('Customer_Reference', 'Crm_Customers', 'Customer_Id'), reference('Store_Reference', 'Crm_Stores'),
    reference('Document_Reference', 'Gen_Documents', 'Document_Id'), reference('Other_Reference', 'Nowhere', 'A', 'B'),
  ]),
  table('Crm_Lines', [], [reference('Order_Reference', 'Crm_Orders', 'Order_Id'), reference('Loop_Reference', 'Crm_Lines', 'Loop_Id')]),
  table('Acc_Balances', [column('Where_Id')]),
  table('Nobodys', [column('X')], [reference('Y_Reference', 'Nobodys', 'Y_Id')]),
]

/** In any order: a derived entity may come before its base. */
for (const [order, entities] of [['base first', [DOCUMENT, ORDER, LINE, VIEW]], ['base last', [VIEW, LINE, ORDER, DOCUMENT]]] as const) {
  describe(`tables joined with the Domain model, ${order}`, () => {
    const join = new TableJoin()
    for (const entity of entities) join.add(readDomainEntity(entity))
    const joined = join.join(TABLES)
    const of = (name: string) => joined.find(candidate => candidate.name === name)

    it('gives columns what their own entity tells, and codes to numbers alone', () => {
      assert.deepEqual(of('Gen_Documents')?.columns, [
        { ...column('State', 'Edm.Int16'), attribute: 'State', label: 'Състояние', filters: ['Equals', 'EqualsIn'], enumValues: [{ name: 'New', value: '0', code: '0' }, { name: 'Odd' }] },
        { ...column('Kind', 'Edm.String'), attribute: 'Kind', filters: [], obsolete: true, enumValues: [{ name: 'First', value: '0' }] },
        { ...column('Plain', 'Edm.String'), attribute: 'Plain' },
        column('Row_Version', 'Edm.Binary'),
      ])
    })

    it('tells which references lead to the owner, and which a filter may follow', () => {
      assert.deepEqual([...of('Crm_Orders')?.references ?? [], ...of('Crm_Lines')?.references ?? []].map(({ name, owner, filterable }) => [name, owner, filterable]), [
        ['Customer_Reference', false, true], ['Store_Reference', false, false], ['Document_Reference', true, true],
        ['Other_Reference', undefined, undefined], ['Order_Reference', true, true], ['Loop_Reference', false, false],
      ])
    })

    it('knows what a view shows by its own columns', () => {
      assert.deepEqual(of('Acc_Balances')?.columns, [{ ...column('Where_Id'), attribute: 'Store', filters: ['EqualsIn'] }])
    })

    it('leaves what nobody tells of as it is, and can be done again', () => {
      assert.deepEqual(of('Nobodys'), TABLES.at(-1))
      assert.deepEqual(joined.map(({ entitySet }) => entitySet), ['Gen_Documents_Set', 'Orders', 'Lines', 'Balances', undefined])
      assert.deepEqual(join.join(joined), joined)
      assert.deepEqual(new TableJoin().join(joined), TABLES)
    })
  })
}
