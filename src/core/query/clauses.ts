import {
  type Aggregate, type AggregateMethod, type Expansion, type Expression, METHODS, type OrderItem, type Path, type Transformation,
} from './expression.ts'
import { Parser, type ParserInput } from './parser.ts'

/** `$filter` */
export function parseFilter(input: ParserInput): Expression {
  return whole(input, parser => parser.expression())
}

/** `$orderby=A,B desc` */
export function parseOrderBy(input: ParserInput): OrderItem[] {
  return whole(input, parser => separated(parser, () => ({
    by: parser.expression(),
    descending: parser.takes('asc', 'desc') === 'desc',
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

/** `$apply=filter(…)/groupby((A,B),aggregate(C with sum as D))` */
export function parseApply(input: ParserInput): Transformation[] {
  return whole(input, parser => {
    const steps = [readTransformation(parser)]
    while (parser.takes('/') !== undefined) steps.push(readTransformation(parser))
    return steps
  })
}

function whole<T>(input: ParserInput, read: (parser: Parser) => T): T {
  const parser = new Parser(input)
  const result = read(parser)
  parser.end()
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

function readExpansion(parser: Parser): Expansion {
  const path = parser.path()
  const options: { select?: Path[]; expand: Expansion[] } = { expand: [] }
  if (parser.takes('(') !== undefined) {
    do readExpandOption(parser, options)
    while (parser.takes(';') !== undefined)
    parser.expect(')')
  }
  return nest(path, options)
}

function readExpandOption(parser: Parser, options: { select?: Path[]; expand: Expansion[] }): void {
  const token = parser.peek()
  const name = parser.takes('$select', 'select', '$expand', 'expand')
  if (name === undefined) throw parser.error(token, '$select, $expand')
  parser.expect('=')
  if (name.endsWith('select')) options.select = readSelect(parser)
  else options.expand = separated(parser, () => readExpansion(parser))
}

/** `A/B(…)` is `A($expand=B(…))`. */
function nest(path: Path, options: { select?: Path[]; expand: Expansion[] }): Expansion {
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
    const { steps: [alias = ''], range } = parser.path()
    return { method: 'count', alias, range }
  }
  const of = parser.expression()
  parser.expect('with')
  const token = parser.peek()
  const method = parser.takes(...METHODS) as AggregateMethod | undefined
  if (method === undefined) throw parser.error(token, METHODS.join(', '))
  parser.expect('as')
  const { steps: [alias = ''], range } = parser.path()
  return { method, of, alias, range: { start: of.range.start, end: range.end } }
}
