import assert from 'node:assert/strict'

import { compareDecimals, parseDecimal } from '../../../src/core/base/decimal.ts'
import { compareInstants, parseDate, parseTime } from '../../../src/core/base/instant.ts'
import { compile } from '../../../src/core/execute/evaluate.ts'
import { FieldScanner } from '../../../src/core/execute/fieldScanner.ts'
import { JsonRows } from '../../../src/core/execute/jsonRows.ts'
import type { Column, Table } from '../../../src/core/model/table.ts'
import { narrow } from '../../../src/core/plan/narrow.ts'
import { areDisjoint, MOST_BRANCHES } from '../../../src/core/plan/branches.ts'
import { type Predicate, printPredicate } from '../../../src/core/plan/predicate.ts'
import { Checker } from '../../../src/core/query/check.ts'
import type { Checked } from '../../../src/core/query/checked.ts'
import { parseFilter } from '../../../src/core/query/clauses.ts'
import { placesIn } from '../../../src/core/query/place.ts'
import { syntaxErrorIn } from '../../../src/core/query/readQuery.ts'
import { TableScope } from '../../../src/core/query/tableScope.ts'
import { isLike, lower } from '../../fakes/oracle/sql.ts'
import { Random } from '../random.ts'

const GUIDS = ['a0000000-0000-0000-0000-000000000001', 'B0000000-0000-0000-0000-000000000002']

/** Each with the values that it can have; the small sets hold what lies beside every bound. */
const COLUMNS: readonly { readonly column: Column; readonly values: readonly string[] }[] = [
  { column: { name: 'N', type: 'Edm.Int16', nullable: true }, values: ['null', '-1', '4', '5', '6'] },
  { column: { name: 'Tiny', type: 'Edm.Byte', nullable: false }, values: ['0', '5', '255'] },
  { column: { name: 'D', type: 'Edm.Decimal', nullable: true, scale: 2 }, values: ['null', '4.99', '5.00', '5.01', '-5'] },
  { column: { name: 'M', type: 'Edm.DateTimeOffset', nullable: true }, values: ['null', '"2025-12-31T23:59:59.9Z"', '"2026-01-01T00:00:00Z"', '"2026-01-01T00:00:00.0000001Z"', '"2026-01-01T00:00:01Z"', '"2026-12-31T23:59:59.5Z"', '"2027-01-01T00:00:00Z"'] },
  { column: { name: 'Clock', type: 'Edm.TimeOfDay', nullable: true }, values: ['null', '"00:00:00"', '"12:00:00.5"', '"23:59:59.9"'] },
  { column: { name: 'B', type: 'Edm.Boolean', nullable: false }, values: ['true', 'false'] },
  { column: { name: 'Maybe', type: 'Edm.Boolean', nullable: true }, values: ['null', 'true', 'false'] },
  { column: { name: 'S', type: 'Edm.String', nullable: true }, values: ['null', '"a"', '"A"', '"ab"', '""'] },
  { column: { name: 'Named', type: 'Edm.String', nullable: true, filters: ['Like'] }, values: ['null', '"a"', '"A"', '"a%"'] },
  { column: { name: 'G', type: 'Edm.Guid', nullable: true, filters: ['EqualsIn'] }, values: ['null', `"${GUIDS[0]!}"`, `"${GUIDS[1]!.toLowerCase()}"`] },
  { column: { name: 'Mute', type: 'Edm.Int32', nullable: true, filters: [] }, values: ['null', '5', '6'] },
]
const TABLE: Table = { name: 'T', key: [], columns: COLUMNS.map(({ column }) => column), references: [] }

