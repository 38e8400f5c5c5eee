import { ErpError } from '../base/errors.ts'
import type { DomainEntityDetails } from '../model/domain.ts'
import { type CheckedColumn, columnsOf } from '../query/checked.ts'
import { ENTITY_ID, type Entities, EntityMissing, entityOf, EntityScope } from '../query/entityScope.ts'
import type { Computation, Path } from '../query/expression.ts'
import { placesIn } from '../query/place.ts'
import type { ResolvedQuery } from '../query/resolved.ts'
import type { NameScope } from '../query/tableScope.ts'
import { checkQuery, type CheckedQuery } from './checkQuery.ts'
import { entityOutput, placesOf, Selection } from './entityOutput.ts'
import { explain } from './explain.ts'
import type { LocalStep, Plan, Request, Run, Stage, StepReason } from './plan.ts'
import { branchesFor, MAX_URL_LENGTH, mayRepeat, type PlanOptions, windowStages } from './planQuery.ts'
import { requestOf, split, urlOf } from './requests.ts'
import { groupSent, sortSent } from './serverSteps.ts'

export interface EntityPlanOptions extends Omit<PlanOptions, 'tables' | 'tableRoot'> {
  /** OData root of the Domain API; ends with a slash. */
  readonly domainRoot: string
  /** Reads an entity in full; fails with `entity-unknown` where there is none of that name. */
  readonly entity: (entitySet: string) => Promise<DomainEntityDetails>
}

/** At most so many rows a page are advised (protocol sheet, section 3, "Paging"). */
const PAGE_ROWS = 1000

/**
 * Plans a query of the Domain API as `planQuery` plans one of the Table API. Reads the entities that it speaks of.
 *
 * @throws what `checkQuery` throws, `query-server-only` (fact: name), and what `entity` fails with
 */
export async function planEntityQuery(query: ResolvedQuery, options: EntityPlanOptions): Promise<Plan> {
  const entities = new Map<string, DomainEntityDetails>()
  for (;;) {
    try {
      return plan(query, options, entities)
    } catch (error) {
      if (!(error instanceof EntityMissing) || entities.has(error.entitySet)) throw error
      entities.set(error.entitySet, await options.entity(error.entitySet))
    }
  }
}

function plan(query: ResolvedQuery, options: EntityPlanOptions, entities: Entities): Plan {
  const { domainRoot: root, maxUrlLength = MAX_URL_LENGTH, defaultTop, now = new Date() } = options
  const entity = entityOf(entities, query.resource)
  const scope = new EntityScope(entity, entities, placesIn(query.text))
  const output = entityOutput(query.apply === undefined ? query : {}, scope, entities)
  const checked = checkQuery(filteredFirst(query), {
    scope: query.compute === undefined ? scope : new ComputedScope(scope, query.compute),
    need: () => [],
    output: () => ({ columns: output.columns, shape: [], joins: [], takesAll: false }),
  }, now)
  // the rows of a view have no address by which they could be told apart
  const hasKey = !entity.attributes.some(({ name }) => name === 'ViewItemId')
  const branches = branchesFor(checked.where, hasKey)
  const drafts = branches.map(branch => requestOf(branch, entity.entitySet, hasKey))
  const isDistinct = mayRepeat(branches, drafts, root, maxUrlLength)
  // one request, also while it runs: a long list may be cut
  const isOne = drafts.length === 1 && drafts[0]?.list === undefined && !isDistinct
  const isExact = isOne && drafts[0]?.rest === undefined
  const server = serverSteps(query, checked, isOne, isExact)
  const selection = server.group === undefined && checked.steps.length > 0 ? new Selection([], []) : output.selection
  const read = [...drafts.flatMap(({ rest }) => (rest === undefined ? [] : columnsOf(rest))), ...columnsRead(checked, server)]
  for (const path of placesOf(read)) selection.need(path, entity, entities)
  // of groups the documents tell no count
  const counted = query.count === true && isExact && !server.isLocal && server.group === undefined
  const window = { skip: query.skip ?? 0, top: query.top ?? defaultTop, isCounted: query.count === true && !counted }
  const isWindowSent = isExact && !server.isLocal && !window.isCounted
  const enough = isWindowSent && window.top !== undefined ? window.top : undefined
  const requests = drafts.map((draft): Request => ({
    ...draft,
    ...(server.group !== undefined ? {} : selectOf(selection, entity)),
    options: [...server.options, ...(server.group !== undefined || selection.expansions === '' ? [] : [['$expand', selection.expansions] as const]), ...query.serverOptions ?? []],
    top: Math.min(PAGE_ROWS, enough ?? PAGE_ROWS),
    ...(counted ? { counted } : {}),
    pages: { skip: isWindowSent ? window.skip : 0, ...(enough === undefined ? {} : { enough }) },
  }))
  const pieces = requests.flatMap(request => split(root, request, maxUrlLength))
  const left = isWindowSent ? { ...window, skip: 0, top: undefined } : window
  const stages: Stage[] = [
    ...(drafts.some(({ rest }) => rest !== undefined) ? [{ kind: 'filter', joins: [] } as const] : []),
    ...(isDistinct ? [{ kind: 'distinct', key: [ENTITY_ID] } as const] : []),
    ...(server.group === undefined ? checked.steps : checked.steps.slice(1)),
    ...windowStages({ sort: server.isSorted ? undefined : checked.sort }, left, false),
    ...shapeFor(query, checked, server, selection),
  ]
  const run: Run = { root, maxUrlLength, requests, joins: [], stages, columns: checked.output.columns }
  const isLimited = query.top === undefined && defaultTop !== undefined
  return {
    requests: pieces.map(piece => ({ url: urlOf(root, piece) })),
    ...explain(run, branches, isLimited ? defaultTop : undefined, reasonsFor(isOne)),
    ...(isLimited ? { limit: defaultTop } : {}),
    run,
  }
}

