import { parseDecimal, canonicalDecimal } from '../base/decimal.ts'
import { parseDate, printDate, startOfDay } from '../base/instant.ts'
import {
  type Checked, type CheckedBinary, type CheckedCall, type CheckedColumn, type CheckedIn, type CheckedLiteral, pathOf,
} from '../query/checked.ts'
import { type Comparison, MIRRORED, quote } from '../query/expression.ts'
import { type Branch, MOST_BRANCHES, product, union, widened } from './branches.ts'
import { conjuncts } from './conjunction.ts'
import { allows, NULL_FUNCTIONS, type Predicate, sendable, type Sent, TEXT_FUNCTIONS } from './predicate.ts'

/**
 * What the server may be asked for in place of a condition. **The rows that fulfil the condition are exactly those that
 * fulfil, in some branch, what is sent and the rest.** So what is sent alone gives a superset, and it may always be
 * less: `{ sent: [], rest: [condition] }` is true of everything. An empty list means that no row fulfils it.
 */
export function narrow(condition: Checked): Branch[] {
  const branches = narrowed(condition)
  return branches.length > MOST_BRANCHES ? [widened(branches, condition)] : branches
}

function narrowed(condition: Checked): Branch[] {
  switch (condition.kind) {
    case 'literal': return condition.text === 'true' ? [{ sent: [], rest: [] }] : []
    case 'column': return trueColumn(condition)
    case 'call': return narrowCall(condition)
    case 'unary': return negation(condition.operand, condition)
    case 'in': return narrowIn(condition)
    case 'binary': return narrowBinary(condition)
  }
}

function narrowBinary(condition: CheckedBinary): Branch[] {
  const { operator, left, right } = condition
  switch (operator) {
    case 'and': return narrowAnd(conjuncts(condition))
    case 'or': return narrowOrNull(left, right) ?? narrowOr([left, right], condition)
    case 'like': return narrowLike(condition)
    case 'eq': case 'ne': case 'gt': case 'ge': case 'lt': case 'le': return narrowComparison(condition, operator)
    default: return local(condition)
  }
}

/** The Domain API looks into texts itself, by its own rules of letters. */
function narrowCall(condition: CheckedCall): Branch[] {
  const { name, args: [column, literal] } = condition
  const operator = TEXT_FUNCTIONS.find(known => known === name)
  if (operator === undefined || column?.kind !== 'column' || literal?.kind !== 'literal' || literal.type !== 'text') return local(condition)
  return sentAs(column, operator, [quote(literal.text)], condition)
}

/** `F eq null or F le 5` is a function of the Domain API; nothing where it can't be said so. */
function narrowOrNull(left: Checked, right: Checked): Branch[] | undefined {
  const [isNull, other] = isNullTest(left) ? [left, right] : [right, left]
  if (!isNullTest(isNull) || other.kind !== 'binary' || other.left.kind !== 'column' || other.right.kind !== 'literal') return undefined
  const { operator, left: column, right: literal } = other
  if (operator !== 'eq' && operator !== 'le' && operator !== 'ge') return undefined
  if (literal.type === 'null' || isNull.left.kind !== 'column' || pathOf(isNull.left) !== pathOf(column)) return undefined
  const sent = sendable(column, operator, literal)
  const name = NULL_FUNCTIONS[operator]
  return sent.kind === 'exact' && allows(column, name) ? [{ sent: [{ column, operator: name, values: [sent.value] }], rest: [] }] : undefined
}

function isNullTest(condition: Checked): condition is CheckedBinary {
  return condition.kind === 'binary' && condition.operator === 'eq' && condition.right.kind === 'literal' && condition.right.type === 'null'
}

/** Nothing of it can be sent. */
function local(condition: Checked): Branch[] {
  return [{ sent: [], rest: [condition] }]
}

/** A long `or` is widened where there is no room for its branches, those with the most of them first. */
function narrowAnd(parts: readonly Checked[]): Branch[] {
  const factors = parts.map(narrow)
  let room = MOST_BRANCHES
  for (const [branches, index] of factors.map((factor, at) => [factor, at] as const).sort(([a], [b]) => a.length - b.length)) {
    const part = parts[index]
    if (branches.length > room && part !== undefined) factors[index] = [widened(branches, part)]
    else room = Math.floor(room / Math.max(branches.length, 1))
  }
  return product(factors)
}

