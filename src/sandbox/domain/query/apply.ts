import { DomainError } from '../problem.ts'
import { Cursor, type Path } from './cursor.ts'

/** `$apply`: `aggregate(…)`, `groupby((…),aggregate(…))`, or `compute(… as A)/groupby((A),…)`. */
export interface Apply {
  readonly computed: readonly Computed[]
  readonly keys: readonly Path[]
  readonly aggregates: readonly Aggregate[]
}

export interface Computed {
  readonly function: 'year' | 'yearmonth' | 'date' | 'substring'
  readonly path: Path
  /** Of `substring`: where it begins, and how long it is. */
  readonly numbers: readonly number[]
  readonly alias: string
}

export interface Aggregate {
  /** Undefined for `$count`. */
  readonly path: Path | undefined
  readonly method: 'count' | 'sum' | 'min' | 'max' | 'countdistinct'
  readonly alias: string
}

/** @throws DomainError for every transformation and function that ERP.net doesn't document; `average` is one of them */
export function readApply(text: string): Apply {
  const cursor = new Cursor(text)
  let computed: readonly Computed[] = []
  let transformation = cursor.name()
  if (transformation === 'compute') {
    cursor.expect('(')
    computed = cursor.list(() => computation(cursor))
    cursor.expect(')')
    cursor.expect('/')
    transformation = cursor.name()
    if (transformation !== 'groupby') throw new DomainError('function', transformation)
  }
  const apply = { computed, ...transform(cursor, transformation) }
  if (cursor.take('/')) throw new DomainError('function', cursor.name())
  cursor.end()
  once(apply.keys.map(path => path.join('/')))
  once(apply.aggregates.flatMap(({ path }) => (path ? [path.join('/')] : [])))
  once([...computed, ...apply.aggregates].map(({ alias }) => alias))
  return apply
}

function transform(cursor: Cursor, name: string): Pick<Apply, 'keys' | 'aggregates'> {
  if (name === 'aggregate') return { keys: [], aggregates: aggregates(cursor) }
  if (name !== 'groupby') throw new DomainError('function', name)
  cursor.expect('(')
  cursor.expect('(')
  const keys = cursor.list(() => cursor.path())
  cursor.expect(')')
  const found = cursor.take(',') ? nested(cursor) : []
  cursor.expect(')')
  return { keys, aggregates: found }
}

function nested(cursor: Cursor): readonly Aggregate[] {
  const name = cursor.name()
  if (name !== 'aggregate') throw new DomainError('function', name)
  return aggregates(cursor)
}

function aggregates(cursor: Cursor): readonly Aggregate[] {
  cursor.expect('(')
  const found = cursor.list(() => aggregate(cursor))
  cursor.expect(')')
  return found
}

function aggregate(cursor: Cursor): Aggregate {
  const path = cursor.path()
  if (path.join('/') === '$count') return { path: undefined, method: 'count', alias: alias(cursor) }
  if (!cursor.takeWord('with')) throw cursor.error()
  const method = cursor.name()
  switch (method) {
    case 'sum': case 'min': case 'max': case 'countdistinct': return { path, method, alias: alias(cursor) }
    default: throw new DomainError('function', method)
  }
}

function computation(cursor: Cursor): Computed {
  const name = cursor.name()
  if (name !== 'year' && name !== 'yearmonth' && name !== 'date' && name !== 'substring') {
    throw new DomainError('function', name)
  }
  cursor.expect('(')
  const path = cursor.path()
  const numbers: number[] = []
  while (cursor.take(',')) numbers.push(Number(cursor.literal().value))
  cursor.expect(')')
  const fits = name === 'substring' ? numbers.length === 1 || numbers.length === 2 : numbers.length === 0
  if (!fits || !numbers.every(number => Number.isSafeInteger(number) && number >= 0)) throw cursor.error()
  return { function: name, path, numbers, alias: alias(cursor) }
}

function alias(cursor: Cursor): string {
  if (!cursor.takeWord('as')) throw cursor.error()
  return cursor.name()
}

function once(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new DomainError('propertyTwice', twice)
}
