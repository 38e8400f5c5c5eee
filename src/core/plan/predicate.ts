import { canonicalDecimal, ceiling, compareDecimals, type Decimal, floor, parseDecimal } from '../base/decimal.ts'
import {
  compareInstants, endOfSecond, type Instant, parseDate, parseTime, printDate, printTime, startOfSecond,
} from '../base/instant.ts'
import type { FilterKind } from '../model/domain.ts'
import { type CheckedColumn, type CheckedLiteral, pathOf } from '../query/checked.ts'
import { quote } from '../query/expression.ts'
import { isInteger, type ValueType } from '../query/types.ts'

/** A condition in the server's own words; of several `values` (`in`) one must fit. */
export interface Predicate {
  readonly column: CheckedColumn
  readonly operator: 'eq' | 'ge' | 'le' | 'like' | 'in'
  /** Literals as they are sent; `null` only with `eq`. */
  readonly values: readonly string[]
}

/** What of `filters` an operator needs (protocol sheet, section 4). */
const NEEDS: Readonly<Record<Predicate['operator'], FilterKind>> = {
  eq: 'Equals', in: 'EqualsIn', ge: 'GreaterThanOrLessThan', le: 'GreaterThanOrLessThan', like: 'Like',
}

/** Where the model doesn't tell: what goes with the type. */
const BY_TYPE: Readonly<Record<ValueType, readonly FilterKind[]>> = {
  boolean: ['Equals'],
  guid: ['Equals', 'EqualsIn'],
  text: ['Equals', 'EqualsIn', 'Like'],
  number: ['Equals', 'EqualsIn', 'GreaterThanOrLessThan'],
  double: ['Equals', 'EqualsIn', 'GreaterThanOrLessThan'],
  date: ['Equals', 'EqualsIn', 'GreaterThanOrLessThan'],
  time: ['Equals', 'EqualsIn', 'GreaterThanOrLessThan'],
  binary: [],
  json: [],
  null: [],
}

/** Does the server take this operator with this column? */
export function allows(column: CheckedColumn, operator: Predicate['operator']): boolean {
  if (!column.reachable || column.edm === 'Edm.Duration' || column.type === 'binary' || column.type === 'json') return false
  return (column.filters ?? BY_TYPE[column.type]).includes(NEEDS[operator])
}

/** `State in (20,30)` */
export function printPredicate({ column, operator, values }: Predicate): string {
  return `${pathOf(column)} ${operator} ${operator === 'in' ? `(${values.join(',')})` : values[0] ?? ''}`
}

export function samePredicate(a: Predicate, b: Predicate): boolean {
  return printPredicate(a) === printPredicate(b)
}

/** What becomes of a literal on its way to a column, for one operator. */
export type Sent =
  /** Exactly that. */
  | { readonly kind: 'exact'; readonly value: string }
  /** A bound that lets through more. */
  | { readonly kind: 'wider'; readonly value: string }
  /** No value of the column fits. */
  | { readonly kind: 'never' }
  /** It can't be said, or every value fits. */
  | { readonly kind: 'unsaid' }

/** A literal in the form that the server takes for this column and operator. Text stays as it was written. */
export function sendable(column: CheckedColumn, operator: 'eq' | 'ge' | 'le', literal: CheckedLiteral): Sent {
  switch (column.type) {
    case 'boolean': case 'guid': return operator === 'eq' ? exact(literal.text) : { kind: 'unsaid' }
    case 'text': return operator === 'eq' ? exact(quote(literal.text)) : { kind: 'unsaid' }
    case 'number': return sendNumber(column, operator, literal.text)
    case 'double': return sendDouble(literal.text)
    case 'date': return sendMoment(operator, parseDate(literal.text), printDate, LAST_DATE)
    case 'time': return sendMoment(operator, parseTime(literal.text), printTime, LAST_TIME)
    default: return { kind: 'unsaid' }
  }
}

function exact(value: string): Sent {
  return { kind: 'exact', value }
}

/** The ends of the whole types; of 64 bits as many digits as every server takes. */
const RANGES: Readonly<Record<string, readonly [least: bigint, most: bigint]>> = {
  'Edm.Byte': [0n, 255n],
  'Edm.SByte': [-128n, 127n],
  'Edm.Int16': [-32_768n, 32_767n],
  'Edm.Int32': [-2_147_483_648n, 2_147_483_647n],
  'Edm.Int64': [-(10n ** 18n) + 1n, 10n ** 18n - 1n],
}
/** Of SQL Server's decimals. */
const DIGITS = 38

function sendNumber(column: CheckedColumn, operator: 'eq' | 'ge' | 'le', text: string): Sent {
  const value = parseDecimal(text)
  if (value === undefined) return { kind: 'unsaid' }
  if (isInteger(column.edm)) return sendInteger(column.edm, operator, value)
  const digits = canonicalDecimal(value)
  return digits.replace(/\D/g, '').length > DIGITS ? { kind: 'unsaid' } : exact(digits)
}

/** `ge 29.5` is `ge 30`. */
function sendInteger(edm: string, operator: 'eq' | 'ge' | 'le', value: Decimal): Sent {
  const whole = (operator === 'ge' ? ceiling : floor)(value)
  if (operator === 'eq' && compareDecimals(whole, value) !== 0) return { kind: 'never' }
  const [least, most] = RANGES[edm] ?? [0n, 0n]
  if (whole.units >= least && whole.units <= most) return exact(String(whole.units))
  if (edm === 'Edm.Int64') return { kind: 'unsaid' }
  const isOver = whole.units > most
  return operator === 'eq' || (operator === 'ge') === isOver ? { kind: 'never' } : { kind: 'unsaid' }
}

function sendDouble(text: string): Sent {
  const value = Number(text)
  return Number.isFinite(value) ? exact(String(value)) : { kind: 'unsaid' }
}

const LAST_DATE: Instant = { ms: Date.UTC(9999, 11, 31, 23, 59, 59), rest: 0 }
const LAST_TIME: Instant = { ms: 86_399_000, rest: 0 }

/** The APIs take whole seconds (protocol sheet, section 4): a bound is moved outwards to one. */
function sendMoment(operator: 'eq' | 'ge' | 'le', value: Instant | undefined, print: (value: Instant) => string, last: Instant): Sent {
  if (value === undefined || value.ms < 0 && last === LAST_TIME) return { kind: 'unsaid' }
  const bound = operator === 'le' ? endOfSecond(value) : startOfSecond(value)
  if (compareInstants(bound, last) > 0 || bound.ms < FIRST_MS) return { kind: 'unsaid' }
  if (compareInstants(bound, value) === 0) return exact(print(bound))
  return operator === 'eq' ? { kind: 'unsaid' } : { kind: 'wider', value: print(bound) }
}

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')
