import { DomainError } from '../problem.ts'
import { Cursor, type Path } from './cursor.ts'
import { readFilter, type Condition } from './filter.ts'

/** What of an entity is wanted, and for a list of them also which and in what order. */
export interface Query {
  /** Names of `$select`, among them `default`; undefined: the default. */
  readonly select: readonly string[] | undefined
  readonly expand: readonly Expansion[]
  readonly filter: Condition | undefined
  readonly orderby: readonly Order[]
  readonly top: number | undefined
  readonly skip: number
  readonly count: boolean
}

export interface Expansion {
  /** One name, but in `expandgroup`, where it is a grouped path. */
  readonly path: Path
  /** `Lines/$ref`: links only */
  readonly links: boolean
  readonly query: Query
}

export interface Order {
  readonly path: Path
  readonly descending: boolean
}

/** The options that may stand in the parentheses of an expansion, and at the top as well. */
export const NESTED = ['$select', '$expand', '$filter', '$orderby', '$top', '$skip'] as const

/** @param option the text of an option, or null where it isn't given */
export function readQuery(option: (name: string) => string | null): Query {
  const some = <T>(name: string, read: (text: string) => T): T | undefined => {
    const text = option(name)
    if (text?.trim() === '') throw new DomainError('optionValue', name, text)
    return text === null ? undefined : read(text)
  }
  return {
    select: some('$select', readSelect),
    expand: some('$expand', readExpand) ?? [],
    filter: some('$filter', readFilter),
    orderby: some('$orderby', readOrder) ?? [],
    top: some('$top', text => readNumber('$top', text)),
    skip: some('$skip', text => readNumber('$skip', text)) ?? 0,
    count: some('$count', text => readBoolean('$count', text)) ?? false,
  }
}

export function readNumber(name: string, text: string): number {
  const number = Number(text)
  if (!/^\d+$/.test(text) || number > 2_147_483_647) throw new DomainError('optionValue', name, text)
  return number
}

/** `A,B($select=…;$expand=…),Lines/$ref` */
export function readExpand(text: string): readonly Expansion[] {
  const cursor = new Cursor(text)
  const items = cursor.list(() => expansion(cursor))
  cursor.end()
  const names = items.map(({ path }) => path.join('/'))
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new DomainError('propertyTwice', twice)
  return items
}

function expansion(cursor: Cursor): Expansion {
  const path = cursor.path()
  const links = path.at(-1) === '$ref'
  const options = new Map<string, string>()
  if (!links && cursor.take('(')) {
    do {
      const name = cursor.name()
      if (!(NESTED as readonly string[]).includes(name)) throw new DomainError('option', name)
      if (options.has(name)) throw new DomainError('optionTwice', name)
      cursor.expect('=')
      options.set(name, cursor.until(';', ')'))
    } while (cursor.take(';'))
    cursor.expect(')')
  }
  return { path: links ? path.slice(0, -1) : path, links, query: readQuery(name => options.get(name) ?? null) }
}

function readSelect(text: string): readonly string[] {
  const cursor = new Cursor(text)
  const names = cursor.list(() => cursor.name())
  cursor.end()
  return [...new Set(names.map(name => (name === '*' ? 'default' : name)))]
}

function readOrder(text: string): readonly Order[] {
  const cursor = new Cursor(text)
  const items = cursor.list(() => {
    const path = cursor.path()
    const descending = cursor.takeWord('desc')
    if (!descending) cursor.takeWord('asc')
    return { path, descending }
  })
  cursor.end()
  return items
}

function readBoolean(name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new DomainError('optionValue', name, text)
  return text === 'true'
}
