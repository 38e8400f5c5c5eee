import { canonicalDecimal, ceiling, compareDecimals, type Decimal, floor, parseDecimal } from '../base/decimal.ts'
import {
  compareInstants, endOfSecond, type Instant, parseDate, parseTime, printDate, printTime, startOfSecond,
} from '../base/instant.ts'
import type { FilterKind } from '../model/domain.ts'
import { type CheckedColumn, type CheckedLiteral, pathOf } from '../query/checked.ts'
import { quote } from '../query/expression.ts'
import { isInteger, type ValueType } from '../query/types.ts'

/** Of the Domain API, with what they stand for. */
export const NULL_FUNCTIONS = { eq: 'equalnull', le: 'lessequalnull', ge: 'greaterequalnull' } as const
export const TEXT_FUNCTIONS = ['contains', 'startswith', 'endswith'] as const
type TextFunction = (typeof TEXT_FUNCTIONS)[number]
type ServerFunction = TextFunction | (typeof NULL_FUNCTIONS)[keyof typeof NULL_FUNCTIONS]

/** A condition in the server's own words; of several `values` (`in`) one must fit. */
export interface Predicate {
  readonly column: CheckedColumn
  readonly operator: 'eq' | 'ge' | 'le' | 'like' | 'in' | ServerFunction
  /** Literals as they are sent; `null` only with `eq`. */
  readonly values: readonly string[]
}

/** What of `filters` an operator needs (protocol sheet, sections 3 and 4). */
const NEEDS: Readonly<Record<Predicate['operator'], FilterKind>> = {
  eq: 'Equals', in: 'EqualsIn', ge: 'GreaterThanOrLessThan', le: 'GreaterThanOrLessThan', like: 'Like',
  contains: 'Like', startswith: 'Like', endswith: 'Like',
  equalnull: 'Equals', lessequalnull: 'GreaterThanOrLessThan', greaterequalnull: 'GreaterThanOrLessThan',
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
  const isDomain = column.domain !== undefined
  if (operator === 'like' ? isDomain : FUNCTIONS.has(operator) && !isDomain) return false
  // multilanguage strings are filtered through `contains` alone
  if ((operator === 'startswith' || operator === 'endswith') && column.edm !== 'Edm.String') return false
  return (column.filters ?? BY_TYPE[column.type]).includes(NEEDS[operator])
}

const FUNCTIONS: ReadonlySet<string> = new Set([...TEXT_FUNCTIONS, ...Object.values(NULL_FUNCTIONS)])

/** `State in (20,30)` */
export function printPredicate({ column, operator, values }: Predicate): string {
  if (FUNCTIONS.has(operator)) return `${operator}(${pathOf(column)},${values[0] ?? ''})`
  return `${pathOf(column)} ${operator} ${operator === 'in' ? `(${values.join(',')})` : values[0] ?? ''}`
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
    case 'date': return column.domain !== undefined ? sendDay(column, operator, parseDate(literal.text)) : sendMoment(operator, parseDate(literal.text), printDate, LAST_DATE)
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

/** The moment of the last change is compared with its minutes. */
const WITH_MINUTES = 'AggregateLastUpdateTimeUtc'
const [MINUTE_MS, DAY_MS] = [60_000, 86_400_000]

/**
 * The Domain API cuts dates to the day (protocol sheet, section 3): the literal's for sure, perhaps those of the rows
 * too. So bounds are moved outwards to a day, and only where the property holds days is all of it exact.
 */
function sendDay({ name, domain }: CheckedColumn, operator: 'eq' | 'ge' | 'le', value: Instant | undefined): Sent {
  if (value === undefined) return { kind: 'unsaid' }
  const unit = name === WITH_MINUTES ? MINUTE_MS : DAY_MS
  const start = Math.floor(value.ms / unit) * unit
  const isWhole = start === value.ms && value.rest === 0
  const isDay = domain?.day === true
  if (operator === 'eq') return !isDay ? { kind: 'unsaid' } : isWhole ? exact(printDay(start)) : { kind: 'never' }
  const bound = operator === 'ge' || isWhole ? start : start + unit
  if (bound < FIRST_MS || bound > LAST_DATE.ms) return { kind: 'unsaid' }
  const isExact = isWhole && (isDay || operator === 'ge')
  return isExact ? exact(printDay(bound)) : { kind: 'wider', value: printDay(bound) }
}

/** In the one documented form that is also OData's. */
function printDay(ms: number): string {
  return new Date(ms).toISOString()
}

const FIRST_MS = Date.parse('0001-01-01T00:00:00Z')
