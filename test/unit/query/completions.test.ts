import assert from 'node:assert/strict'
import type { Table } from '../../../src/core/model/table.ts'
import { FUNCTIONS } from '../../../src/core/query/types.ts'
import { completions } from '../../../src/core/query/completions.ts'

const column = (name: string, type: string) => ({ name, type, nullable: true })
const DOCUMENTS: Table = {
  name: 'Gen_Documents',
  key: ['Id'],
  columns: [column('Id', 'Edm.Guid'), column('Void', 'Edm.Boolean'), column('Document_No', 'Edm.String'), column('Document_Date', 'Edm.DateTimeOffset')],
  references: [{ name: 'Master_Document_Reference', target: 'Gen_Documents', columns: [] }],
}
const ORDERS: Table = {
  name: 'Crm_Sales_Orders',
  key: ['Sales_Order_Id'],
  columns: [column('Sales_Order_Id', 'Edm.Guid'), column('Rate', 'Edm.Decimal')],
  references: [
    { name: 'Document_Reference', target: 'Gen_Documents', columns: ['Document_Id'] },
    { name: 'Unknown_Reference', target: 'Not_There', columns: [] },
  ],
}
const KNOWN = { tables: [DOCUMENTS, ORDERS], names: ['from', 'docs.Id'] }
const INSERTIONS = ['{{from}}', '{{docs.Id}}']

/** The cell's text after each completion; `|` is the cursor. */
function completed(marked: string): string[] {
  const offset = marked.indexOf('|')
  const text = marked.replace('|', '')
  return completions(text, offset, KNOWN).map(({ text: written, range }) => text.slice(0, range.start) + written + text.slice(range.end))
}

