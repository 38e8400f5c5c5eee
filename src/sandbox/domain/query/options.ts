import { DomainError } from '../problem.ts'
import { readApply, type Apply } from './apply.ts'
import { Cursor } from './cursor.ts'
import { NESTED, readExpand, readQuery, type Expansion, type Query } from './select.ts'

/** The options of a whole request. */
export interface Options {
  readonly query: Query
  readonly search: string | undefined
  readonly apply: Apply | undefined
  readonly expandGroup: readonly Expansion[]
  readonly skipNulls: boolean
  /** Where the page begins that a nextLink leads to. */
  readonly skipToken: number | undefined
}

/** What each kind of resource may be asked with, besides `culture`. */
const ALLOWED = {
  set: [...NESTED, '$count', '$search', '$apply', 'expandgroup', 'options', '$skiptoken'],
  count: ['$filter', '$search'],
  one: ['$select', '$expand', 'options'],
  stream: [],
  function: [],
} as const satisfies Record<string, readonly string[]>

/** With `$apply` the answer's rows are groups: what speaks of the entity's own properties makes no sense there. */
const NOT_WITH_APPLY = ['$select', '$expand', '$count', '$skiptoken']

/** @throws DomainError for options that aren't documented, that don't go together, or that are given twice */
export function readOptions(kind: keyof typeof ALLOWED, params: URLSearchParams): Options {
  for (const name of new Set(params.keys())) {
    const allowed: readonly string[] = ['culture', ...ALLOWED[kind]]
    if (!allowed.includes(name)) throw new DomainError('option', name)
    if (params.getAll(name).length > 1) throw new DomainError('optionTwice', name)
  }
  const applied = params.get('$apply')
  if (applied !== null) {
    if (params.has('$orderby')) throw new DomainError('applyOrder')
    const wrong = NOT_WITH_APPLY.find(name => params.has(name))
    if (wrong !== undefined) throw new DomainError('applyOption', wrong)
  }
  const group = params.get('expandgroup')
  if (group !== null && applied === null) throw new DomainError('expandGroup', group)
  return {
    query: readQuery(name => params.get(name)),
    search: readSearch(params.get('$search')),
    apply: applied === null ? undefined : readApply(applied),
    expandGroup: group === null ? [] : readExpand(group),
    skipNulls: readFlags(params.get('options')),
    skipToken: readToken(params.get('$skiptoken')),
  }
}

/** `"two words"`, or one word without quotes. */
function readSearch(text: string | null): string | undefined {
  if (text === null) return undefined
  const [, quoted, word] = /^\s*(?:"([^"]+)"|([^\s"()]+))\s*$/.exec(text) ?? []
  const search = quoted ?? word
  if (search === undefined) throw new DomainError('optionValue', '$search', text)
  return search
}

function readFlags(text: string | null): boolean {
  if (text === null) return false
  const cursor = new Cursor(text)
  const flags = cursor.list(() => cursor.name())
  cursor.end()
  const wrong = flags.find(flag => flag !== 'skipnulls')
  if (wrong !== undefined) throw new DomainError('optionValue', 'options', wrong)
  return true
}

/** A token is opaque to clients; here it is a row's number, disguised so that nobody counts on it. */
export function tokenOf(skip: number): string {
  return Buffer.from(`after row ${skip}`).toString('base64url')
}

function readToken(text: string | null): number | undefined {
  if (text === null) return undefined
  const skip = /^after row (\d+)$/.exec(Buffer.from(text, 'base64url').toString())?.[1]
  if (skip === undefined) throw new DomainError('optionValue', '$skiptoken', text)
  return Number(skip)
}
