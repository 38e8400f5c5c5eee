import { add, compareDecimals, type Decimal, divide, divideWhole, multiply, negate, subtract } from '../base/decimal.ts'
import { ErpError } from '../base/errors.ts'
import type { Checked, CheckedBinary, CheckedCall, CheckedColumn, CheckedIn } from '../query/checked.ts'
import type { BinaryOperator, Comparison } from '../query/expression.ts'
import { canonicalId, isReference } from '../query/entityScope.ts'
import { isInteger, type ValueType } from '../query/types.ts'
import type { Fields } from './fields.ts'
import { FUNCTION_VALUES, likePattern } from './functions.ts'
import { quickComparison } from './quick.ts'
import type { Evaluate, Slot } from './rows.ts'
import { asDouble, comparerOf, HOLDS, keyOf, literalValue, readerOf, type Value } from './values.ts'

/**
 * Makes a function of an expression. Null is as OData has it (4.01, part 2, section 5.1.1.1): `eq` and `ne` take it for
 * a value, other comparisons with it are false, `and`, `or` and `not` are three-valued, and all else gives null.
 */
export function compile(expression: Checked, slotOf: (column: CheckedColumn) => Slot): Evaluate {
  const inner = (part: Checked): Evaluate => compile(part, slotOf)
  switch (expression.kind) {
    case 'literal': {
      const value = literalValue(expression.type, expression.text)
      return () => value
    }
    case 'column': return readColumn(expression, slotOf(expression))
    case 'call': return call(expression, expression.args.map(inner))
    case 'unary': return expression.operator === 'not' ? not(inner(expression.operand)) : minus(inner(expression.operand))
    case 'in': return isIn(expression, inner(expression.operand), expression.values.map(inner))
    case 'binary': return quickComparison(expression, slotOf) ?? binary(expression, inner(expression.left), inner(expression.right))
  }
}

function readColumn(column: CheckedColumn, { join, index }: Slot): Evaluate {
  const read = isReference(column) ? readReference : readerOf(column.type)
  const readFrom = ({ bytes, starts, ends }: Fields, at: number): Value => read(bytes, starts[at] ?? 0, ends[at] ?? 0)
  if (join < 0) return ({ fields }, row) => readFrom(fields, row * fields.width + index)
  return ({ joined }, row) => {
    const single = joined[join]?.[row]
    return single === undefined ? null : readFrom(single, index)
  }
}

const readId = readerOf('text')

function readReference(bytes: Uint8Array, start: number, end: number): Value {
  const id = readId(bytes, start, end)
  return typeof id === 'string' ? canonicalId(id) : id
}

function not(operand: Evaluate): Evaluate {
  return (rows, row) => {
    const value = operand(rows, row)
    return value === null ? null : value !== true
  }
}

function minus(operand: Evaluate): Evaluate {
  return (rows, row) => {
    const value = operand(rows, row)
    return value === null ? null : typeof value === 'number' ? -value : negate(value as Decimal)
  }
}

function call({ name, args: types }: CheckedCall, args: readonly Evaluate[]): Evaluate {
  const apply = FUNCTION_VALUES[name] as ((...args: Value[]) => Value) | undefined
  if (apply === undefined) throw new ErpError('internal', { reason: `no function ${name}` })
  if (types.length === 1) {
    const [only] = args
    return (rows, row) => {
      const value = only?.(rows, row) ?? null
      return value === null ? null : apply(value)
    }
  }
  return (rows, row) => {
    const values = args.map(arg => arg(rows, row))
    return values.includes(null) ? null : apply(...values)
  }
}

/** A list of literals is looked up. */
function isIn({ operand, values: listed }: CheckedIn, value: Evaluate, values: readonly Evaluate[]): Evaluate {
  const type = [operand, ...listed].some(part => part.type === 'double') ? 'double' : operand.type
  if (listed.every(part => part.kind === 'literal')) {
    const wanted = listed.map(part => literalValue(part.type, part.text))
    const keys = new Set(wanted.filter(each => each !== null).map(each => keyOf(each, type)))
    const isNullIn = wanted.includes(null)
    return (rows, row) => {
      const found = value(rows, row)
      return found === null ? isNullIn : keys.has(keyOf(found, type))
    }
  }
  return (rows, row) => {
    const found = value(rows, row)
    return values.some(other => {
      const wanted = other(rows, row)
      return found === null || wanted === null ? found === wanted : keyOf(found, type) === keyOf(wanted, type)
    })
  }
}

