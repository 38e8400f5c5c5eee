import type { FilterKind } from '../model/domain.ts'
import { type AggregateMethod, type BinaryOperator, quote } from './expression.ts'
import type { ValueType } from './types.ts'

/** An expression whose names and types are known. Plain data: it goes to the engine's worker. */
export type Checked = CheckedLiteral | CheckedColumn | CheckedCall | CheckedUnary | CheckedBinary | CheckedIn

interface Typed {
  readonly type: ValueType
  /** EDM type, where the value type doesn't say it all. */
  readonly edm: string
}

export interface CheckedLiteral extends Typed {
  readonly kind: 'literal'
  readonly text: string
}

export interface CheckedColumn extends Typed {
  readonly kind: 'column'
  /** The references that lead to it, by their names in the model; none for a column of the table itself. */
  readonly steps: readonly string[]
  readonly name: string
  readonly nullable: boolean
  /** Foreign keys on the way to it that may be null: where one of them is, so is its value. */
  readonly nullableKeys?: readonly CheckedColumn[]
  readonly scale?: number
  /** What the server can do with it; absent where that isn't known. */
  readonly filters?: readonly FilterKind[]
  /** Whether a filter of the server may go that way; false for what is made here. */
  readonly reachable: boolean
  /** Of a property of the Domain API. */
  readonly domain?: DomainFacts
}

/** What else is to be known of a property of the Domain API (protocol sheet, section 3, "Query options"). */
export interface DomainFacts {
  /** The names that lead to its value in a row, from outside in; absent where only the server can work with it. */
  readonly at?: readonly string[]
  /** It holds days, without a time. */
  readonly day?: boolean
  /** Of an enumeration: its members in their order. */
  readonly members?: readonly string[]
  readonly sortable?: boolean
  /** Can `groupby` tell groups apart by it? */
  readonly groupable?: boolean
}

export interface CheckedCall extends Typed {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Checked[]
}

export interface CheckedUnary extends Typed {
  readonly kind: 'unary'
  readonly operator: 'not' | '-'
  readonly operand: Checked
}

export interface CheckedBinary extends Typed {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Checked
  readonly right: Checked
}

export interface CheckedIn extends Typed {
  readonly kind: 'in'
  readonly operand: Checked
  readonly values: readonly Checked[]
}

export interface CheckedOrder {
  readonly by: Checked
  readonly descending: boolean
}

export interface CheckedAggregate {
  readonly method: AggregateMethod
  readonly of?: Checked
  readonly alias: string
  /** Of what comes out. */
  readonly type: ValueType
  readonly edm: string
  /** Digits of the fraction of an average. */
  readonly scale: number
}

/** All columns that it reads. */
export function columnsOf(expression: Checked): CheckedColumn[] {
  switch (expression.kind) {
    case 'literal': return []
    case 'column': return [expression]
    case 'call': return expression.args.flatMap(columnsOf)
    case 'unary': return columnsOf(expression.operand)
    case 'binary': return [...columnsOf(expression.left), ...columnsOf(expression.right)]
    case 'in': return [...columnsOf(expression.operand), ...expression.values.flatMap(columnsOf)]
  }
}

/** `Document_Reference/Void` */
export function pathOf({ steps, name }: CheckedColumn): string {
  return [...steps, name].join('/')
}

/** As OData writes it, for reasons and explanations; parentheses around all that is composed. */
export function printChecked(expression: Checked): string {
  switch (expression.kind) {
    case 'literal': return printLiteral(expression)
    case 'column': return pathOf(expression)
    case 'call': return `${expression.name}(${expression.args.map(printChecked).join(',')})`
    case 'unary': return expression.operator === '-' ? `-${inner(expression.operand)}` : `not ${inner(expression.operand)}`
    case 'binary': {
      const { operator, left, right } = expression
      return `${inner(left, operator)} ${operator} ${inner(right, operator === 'and' || operator === 'or' ? operator : undefined)}`
    }
    case 'in': return `${inner(expression.operand)} in (${listed(expression.values)})`
  }
}

const LISTED = 5

function listed(values: readonly Checked[]): string {
  const shown = values.slice(0, LISTED).map(printChecked).join(',')
  return values.length > LISTED ? `${shown},… ${values.length}` : shown
}

function inner(expression: Checked, operator?: BinaryOperator): string {
  const text = printChecked(expression)
  const isWhole = expression.kind === 'literal' || expression.kind === 'column' || expression.kind === 'call'
    || (expression.kind === 'binary' && expression.operator === operator && (operator === 'and' || operator === 'or'))
    || (expression.type === 'boolean' && operator === 'and' && !(expression.kind === 'binary' && expression.operator === 'or'))
  return isWhole ? text : `(${text})`
}

function printLiteral({ type, text }: CheckedLiteral): string {
  return type === 'text' || type === 'binary' ? quote(text) : text
}