describe('completion', () => {
  const tables = ['Gen_Documents', 'Crm_Sales_Orders']
  const columns = ['Id', 'Void', 'Document_No', 'Document_Date']
  const paths = [...columns, 'Master_Document_Reference/']
  const operands = [...paths, ...Object.keys(FUNCTIONS).map(name => `${name}(`)]
  const ordered = ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'in']
  const after = (before: string, words: readonly string[], rest = '') => words.map(word => before + word + rest)

  const local = ['$orderby=', '$skip=', '$count=', '$expand=', '$apply=']
  const cases: [text: string, completed: string[]][] = [
    // the table
    ['|', tables],
    ['Gen|', tables],
    ['Ge|n_Doc?$top=1', after('', tables, '?$top=1')],
    ['GET Ge|', after('GET ', tables)],
    ['# @name x\n|', after('# @name x\n', tables)],
    ['domain/|', []],
    ['https://x/odata/|', []],
    // the options
    ['Gen_Documents |', after('Gen_Documents ', ['?$select=', '?$filter=', '?$top=', ...local.map(option => `?${option}`)])],
    ['Gen_Documents\n  |\n?$top=1', []],
    ['Gen_Documents?|', after('Gen_Documents?', ['$select=', '$filter=', '$top=', ...local])],
    ['Gen_Documents?$top=1\n  &$|', after('Gen_Documents?$top=1\n  &', ['$select=', '$filter=', ...local])],
    ['Gen_Documents?$s|el=Id&$top=1', after('Gen_Documents?', ['$select=', '$filter=', ...local], 'Id&$top=1')],
    ['Gen_Documents?$top=|', []],
    // $select
    ['Gen_Documents?$select=|', after('Gen_Documents?$select=', columns)],
    ['Gen_Documents?$select=Id,\n  Vo|id,Document_No&$top=1', after('Gen_Documents?$select=Id,\n  ', ['Void', 'Document_Date'], ',Document_No&$top=1')],
    ['https://x/tableapi/odata/Gen_Documents?$select=|', after('https://x/tableapi/odata/Gen_Documents?$select=', columns)],
    ['domain/Gen_Documents?$select=|', []],
    ['Not_There?$select=|', []],
    // $filter
    ['Gen_Documents?$filter=|', after('Gen_Documents?$filter=', operands)],
    ['Gen_Documents?$filter=V|&$top=1', after('Gen_Documents?$filter=', operands, '&$top=1')],
    ['Gen_Documents?$filter=Void eq false and |', after('Gen_Documents?$filter=Void eq false and ', operands)],
    ['Gen_Documents?$filter=(|', after('Gen_Documents?$filter=(', operands)],
    ['Gen_Documents?$filter=Void |', after('Gen_Documents?$filter=Void ', ['eq', 'ne', 'in'])],
    ['Gen_Documents?$filter=Document_No l|', after('Gen_Documents?$filter=Document_No ', [...ordered, 'like'])],
    ['Crm_Sales_Orders?$filter=Document_Reference/Document_Date |', after('Crm_Sales_Orders?$filter=Document_Reference/Document_Date ', ordered)],
    ['Gen_Documents?$filter=Unknown |', []],
    ['Gen_Documents?$filter=Void eq |', after('Gen_Documents?$filter=Void eq ', ['true', 'false', 'null', ...INSERTIONS])],
    ['Gen_Documents?$filter=Document_Date ge |', after('Gen_Documents?$filter=Document_Date ge ', INSERTIONS)],
    ['Gen_Documents?$filter=Void eq false |', after('Gen_Documents?$filter=Void eq false ', ['and', 'or'])],
    ['Gen_Documents?$filter=Document_No eq \'a\' a|', after('Gen_Documents?$filter=Document_No eq \'a\' ', ['and', 'or'])],
    ['Gen_Documents?$filter=Id in (1,2) |', after('Gen_Documents?$filter=Id in (1,2) ', ['and', 'or'])],
    ['Gen_Documents?$filter=Id in (1, |', []],
    ['Gen_Documents?$filter=Document_No eq \'V|', []],
    // functions and arithmetic
    ['Gen_Documents?$filter=Void eq false or not c|', after('Gen_Documents?$filter=Void eq false or not ', operands)],
    ['Gen_Documents?$filter=contains(|', after('Gen_Documents?$filter=contains(', operands)],
    ['Gen_Documents?$filter=contains(Document_No,|', after('Gen_Documents?$filter=contains(Document_No,', operands)],
    ['Gen_Documents?$filter=contains(Document_No,\'a\') |', after('Gen_Documents?$filter=contains(Document_No,\'a\') ', ['and', 'or'])],
    ['Gen_Documents?$filter=year(Document_Date) |', after('Gen_Documents?$filter=year(Document_Date) ', [...ordered, 'add', 'sub', 'mul', 'div', 'divby', 'mod'])],
    ['Gen_Documents?$filter=tolower(trim(Document_No)) |', after('Gen_Documents?$filter=tolower(trim(Document_No)) ', [...ordered, 'like'])],
    ['Gen_Documents?$filter=Document_Date ge date(Document_Date) |', after('Gen_Documents?$filter=Document_Date ge date(Document_Date) ', ['and', 'or'])],
    ['Crm_Sales_Orders?$filter=Rate mul |', after('Crm_Sales_Orders?$filter=Rate mul ', ['Sales_Order_Id', 'Rate', 'Document_Reference/', 'Unknown_Reference/', ...Object.keys(FUNCTIONS).map(name => `${name}(`)])],
    ['Gen_Documents?$filter=Id in (trim(Id), |', []],
    // references
    ['Crm_Sales_Orders?$filter=Document_Reference/|', after('Crm_Sales_Orders?$filter=Document_Reference/', paths)],
    ['Crm_Sales_Orders?$filter=Document_Reference/Master_Document_Reference/V| eq 1', after('Crm_Sales_Orders?$filter=Document_Reference/Master_Document_Reference/', paths, ' eq 1')],
    ['Crm_Sales_Orders?$filter=Unknown_Reference/|', []],
    // insertions, anywhere; nothing in comments and definitions
    ['@a = {{|}}', ['@a = {{from}}', '@a = {{docs.Id}}', '@a = {{$guid}}', '@a = {{$datetime iso8601}}', '@a = {{$prompt}}']],
    ['Gen_Documents?$filter=Id in {{docs.|}}', after('Gen_Documents?$filter=Id in {{', ['from', 'docs.Id', '$guid', '$datetime iso8601', '$prompt'], '}}')],
    ['# Ge|', []],
    ['@a = Ge|', []],
    ['Gen_Documents // |', []],
  ]
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => assert.deepEqual(completed(text), expected))
  }

  it('tells what it offers', () => {
    const [first] = completions('Gen_Documents?$select=', 22, KNOWN)
    assert.deepEqual(first, { kind: 'column', text: 'Id', detail: 'Edm.Guid', range: { start: 22, end: 22 } })
    const all = completions('Crm_Sales_Orders?$filter=', 25, KNOWN)
    assert.deepEqual(all.find(({ kind, text }) => kind === 'function' && text === 'substring('), {
      kind: 'function', text: 'substring(', detail: 'substring(text, number, number?)', function: 'substring', goesOn: true, range: { start: 25, end: 25 },
    })
    assert.deepEqual(all.filter(({ kind }) => kind === 'reference').at(-1), { kind: 'reference', text: 'Unknown_Reference/', detail: 'Not_There', goesOn: true, range: { start: 25, end: 25 } })
  })
})