const LEAVES = [
  ...['eq', 'ne', 'gt', 'ge', 'lt', 'le'].flatMap(operator => [
    `N ${operator} 5`, `N ${operator} 4.5`, `N ${operator} null`, `5 ${operator} N`, `N ${operator} 99999`, `N ${operator} -99999`,
    `Tiny ${operator} 255`, `Tiny ${operator} 256`, `Tiny ${operator} -1`, `Tiny ${operator} 0`,
    `D ${operator} 5`, `D ${operator} 5.000`, `D ${operator} 123456789012345678901234567890123456789`,
    `M ${operator} 2026-01-01`, `M ${operator} 2026-01-01T02:00:00+02:00`, `M ${operator} 2026-01-01T00:00:00.5Z`, `M ${operator} 9999-12-31T23:59:59.9Z`,
    `year(M) ${operator} 2026`, `year(M) ${operator} 2025`, `year(M) ${operator} 9999`, `year(M) ${operator} 2025.5`,
    `date(M) ${operator} 2026-01-01`, `date(M) ${operator} 2026-01-01T12:00:00Z`, `year(M) ${operator} null`, `month(M) ${operator} 12`,
    `Clock ${operator} 12:00:00`, `Clock ${operator} 12:00:00.5`, `Clock ${operator} 23:59:59.95`,
    `S ${operator} 'a'`, `G ${operator} ${GUIDS[1]!}`, `Mute ${operator} 5`, `Named ${operator} 'a'`, `Named ${operator} 'a%'`, `Named ${operator} null`,
  ]),
  'B', 'Maybe', 'B eq false', 'B ne true', 'Maybe ne true', 'Maybe eq null', 'true', 'false', 'null',
  'N in (4,5,6)', 'N in (5,null)', 'N in (4.5)', 'N in (99999)', 'Tiny in (1,256)', 'S in (\'a\',\'ab\')', 'S in (null)', `G in (${GUIDS.join(',')})`,
  `G eq ${GUIDS[0]!}`, 'N in (N,5)', 'M in (2026-01-01,2026-01-01T00:00:00.0000001Z)', 'D in (5,5.00,-5)', 'Mute in (5)', 'B in (true,false)', 'S in (1)'.replace('1', '\'x\''),
  'S like \'a%\'', 'Named like \'A\'', 'Mute like \'5\'', 'S like null', 'contains(S,\'a\')', 'length(S) gt 1', 'N add 1 eq 6', 'N eq Mute', 'round(D) eq 5', 'year(M) in (2025,2026)',
]

describe('what the server is asked for in place of a condition', function () {
  this.timeout(60_000)

  it(`is exact of each of ${LEAVES.length} conditions, and of its opposite`, () => {
    for (const leaf of LEAVES) for (const text of [leaf, `not (${leaf})`, `not (not (${leaf}))`]) judge(text)
  })

  it('is exact of what and, or and not make of them', () => {
    const random = new Random(1)
    for (let count = 0; count < 300; count++) judge(compose(random, 3))
  })

  const sent: [condition: string, branches: string[]][] = [
    ['N gt 5', ['N ge 6']],
    ['N lt 5.5', ['N le 5 | rest']],
    ['D gt 5', ['D ge 5 | rest']],
    ['D ge 5.00', ['D ge 5']],
    ['B ne true', ['B eq false']],
    ['not B', ['B eq false']],
    ['Maybe ne true', ['| rest']],
    ['N eq 5 or N eq 6 or 4 eq N', ['N in (5,6,4)']],
    ['N eq 5 and B or N eq 6 and B', ['N in (5,6) and B eq true']],
    ['N eq 5 or S eq \'a\'', ['N eq 5', 'S eq \'a\'']],
    ['N eq 5 or contains(S,\'a\')', ['| rest']],
    ['B and (N eq 5 or contains(S,\'a\'))', ['B eq true | rest']],
    ['N in (5,null)', ['N in (5)', 'N eq null']],
    ['year(M) eq 2026', ['M ge 2026-01-01T00:00:00Z and M le 2027-01-01T00:00:00Z | rest']],
    ['M lt 2026-01-01 or M ge 2027-01-01', ['M le 2026-01-01T00:00:00Z | rest', 'M ge 2027-01-01T00:00:00Z']],
    ['M eq 2026-01-01T00:00:00.5Z', ['M ge 2026-01-01T00:00:00Z and M le 2026-01-01T00:00:01Z | rest']],
    ['Named eq \'a\'', ['Named like \'a\' | rest']],
    ['Named eq \'a%\'', ['| rest']],
    [`G eq ${GUIDS[0]!}`, [`G in (${GUIDS[0]!})`]],
    ['Tiny eq 256', []],
    ['N eq 4.5', []],
    ['not (N gt 5)', ['| rest']],
    ['not (Tiny gt 5)', ['Tiny le 5']],
    ['not (N ne 5 or B)', ['N eq 5 and B eq false']],
    // more than eight branches are one that holds them all
    [Array.from({ length: 9 }, (_, index) => `N eq ${index} and D eq ${index}`).join(' or '), ['N in (0,1,2,3,4,5,6,7,8) and D in (0,1,2,3,4,5,6,7,8) | rest']],
    [Array.from({ length: 9 }, (_, index) => `N ge ${index} and N le ${index + 1} and D eq ${index}`).join(' or '), ['N ge 0 and N le 9 and D in (0,1,2,3,4,5,6,7,8) | rest']],
  ]
  for (const [condition, branches] of sent) {
    it(condition.slice(0, 80), () => assert.deepEqual(narrow(check(condition)).map(branch =>
      [branch.sent.map(printPredicate).join(' and '), ...(branch.rest.length > 0 ? ['| rest'] : [])].filter(text => text !== '').join(' ')), branches))
  }
})