/**
 * Where one side reads everything, the other need not be asked for. What is to be finished here and may fail is not
 * done without the sides before it, which may let its row through: `A eq 0 or 10 div A gt 2`.
 */
function narrowOr(sides: readonly Checked[], whole: Checked): Branch[] {
  const branches = union(sides.flatMap(narrowed)).map(branch => (branch.rest.some(mayFail) ? { ...branch, rest: [whole] } : branch))
  return branches.some(({ sent }) => sent.length === 0) ? everything(branches, whole) : branches
}

/** A number that is divided by zero. */
function mayFail(condition: Checked): boolean {
  switch (condition.kind) {
    case 'literal': case 'column': return false
    case 'call': return condition.args.some(mayFail)
    case 'unary': return mayFail(condition.operand)
    case 'in': return [condition.operand, ...condition.values].some(mayFail)
    case 'binary': return DIVISIONS.has(condition.operator) || mayFail(condition.left) || mayFail(condition.right)
  }
}

const DIVISIONS: ReadonlySet<string> = new Set(['div', 'divby', 'mod'])

function everything(branches: readonly Branch[], whole: Checked): Branch[] {
  return branches.some(({ sent, rest }) => sent.length === 0 && rest.length === 0) ? [{ sent: [], rest: [] }] : local(whole)
}

/** By De Morgan's laws, which hold with OData's null too; comparisons with null are false and never null. */
function negation(inner: Checked, whole: Checked): Branch[] {
  if (inner.kind === 'unary') return narrowed(inner.operand)
  if (inner.kind === 'literal') return inner.text === 'false' ? [{ sent: [], rest: [] }] : []
  if (inner.kind === 'column') return sentAs(inner, 'eq', ['false'], whole)
  if (inner.kind !== 'binary') return local(whole)
  const { operator, left, right } = inner
  if (operator === 'and') return narrowOr([not(left), not(right)], whole)
  if (operator === 'or') return narrowAnd([not(left), not(right)])
  const opposite = OPPOSITES[operator]
  if (opposite === undefined) return local(whole)
  const isOrder = operator !== 'eq' && operator !== 'ne'
  if (isOrder && [left, right].some(mayBeNull)) return local(whole)
  return narrowComparison({ ...inner, operator: opposite }, opposite)
}

const OPPOSITES: Readonly<Partial<Record<string, Comparison>>> = { eq: 'ne', ne: 'eq', gt: 'le', le: 'gt', lt: 'ge', ge: 'lt' }

function not(operand: Checked): Checked {
  return { kind: 'unary', operator: 'not', operand, type: 'boolean', edm: 'Edm.Boolean' }
}

function mayBeNull(side: Checked): boolean {
  return side.kind === 'column' ? side.nullable : side.kind !== 'literal' || side.type === 'null'
}

function trueColumn(column: CheckedColumn): Branch[] {
  return sentAs(column, 'eq', ['true'], column)
}

function narrowComparison(condition: CheckedBinary, operator: Comparison): Branch[] {
  const { left, right } = condition
  if (left.kind === 'literal' && right.kind !== 'literal') {
    return narrowComparison({ ...condition, operator: MIRRORED[operator], left: right, right: left }, MIRRORED[operator])
  }
  if (right.kind !== 'literal') return local(condition)
  if (left.kind === 'column') return compareColumn(left, operator, right, condition)
  return left.kind === 'call' ? compareCall(left.name, left.args[0], operator, right, condition) : local(condition)
}

function compareColumn(column: CheckedColumn, operator: Comparison, literal: CheckedLiteral, condition: Checked): Branch[] {
  if (literal.type === 'null') return compareNull(column, operator, condition)
  switch (operator) {
    case 'eq': return equals(column, literal, condition)
    case 'ne':
      if (column.type !== 'boolean' || column.nullable) return local(condition)
      return sentAs(column, 'eq', [literal.text === 'true' ? 'false' : 'true'], condition)
    case 'ge': case 'le': return bounded(column, operator, literal, condition, false)
    case 'gt': case 'lt': return bounded(column, operator === 'gt' ? 'ge' : 'le', literal, condition, true)
  }
}