function binary(expression: CheckedBinary, left: Evaluate, right: Evaluate): Evaluate {
  const { operator } = expression
  switch (operator) {
    case 'and': return (rows, row) => {
      const first = left(rows, row)
      if (first === false) return false
      const second = right(rows, row)
      return second === false ? false : first === null || second === null ? null : true
    }
    case 'or': return (rows, row) => {
      const first = left(rows, row)
      if (first === true) return true
      const second = right(rows, row)
      return second === true ? true : first === null || second === null ? null : false
    }
    case 'like': return like(expression, left, right)
    case 'eq': case 'ne': case 'gt': case 'ge': case 'lt': case 'le': return comparison(operator, commonType(expression), left, right)
    default: return arithmetic(operator, expression, left, right)
  }
}

function commonType({ left, right }: CheckedBinary): ValueType {
  if (left.type === 'double' || right.type === 'double') return 'double'
  return left.type === 'null' ? right.type : left.type
}

function comparison(operator: Comparison, type: ValueType, left: Evaluate, right: Evaluate): Evaluate {
  const compare = comparerOf(type)
  const holds = HOLDS[operator]
  return (rows, row) => {
    const [first, second] = [left(rows, row), right(rows, row)]
    if (Number.isNaN(first) || Number.isNaN(second)) return operator === 'ne'
    if (first !== null && second !== null) return holds(compare(first, second))
    return operator === 'eq' ? first === second : operator === 'ne' && first !== second
  }
}

function like({ left: tested, right: pattern }: CheckedBinary, left: Evaluate, right: Evaluate): Evaluate {
  const fixed = pattern.kind === 'literal' && pattern.type === 'text' ? likePattern(pattern.text) : undefined
  return (rows, row) => {
    const [value, text] = [left(rows, row), right(rows, row)]
    if (value === null || typeof text !== 'string') return null
    return (fixed ?? likePattern(text))(typeof value === 'string' ? value : keyOf(value, tested.type))
  }
}

/** Digits of the fraction of a quotient of decimals, at least. */
const QUOTIENT_SCALE = 20

type Arithmetic = Exclude<BinaryOperator, 'and' | 'or' | 'like' | Comparison>

/** Whole numbers are divided without a fraction (OData 4.01, part 2, section 5.1.1.2). */
function arithmetic(operator: Arithmetic, expression: CheckedBinary, left: Evaluate, right: Evaluate): Evaluate {
  const isDouble = expression.type === 'double'
  const isWhole = isInteger(expression.edm)
  return (rows, row) => {
    const [first, second] = [left(rows, row), right(rows, row)]
    if (first === null || second === null) return null
    return isDouble
      ? calculateDouble(operator, asDouble(first), asDouble(second))
      : calculate(operator, first as Decimal, second as Decimal, isWhole)
  }
}

function calculateDouble(operator: Arithmetic, a: number, b: number): number {
  switch (operator) {
    case 'add': return a + b
    case 'sub': return a - b
    case 'mul': return a * b
    case 'div': case 'divby': return a / b
    case 'mod': return a % b
  }
}

function calculate(operator: Arithmetic, a: Decimal, b: Decimal, isWhole: boolean): Decimal {
  switch (operator) {
    case 'add': return add(a, b)
    case 'sub': return subtract(a, b)
    case 'mul': return multiply(a, b)
    default:
  }
  if (compareDecimals(b, ZERO) === 0) throw new ErpError('query-division')
  if (operator === 'mod') return divideWhole(a, b).rest
  return isWhole ? divideWhole(a, b).whole : divide(a, b, Math.max(a.scale, b.scale, QUOTIENT_SCALE))
}

const ZERO: Decimal = { units: 0n, scale: 0 }
