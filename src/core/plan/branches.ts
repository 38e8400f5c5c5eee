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

/** A branch that lets nothing through is left out; those that differ in one list of values become one. */
export function union(branches: readonly Branch[]): Branch[] {
  const merged: Branch[] = []
  for (const branch of branches) {
    const index = merged.findIndex(other => mergedWith(other, branch) !== undefined)
    const both = index < 0 ? undefined : mergedWith(merged[index] ?? branch, branch)
    if (both === undefined) merged.push(branch)
    else merged[index] = both
  }
  return merged
}

/** Rows that are in a branch of both. */
export function product(a: readonly Branch[], b: readonly Branch[]): Branch[] {
  return a.flatMap(first => b.map(second => ({
    sent: withoutRepeats([...first.sent, ...second.sent]),
    rest: [...first.rest, ...second.rest.filter(condition => !first.rest.includes(condition))],
  })))
}

function withoutRepeats(predicates: readonly Predicate[]): Predicate[] {
  return [...new Map(predicates.map(predicate => [printPredicate(predicate), predicate])).values()]
}

/** `A eq 1` and `A in (2,3)` are `A in (1,2,3)`; nothing where they can't be one. */
function mergedWith(a: Branch, b: Branch): Branch | undefined {
  if (a.rest.length > 0 || b.rest.length > 0 || a.sent.length !== b.sent.length) return undefined
  const [texts, others] = [a.sent.map(printPredicate), b.sent.map(printPredicate)]
  const onlyA = a.sent.filter((_, index) => !others.includes(texts[index] ?? ''))
  const onlyB = b.sent.filter((_, index) => !texts.includes(others[index] ?? ''))
  const [first] = onlyA
  const [second] = onlyB
  if (first === undefined) return second === undefined ? a : undefined
  if (onlyA.length !== 1 || onlyB.length !== 1 || second === undefined) return undefined
  const list = joinedLists(first, second)
  return list === undefined ? undefined : { sent: a.sent.map(predicate => (predicate === first ? list : predicate)), rest: [] }
}

function joinedLists(a: Predicate, b: Predicate): Predicate | undefined {
  if (!isList(a) || !isList(b) || pathOf(a.column) !== pathOf(b.column) || !allows(a.column, 'in')) return undefined
  return { column: a.column, operator: 'in', values: [...new Set([...a.values, ...b.values])] }
}

/** A null can't be in a list. */
function isList({ operator, values }: Predicate): boolean {
  return operator === 'in' || (operator === 'eq' && values[0] !== 'null')
}

/** One branch that holds all of them: what they have in common is sent, and the whole is finished here. */
export function widened(branches: readonly Branch[], whole: Checked): Branch {
  const [first, ...others] = branches
  if (first === undefined) return { sent: [], rest: [whole] }
  const common = first.sent.filter(predicate => others.every(({ sent }) => sent.some(other => printPredicate(other) === printPredicate(predicate))))
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
    const sorted = [...values].sort((a, b) => compareSent(column, a, b))
    const least = operator === 'le' ? undefined : sorted[0]
    const most = operator === 'ge' ? undefined : sorted.at(-1)
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
  const [values, otherValues] = [mine, theirs].map(predicates => predicates.filter(isList).flatMap(predicate => predicate.values.map(value => value.toLowerCase())))
  return values !== undefined && otherValues !== undefined && values.length > 0 && otherValues.length > 0
    && !values.some(value => otherValues.includes(value))
}
