import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A model in the form of `--model`, with a handful of tables and entities that hold the hard cases. */

type Fields = Readonly<Record<string, unknown>>

const key = (name: string, more: Fields = {}) => ({
  name, type: 'uniqueidentifier', pk: true, filters: ['Equals', 'GreaterThanOrLessThan', 'EqualsIn'], default: 'NewGuid',
  ...more,
})
const to = (name: string, ref: string, more: Fields = {}) => ({
  name, type: 'uniqueidentifier', ref, filters: ['Equals', 'EqualsIn'], ...more,
})
const version = { name: 'Row_Version', type: 'timestamp' }
const table = (entity: string | null, columns: readonly Fields[], more: Fields = {}) =>
  ({ entity, owners: [], columns, ...more })

const TYPES = [
  'uniqueidentifier', 'bit', 'int', 'smallint', 'tinyint', 'bigint', 'float', 'date', 'datetime', 'time', 'varbinary',
]

export const SMALL_TABLES = {
  Tst_Types: table('Test.Types', [
    key('Type_Id'), version,
    ...TYPES.map(type => ({ name: `A_${type}`, type })),
    ...TYPES.map(type => ({ name: `B_${type}`, type, nullable: true, filters: ['Equals'] })),
    { name: 'Type_Code', type: 'nvarchar', size: '3', sortable: true, filters: ['Equals', 'Like'] },
    { name: 'Type_Name', type: 'nvarchar', size: '254', multilanguage: true, filters: ['Like'] },
    { name: 'Tiny_Name', type: 'nvarchar', size: '4', multilanguage: true },
    { name: 'Notes', type: 'nvarchar', size: 'max', nullable: true },
    { name: 'Whole', type: 'decimal', size: '9, 0' },
    { name: 'Share', type: 'decimal', size: '5, 5', filters: ['GreaterThanOrLessThan'] },
    { name: 'Huge', type: 'decimal', size: '38, 6', default: '0' },
    { name: 'Kind', type: 'char', size: '2', filters: ['Equals', 'EqualsIn'], allowed: ['A ', 'ZZ'], default: 'ZZ' },
    { name: 'Level', type: 'smallint', allowed: ['-3', '0'], default: '0' },
    { name: 'Shape', type: 'hierarchyid' },
    { name: 'Is_Active', type: 'bit', default: 'True', filters: ['Equals'] },
  ]),
  Tst_Nodes: table('Test.Nodes', [
    key('Node_Id'), to('Parent_Node_Id', 'Tst_Nodes', { nullable: true }), to('Lost_Id', 'Tst_Nowhere'),
    { name: 'Parent_Node_Reference', type: 'int' }, { name: 'Node', type: 'nvarchar', size: '20' },
  ]),
  Tst_Cycle_A: table('Test.CycleA', [key('Cycle_A_Id'), to('Cycle_B_Id', 'Tst_Cycle_B')]),
  Tst_Cycle_B: table('Test.CycleB', [key('Cycle_B_Id'), to('Cycle_A_Id', 'Tst_Cycle_A')]),
  Tst_Links: table('Test.Links', [
    to('From_Node_Id', 'Tst_Nodes', { pk: true }), { name: 'Link_Day', type: 'datetime', pk: true },
    { name: 'Link_Kind', type: 'char', size: '1', pk: true, nullable: true, allowed: ['X'] },
  ]),
  Tst_Numbers: table(null, [{ name: 'Number', type: 'int', pk: true, filters: ['Equals'] }]),
  Tst_Flags: table(null, [{ name: 'Flag', type: 'bit', pk: true }]),
  Tst_Papers: table('Test.Papers', [key('Id'), { name: 'Notes', type: 'nvarchar', size: '10' }, version]),
  Tst_Bills: table('Test.Bills', [
    key('Bill_Id'), to('Paper_Id', 'Tst_Papers', { owner: true }), { name: 'Bill_Code', type: 'nvarchar', size: '8' },
    to('Node_Id', 'Tst_Nodes', { nullable: true }),
  ]),
  Tst_Bill_Lines: table('Test.BillLines', [
    key('Bill_Line_Id'), to('Bill_Id', 'Tst_Bills', { owner: true }), { name: 'Bill', type: 'int' },
  ]),
  Tst_Sums: table('Test.Sums', [
    { name: 'Node_Id', type: 'uniqueidentifier', filters: ['Equals', 'EqualsIn'] },
    { name: 'Total', type: 'decimal', size: '38, 2', nullable: true },
  ], { view: true }),
  // Of the trading company, with other columns and sizes.
  Gen_Countries: table('General.Geography.Countries', [
    key('Country_Id'), { name: 'Code', type: 'nvarchar', size: '2' }, { name: 'Population', type: 'bigint' },
    to('Node_Id', 'Tst_Nodes'),
  ]),
}

