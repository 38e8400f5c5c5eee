import { ErpError } from '../base/errors.ts'
import { findTable } from '../model/find.ts'
import type { Table } from '../model/table.ts'
import { type Checked, columnsOf, pathOf } from '../query/checked.ts'
import { LARGEST_TOP } from '../query/options.ts'
import { placesIn } from '../query/place.ts'
import type { ResolvedQuery } from '../query/resolved.ts'
import { TableScope } from '../query/tableScope.ts'
import { areDisjoint, type Branch, widened } from './branches.ts'
import { checkQuery, type CheckedQuery } from './checkQuery.ts'
import { explain } from './explain.ts'
import { Needs } from './joins.ts'
import { narrow } from './narrow.ts'
import { type Output, tableOutput } from './output.ts'
import type { Plan, Request, Run, Stage } from './plan.ts'
import { requestOf, split, urlOf } from './requests.ts'

export interface PlanOptions {
  /** OData root of the Table API; ends with a slash. */
  readonly tableRoot: string
  readonly tables: readonly Table[]
  /** The rows of a query that has no `$top`; all of them where absent. */
  readonly defaultTop?: number
  /** Characters of an address; a server's limit isn't documented (protocol sheet, section 4). */
  readonly maxUrlLength?: number
  /** What `now()` is. */
  readonly now?: Date
}

export const MAX_URL_LENGTH = 4000

/**
 * Plans a query: what the server is asked for, and what is done here with what it gives.
 *
 * @throws `table-unknown`, what `checkQuery` throws; for one of the Domain API see `planEntityQuery`
 */
export function planQuery(query: ResolvedQuery, options: PlanOptions): Plan {
  if (query.api === 'domain') throw new ErpError('query-option', { option: `domain/${query.resource}` })
  const { tableRoot: root, tables, maxUrlLength = MAX_URL_LENGTH, defaultTop, now = new Date() } = options
  const table = findTable(tables, query.resource)
  const needs = new Needs(table, tables)
  const scope = new TableScope(table, tables, placesIn(query.text))
  const checked = checkQuery(query, {
    scope,
    need: columns => needs.add(columns),
    output: () => tableOutput(query, scope, needs),
  }, now)
  const hasKey = table.key.length > 0
  const branches = branchesFor(checked.where, hasKey)
  const drafts = branches.map(branch => requestOf(branch, table.name, hasKey))
  const restJoins = needs.add(drafts.flatMap(({ rest }) => (rest === undefined ? [] : columnsOf(rest))))
  const isDistinct = mayRepeat(branches, drafts, root, maxUrlLength)
  if (isDistinct) needs.add(table.key.map(name => ({ steps: [], name })))
  const window: Window = { skip: query.skip ?? 0, top: query.top ?? defaultTop, isCounted: query.count === true }
  const select = selectFor(checked.output, table, needs)
  const top = topFor(checked, drafts, window)
  const requests = drafts.map((draft): Request => ({
    ...draft,
    ...(select === undefined ? {} : { select }),
    ...(top === undefined ? {} : { top }),
  }))
  const pieces = requests.flatMap(request => split(root, request, maxUrlLength))
  const stages: Stage[] = [
    ...(drafts.some(({ rest }) => rest !== undefined) ? [{ kind: 'filter', joins: restJoins } as const] : []),
    ...(isDistinct ? [{ kind: 'distinct', key: table.key } as const] : []),
    ...checked.steps,
    ...windowStages(checked, window, top !== undefined && pieces.length === 1 && drafts.every(({ list }) => list === undefined)),
    ...shapeFor(checked.output, select),
  ]
  const run: Run = { root, maxUrlLength, requests, joins: needs.joins(), stages, columns: checked.output.columns }
  const isLimited = query.top === undefined && defaultTop !== undefined
  return {
    requests: pieces.map(piece => ({ url: urlOf(root, piece) })),
    ...explain(run, branches, isLimited ? defaultTop : undefined),
    ...(isLimited ? { limit: defaultTop } : {}),
    run,
  }
}

/** Requests that may give the same row twice need a key to tell it by: without one there is one request. */
export function branchesFor(where: Checked | undefined, hasKey: boolean): Branch[] {
  if (where === undefined) return [{ sent: [], rest: [] }]
  const branches = narrow(where)
  return !hasKey && branches.length > 1 && !areDisjoint(branches) ? [widened(branches, where)] : branches
}

/** Lists are cut finer while they run where the server refuses a long address. */
const FINEST = 4

/** May a row come twice: with two branches, or with two pieces of a list of texts that the server takes for the same? */
export function mayRepeat(branches: readonly Branch[], drafts: readonly Request[], root: string, maxUrlLength: number): boolean {
  if (!areDisjoint(branches)) return true
  const columns = branches.flatMap(({ sent }) => sent.map(({ column }) => column))
  return drafts.some(draft => columns.some(column => column.type === 'text' && pathOf(column) === draft.list?.path)
    && split(root, draft, maxUrlLength / FINEST).length > 1)
}

/** `$skip`, `$top` (or what stands for it) and `$count`. */
export interface Window {
  readonly skip: number
  readonly top: number | undefined
  readonly isCounted: boolean
}

/** The `$top` that can be sent: the rows go out in the order and number in which they come. */
function topFor({ steps, sort }: CheckedQuery, drafts: readonly Request[], { skip, top, isCounted }: Window): number | undefined {
  const isLocal = steps.length > 0 || sort !== undefined || isCounted || drafts.some(({ rest }) => rest !== undefined)
  return isLocal || top === undefined || skip + top > LARGEST_TOP ? undefined : skip + top
}

export function windowStages({ sort }: Pick<CheckedQuery, 'sort'>, { skip, top, isCounted }: Window, isTopSent: boolean): Stage[] {
  return [
    ...(isCounted ? [{ kind: 'count' } as const] : []),
    ...(sort === undefined ? [] : [top === undefined ? sort : { ...sort, keep: skip + top }]),
    ...(skip === 0 && (top === undefined || isTopSent) ? [] : [{ kind: 'slice', skip, ...(top === undefined ? {} : { top }) } as const]),
  ]
}

/** Those that go out first, in the order asked. At least one, since a row has to be there to be counted. */
function selectFor({ takesAll, plain }: Output, table: Table, needs: Needs): string[] | undefined {
  if (takesAll) return undefined
  const asked = plain === undefined || plain === 'all' ? [] : plain
  const names = [...new Set([...asked, ...needs.columns])]
  const [least = table.columns[0]?.name] = table.key
  return names.length > 0 || least === undefined ? names : [least]
}

function shapeFor({ plain, shape, joins }: Output, select: readonly string[] | undefined): Stage[] {
  const isPlain = plain === 'all' || (plain !== undefined && plain.length === select?.length)
  return isPlain ? [] : [{ kind: 'shape', columns: shape, joins }]
}