/** Beside `$apply`, the Domain API filters before it groups. */
function filteredFirst(query: ResolvedQuery): ResolvedQuery {
  const { filter, apply, ...rest } = query
  return filter === undefined || apply === undefined ? query : { ...rest, apply: [{ kind: 'filter', condition: filter }, ...apply] }
}

interface ServerSteps {
  /** The grouping that the server does. */
  readonly group: string | undefined
  readonly isSorted: boolean
  readonly options: readonly (readonly [string, string])[]
  /** Is there a step here that makes other rows, or another order? */
  readonly isLocal: boolean
}

/** Filters that are finished here keep the order; groups need all of what they filter. */
function serverSteps(query: ResolvedQuery, checked: CheckedQuery, isOne: boolean, isExact: boolean): ServerSteps {
  const [first, ...later] = checked.steps
  const isLast = later.length === 0 && checked.sort === undefined
  const group = isExact && first?.kind === 'group' ? groupSent(first, query.compute, isLast) : undefined
  const needsGroup = query.compute !== undefined ? '$apply=compute' : query.serverOptions?.find(([name]) => name === 'expandgroup')?.[0]
  if (needsGroup !== undefined && group === undefined) throw new ErpError('query-server-only', { name: needsGroup })
  const order = isOne && checked.steps.length === 0 ? sortSent(checked.sort) : undefined
  return {
    group,
    isSorted: order !== undefined,
    options: [...(group === undefined ? [] : [['$apply', group] as const]), ...(order === undefined ? [] : [['$orderby', order] as const])],
    isLocal: (group === undefined ? checked.steps.length > 0 : later.length > 0) || (checked.sort !== undefined && order === undefined),
  }
}

/** Of the entity's own properties, by the steps that are done here. */
function columnsRead({ steps, sort }: CheckedQuery, { group, isSorted }: ServerSteps): CheckedColumn[] {
  if (steps.length > 0) {
    const [first] = steps
    if (group !== undefined || first?.kind !== 'group') return []
    return [...first.by, ...first.aggregates.flatMap(({ of }) => (of === undefined ? [] : columnsOf(of)))]
  }
  return isSorted || sort === undefined ? [] : sort.by.flatMap(({ by }) => columnsOf(by))
}

function selectOf(selection: Selection, { attributes }: DomainEntityDetails): Pick<Request, 'select'> {
  const { select } = selection
  if (select === undefined) return {}
  const [least = 'default'] = attributes.map(({ name }) => name)
  // a row has to be there to be counted
  return { select: select.length > 0 ? select : [least] }
}

function shapeFor(query: ResolvedQuery, checked: CheckedQuery, { group }: ServerSteps, selection: Selection): Stage[] {
  const { columns, shape, plain } = checked.output
  if (checked.steps.length > 0 && group === undefined) return plain === 'all' ? [] : [{ kind: 'shape', columns: shape, joins: [] }]
  const isHiding = checked.steps.length > 0 ? query.select !== undefined : selection.hasFurther
  return isHiding ? [{ kind: 'shape', columns: columns.map(({ name }) => ({ kind: 'value', name, from: name, steps: [] })), joins: [] }] : []
}

function reasonsFor(isOne: boolean): Partial<Record<LocalStep['step'], StepReason>> {
  return {
    group: 'not-sendable',
    count: 'after-local',
    sort: isOne ? 'not-sendable' : 'several',
    slice: 'after-local',
    shape: 'hidden',
  }
}

/** The properties of an entity and what `compute` adds to them; only the server can work with that. */
class ComputedScope implements NameScope {
  readonly #scope: EntityScope
  readonly #computation: Computation

  constructor(scope: EntityScope, computation: Computation) {
    this.#scope = scope
    this.#computation = computation
  }

  column(path: Path): CheckedColumn {
    const made = this.#computation.columns.find(({ name }) => path.steps.length === 1 && name === path.steps[0])
    if (made === undefined) return this.#scope.column(path)
    const { name, edm } = made
    const type = edm === 'Edm.Int32' ? 'number' : edm === 'Edm.DateTimeOffset' ? 'date' : 'text'
    return { kind: 'column', steps: [], name, edm, type, nullable: true, reachable: true, filters: [], domain: { groupable: true } }
  }
}
