import {
  type Aggregate, type AggregateMethod, type Computation, type Expansion, type Expression, METHODS, type OrderItem, type Path, type Transformation,
} from './expression.ts'
import { Parser } from './parser.ts'
import type { ParserInput } from './tokenReader.ts'

/** `$filter` */
export function parseFilter(input: ParserInput): Expression {
  return whole(input, parser => parser.expression(), 'an operator')
}

/** `$orderby=A,B desc` */
export function parseOrderBy(input: ParserInput): OrderItem[] {
  return whole(input, parser => separated(parser, () => ({
    by: parser.expression(),
    descending: parser.takesWord('asc', 'desc') === 'desc',
  })))
}

/** `$select=A,B/C` */
export function parseSelect(input: ParserInput): Path[] {
  return whole(input, parser => readSelect(parser))
}

/** `$expand=A_Reference($select=B;$expand=C_Reference)`; `A_Reference/B_Reference` is short for a nested one. */
export function parseExpand(input: ParserInput): Expansion[] {
  return whole(input, parser => separated(parser, () => readExpansion(parser)))
}

/** Of the Domain API, whose lists have further options: `Lines($filter=…;$orderby=…;$top=5)`, `Lines/$ref`. */
export function parseDomainExpand(input: ParserInput): Expansion[] {
  return whole(input, parser => separated(parser, () => readExpansion(parser, LIST_OPTIONS)))
}

const LIST_OPTIONS = ['$filter', '$orderby', '$top', '$skip']

/** `$apply=compute(year(A) as B)/groupby((B),…)` of the Domain API. */
export function parseDomainApply(input: ParserInput): { compute?: Computation; apply: Transformation[] } {
  return whole(input, parser => {
    const compute = parser.takes('compute') === undefined ? undefined : readComputation(parser)
    if (compute !== undefined) parser.expect('/')
    const apply = [readTransformation(parser)]
    while (parser.takes('/') !== undefined) apply.push(readTransformation(parser))
    return compute === undefined ? { apply } : { compute, apply }
  })
}

/** What the functions give that the sheet names; of others it isn't known. */
const COMPUTED: Readonly<Record<string, string>> = { year: 'Edm.Int32', yearmonth: 'Edm.Int32', date: 'Edm.DateTimeOffset' }

function readComputation(parser: Parser): Computation {
  const items: string[] = []
  const columns = parser.list(() => {
    const name = parser.peek()?.value ?? ''
    const text = parser.raw('as', ',')
    parser.expect('as')
    const { alias } = parser.alias()
    items.push(`${text} as ${alias}`)
    return { name: alias, edm: COMPUTED[name] ?? 'Edm.String' }
  })
  return { text: items.join(','), columns }
}

/** `$apply=filter(…)/groupby((A,B),aggregate(C with sum as D))` */
export function parseApply(input: ParserInput): Transformation[] {
  return whole(input, parser => {
    const steps = [readTransformation(parser)]
    while (parser.takes('/') !== undefined) steps.push(readTransformation(parser))
    return steps
  })
}

/** @param next what a further word should have been */
function whole<T>(input: ParserInput, read: (parser: Parser) => T, next = 'the end'): T {
  const parser = new Parser(input)
  const result = read(parser)
  parser.end(next)
  return result
}

function separated<T>(parser: Parser, item: () => T): T[] {
  const items = [item()]
  while (parser.takes(',') !== undefined) items.push(item())
  return items
}

function readSelect(parser: Parser): Path[] {
  const paths: Path[] = []
  return separated(parser, () => {
    const token = parser.peek()
    const path = parser.path()
    if (paths.some(other => other.steps.join('/') === path.steps.join('/'))) throw parser.error(token, 'each column once')
    paths.push(path)
    return path
  })
}

interface ExpandOptions {
  select?: Path[]
  expand: Expansion[]
  options?: (readonly [string, string])[]
  links?: boolean
}

/** @param listOptions those that may stand in the parentheses beside `$select` and `$expand` */
function readExpansion(parser: Parser, listOptions: readonly string[] = []): Expansion {
  const path = parser.path()
  const options: ExpandOptions = { expand: [] }
  if (listOptions.length > 0 && parser.takes('/') !== undefined) {
    parser.expect('$ref')
    options.links = true
  } else if (parser.takes('(') !== undefined) {
    do readExpandOption(parser, options, listOptions)
    while (parser.takes(';') !== undefined)
    parser.expect(')')
  }
  return nest(path, options)
}

function readExpandOption(parser: Parser, options: ExpandOptions, listOptions: readonly string[]): void {
  const token = parser.peek()
  const name = parser.takes('$select', 'select', '$expand', 'expand', ...listOptions)
  if (name === undefined) throw parser.error(token, ['$select', '$expand', ...listOptions].join(', '))
  parser.expect('=')
  if (listOptions.includes(name)) options.options = [...options.options ?? [], [name, parser.raw(';', ')')]]
  else if (name.endsWith('select')) options.select = readSelect(parser)
  else options.expand = separated(parser, () => readExpansion(parser, listOptions))
}

/** `A/B(…)` is `A($expand=B(…))`. */
function nest(path: Path, options: ExpandOptions): Expansion {
  const [first = '', ...rest] = path.steps
  if (rest.length === 0) return { path, ...options }
  return { path: { ...path, steps: [first] }, expand: [nest({ ...path, steps: rest }, options)] }
}

function readTransformation(parser: Parser): Transformation {
  const token = parser.peek()
  switch (parser.takes('filter', 'groupby', 'aggregate')) {
    case 'filter': {
      const [condition, ...more] = parser.list(() => parser.expression())
      if (condition === undefined || more.length > 0) throw parser.error(token, 'filter(…)')
      return { kind: 'filter', condition }
    }
    case 'aggregate': return { kind: 'group', by: [], aggregates: parser.list(() => readAggregate(parser)) }
    case 'groupby': return readGroup(parser)
    default: throw parser.error(token, 'filter, groupby, aggregate')
  }
}

function readGroup(parser: Parser): Transformation {
  parser.expect('(')
  const by = parser.list(() => parser.path())
  let aggregates: Aggregate[] = []
  if (parser.takes(',') !== undefined) {
    parser.expect('aggregate')
    aggregates = parser.list(() => readAggregate(parser))
  }
  parser.expect(')')
  return { kind: 'group', by, aggregates }
}

function readAggregate(parser: Parser): Aggregate {
  if (parser.takes('$count') !== undefined) {
    parser.expect('as')
    return { method: 'count', ...parser.alias() }
  }
  const of = parser.expression()
  parser.expect('with')
  const token = parser.peek()
  const method = parser.takes(...METHODS) as AggregateMethod | undefined
  if (method === undefined) throw parser.error(token, METHODS.join(', '))
  parser.expect('as')
  const { alias, range } = parser.alias()
  return { method, of, alias, range: { start: of.range.start, end: range.end } }
}
