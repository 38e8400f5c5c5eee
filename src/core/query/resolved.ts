import type { Computation, Expansion, Expression, OrderItem, Path, Transformation } from './expression.ts'

/** A query with every variable put in and every option read, but not yet checked: what the plan starts from. */
export interface ResolvedQuery {
  /** Of a whole address as far as it tells: see `settleAddress`. */
  readonly api: 'table' | 'domain'
  /** What a whole address names as the root of the API; ends with a slash. */
  readonly serviceRoot?: string
  /** Table or entity set, as written. */
  readonly resource: string
  /** In the order asked; absent means all. */
  readonly select?: readonly Path[]
  readonly filter?: Expression
  readonly apply?: readonly Transformation[]
  readonly orderby?: readonly OrderItem[]
  readonly expand?: readonly Expansion[]
  readonly skip?: number
  readonly top?: number
  readonly count?: boolean
  /** Of the Domain API: what stands before `apply`. */
  readonly compute?: Computation
  /** Of the Domain API: options that the server alone understands, as they are written. */
  readonly serverOptions?: readonly (readonly [name: string, value: string])[]
  /** `# @name docs` */
  readonly name?: string
  /** `# @connection other` */
  readonly connection?: string
  /** The text of the cell's query: what the ranges of its expressions are offsets of. */
  readonly text: string
}
