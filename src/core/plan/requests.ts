import { type Checked, type CheckedLiteral, pathOf } from '../query/checked.ts'
import { unquoted } from '../query/literals.ts'
import { requestUrl } from '../query/print.ts'
import { conjunction } from './conjunction.ts'
import type { Branch } from './branches.ts'
import type { Request } from './plan.ts'
import { type Predicate, printPredicate } from './predicate.ts'

/** The address of a request, encoded exactly once. */
export function urlOf(root: string, { resource, select, conditions, list, top, options = [], pages, counted = false }: Request): string {
  const all = [...conditions, ...(list === undefined ? [] : [`${list.path} in (${list.values.join(',')})`])]
  return requestUrl(root, {
    resource,
    ...(select === undefined ? {} : { select }),
    ...(all.length === 0 ? {} : { filter: all.join(' and ') }),
    ...(top === undefined ? {} : { top }),
    ...(pages === undefined || pages.skip === 0 ? {} : { skip: pages.skip }),
    options: counted ? [...options, ['$count', 'true']] : options,
  })
}

/** The request in pieces whose addresses have at most so many characters, as far as its list can be cut. */
export function split(root: string, request: Request, maxUrlLength: number): Request[] {
  const { list } = request
  if (list === undefined || list.values.length < 2) return [request]
  // each value is a character at least
  if (list.values.length < maxUrlLength && urlOf(root, request).length <= maxUrlLength) return [request]
  const without = urlOf(root, { ...request, list: { path: list.path, values: [] } }).length
  const pieces: string[][] = []
  let length = Infinity
  for (const value of list.values) {
    const added = encodedLength(value) + 1
    if (length + added > maxUrlLength) {
      pieces.push([])
      length = without
    }
    pieces.at(-1)?.push(value)
    length += added
  }
  return pieces.map(values => ({ ...request, list: { path: list.path, values } }))
}

/** As `requestUrl` encodes it; never less. */
function encodedLength(text: string): number {
  return PLAIN.test(text) ? text.length : encodeURIComponent(text.toWellFormed()).replaceAll('\'', '%27').length
}

const PLAIN = /^[\w.-]*$/

/** Lists of so many characters, together, may have to be cut; another one that is longer is finished here. */
const LONG_LIST = 1000
/** What the lists that aren't cut may have together; the longer ones of more are finished here. */
const MOST_UNCUT = 2000

/**
 * A branch as a request. Its longest list may be cut where its lists are long; not so one of texts where rows can't be
 * told apart: with the server's collation a row may fit in two pieces, and would come twice. What may fail comes last.
 *
 * @param hasKey can rows be told apart?
 */
export function requestOf(branch: Branch, resource: string, hasKey: boolean): Request {
  const lists = branch.sent.filter(({ operator, values }) => operator === 'in' && values.length > 1)
  const [longest] = lists.filter(({ column }) => hasKey || column.type !== 'text').sort((a, b) => lengthOf(b) - lengthOf(a))
  const tooLong = withoutRoom(lists.filter(list => list !== longest))
  const rest = conjunction([...tooLong.map(asChecked), ...branch.rest])
  const isCut = longest !== undefined && lengthOf(...lists.filter(list => !tooLong.includes(list))) > LONG_LIST
  return {
    resource,
    conditions: branch.sent.filter(predicate => !tooLong.includes(predicate) && !(isCut && predicate === longest)).map(printPredicate),
    ...(isCut ? { list: { path: pathOf(longest.column), values: longest.values } } : {}),
    ...(rest === undefined ? {} : { rest }),
  }
}

/** In the order in which they are written. */
function withoutRoom(lists: readonly Predicate[]): Predicate[] {
  let room = MOST_UNCUT
  const fitting = lists.toSorted((a, b) => lengthOf(a) - lengthOf(b)).filter(list => {
    room -= lengthOf(list)
    return room >= 0 && lengthOf(list) <= LONG_LIST
  })
  return lists.filter(list => !fitting.includes(list))
}

function lengthOf(...lists: readonly Predicate[]): number {
  return lists.reduce((all, { values }) => values.reduce((sum, value) => sum + encodedLength(value) + 1, all), 0)
}

function asChecked({ column, values }: Predicate): Checked {
  const { type, edm } = column
  const literals = values.map((value): CheckedLiteral =>
    ({ kind: 'literal', type, edm, text: type === 'text' ? unquoted(value) : value }))
  return { kind: 'in', operand: column, values: literals, type: 'boolean', edm: 'Edm.Boolean' }
}
