import { ErpError } from '../base/errors.ts'
import { parseDate, parseTime } from '../base/instant.ts'
import { nearest } from '../model/find.ts'
import type { Checked, CheckedAggregate, CheckedBinary, CheckedLiteral, CheckedOrder } from './checked.ts'
import { canonicalId, isReference } from './entityScope.ts'
import {
  type Aggregate, type Binary, type Call, type Expression, type In, isComparison, type Literal, MIRRORED, type OrderItem, type Unary,
} from './expression.ts'
import { literalForm } from './literals.ts'
import type { Place } from './place.ts'
import type { NameScope } from './tableScope.ts'
import { FUNCTIONS, isFunction, isInteger, isNumeric, isOrdered, signatureOf, type ValueType } from './types.ts'

export interface CheckOptions {
  readonly scope: NameScope
  readonly place: Place
  /** What `now()` is. */
  readonly now: Date
}

/** Functions of the Domain API that take null for what fits. */
const OR_NULL: Readonly<Record<string, 'eq' | 'le' | 'ge'>> = { equalnull: 'eq', lessequalnull: 'le', greaterequalnull: 'ge' }
const BOOLEAN = { type: 'boolean', edm: 'Edm.Boolean' } as const
const INT64 = { type: 'number', edm: 'Edm.Int64' } as const

/**
 * Looks up names and types.
 *
 * @throws `column-unknown` (facts: line, column, name, table, suggestion?), `function-unknown` (facts: line, column,
 *   name, suggestion?), `query-type` (facts: line, column, found, expected)
 */
export class Checker {
  readonly #options: CheckOptions

  constructor(options: CheckOptions) {
    this.#options = options
  }

  condition(expression: Expression): Checked {
    return this.#expect(expression, this.check(expression), 'boolean')
  }

  order(items: readonly OrderItem[]): CheckedOrder[] {
    return items.map(({ by, descending }) => {
      const checked = this.check(by)
      if (checked.type === 'json') throw this.#wrong(by, checked.type, 'text')
      return { by: checked, descending }
    })
  }

  /** A decimal's sum has the digits of its column; an average at least six (ARCHITECTURE, "What values mean here"). */
  aggregate(aggregate: Aggregate): CheckedAggregate {
    const { method, of, alias } = aggregate
    if (of === undefined) return { method: 'count', alias, ...INT64, scale: 0 }
    const checked = this.check(of)
    const isSum = method === 'sum' || method === 'average'
    if (isMeasure(checked)) return { method, of: checked, alias, type: 'json', edm: checked.edm, scale: 0 }
    if (isSum && !isNumeric(checked.type)) throw this.#wrong(of, checked.type, 'number')
    if ((method === 'min' || method === 'max') && !isOrdered(checked.type)) throw this.#wrong(of, checked.type, 'number')
    if (method === 'countdistinct') return { method, of: checked, alias, ...INT64, scale: 0 }
    const scale = checked.kind === 'column' ? checked.scale ?? 0 : 0
    if (!isSum || checked.type === 'double') return { method, of: checked, alias, type: checked.type, edm: checked.edm, scale }
    return method === 'average'
      ? { method, of: checked, alias, type: 'number', edm: 'Edm.Decimal', scale: Math.max(scale, 6) }
      : { method, of: checked, alias, type: 'number', edm: isInteger(checked.edm) ? 'Edm.Int64' : 'Edm.Decimal', scale }
  }

  check(expression: Expression): Checked {
    switch (expression.kind) {
      case 'literal': return readLiteral(expression)
      case 'path': return this.#options.scope.column(expression)
      case 'call': return this.#call(expression)
      case 'unary': return this.#unary(expression)
      case 'binary': return this.#binary(expression)
      case 'in': return this.#in(expression)
    }
  }

  #unary({ operator, operand }: Unary): Checked {
    const inner = this.check(operand)
    if (operator === 'not') return { kind: 'unary', operator, operand: this.#expect(operand, inner, 'boolean'), ...BOOLEAN }
    if (inner.kind === 'literal' && inner.type === 'number') return { ...inner, text: negated(inner.text) }
    const { type, edm } = this.#expect(operand, inner, 'number')
    return { kind: 'unary', operator, operand: inner, type, edm }
  }

