import assert from 'node:assert/strict'
import { ErpError } from '../../../src/core/base/errors.ts'
import { parseCell } from '../../../src/core/query/cell.ts'
import { requestUrl, type ServerQuery } from '../../../src/core/query/print.ts'
import { type ColumnValues, resolveCell, type Scope } from '../../../src/core/query/resolve.ts'
import { printExpression } from './printExpression.ts'

const GUIDS = ['aaaaaaaa-0000-0000-0000-000000000001', 'aaaaaaaa-0000-0000-0000-000000000002']

const COLUMNS: Readonly<Record<string, ColumnValues>> = {
  'docs.Customer_Id': { type: 'Edm.Guid', values: [GUIDS[0]!, null, GUIDS[1]!, GUIDS[0]!] },
  'docs.Name': { type: 'Edm.String', values: ['O\'Brien', 'Фактура & Co'] },
  'docs.Amount': { type: 'Edm.Decimal', values: ['12345678901234567890.10'] },
  'docs.Time': { type: 'Edm.TimeOfDay', values: ['10:20:30'] },
  'docs.Took': { type: 'Edm.Duration', values: ['PT10H', '-P1DT0.5S'] },
  'docs.Version': { type: 'Edm.Binary', values: ['AAEC+/8='] },
  'docs.State': { type: 'Erp.State', values: ['New'] },
  'docs.Nothing': { type: 'Edm.Guid', values: [null] },
}

const scope = (variables: Readonly<Record<string, string>> = {}): Scope => ({
  variable: name => variables[name],
  column: (result, column) => Promise.resolve(COLUMNS[`${result}.${column}`]),
  prompt: label => Promise.resolve(`<${label}>`),
  now: () => new Date('2026-03-31T10:20:30.456Z'),
  guid: () => GUIDS[0]!,
})

/** A query with its expressions printed. */
interface Printed {
  readonly api: 'table' | 'domain'
  readonly resource: string
  readonly select?: readonly string[]
  readonly filter?: string
  readonly top?: number
  readonly name?: string
  readonly connection?: string
}

/** A cell knows its own variables. */
async function resolve(text: string, others: Readonly<Record<string, string>> = {}): Promise<Printed | undefined> {
  const cell = parseCell(text)
  const query = await resolveCell(cell, scope({ ...others, ...Object.fromEntries(cell.variables.map(({ name, value }) => [name, value])) }))
  if (query === undefined) return undefined
  const { api, resource, select, filter, top, name, connection } = query
  return {
    api, resource,
    ...(select === undefined ? {} : { select: select.map(({ steps }) => steps.join('/')) }),
    ...(filter === undefined ? {} : { filter: printExpression(filter) }),
    ...(top === undefined ? {} : { top }),
    ...(name === undefined ? {} : { name }),
    ...(connection === undefined ? {} : { connection }),
  }
}

const filterOf = async (filter: string): Promise<string | undefined> => (await resolve(`T?$filter=${filter}`))?.filter

