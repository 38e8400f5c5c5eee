import { ErpError } from '../base/errors.ts'
import { type QueryOption, type QueryParts, splitQuery } from './cell.ts'
import { parseApply, parseDomainApply, parseDomainExpand, parseExpand, parseFilter, parseOrderBy, parseSelect } from './clauses.ts'
import { oneLine, type ParserInput, type SyntaxError } from './tokenReader.ts'
import { placesIn } from './place.ts'
import { LARGEST_TOP, OPTIONS, SERVER_OPTIONS } from './options.ts'
import type { ResolvedQuery } from './resolved.ts'

type OptionName = (typeof OPTIONS)[number] | (typeof SERVER_OPTIONS)[number]

const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u
/** An address of an API, as the service root and the name of the table or entity set. */
const SERVICE = /^([^?#]+\/)([^/?#]+)\/?$/
/** The page on which people put queries together (protocol sheet, section 3): `…/domain/querybuilder#Set?…` */
const BUILDER = /\/domain\/querybuilder\/?#\/?/i

/**
 * Reads a query in which no insertion and no percent-encoding is left.
 *
 * @param query the blanked text of a cell (see `Cell.query`)
 * @param origin where an offset of it was before the insertions, for the ranges of expressions
 * @throws `query-empty`; what `syntaxError` makes; `query-option` for what isn't offered
 */
export function readQuery(
  query: string, syntaxError: SyntaxError = syntaxErrorIn(query), origin = (offset: number): number => offset,
): Omit<ResolvedQuery, 'text'> {
  const parts = splitQuery(query)
  if (parts.resource === '') throw new ErpError('query-empty')
  const { api, resource, serviceRoot } = readResource(parts, syntaxError)
  const options = new Map<OptionName, QueryOption>()
  for (const option of parts.options.filter(written => !isJsonFormat(written))) {
    const name = readOptionName(option, api, syntaxError)
    if (options.has(name)) throw syntaxError(option.range.start, name, 'each option once')
    options.set(name, option)
  }
  /** An option that is empty is none. */
  const read = <T>(name: OptionName, parse: (input: ParserInput) => T): T | undefined => {
    const option = options.get(name)
    if (option === undefined || option.value === '') return undefined
    return parse({ text: option.value, start: option.valueRange.start, syntaxError, origin })
  }
  const isDomain = api === 'domain'
  const applied = isDomain ? read('$apply', parseDomainApply) : { apply: read('$apply', parseApply), compute: undefined }
  const serverOptions = SERVER_OPTIONS.flatMap(name => read(name, ({ text }) => [[name, oneLine(text)] as const]) ?? [])
  const number = (name: OptionName): number | undefined => readNumber(options.get(name), syntaxError)
  return withoutAbsent({
    api,
    resource,
    serviceRoot,
    select: options.get('$select')?.value === '*' ? undefined : read('$select', parseSelect),
    filter: read('$filter', parseFilter),
    apply: applied?.apply,
    compute: applied?.compute,
    orderby: read('$orderby', parseOrderBy),
    expand: read('$expand', isDomain ? parseDomainExpand : parseExpand),
    skip: number('$skip'),
    top: number('$top'),
    count: readCount(options.get('$count'), syntaxError),
    serverOptions: serverOptions.length === 0 ? undefined : serverOptions,
  })
}

type Optional<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] }

function withoutAbsent(query: Optional<Omit<ResolvedQuery, 'text'>>): Omit<ResolvedQuery, 'text'> {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as unknown as Omit<ResolvedQuery, 'text'>
}

function readResource(
  { resource: written, resourceRange }: QueryParts, syntaxError: SyntaxError,
): Pick<ResolvedQuery, 'api' | 'resource'> & { serviceRoot: string | undefined } {
  const path = written.replace(/\s*\/\s*/g, '/')
  const isAddress = /^https?:\/\//i.test(path)
  const [, root, resource] = isAddress
    ? SERVICE.exec(path.replace(BUILDER, '/domain/odata/')) ?? []
    : /^(domain\/)?(.*)$/s.exec(path) ?? []
  if (resource === undefined || !NAME.test(resource) || (isAddress && !URL.canParse(root ?? ''))) {
    throw syntaxError(resourceRange.start, written, 'the name of a table')
  }
  const serviceRoot = isAddress ? withoutCredentials(new URL(root ?? '')) : undefined
  const isDomain = isAddress ? /\/domain\/odata\/$/i.test(serviceRoot ?? '') : root !== undefined
  return { api: isDomain ? 'domain' : 'table', resource, serviceRoot }
}

function withoutCredentials({ origin, pathname }: URL): string {
  return origin + pathname
}

/** JSON is all that is ever asked for. */
function isJsonFormat({ name, value }: QueryOption): boolean {
  return /^\$?format$/i.test(name) && /^(?:application\/)?json(?:;|$)/i.test(value)
}

/** `$` may be left out, and the case of letters doesn't matter, as in OData 4.01. */
function readOptionName({ name: written, range, valueRange }: QueryOption, api: 'table' | 'domain', syntaxError: SyntaxError): OptionName {
  if (written === '' || /\s/.test(written)) throw syntaxError(range.start, written, OPTIONS.join(', '))
  const lower = written.toLowerCase()
  const names = api === 'domain' ? [...OPTIONS, ...SERVER_OPTIONS] : OPTIONS
  const name = names.find(option => option === lower || option === `$${lower}`)
  if (name === undefined) throw new ErpError('query-option', { option: written })
  if (valueRange.start === range.start + written.length) throw syntaxError(valueRange.start, '', '=')
  return name
}

function readNumber(option: QueryOption | undefined, syntaxError: SyntaxError): number | undefined {
  if (option === undefined) return undefined
  const { value, valueRange } = option
  if (/^\d+$/.test(value) && Number(value) <= LARGEST_TOP) return Number(value)
  throw syntaxError(valueRange.start, value, `0 … ${LARGEST_TOP}`)
}

function readCount(option: QueryOption | undefined, syntaxError: SyntaxError): boolean | undefined {
  if (option === undefined) return undefined
  if (option.value === 'true') return true
  if (option.value === 'false') return undefined
  throw syntaxError(option.valueRange.start, option.value, 'true, false')
}

const FOUND_CHARACTERS = 30

/** Errors with line and column of that text, both from 1. */
export function syntaxErrorIn(text: string): SyntaxError {
  const place = placesIn(text)
  return (offset, found, expected) => {
    const shown = found.replace(/\s+/g, ' ').trim()
    return new ErpError('query-syntax', {
      ...place(offset),
      found: shown.length > FOUND_CHARACTERS ? `${shown.slice(0, FOUND_CHARACTERS)}…` : shown,
      expected,
    })
  }
}