function compose(random: Random, depth: number): string {
  const form = depth === 0 ? 0 : random.below(5)
  if (form <= 1) return random.pick(LEAVES)
  if (form === 2) return `not (${compose(random, depth - 1)})`
  return `(${compose(random, depth - 1)}) ${form === 3 ? 'and' : 'or'} (${compose(random, depth - 1)})`
}

function check(text: string): Checked {
  const expression = parseFilter({ text, start: 0, syntaxError: syntaxErrorIn(text), origin: offset => offset })
  const place = placesIn(text)
  return new Checker({ scope: new TableScope(TABLE, [TABLE], place), place, now: new Date() }).condition(expression)
}

/** Rows in which any two columns have any of their values together. */
const ROWS: readonly Readonly<Record<string, string>>[] = (() => {
  const random = new Random(7)
  const rows: Record<string, string>[] = []
  for (const [i, { column, values }] of COLUMNS.entries()) {
    for (const { column: other, values: others } of COLUMNS.slice(i + 1)) {
      for (const value of values) for (const beside of others) {
        rows.push({ ...Object.fromEntries(COLUMNS.map(one => [one.column.name, random.pick(one.values)])), [column.name]: value, [other.name]: beside })
      }
    }
  }
  return rows
})()

const FIELDS = (() => {
  const json = new JsonRows()
  for (const row of ROWS) {
    json.text(`{${Object.entries(row).map(([name, value]) => `"${name}":${value}`).join(',')}}`)
    json.endRow()
  }
  return new FieldScanner(TABLE.columns.map(({ name }) => name)).scan(json.take() ?? assert.fail())
})()

/** A row fulfils the condition just when it fulfils, in some branch, what is sent and the rest. */
function judge(text: string): void {
  const condition = check(text)
  const branches = narrow(condition)
  assert.ok(branches.length <= MOST_BRANCHES, text)
  const evaluate = (part: Checked) => compile(part, ({ name }) => ({ join: -1, index: TABLE.columns.findIndex(column => column.name === name) }))
  const whole = evaluate(condition)
  const rests = branches.map(({ rest }) => rest.map(evaluate))
  const disjoint = areDisjoint(branches)
  for (const [index, row] of ROWS.entries()) {
    const rows = { fields: FIELDS, joined: [] }
    const sent = branches.map(branch => branch.sent.every(predicate => serverHas(row[predicate.column.name] ?? 'null', predicate)))
    const inBranch = sent.map((found, at) => found && (rests[at] ?? []).every(rest => rest(rows, index) === true))
    const explain = `${text}\n${JSON.stringify(row)}\n${branches.map(branch => branch.sent.map(printPredicate).join(' and ')).join('\n')}`
    assert.equal(inBranch.includes(true), whole(rows, index) === true, explain)
    assert.ok(!disjoint || sent.filter(found => found).length <= 1, `disjoint: ${explain}`)
  }
}

/** What a server answers: its own way of comparing, and text as exactly as the values of this test need. */
function serverHas(value: string, { column, operator, values }: Predicate): boolean {
  if (values[0] === 'null') return value === 'null'
  if (value === 'null') return false
  const found = value.replace(/^"|"$/g, '')
  const orders = values.map(literal => orderOf(column.type, found, literal.replace(/^'|'$/g, '')))
  switch (operator) {
    case 'eq': case 'in': return orders.includes(0)
    case 'ge': return (orders[0] ?? -1) >= 0
    case 'le': return (orders[0] ?? 1) <= 0
    case 'like': return isLike(lower(found), lower((values[0] ?? '').slice(1, -1)))
    default: return assert.fail(`the Table API has no ${operator}`)
  }
}

function orderOf(type: string, a: string, b: string): number {
  switch (type) {
    case 'number': return compareDecimals(parseDecimal(a) ?? assert.fail(a), parseDecimal(b) ?? assert.fail(b))
    case 'date': return compareInstants(parseDate(a) ?? assert.fail(a), parseDate(b) ?? assert.fail(b))
    case 'time': return compareInstants(parseTime(a) ?? assert.fail(a), parseTime(b) ?? assert.fail(b))
    case 'guid': return Number(a.toLowerCase() !== b.toLowerCase())
    default: return Number(a !== b)
  }
}