describe('a query cell', () => {
  const table = { api: 'table', resource: 'Gen_Documents' } as const
  const cases: [text: string, query: Partial<Printed> | undefined][] = [
    // nothing to run
    ['', undefined],
    ['# Gen_Documents\n// Gen_Documents\n@a = 1\n', undefined],
    // in one line, over many, with every line end
    ['Gen_Documents', {}],
    ['  Gen_Documents?$top=5  ', { top: 5 }],
    ['Gen_Documents?', {}],
    ['Gen_Documents?$top=5&', { top: 5 }],
    ['Gen_Documents?&&$top=0', { top: 0 }],
    ['Gen_Documents\n  ?$select=Id,\n    Document_No ,Void\n  &$filter=Void eq false\n    and State ge 30\n  &$top=500\n', { select: ['Id', 'Document_No', 'Void'], filter: 'Void eq false and State ge 30', top: 500 }],
    ['Gen_Documents\r\n?\r\n$top\r\n=\r\n5\r\n', { top: 5 }],
    ['Gen_Documents\r?$top=5\r', { top: 5 }],
    ['Gen_Documents?$select=', {}],
    ['Gen_Documents?$select=*', {}],
    ['Gen_Documents?$top=2147483647', { top: 2_147_483_647 }],
    // comments and directives
    ['# @name docs\n// @connection other.one\nGen_Documents # all of them\n ?$top=5 // five\n#&$top=6', { top: 5, name: 'docs', connection: 'other.one' }],
    ['Gen_Documents?$filter=A eq \'# no\' and B eq \'x // no\' # it\'s', { filter: 'A eq \'# no\' and B eq \'x // no\'' }],
    ['Gen_Documents?$filter=A eq \'it\'\'s\' #1', { filter: 'A eq \'it\'\'s\'' }],
    ['# it\'s a comment\nGen_Documents?$top=1', { top: 1 }],
    ['@n = O\'Brien # it\'s a name\nGen_Documents?$filter=A eq \'{{n}}\'', { filter: 'A eq \'O\'\'Brien\'' }],
    // literals are exact
    ['Gen_Documents?$filter=A like \'%abc%\'', { filter: 'A like \'%abc%\'' }],
    ['Gen_Documents?$filter=A like \'%20%\' and B eq \'a+b  c\'', { filter: 'A like \'%20%\' and B eq \'a+b  c\'' }],
    ['Gen_Documents?$filter=A eq \'R&D?$top=1\'&$top=2', { filter: 'A eq \'R&D?$top=1\'', top: 2 }],
    ['Gen_Documents?$filter=A eq \'x\n y\'', { filter: 'A eq \'x\n y\'' }],
    ['Gen_Documents?$filter=A eq \'2026-01-01\' and B ge 2026-01-01', { filter: 'A eq \'2026-01-01\' and B ge 2026-01-01T00:00:00Z' }],
    ['Gen_Documents?$filter=Document_Reference/\n  Void eq false', { filter: 'Document_Reference/Void eq false' }],
    // addresses
    ['https://demodb.my.erp.net/tableapi/odata/Gen_Documents', {}],
    ['GET https://demodb.my.erp.net/tableapi/odata/Gen_Documents?$top=1', { top: 1 }],
    ['get  https://demodb.my.erp.net/tableapi/odata/Gen_Documents/?$top=1', { top: 1 }],
    ['GET Gen_Documents?$top=1', { top: 1 }],
    ['https://x/erp/tableapi/odata/Gen_Documents?%24top=1&%24filter=Void%20eq%20false', { top: 1, filter: 'Void eq false' }],
    ['https://x/tableapi/odata/Gen_Documents?$filter=Void+eq+false+and+A+eq+%27a%2Bb%26c%27&$top=1', { filter: 'Void eq false and A eq \'a+b&c\'', top: 1 }],
    ['https://x/tableapi/odata/Gen_Documents?$filter=A%20like%20\'%25abc%25\'', { filter: 'A like \'%abc%\'' }],
    ['https://x/tableapi/odata/Gen_Documents?$filter=A%20eq%20%27%D0%A4%2520%27', { filter: 'A eq \'Ф%20\'' }],
    ['https://x/tableapi/odata/Gen_Documents?$filter=A like \'%abc%\' and B eq \'a+b\'', { filter: 'A like \'%abc%\' and B eq \'a+b\'' }],
    ['https://x/tableapi/odata/Gen_Documents\n  ?$select=Id%2CVoid\n  &$filter=Void%20eq%20false\n    and State eq 1', { select: ['Id', 'Void'], filter: 'Void eq false and State eq 1' }],
    ['https://x/tableapi/\n  odata/Gen_Documents\n?$top=1', { top: 1 }],
    ['Gen_Documents?$filter=Void%20eq%20false', { filter: 'Void eq false' }],
    ['https://x/api/domain/odata/Crm_Sales_SalesOrders?$top=1', { api: 'domain', resource: 'Crm_Sales_SalesOrders', top: 1 }],
    ['https://demodb.my.erp.net/api/domain/querybuilder#Crm_Sales_SalesOrders?$top=1&$filter=Void%20eq%20false', { api: 'domain', resource: 'Crm_Sales_SalesOrders', top: 1, filter: 'Void eq false' }],
    ['https://x/data/Gen_Documents?$top=1', { top: 1 }],
    ['https://x/tableapi/odata/Gen_Documents?$format=json&$top=1', { top: 1 }],
    ['Gen_Documents?format=application/json;odata.metadata=minimal&$top=1', { top: 1 }],
    ['domain/Crm_Sales_SalesOrders?$top=1&%24format=json', { api: 'domain', resource: 'Crm_Sales_SalesOrders', top: 1 }],
    ['domain/Crm_Sales_SalesOrders?$top=1', { api: 'domain', resource: 'Crm_Sales_SalesOrders', top: 1 }],
  ]
  for (const [text, query] of cases) {
    it(JSON.stringify(text), async () => assert.deepEqual(await resolve(text), query === undefined ? undefined : { ...table, ...query }))
  }
})

