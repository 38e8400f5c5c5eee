import { compareDecimals, type Decimal, parseDecimal } from '../base/decimal.ts'
import { compareInstants, parseDate, parseTime } from '../base/instant.ts'
import { type Checked, type CheckedColumn, pathOf } from '../query/checked.ts'
import { allows, type Predicate, printPredicate } from './predicate.ts'

/** A part of a filter: rows that the server finds by `sent`, and that fulfil `rest` as well. */
export interface Branch {
  readonly sent: readonly Predicate[]
  readonly rest: readonly Checked[]
}

/** More requests than that for one filter are not worth it; so many branches are made one that is wider. */
export const MOST_BRANCHES = 8

/** Those that are the same but for one list of values become one, column by column. */
export function union(branches: readonly Branch[]): Branch[] {
  const different = new Map(branches.map(branch => [branch.rest.length > 0 ? branch : textOf(branch.sent), branch]))
  const columns = new Map(branches.flatMap(({ sent }) => sent.map(({ column }) => [pathOf(column), column] as const)))
  return [...columns.values()].filter(column => allows(column, 'in')).reduce(withoutDifference, [...different.values()])
}

/** `A eq 1` and `A in (2,3)` are `A in (1,2,3)`. */
function withoutDifference(branches: readonly Branch[], column: CheckedColumn): Branch[] {
  const path = pathOf(column)
  const listOf = ({ sent, rest }: Branch): Predicate | undefined =>
    rest.length > 0 ? undefined : sent.find(predicate => isList(predicate) && pathOf(predicate.column) === path)
  const groups = Map.groupBy(branches, branch => {
    const list = listOf(branch)
    return list === undefined ? branch : textOf(branch.sent.filter(predicate => predicate !== list))
  })
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? []
    const list = listOf(first)
    const values = [...new Set([first, ...others].flatMap(branch => listOf(branch)?.values ?? []))]
    return { sent: first.sent.map((predicate): Predicate => (predicate === list ? { column, operator: 'in', values } : predicate)), rest: [] }
  })
}

function textOf(predicates: readonly Predicate[]): string {
  return predicates.map(printPredicate).sort().join(' and ')
}

/** The rows that are in a branch of each of them. What is left of these stays in its order. */
export function product(factors: readonly (readonly Branch[])[]): Branch[] {
  const count = factors.reduce((sofar, { length }) => sofar * length, 1)
  return Array.from({ length: count }, (_, index): Branch => {
    let rest = index
    const picked = factors.toReversed().flatMap(branches => {
      const branch = branches[rest % branches.length]
      rest = Math.floor(rest / branches.length)
      return branch ?? []
    }).reverse()
    return { sent: withoutRepeats(picked.flatMap(({ sent }) => sent)), rest: [...new Set(picked.flatMap(branch => branch.rest))] }
  })
}

function withoutRepeats(predicates: readonly Predicate[]): Predicate[] {
  return [...new Map(predicates.map(predicate => [printPredicate(predicate), predicate])).values()]
}

/** A null can't be in a list. */
function isList({ operator, values }: Predicate): boolean {
  return operator === 'in' || (operator === 'eq' && values[0] !== 'null')
}

/** One branch that holds all of them: what they have in common is sent, and the whole is finished here. */
export function widened(branches: readonly Branch[], whole: Checked): Branch {
  const [first, ...others] = branches
  if (first === undefined) return { sent: [], rest: [whole] }
  const texts = others.map(({ sent }) => new Set(sent.map(printPredicate)))
  const common = withoutRepeats(first.sent).filter(predicate => {
    const text = printPredicate(predicate)
    return texts.every(known => known.has(text))
  })
  const columns = new Map(first.sent.map(({ column }) => [pathOf(column), column]))
  const around = [...columns.values()]
    .filter(column => !common.some(predicate => pathOf(predicate.column) === pathOf(column)))
    .flatMap(column => hull(column, branches))
  return { sent: [...common, ...around], rest: [whole] }
}