/**
 * A reference that leads to nothing makes null of what lies behind it. Whether the server finds such rows by that is not
 * documented, so they are asked for by the foreign key.
 */
function narrowIsNull(column: CheckedColumn, condition: Checked): Branch[] {
  const branches = [...column.nullableKeys ?? [], column].flatMap(each => sentAs(each, 'eq', ['null'], condition))
  return branches.some(({ sent }) => sent.length === 0) ? local(condition) : branches
}

/** `gt`, `ge` and their like are false of null. */
function compareNull(column: CheckedColumn, operator: Comparison, condition: Checked): Branch[] {
  if (operator === 'eq') return narrowIsNull(column, condition)
  return operator === 'ne' ? local(condition) : []
}

function equals(column: CheckedColumn, literal: CheckedLiteral, condition: Checked): Branch[] {
  const sent = sendable(column, 'eq', literal)
  if (sent.kind === 'never') return []
  if (sent.kind === 'unsaid') return betweenSeconds(column, literal, condition)
  if (allows(column, 'eq')) return sentAs(column, 'eq', [sent.value], condition)
  if (allows(column, 'in')) return sentAs(column, 'in', [sent.value], condition)
  if (column.type === 'text') return likeInstead(column, literal, condition)
  return [{ sent: [...bound(column, 'ge', sent), ...bound(column, 'le', sent)], rest: [condition] }]
}

/** A moment that the server can't be told exactly. */
function betweenSeconds(column: CheckedColumn, literal: CheckedLiteral, condition: Checked): Branch[] {
  if (column.type !== 'date' && column.type !== 'time') return local(condition)
  const [from, to] = [sendable(column, 'ge', literal), sendable(column, 'le', literal)]
  return [{ sent: [...bound(column, 'ge', from), ...bound(column, 'le', to)], rest: [condition] }]
}