describe('insertions', () => {
  const list = GUIDS.join(',')
  const cases: [text: string, query: Partial<Printed>][] = [
    ['T?$filter=D ge 2026-01-01t10:00:00z and E ge 2026-01-01z', { filter: 'D ge 2026-01-01t10:00:00z and E ge 2026-01-01T00:00:00z' }],
    ['@from = 2026-01-01\nT?$filter=D ge {{from}}', { filter: 'D ge 2026-01-01T00:00:00Z' }],
    ['@a = 1 # one\n@b={{a}}2\nT?$top={{ b }}', { top: 12 }],
    ['@t = T\n@options = $top=3&$select=A\n{{t}}?{{options}}', { top: 3, select: ['A'] }],
    ['@columns = A,B\nT?$select={{columns}},C', { select: ['A', 'B', 'C'] }],
    ['@text = it\'s %41 & {{n}}\n@n = 1\nT?$filter=A eq \'{{text}}\'', { filter: 'A eq \'it\'\'s %41 & 1\'' }],
    ['@text = a+b %41\nhttps://x/odata/T?$filter=A%20eq%20%27{{text}}%27', { filter: 'A eq \'a+b %41\'' }],
    ['T?$filter=Id eq {{$guid}}', { filter: `Id eq ${GUIDS[0]!}` }],
    ['T?$filter=A eq \'{{$prompt Name & \'more\'}}\'', { filter: 'A eq \'<Name & \'\'more\'\'>\'' }],
    ['T?$filter=D ge {{$datetime iso8601 -1 d}}', { filter: 'D ge 2026-03-30T10:20:30Z' }],
    ['T?$filter=D ge {{$datetime \'YYYY-MM-DD\' -1 M}}', { filter: 'D ge 2026-02-28T00:00:00Z' }],
    ['T?$filter=C in {{docs.Customer_Id}}', { filter: `C in (${list})` }],
    ['T?$filter=C in ({{docs.Customer_Id}})', { filter: `C in (${list})` }],
    ['T?$filter=C in (\n  {{docs.Customer_Id}}\n)', { filter: `C in (${list})` }],
    ['https://x/odata/T?$filter=C%20in%20{{docs.Customer_Id}}', { filter: `C in (${list})` }],
    ['@ids = {{docs.Customer_Id}}\nT?$filter=C in {{ids}} and D in ({{ids}})', { filter: `C in (${list}) and D in (${list})` }],
    ['@theirs = C in {{docs.Customer_Id}}\nT?$filter={{theirs}} and A eq 1', { filter: `C in (${list}) and A eq 1` }],
    ['@ids = ({{docs.Customer_Id}})\nT?$filter=C in {{ids}}', { filter: `C in (${list})` }],
    ['@who = O\'Brien\n@his = A eq \'{{who}}\'\nT?$filter={{his}}', { filter: 'A eq \'O\'\'Brien\'' }],
    ['@who = O\'Brien\n@both = {{who}} and O\'Neil\nT?$filter=A eq \'{{both}}\'', { filter: 'A eq \'O\'\'Brien and O\'\'Neil\'' }],
    ['T?$filter=A in {{docs.Time}}', { filter: 'A in (10:20:30)' }],
    ['T?$filter=A in {{docs.Took}}', { filter: 'A in (\'PT10H\',\'-P1DT0.5S\')' }],
    ['T?$filter=A eq {{docs.Version}}', { filter: 'A eq \'AAEC+/8=\'' }],
    ['T?$filter=A in {{docs.State}}', { filter: 'A in (\'New\')' }],
    ['T?$filter=A in {{docs.Name}}', { filter: 'A in (\'O\'\'Brien\',\'Фактура & Co\')' }],
    ['T?$filter=A eq {{docs.Amount}}', { filter: 'A eq 12345678901234567890.10' }],
  ]
  for (const [text, query] of cases) {
    it(JSON.stringify(text), async () => assert.deepEqual(await resolve(text), { api: 'table', resource: 'T', ...query }))
  }

  it('asks once for one label', async () => {
    const asked: string[] = []
    const cell = parseCell('T?$filter=A eq {{$prompt Name}} and B eq {{$prompt Name}} and C eq {{$prompt Other}}')
    await resolveCell(cell, { ...scope(), prompt: label => Promise.resolve(String(asked.push(label))) })
    assert.deepEqual(asked, ['Name', 'Other'])
  })

  it('passes on that the user gave up', () =>
    assert.rejects(resolveCell(parseCell('T?$top={{$prompt N}}'), { ...scope(), prompt: () => Promise.reject(new ErpError('cancelled')) }), { code: 'cancelled' }))
})