  #binary({ operator, left: leftSide, right: rightSide }: Binary): Checked {
    const [first, second] = [this.check(leftSide), this.check(rightSide)]
    if (operator === 'and' || operator === 'or') {
      return {
        kind: 'binary', operator, ...BOOLEAN,
        left: this.#expect(leftSide, first, 'boolean'), right: this.#expect(rightSide, second, 'boolean'),
      }
    }
    if (operator === 'like') {
      return { kind: 'binary', operator, ...BOOLEAN, left: this.#expect(leftSide, first, 'text', 'guid', 'number'), right: this.#expect(rightSide, second, 'text') }
    }
    if (isComparison(operator)) {
      const [left, right] = this.#comparable(leftSide, first, rightSide, second)
      const needsOrder = operator !== 'eq' && operator !== 'ne'
      if (needsOrder && right.type !== 'null' && !isOrdered(left.type)) throw this.#wrong(leftSide, left.type, 'number')
      return this.#ofMembers(rightSide, { kind: 'binary', operator, left, right, ...BOOLEAN })
    }
    const [left, right] = [this.#expect(leftSide, first, 'number'), this.#expect(rightSide, second, 'number')]
    return { kind: 'binary', operator, left, right, ...arithmeticType(operator, left, right) }
  }

  /** The order of an enumeration is that of its members' values: `State ge 'Released'` is a list of them. */
  #ofMembers(rightSide: Expression, comparison: CheckedBinary): Checked {
    const { operator, left, right } = comparison
    const mirrored = left.kind === 'literal' && right.kind === 'column' && isComparison(operator) ? MIRRORED[operator] : undefined
    if (mirrored !== undefined) return this.#ofMembers(rightSide, { ...comparison, operator: mirrored, left: right, right: left })
    const at = this.#memberAt(rightSide, left, right)
    const members = membersOf(left)
    if (at === undefined || members === undefined || operator === 'eq' || operator === 'ne') return comparison
    const from = operator === 'ge' ? at : operator === 'gt' ? at + 1 : 0
    const to = operator === 'le' ? at + 1 : operator === 'lt' ? at : members.length
    const values = members.slice(from, to).map((text): CheckedLiteral => ({ kind: 'literal', type: 'text', edm: 'Edm.String', text }))
    return { kind: 'in', operand: left, values, ...BOOLEAN }
  }

  /** Which one of an enumeration's members a text is; nothing where there is none. */
  #memberAt(side: Expression, column: Checked, value: Checked): number | undefined {
    const members = membersOf(column)
    if (members === undefined || value.kind !== 'literal' || value.type !== 'text') return undefined
    const at = members.indexOf(value.text)
    if (at < 0) throw this.#error(side, value.text, members.join(', '))
    return at
  }

  /** `equalnull(F,5)` is `F eq null or F eq 5` (protocol sheet, section 3). */
  #orNull({ args: [left, right], range }: Call, operator: 'eq' | 'le' | 'ge'): Checked | undefined {
    if (left === undefined || right === undefined || left.kind !== 'path') return undefined
    if (this.#options.scope.column(left).domain === undefined) return undefined
    const isNull: Binary = { kind: 'binary', operator: 'eq', left, right: { kind: 'literal', form: 'null', text: 'null', range }, range }
    return this.#binary({ kind: 'binary', operator: 'or', left: isNull, right: { kind: 'binary', operator, left, right, range }, range })
  }

  #in({ operand, values }: In): Checked {
    const others = values.map(value => this.check(value))
    const checked = adapted(this.check(operand), others.find(({ type }) => type !== 'text' && type !== 'null') ?? { type: 'text' })
    if (checked.type === 'json') throw this.#wrong(operand, checked.type, 'text')
    const listed = values.map((value, index) => this.#comparable(operand, checked, value, others[index] ?? checked)[1])
    for (const [index, value] of values.entries()) this.#memberAt(value, checked, listed[index] ?? checked)
    return { kind: 'in', operand: checked, values: listed, ...BOOLEAN }
  }

  #call(call: Call): Checked {
    const nullOperator = call.args.length === 2 && Object.hasOwn(OR_NULL, call.name) ? OR_NULL[call.name] : undefined
    const orNull = nullOperator === undefined ? undefined : this.#orNull(call, nullOperator)
    if (orNull !== undefined) return orNull
    if (!isFunction(call.name)) {
      const suggestion = nearest(Object.keys(FUNCTIONS), call.name)
      const facts = { ...this.#options.place(call.range.start), name: call.name }
      throw new ErpError('function-unknown', suggestion === undefined ? facts : { ...facts, suggestion })
    }
    const spec = FUNCTIONS[call.name]
    const least = spec.takes.filter(type => !type.endsWith('?')).length
    if (call.args.length < least || call.args.length > spec.takes.length) {
      throw this.#error(call, String(call.args.length), signatureOf(call.name))
    }
    if (call.name === 'now') return { kind: 'literal', type: 'date', edm: spec.gives, text: this.#options.now.toISOString() }
    const args = call.args.map((arg, index) =>
      this.#expect(arg, this.check(arg), (spec.takes[index] ?? 'text').replace('?', '') as ValueType))
    if (spec.gives !== 'same') return { kind: 'call', name: call.name, args, edm: spec.gives, type: typeOfResult(spec.gives) }
    const [{ type, edm } = { type: 'number', edm: 'Edm.Decimal' } as const] = args
    return { kind: 'call', name: call.name, args, type, edm }
  }

  /** Literals take the other side's type; numbers of all kinds go together, and null with everything. */
  #comparable(leftSide: Expression, left: Checked, rightSide: Expression, right: Checked): [Checked, Checked] {
    const [first, second] = [adapted(left, right), adapted(right, left)]
    const fit = first.type === second.type || first.type === 'null' || second.type === 'null'
      || (isNumeric(first.type) && isNumeric(second.type))
    if (!fit) throw second.kind === 'literal' ? this.#wrong(rightSide, second.type, first.type) : this.#wrong(leftSide, first.type, second.type)
    return [first, second]
  }

  #expect(expression: Expression, checked: Checked, ...types: readonly ValueType[]): Checked {
    if (checked.type === 'null') return checked
    const [wanted = 'text'] = types
    const found = adapted(checked, { type: wanted })
    if (types.includes(found.type) || (isNumeric(wanted) && isNumeric(found.type))) return found
    throw this.#wrong(expression, found.type, wanted)
  }

  #wrong(expression: Expression, found: ValueType, expected: ValueType): ErpError {
    return this.#error(expression, found, expected)
  }

  #error(expression: Expression, found: string, expected: string): ErpError {
    return new ErpError('query-type', { ...this.#options.place(expression.range.start), found, expected })
  }
}