/** Where a column knows `like` alone; its wildcards are SQL's. It is finished here, since `like` may take other letters for equal. */
function likeInstead(column: CheckedColumn, literal: CheckedLiteral, condition: Checked): Branch[] {
  const isPlain = !/[%_[]/.test(literal.text) && literal.text !== ''
  const operator = column.domain === undefined ? 'like' : 'startswith'
  return [{ sent: isPlain && allows(column, operator) ? [{ column, operator, values: [quote(literal.text)] }] : [], rest: [condition] }]
}

function bounded(column: CheckedColumn, operator: 'ge' | 'le', literal: CheckedLiteral, condition: Checked, isOpen: boolean): Branch[] {
  const next = isOpen ? nextInteger(column, operator, literal) ?? nextDay(column, operator, literal) : undefined
  const sent = sendable(column, operator, next ?? literal)
  if (sent.kind === 'never') return []
  const isExact = sent.kind === 'exact' && (!isOpen || next !== undefined) && allows(column, operator)
  return [{ sent: bound(column, operator, sent), rest: isExact ? [] : [condition] }]
}

/** `gt 5` of whole numbers is `ge 6`. */
function nextInteger(column: CheckedColumn, operator: 'ge' | 'le', literal: CheckedLiteral): CheckedLiteral | undefined {
  const value = parseDecimal(literal.text)
  if (column.type !== 'number' || column.edm === 'Edm.Decimal' || value === undefined) return undefined
  const text = canonicalDecimal(value)
  return text.includes('.') ? undefined : { ...literal, text: String(BigInt(text) + (operator === 'ge' ? 1n : -1n)) }
}

/** `lt 2026-07-01` of days is `le 2026-06-30`. */
function nextDay({ domain }: CheckedColumn, operator: 'ge' | 'le', literal: CheckedLiteral): CheckedLiteral | undefined {
  const value = parseDate(literal.text)
  if (domain?.day !== true || value?.rest !== 0 || startOfDay(value).ms !== value.ms) return undefined
  return { ...literal, text: printDate({ ms: value.ms + (operator === 'ge' ? DAY_MS : -DAY_MS), rest: 0 }) }
}

const DAY_MS = 86_400_000

function bound(column: CheckedColumn, operator: 'ge' | 'le', sent: Sent): Predicate[] {
  return 'value' in sent && allows(column, operator) ? [{ column, operator, values: [sent.value] }] : []
}

function sentAs(column: CheckedColumn, operator: Predicate['operator'], values: readonly string[], condition: Checked): Branch[] {
  const isNullOfDomain = column.domain !== undefined && operator === 'eq' && values[0] === 'null'
  return allows(column, operator) && !isNullOfDomain ? [{ sent: [{ column, operator, values }], rest: [] }] : local(condition)
}

function narrowLike(condition: CheckedBinary): Branch[] {
  const { left, right } = condition
  if (right.kind !== 'literal' || left.kind !== 'column') return local(condition)
  return right.type === 'null' ? [] : sentAs(left, 'like', [quote(right.text)], condition)
}

/** Values that are no literals make it local; a null in the list is a branch of its own. */
function narrowIn(condition: CheckedIn): Branch[] {
  const { operand, values } = condition
  if (!values.every(value => value.kind === 'literal')) return local(condition)
  const equal = (value: CheckedLiteral): CheckedBinary =>
    ({ kind: 'binary', operator: 'eq', left: operand, right: value, type: 'boolean', edm: 'Edm.Boolean' })
  if (operand.kind !== 'column') return narrowListed(values.map(equal), condition)
  const sent = values.map(value => (value.type === 'null' ? undefined : sendable(operand, 'eq', value)))
  if (!allows(operand, 'in') || sent.some(value => value?.kind === 'unsaid')) return narrowListed(values.map(equal), condition)
  const list = [...new Set(sent.flatMap(value => (value !== undefined && 'value' in value ? [value.value] : [])))]
  const isNullListed = values.some(value => value.type === 'null')
  const branches = list.length === 0 ? [] : sentAs(operand, 'in', list, condition)
  return isNullListed ? narrowNull(operand, branches, condition) : branches
}

function narrowNull(column: CheckedColumn, others: readonly Branch[], condition: Checked): Branch[] {
  const branches = [...others, ...narrowIsNull(column, condition)]
  return branches.some(({ sent }) => sent.length === 0) ? local(condition) : branches
}

function narrowListed(conditions: readonly CheckedBinary[], whole: Checked): Branch[] {
  if (conditions.length > MOST_BRANCHES * MOST_BRANCHES) return local(whole)
  const branches = union(conditions.flatMap(narrowed))
  return branches.some(({ sent }) => sent.length === 0) ? local(whole) : branches
}

/** The one after it can't be said: there is no bound on that side. */
const LAST_YEAR = 9999

/** The year and the day of a column are a range of it; the end is a day too far where it can't be said better. */
function compareCall(name: string, of: Checked | undefined, operator: Comparison, literal: CheckedLiteral, condition: Checked): Branch[] {
  if (of?.kind !== 'column' || literal.type === 'null' || operator === 'ne') return literal.type === 'null' && operator !== 'eq' && operator !== 'ne' ? [] : local(condition)
  if (name === 'year') {
    const year = Number(literal.text)
    if (!Number.isInteger(year) || year < 1 || year > LAST_YEAR) return local(condition)
    return between(of, operator, newYear(year), newYear(year + 1), condition)
  }
  const day = name === 'date' ? parseDate(literal.text) : undefined
  if (day === undefined) return local(condition)
  const start = startOfDay(day)
  return between(of, operator, printDate(start), printDate({ ms: start.ms + 86_400_000, rest: 0 }), condition)
}

function newYear(year: number): string {
  return `${String(year).padStart(4, '0')}-01-01T00:00:00Z`
}

/** Of a column whose part (a year, a day) begins at `start`; the next one begins at `next`. */
function between(column: CheckedColumn, operator: Comparison, start: string, next: string, condition: Checked): Branch[] {
  const at = (side: 'ge' | 'le', text: string): Predicate[] =>
    bound(column, side, sendable(column, side, { kind: 'literal', type: 'date', edm: column.edm, text }))
  const sent = {
    eq: () => [...at('ge', start), ...at('le', next)],
    ge: () => at('ge', start),
    gt: () => at('ge', start),
    le: () => at('le', next),
    lt: () => at('le', next),
    ne: () => [],
  }[operator]()
  return [{ sent, rest: [condition] }]
}