describe('a long query', () => {
  it('has many insertions, long lists and chains, and nests as deep as it may', async () => {
    const many = Array.from({ length: 20_000 }, () => '{{a}}').join(',')
    assert.equal(await filterOf(`A in (${many})`.replaceAll('{{a}}', '{{docs.Amount}}')), `A in (${many.replaceAll('{{a}}', '12345678901234567890.10')})`)
    const chain = Array.from({ length: 10_000 }, (_, index) => `A eq ${index}`)
    for (const by of [' or ', ' and ']) assert.equal(await filterOf(chain.join(by)), chain.join(by))
    assert.equal(await filterOf(`${'('.repeat(499)}A eq 1${')'.repeat(499)}`), 'A eq 1')
    assert.equal(await filterOf(`${'true or true and true eq false gt 1 add 2 mul ('.repeat(80)}1${')'.repeat(80)}`), `${'true or true and true eq false gt 1 add 2 mul ('.repeat(79)}true or true and true eq false gt 1 add 2 mul 1${')'.repeat(79)}`)
  })
})

describe('what a cell cannot say', () => {
  const syntax = (line: number, column: number, found: string, expected: string) => ({ code: 'query-syntax', facts: { line, column, found, expected } })
  const cases: [text: string, error: { code: string; facts: object }][] = [
    ['Gen Documents', syntax(1, 1, 'Gen Documents', 'the name of a table')],
    ['Gen_Documents\nCrm_Customers', syntax(1, 1, 'Gen_Documents Crm_Customers', 'the name of a table')],
    ['\n  ?$top=1', { code: 'query-empty', facts: {} }],
    ['Gen_Documents(1)?$top=1', syntax(1, 1, 'Gen_Documents(1)', 'the name of a table')],
    ['https://x/tableapi/odata/Gen_Documents/$count', syntax(1, 1, 'https://x/tableapi/odata/Gen_D…', 'the name of a table')],
    ['T\n\n  ?$top=many', syntax(3, 9, 'many', '0 … 2147483647')],
    ['T?$top=-1', syntax(1, 8, '-1', '0 … 2147483647')],
    ['T?$top=1.5', syntax(1, 8, '1.5', '0 … 2147483647')],
    ['T?$top=', syntax(1, 8, '', '0 … 2147483647')],
    ['T?$top=2147483648', syntax(1, 8, '2147483648', '0 … 2147483647')],
    ['T?$top', syntax(1, 7, '', '=')],
    ['T?$top=1\n &$top=2', syntax(2, 3, '$top', 'each option once')],
    ['T?$top=1&%24top=2', syntax(1, 10, '$top', 'each option once')],
    ['T?$select=A,,B', syntax(1, 13, ',', 'the name of a column')],
    ['T?$select=A\n  $top=5', syntax(2, 3, '$top', '&')],
    ['T?$select=A,B,A', syntax(1, 15, 'A', 'each column once')],
    ['T?$filter=A eq \'x&$top=1', syntax(1, 16, '\'x&$top=1', '\'')],
    ['T?$filter=(A eq 1', syntax(1, 18, '', ')')],
    ['T?$filter=A eq 1)', syntax(1, 17, ')', 'the end')],
    [`T?$filter=${'('.repeat(501)}A${')'.repeat(501)}`, syntax(1, 511, '(', 'at most 500 levels')],
    [`T?$filter=${'not '.repeat(100_000)}A`, syntax(1, 2011, 'not', 'at most 500 levels')],
    [`T?$filter=A${' add 1'.repeat(501)} eq 1`, syntax(1, 3017, '1', 'at most 500 levels')],
    [`T?$filter=${'('.repeat(300)}A${' add 1) mul 2'.repeat(300)} eq 1`, syntax(1, 3567, '1', 'at most 500 levels')],
    ['T?$filter=A eq {{a', syntax(1, 16, '{{a', '}}')],
    ['T?$filter=A eq 1\n $top=1', syntax(2, 2, '$top', '&')],
    ['T?$filter=A eq %zz', syntax(1, 16, '%zz', 'the name of a column')],
    ['T?$filter=A eq', syntax(1, 15, '', 'a value')],
    ['T?$filter=A B', syntax(1, 13, 'B', 'an operator')],
    ['T?$filter=A gt 2026-13-45', syntax(1, 16, '2026-13-45', 'a date')],
    ['T?$filter=A gt 5x', syntax(1, 16, '5x', 'a value')],
    ['T?$filter=eq 1', syntax(1, 11, 'eq', 'a value')],
    ['T?$filter=A in 1', syntax(1, 16, '1', '(')],
    ['T?$filter=A in (1;2)', syntax(1, 18, ';', ')')],
    ['T?$orderby=A up', syntax(1, 14, 'up', 'the end')],
    ['T?$skip=x', syntax(1, 9, 'x', '0 … 2147483647')],
    ['T?$count=yes', syntax(1, 10, 'yes', 'true, false')],
    ['T?$expand=A($top=1)', syntax(1, 13, '$top', '$select, $expand')],
    ['T?$apply=concat(A)', syntax(1, 10, 'concat', 'filter, groupby, aggregate')],
    ['T?$apply=aggregate(A with total as B)', syntax(1, 27, 'total', 'sum, min, max, average, countdistinct')],
    ['T?$apply=aggregate($count as A/B)', syntax(1, 31, '/', ')')],
    ['T?$apply=aggregate(A with sum as B/C,D with sum as E)', syntax(1, 35, '/', ')')],
    ['domain/T?$apply=compute(year(A) as B/C)/groupby((B))', syntax(1, 37, '/', ')')],
    ['T?$search=A', { code: 'query-option', facts: { option: '$search' } }],
    ['T?$format=xml', { code: 'query-option', facts: { option: '$format' } }],
    ['T?apikey=1', { code: 'query-option', facts: { option: 'apikey' } }],
    ['T?$top={{n}}', { code: 'variable-unknown', facts: { name: 'n' } }],
    ['T?$top={{$random}}', { code: 'variable-unknown', facts: { name: '$random' } }],
    ['T?$filter=D ge {{$datetime iso 1 d}}', { code: 'variable-unknown', facts: { name: '$datetime iso 1 d' } }],
    ['T?$filter=D ge {{$datetime iso8601 999999999 y}}', { code: 'variable-unknown', facts: { name: '$datetime iso8601 999999999 y' } }],
    ['@a = {{b}}\n@b = {{a}}\nT?$top={{a}}', { code: 'variable-cycle', facts: { name: 'a' } }],
    ['@a = {{a}}\nT?$top={{a}}', { code: 'variable-cycle', facts: { name: 'a' } }],
    ['T?$filter=A in {{x.B}}', { code: 'variable-unknown', facts: { name: 'x.B' } }],
    ['T?$filter=A in {{docs.Nothing}}', { code: 'variable-empty', facts: { name: 'docs.Nothing' } }],
  ]
  for (const [text, { code, facts }] of cases) {
    it(JSON.stringify(text).slice(0, 100), () => assert.rejects(resolve(text), error => {
      assert.ok(error instanceof ErpError)
      assert.deepEqual({ code: error.code, facts: error.facts }, { code, facts })
      return true
    }))
  }
})

