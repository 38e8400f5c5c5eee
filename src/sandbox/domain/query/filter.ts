import { DomainError } from '../problem.ts'
import { Cursor, type Literal, type Path } from './cursor.ts'

/** The Domain API's `$filter` (protocol sheet, section 3) as a tree; names, types and abilities are checked later. */
export type Condition =
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | { readonly kind: 'compare'; readonly path: Path; readonly operator: Comparison; readonly literal: Literal }
  | { readonly kind: 'in'; readonly path: Path; readonly literals: readonly Literal[] }
  | { readonly kind: 'call'; readonly name: FilterFunction; readonly path: Path; readonly literal: Literal }

export type Comparison = 'eq' | 'ge' | 'le'

const FUNCTIONS = [
  'contains', 'startswith', 'endswith', 'equalnull', 'lessequalnull', 'greaterequalnull',
] as const

export type FilterFunction = (typeof FUNCTIONS)[number]

/** @throws DomainError for every operator and function that ERP.net doesn't document */
export function readFilter(text: string): Condition {
  const cursor = new Cursor(text)
  const condition = conjunction(cursor)
  refuseWord(cursor)
  cursor.end()
  return condition
}

function conjunction(cursor: Cursor): Condition {
  const first = term(cursor)
  const parts = [first]
  while (cursor.takeWord('and')) parts.push(term(cursor))
  return parts.length === 1 ? first : { kind: 'and', parts }
}

function term(cursor: Cursor): Condition {
  if (cursor.take('(')) {
    const inner = conjunction(cursor)
    refuseWord(cursor)
    cursor.expect(')')
    return inner
  }
  const path = cursor.path()
  const [name = ''] = path
  if (name === 'not') throw new DomainError('operator', name)
  if (cursor.next === '(') return call(cursor, path.join('/'))
  const operator = cursor.name()
  switch (operator) {
    case 'eq': case 'ge': case 'le':
      return { kind: 'compare', path, operator, literal: cursor.literal() }
    case 'in': {
      cursor.expect('(')
      const literals = cursor.list(() => cursor.literal())
      cursor.expect(')')
      return { kind: 'in', path, literals }
    }
    default:
      throw new DomainError('operator', operator)
  }
}

function call(cursor: Cursor, name: string): Condition {
  if (!isFunction(name)) throw new DomainError('function', name)
  cursor.expect('(')
  const path = cursor.path()
  cursor.expect(',')
  const literal = cursor.literal()
  cursor.expect(')')
  return { kind: 'call', name, path, literal }
}

/** `or` after a condition, and whatever else isn't `and`. */
function refuseWord(cursor: Cursor): void {
  if (/[a-z]/i.test(cursor.next)) throw new DomainError('operator', cursor.name())
}

function isFunction(name: string): name is FilterFunction {
  return (FUNCTIONS as readonly string[]).includes(name)
}