/** An amount or a quantity, which only the server can add up: it keeps currencies and units apart. */
function isMeasure(checked: Checked): boolean {
  return checked.kind === 'column' && checked.type === 'json' && checked.domain !== undefined && checked.domain.at === undefined
}

function arithmeticType(operator: string, left: Checked, right: Checked): { type: ValueType; edm: string } {
  if (left.type === 'double' || right.type === 'double') return { type: 'double', edm: 'Edm.Double' }
  const whole = operator !== 'divby' && [left, right].every(({ edm }) => isInteger(edm))
  return { type: 'number', edm: whole ? 'Edm.Int64' : 'Edm.Decimal' }
}

function typeOfResult(edm: string): ValueType {
  switch (edm) {
    case 'Edm.Boolean': return 'boolean'
    case 'Edm.Int32': return 'number'
    case 'Edm.DateTimeOffset': return 'date'
    case 'Edm.TimeOfDay': return 'time'
    default: return 'text'
  }
}

const LITERALS = {
  null: ['null', 'Edm.String'],
  boolean: ['boolean', 'Edm.Boolean'],
  text: ['text', 'Edm.String'],
  date: ['date', 'Edm.DateTimeOffset'],
  time: ['time', 'Edm.TimeOfDay'],
  guid: ['guid', 'Edm.Guid'],
} as const

function membersOf(column: Checked): readonly string[] | undefined {
  return column.kind === 'column' ? column.domain?.members : undefined
}

function readLiteral({ form, text }: Literal): CheckedLiteral {
  if (form === 'number') return { kind: 'literal', type: 'number', edm: /^-?\d+$/.test(text) ? 'Edm.Int64' : 'Edm.Decimal', text }
  const [type, edm] = LITERALS[form]
  return { kind: 'literal', type, edm, text }
}

/** A quoted date, time or guid beside such a value is one. */
function adapted(value: Checked, other: Checked | { readonly type: ValueType }): Checked {
  if (value.kind !== 'literal' || value.type !== 'text') return value
  switch (other.type) {
    case 'guid': return literalForm(value.text) === 'guid' ? { ...value, type: 'guid', edm: 'Edm.Guid' } : value
    case 'date': return parseDate(value.text) === undefined ? value : { ...value, type: 'date', edm: 'Edm.DateTimeOffset' }
    case 'time': return parseTime(value.text) === undefined ? value : { ...value, type: 'time', edm: 'Edm.TimeOfDay' }
    case 'binary': return { ...value, type: 'binary', edm: 'Edm.Binary' }
    default: return 'kind' in other && isReference(other) ? { ...value, text: canonicalId(value.text) } : value
  }
}

function negated(number: string): string {
  return number.startsWith('-') ? number.slice(1) : `-${number}`
}