describe('times', () => {
  const cases: [insertion: string, value: string][] = [
    ['iso8601', '2026-03-31T10:20:30Z'],
    ['rfc1123', 'Tue, 31 Mar 2026 10:20:30 GMT'],
    ['"DD.MM.YYYY HH:mm:ss.SSS"', '31.03.2026 10:20:30.456'],
    ['iso8601 -1 y', '2025-03-31T10:20:30Z'],
    ['iso8601 -1 M', '2026-02-28T10:20:30Z'],
    ['iso8601 11 M', '2027-02-28T10:20:30Z'],
    ['iso8601 1 Q', '2026-06-30T10:20:30Z'],
    ['iso8601 +1 w', '2026-04-07T10:20:30Z'],
    ['iso8601 -31 d', '2026-02-28T10:20:30Z'],
    ['iso8601 -11 h', '2026-03-30T23:20:30Z'],
    ['iso8601 40 m', '2026-03-31T11:00:30Z'],
    ['iso8601 30s', '2026-03-31T10:21:00Z'],
    ['iso8601 544 ms', '2026-03-31T10:20:31Z'],
  ]
  for (const [insertion, value] of cases) {
    it(insertion, async () => assert.equal(await filterOf(`A eq '{{$datetime ${insertion}}}'`), `A eq '${value}'`))
  }
})

