import { ErpError } from '../base/errors.ts'
import { type QueryOption, type QueryParts, type Range, splitQuery } from './cell.ts'
import { tokenize } from './lexer.ts'
import type { ResolvedQuery } from './resolved.ts'

/** The options of the Table API (protocol sheet, section 4). */
export const OPTIONS = ['$select', '$filter', '$top'] as const

const LARGEST_TOP = 2_147_483_647
/** Where the name of the table or entity set stands in an address of an API. */
const SERVICE = /\/odata\/([^/?#]+)\/?$/

/**
 * Reads a query in which no insertion is left.
 *
 * @param query the blanked text of a cell (see `Cell.query`)
 * @throws `query-empty`; `query-syntax` with line and column in that text; `query-option` for what isn't offered
 */
export function readQuery(query: string): ResolvedQuery {
  const parts = splitQuery(query)
  if (parts.resource === '') throw new ErpError('query-empty')
  const { api, resource } = readResource(query, parts)
  const decode = isEncoded(query.slice(parts.optionsStart ?? query.length)) ? decodePercent : (text: string) => text
  const values = new Map<string, string>()
  for (const option of parts.options) {
    const name = optionName(query, option, decode)
    if (values.has(name)) throw syntaxError(query, option.range, `a second ${name}`, '')
    const value = decode(option.value)
    check(query, name, value, option)
    values.set(name, value)
  }
  const select = values.get('$select')?.split(',').map(column => column.trim()).filter(column => column !== '') ?? []
  const filter = oneLine(values.get('$filter') ?? '')
  const top = values.get('$top')
  return {
    api,
    resource,
    ...(select.length > 0 ? { select } : {}),
    ...(filter === '' ? {} : { filter: withTimes(filter) }),
    ...(top === undefined || top === '' ? {} : { top: Number(top) }),
  }
}

function readResource(query: string, { resource, resourceRange }: QueryParts): { api: 'table' | 'domain'; resource: string } {
  const isAddress = /^https?:\/\//i.test(resource)
  const path = decodePercent(resource)
  const api = (isAddress ? path.includes('/domain/odata/') : path.startsWith('domain/')) ? 'domain' : 'table'
  const name = isAddress ? SERVICE.exec(path)?.[1] : path.replace(/^domain\//, '')
  if (name === undefined || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
    throw syntaxError(query, resourceRange, resource, 'the name of a table')
  }
  return { api, resource: name }
}

/** `$` may be left out or be encoded. */
function optionName(query: string, { name: written, range }: QueryOption, decode: (text: string) => string): string {
  const decoded = decode(written).toLowerCase()
  const name = decoded.startsWith('$') ? decoded : `$${decoded}`
  if (!(OPTIONS as readonly string[]).includes(name)) {
    if (written === '' || /\s/.test(written)) throw syntaxError(query, range, written, OPTIONS.join(', '))
    throw new ErpError('query-option', { option: written })
  }
  return name
}

function check(query: string, name: string, value: string, { range, valueRange }: QueryOption): void {
  if (!query.slice(range.start, range.end).includes('=')) throw syntaxError(query, { start: range.end, end: range.end }, '', '=')
  if (name === '$top' && value !== '' && (!/^\d+$/.test(value) || Number(value) > LARGEST_TOP)) {
    throw syntaxError(query, valueRange, value, `0 … ${LARGEST_TOP}`)
  }
  if (name === '$filter') checkFilter(query, value, valueRange)
}

/** Literals and parentheses must end; what the filter means is for the server to say. */
function checkFilter(query: string, filter: string, { start, end }: Range): void {
  const open: number[] = []
  for (const token of tokenize(filter)) {
    const range = { start: start + token.start, end }
    if (token.kind === 'unclosed') throw syntaxError(query, range, token.value, token.value.startsWith('\'') ? '\'' : '}}')
    if (token.value === '(') open.push(token.start)
    if (token.value === ')' && open.pop() === undefined) throw syntaxError(query, range, ')', '')
  }
  const last = open.pop()
  if (last !== undefined) throw syntaxError(query, { start: start + last, end }, filter.slice(last), ')')
}

/** An address from a browser has no white space; a filter that a person wrote has. */
function isEncoded(options: string): boolean {
  return /%[\da-f]{2}/i.test(options) && !/\s/.test(options.trim())
}

/** Decodes once; what isn't valid stays as it is: `like '%a%'`. */
function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Line breaks between tokens are one blank; literals stay as they are. */
function oneLine(filter: string): string {
  return tokenize(filter).map(({ kind, value }) => kind === 'space' ? ' ' : value).join('').trim()
}

/** The Table API wants dates with a time (protocol sheet, section 4). */
function withTimes(filter: string): string {
  return tokenize(filter)
    .map(({ kind, value }) => kind === 'word' && /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value)
    .join('')
}

const FOUND_CHARACTERS = 30

function syntaxError(query: string, { start }: Range, found: string, expected: string): ErpError {
  const before = query.slice(0, start).split(/\r\n|\r|\n/)
  const shown = found.replace(/\s+/g, ' ').trim()
  return new ErpError('query-syntax', {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    found: shown.length > FOUND_CHARACTERS ? `${shown.slice(0, FOUND_CHARACTERS)}…` : shown,
    expected,
  })
}