/** What holds of that column in every branch: a list of all the values, or the outermost bounds. */
function hull(column: CheckedColumn, branches: readonly Branch[]): Predicate[] {
  const parts = branches.map(({ sent }) => sent.filter(predicate => pathOf(predicate.column) === pathOf(column)))
  const lists = parts.map(predicates => predicates.find(isList))
  if (lists.every(list => list !== undefined) && allows(column, 'in')) {
    return [{ column, operator: 'in', values: [...new Set(lists.flatMap(({ values }) => values))] }]
  }
  const ranges = parts.map(rangeOf)
  const bound = (operator: 'ge' | 'le', end: 'least' | 'most'): Predicate[] => {
    const ends = ranges.map(range => range?.[end])
    if (!allows(column, operator) || !ends.every(value => value !== undefined)) return []
    const outermost = ends.reduce((a, b) => ((compareSent(column, a, b) < 0) === (end === 'least') ? a : b))
    return [{ column, operator, values: [outermost] }]
  }
  return [...bound('ge', 'least'), ...bound('le', 'most')]
}

const RANGED: ReadonlySet<string> = new Set(['eq', 'in', 'ge', 'le'])

interface ValueRange {
  readonly least?: string
  readonly most?: string
}

/** The bounds that these predicates of one column set; undefined for what has no order here. */
function rangeOf(predicates: readonly Predicate[]): ValueRange | undefined {
  const [{ column } = { column: undefined }] = predicates
  if (column === undefined || !isOrdered(column)) return undefined
  let range: ValueRange = {}
  for (const { operator, values } of predicates) {
    if (!RANGED.has(operator) || values[0] === 'null') continue
    const least = operator === 'le' ? undefined : values.reduce((a, b) => (compareSent(column, a, b) <= 0 ? a : b))
    const most = operator === 'ge' ? undefined : values.reduce((a, b) => (compareSent(column, a, b) >= 0 ? a : b))
    if (least !== undefined && (range.least === undefined || compareSent(column, least, range.least) > 0)) range = { ...range, least }
    if (most !== undefined && (range.most === undefined || compareSent(column, most, range.most) < 0)) range = { ...range, most }
  }
  return range
}

function isOrdered({ type }: CheckedColumn): boolean {
  return type === 'number' || type === 'double' || type === 'date' || type === 'time'
}

/** Of two literals as they are sent. */
function compareSent({ type }: CheckedColumn, a: string, b: string): number {
  if (type === 'date') return compareInstants(parseDate(a) ?? ZERO, parseDate(b) ?? ZERO)
  if (type === 'time') return compareInstants(parseTime(a) ?? ZERO, parseTime(b) ?? ZERO)
  return compareDecimals(parseDecimal(a) ?? NONE, parseDecimal(b) ?? NONE)
}

const ZERO = { ms: 0, rest: 0 }
const NONE: Decimal = { units: 0n, scale: 0 }

/** Can no row be in two of them? Told by bounds and lists of values that have an order or are simply equal or not. */
export function areDisjoint(branches: readonly Branch[]): boolean {
  return branches.every((branch, index) => branches.slice(index + 1).every(other => exclude(branch, other)))
}

function exclude(a: Branch, b: Branch): boolean {
  const paths = new Set(a.sent.map(({ column }) => pathOf(column)))
  return [...paths].some(path => {
    const [mine, theirs] = [a, b].map(({ sent }) => sent.filter(({ column }) => pathOf(column) === path))
    return mine !== undefined && theirs !== undefined && theirs.length > 0 && excludeEachOther(mine, theirs)
  })
}

function excludeEachOther(mine: readonly Predicate[], theirs: readonly Predicate[]): boolean {
  const [{ column } = { column: undefined }] = mine
  if (column === undefined) return false
  const [isNull, otherIsNull] = [mine, theirs].map(predicates => predicates.some(({ values }) => values[0] === 'null'))
  if (isNull !== otherIsNull) return true
  const [{ least, most }, other] = [rangeOf(mine) ?? {}, rangeOf(theirs) ?? {}]
  const isBefore = (end?: string, start?: string): boolean => end !== undefined && start !== undefined && compareSent(column, end, start) < 0
  if (isBefore(most, other.least) || isBefore(other.most, least)) return true
  if (column.type !== 'guid' && column.type !== 'boolean') return false
  const [values, otherValues] = [mine, theirs].map(predicates =>
    new Set(predicates.filter(isList).flatMap(predicate => predicate.values.map(value => value.toLowerCase()))))
  return values !== undefined && otherValues !== undefined && values.size > 0 && otherValues.size > 0
    && ![...values].some(value => otherValues.has(value))
}