const entity = (set: string, type: string, more: Fields) => ({
  entitySet: set, entityType: type, access: 'ReadWrite', displayFormat: '{Id}', category: 'Definitions',
  attributes: [], references: [], childCollections: [], methods: [], ...more,
})
const attribute = (name: string, type: string, more: Fields = {}) => ({ name, type, category: 'System', ...more })
const id = attribute('Id', 'guid', { filters: ['Equals', 'GreaterThanOrLessThan', 'EqualsIn'] })
const reference = (name: string, target: string, more: Fields = {}) =>
  ({ name, target, filters: ['Equals', 'EqualsIn'], ...more })
const copy = { name: 'CreateCopy', returns: 'EntityObject', http: 'POST', parameters: [] }

const LEVELS = [{ name: 'Low<br />Est', value: '7', db: '-3' }, { name: 'Нормално', value: '8', db: '0' }]
const KINDS = [{ name: 'First', value: '0', db: 'A ' }, { name: 'Last', value: '1', db: 'ZZ' }]

const SMALL_ENTITIES = {
  'Test.Types': entity('Test_Types', 'Test_Type', {
    table: 'Tst_Types',
    attributes: [
      id, attribute('Code', 'string (3)', { orderBy: true, filters: ['Equals', 'Like'] }),
      attribute('TypeName', 'MultilanguageString (254)', { filters: ['Like'], obsolete: true }),
      attribute('Notes', 'string (max)', { nullable: true, readonly: true }), attribute('Huge', 'Amount (38, 6)'),
      attribute('Kind', 'Kind', { enum: KINDS, enumType: 'Test.Kind', filters: ['Equals', 'EqualsIn'] }),
      attribute('Level', 'Level', { enum: LEVELS, enumType: 'Test.Level' }), attribute('Shape', 'hierarchyid'),
      attribute('DisplayText', 'string', { category: 'Calculated Attributes' }),
    ],
    methods: [copy, {
      name: 'Look', returns: 'Collection Of Nodes', http: 'GET',
      parameters: [{ name: 'level', type: 'Test.Level', optional: true }, { name: 'odd', type: 'No.Such.Thing' }],
    }],
  }),
  'Test.Nodes': entity('Test_Nodes', 'Test_Node', {
    table: 'Tst_Nodes', attributes: [id, attribute('NodeField', 'string (20)')],
    references: [reference('Parent', 'Test.Nodes', { nullable: true }), reference('Lost', 'Test.Nowhere')],
    childCollections: [{ name: 'Bills', target: 'Test.Bills' }, { name: 'Gone', target: 'Test.Nowhere' }],
  }),
  'Test.CycleA': entity('Test_CycleA', 'Test_CycleA', {
    table: 'Tst_Cycle_A', attributes: [id], references: [reference('CycleB', 'Test.CycleB', { filterable: true })],
  }),
  'Test.CycleB': entity('Test_CycleB', 'Test_CycleB', {
    table: 'Tst_Cycle_B', attributes: [id], references: [reference('CycleA', 'Test.CycleA')],
  }),
  'Test.Links': entity('Test_Links', 'Test_Link', {
    table: 'Tst_Links', attributes: [id, attribute('LinkDay', 'datetime')],
    references: [reference('FromNode', 'Test.Nodes')],
  }),
  'Test.Papers': entity('Test_Papers', 'Test_Paper', {
    table: 'Tst_Papers', attributes: [attribute('PaperId', 'guid'), attribute('PaperNotes', 'string (10)')],
  }),
  'Test.Bills': entity('Test_Bills', 'Test_Bill', {
    table: 'Tst_Bills', base: 'Test.Papers', category: 'Documents',
    attributes: [id, attribute('Code', 'string (8)'), attribute('PaperId', 'guid'), attribute('PaperNotes', 'string (10)')],
    references: [reference('Node', 'Test.Nodes', { nullable: true })],
    childCollections: [{ name: 'Lines', target: 'Test.BillLines' }],
  }),
  'Test.BillLines': entity('Test_BillLines', 'Test_BillLine', {
    table: 'Tst_Bill_Lines', aggregateParent: 'Test.Bills', aggregateRoot: 'Test.Bills',
    attributes: [id, attribute('Bill', 'int32')],
    references: [
      reference('Document', 'Test.Bills'), reference('BillObj', 'Test.Bills', { owner: true, filterable: true }),
    ],
  }),
  'Test.Sums': entity('Test_Sums', 'Test_Sum', {
    category: 'Views', attributes: [attribute('Total', 'decimal (38, 2)')],
    references: [reference('Node', 'Test.Nodes', { baseColumn: 'Tst_Nodes_Table.Node_Id' })],
  }),
  'Test.Nothing': entity('Test_Nothing', 'Test_Nothing', {
    category: 'Views', attributes: [attribute('Permission', 'string')], references: [reference('Node', 'Test.Nodes')],
  }),
}

/** Writes the two files. Their texts may be others, to see them refused; undefined leaves one out. */
export function writeModel(
  tables: string | undefined = JSON.stringify(SMALL_TABLES),
  entities: string | undefined = JSON.stringify(SMALL_ENTITIES),
): string {
  const folder = mkdtempSync(join(tmpdir(), 'erpnet-model-'))
  writeFileSync(join(folder, 'tables.json'), tables)
  writeFileSync(join(folder, 'entities.json'), entities)
  return folder
}