describe('the address of a query', () => {
  const root = 'https://x/tableapi/odata/'
  const cases: [query: Partial<ServerQuery>, url: string][] = [
    [{}, 'T'],
    [{ top: 0 }, 'T?$top=0'],
    [{ select: ['A', 'B'], filter: 'D ge 2026-01-01T00:00:00Z and N_Reference/V in (1,2)', top: 5 }, 'T?$select=A,B&$filter=D%20ge%202026-01-01T00:00:00Z%20and%20N_Reference/V%20in%20(1,2)&$top=5'],
    [{ filter: 'A like \'%20%+#&?\'' }, 'T?$filter=A%20like%20%27%2520%25%2B%23%26%3F%27'],
    [{ filter: 'A eq \'Ф "\\ \ud800\n\'' }, 'T?$filter=A%20eq%20%27%D0%A4%20%22%5C%20%EF%BF%BD%0A%27'],
  ]
  for (const [query, url] of cases) {
    it(url, () => {
      const printed = requestUrl(root, { resource: 'T', ...query })
      assert.equal(printed, root + url)
      assert.equal(new URL(printed).href, printed, 'the HTTP client sends it so')
    })
  }

  it('reads as the query again', async () => {
    const filter = 'A like \'%20%+#&?=\'\'x\' and B eq \'Ф\' and C ge 2026-01-01T00:00:00Z'
    const query: Printed = { api: 'table', resource: 'T', select: ['A', 'Ж'], filter, top: 5 }
    assert.deepEqual(await resolve(requestUrl(root, query)), query)
  })
})
