import type { Range } from './cell.ts'

/** An expression of `$filter`, `$orderby` or `$apply` as it is written; names are not looked up yet. */
export type Expression = Literal | Path | Call | Unary | Binary | In

/** What a literal looks like; a quoted one may also stand for a date or a guid where such a one is due. */
export type LiteralForm = 'null' | 'boolean' | 'number' | 'text' | 'date' | 'time' | 'guid'

export interface Literal {
  readonly kind: 'literal'
  readonly form: LiteralForm
  /** Of a text what stands between its quotes, with doubled ones made single; else as it is written. */
  readonly text: string
  readonly range: Range
}

/** `Document_Reference/Void` */
export interface Path {
  readonly kind: 'path'
  readonly steps: readonly string[]
  readonly range: Range
}

export interface Call {
  readonly kind: 'call'
  readonly name: string
  readonly args: readonly Expression[]
  readonly range: Range
}

export interface Unary {
  readonly kind: 'unary'
  readonly operator: 'not' | '-'
  readonly operand: Expression
  readonly range: Range
}

export interface Binary {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  readonly range: Range
}

export interface In {
  readonly kind: 'in'
  readonly operand: Expression
  readonly values: readonly Expression[]
  readonly range: Range
}

/** By how strongly they bind, the weakest first (OData 4.01, part 2, section 5.1.1.17). */
export const PRECEDENCE = [
  ['or'],
  ['and'],
  ['eq', 'ne'],
  ['gt', 'ge', 'lt', 'le', 'like', 'in'],
  ['add', 'sub'],
  ['mul', 'div', 'divby', 'mod'],
] as const

/** The comparisons, and what each is when its sides change places. */
export const MIRRORED = { eq: 'eq', ne: 'ne', gt: 'lt', lt: 'gt', ge: 'le', le: 'ge' } as const
export type Comparison = keyof typeof MIRRORED
export const ARITHMETIC = [...PRECEDENCE[4], ...PRECEDENCE[5]] as const

export type BinaryOperator = Exclude<(typeof PRECEDENCE)[number][number], 'in'>

export function isComparison(operator: string): operator is Comparison {
  return Object.hasOwn(MIRRORED, operator)
}

export interface OrderItem {
  readonly by: Expression
  readonly descending: boolean
}

/** One step of `$apply` (OData Data Aggregation 4.0, section 3). */
export type Transformation =
  | { readonly kind: 'filter'; readonly condition: Expression }
  | { readonly kind: 'group'; readonly by: readonly Path[]; readonly aggregates: readonly Aggregate[] }

export const METHODS = ['sum', 'min', 'max', 'average', 'countdistinct'] as const
export type AggregateMethod = (typeof METHODS)[number] | 'count'

/** `Amount with sum as Total`, `$count as Rows` */
export interface Aggregate {
  readonly method: AggregateMethod
  /** Absent for `count`. */
  readonly of?: Expression
  readonly alias: string
  readonly range: Range
}

/** `Customer_Reference($select=Name;$expand=…)` */
export interface Expansion {
  readonly path: Path
  readonly select?: readonly Path[]
  readonly expand: readonly Expansion[]
  /** Of the Domain API: `$filter`, `$orderby`, `$top` and `$skip` of a list, as they are written. */
  readonly options?: readonly (readonly [name: string, value: string])[]
  /** Of the Domain API: `Lines/$ref`, links alone. */
  readonly links?: boolean
}

/** Of the Domain API: `compute(…)` before a grouping, as it is written, and what it makes. */
export interface Computation {
  readonly text: string
  readonly columns: readonly { readonly name: string; readonly edm: string }[]
}

/** As a literal of OData. */
export function quote(text: string): string {
  return `'${text.replaceAll('\'', '\'\'')}'`
}

const LEVELS: ReadonlyMap<string, number> = new Map(PRECEDENCE.flatMap((operators, level) => operators.map(name => [name, level] as const)))

/** Its place in `PRECEDENCE`; -1 for what is no operator. */
export function levelOf(word: string): number {
  return LEVELS.get(word) ?? -1
}

/** Joins neighbours, in their order, so that ten thousand of `and` or `or` are fourteen levels deep; nothing for none. */
export function balanced<T>(parts: readonly T[], join: (left: T, right: T) => T): T | undefined {
  let joined = parts
  while (joined.length > 1) {
    const row = joined
    joined = row.flatMap((left, index) => {
      const right = row[index + 1]
      return index % 2 === 1 ? [] : [right === undefined ? left : join(left, right)]
    })
  }
  return joined[0]
}
