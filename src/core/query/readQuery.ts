import { ErpError } from '../base/errors.ts'
import { type QueryOption, type QueryParts, splitQuery } from './cell.ts'
import { tokenize } from './lexer.ts'
import type { ResolvedQuery } from './resolved.ts'

/** The options of the Table API (protocol sheet, section 4). */
export const OPTIONS = ['$select', '$filter', '$top'] as const
type OptionName = (typeof OPTIONS)[number]

const LARGEST_TOP = 2_147_483_647
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u
/** Where the name of the table or entity set stands in an address of an API. */
const SERVICE = /\/odata\/([^/?#]+)\/?$/

/** Makes the error of a place in the query. */
export type SyntaxError = (offset: number, found: string, expected: string) => ErpError

/**
 * Reads a query in which no insertion and no percent-encoding is left.
 *
 * @param query the blanked text of a cell (see `Cell.query`)
 * @throws `query-empty`; what `syntaxError` makes; `query-option` for what isn't offered
 */
export function readQuery(query: string, syntaxError: SyntaxError = syntaxErrorIn(query)): ResolvedQuery {
  const parts = splitQuery(query)
  if (parts.resource === '') throw new ErpError('query-empty')
  const { api, resource } = readResource(parts, syntaxError)
  const options = new Map<OptionName, QueryOption>()
  for (const option of parts.options) {
    const name = readOptionName(option, syntaxError)
    if (options.has(name)) throw syntaxError(option.range.start, name, 'each option once')
    options.set(name, option)
  }
  const select = readSelect(options.get('$select'), syntaxError)
  const filter = readFilter(options.get('$filter'), syntaxError)
  const top = readTop(options.get('$top'), syntaxError)
  return {
    api,
    resource,
    ...(select === undefined ? {} : { select }),
    ...(filter === undefined ? {} : { filter }),
    ...(top === undefined ? {} : { top }),
  }
}

function readResource(
  { resource: written, resourceRange }: QueryParts, syntaxError: SyntaxError,
): { api: 'table' | 'domain'; resource: string } {
  const path = written.replace(/\s*\/\s*/g, '/')
  const isAddress = /^https?:\/\//i.test(path)
  const api = (isAddress ? path.includes('/domain/odata/') : path.startsWith('domain/')) ? 'domain' : 'table'
  const resource = isAddress ? SERVICE.exec(path)?.[1] : path.replace(/^domain\//, '')
  if (resource === undefined || !NAME.test(resource)) throw syntaxError(resourceRange.start, written, 'the name of a table')
  return { api, resource }
}

/** `$` may be left out, and the case of letters doesn't matter, as in OData 4.01. */
function readOptionName({ name: written, range, valueRange }: QueryOption, syntaxError: SyntaxError): OptionName {
  if (written === '' || /\s/.test(written)) throw syntaxError(range.start, written, OPTIONS.join(', '))
  const lower = written.toLowerCase()
  const name = OPTIONS.find(option => option === lower || option === `$${lower}`)
  if (name === undefined) throw new ErpError('query-option', { option: written })
  if (valueRange.start === range.start + written.length) throw syntaxError(valueRange.start, '', '=')
  return name
}

/** Without a column, all are meant (protocol sheet, section 4). */
function readSelect(option: QueryOption | undefined, syntaxError: SyntaxError): readonly string[] | undefined {
  if (option === undefined || option.value === '' || option.value === '*') return undefined
  const columns: string[] = []
  let offset = option.valueRange.start
  for (const part of option.value.split(',')) {
    const column = part.trim()
    const start = offset + part.search(/\S|$/)
    if (!NAME.test(column)) throw syntaxError(start, column, 'the name of a column')
    if (columns.includes(column)) throw syntaxError(start, column, 'each column once')
    columns.push(column)
    offset += part.length + 1
  }
  return columns
}

function readTop(option: QueryOption | undefined, syntaxError: SyntaxError): number | undefined {
  if (option === undefined) return undefined
  const { value, valueRange } = option
  if (/^\d+$/.test(value) && Number(value) <= LARGEST_TOP) return Number(value)
  throw syntaxError(valueRange.start, value, `0 … ${LARGEST_TOP}`)
}

/** One line, dates with times; literals stay as they are. What it means is for the server to say. */
function readFilter(option: QueryOption | undefined, syntaxError: SyntaxError): string | undefined {
  if (option === undefined || option.value === '') return undefined
  checkFilter(option, syntaxError)
  return tokenize(option.value).map(({ kind, value }) => {
    if (kind === 'space') return ' '
    return kind === 'word' && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value
  }).join('').replace(BESIDE_SLASH, (_, literal?: string) => literal ?? '/')
}

/** A path may be broken at its slashes; in a literal they are text. */
const BESIDE_SLASH = /('(?:[^']|'')*')|\s*\/\s*/g

function checkFilter({ value: filter, valueRange: { start } }: QueryOption, syntaxError: SyntaxError): void {
  const open: number[] = []
  for (const { kind, value, start: at } of tokenize(filter)) {
    if (kind === 'unclosed') throw syntaxError(start + at, value, value.startsWith('\'') ? '\'' : '}}')
    if (kind === 'word' && value.startsWith('$')) throw syntaxError(start + at, value, '&')
    if (value === '(') open.push(at)
    if (value === ')' && open.pop() === undefined) throw syntaxError(start + at, ')', 'the end')
  }
  const last = open.pop()
  if (last !== undefined) throw syntaxError(start + last, filter.slice(last), ')')
}

const FOUND_CHARACTERS = 30

/** Errors with line and column of that text, both from 1. */
export function syntaxErrorIn(text: string): SyntaxError {
  return (offset, found, expected) => {
    const before = text.slice(0, offset).split(/\r\n|\r|\n/)
    const shown = found.replace(/\s+/g, ' ').trim()
    return new ErpError('query-syntax', {
      line: before.length,
      column: (before.at(-1)?.length ?? 0) + 1,
      found: shown.length > FOUND_CHARACTERS ? `${shown.slice(0, FOUND_CHARACTERS)}…` : shown,
      expected,
    })
  }
}
