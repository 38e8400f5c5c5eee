import { ErpError } from '../base/errors.ts'
import { Checker } from '../query/check.ts'
import { type Checked, type CheckedColumn, columnsOf, pathOf } from '../query/checked.ts'
import type { Transformation } from '../query/expression.ts'
import { type Place, placesIn } from '../query/place.ts'
import type { ResolvedQuery } from '../query/resolved.ts'
import { MadeScope, type NameScope } from '../query/tableScope.ts'
import { conjunction } from './conjunction.ts'
import { madeOutput, type Output } from './output.ts'
import type { Stage } from './plan.ts'

/** A query whose names and types are known: which rows of the table count, and what is made of them. */
export interface CheckedQuery {
  /** What the table's rows must fulfil. */
  readonly where: Checked | undefined
  /** What `$apply` does beyond that. */
  readonly steps: readonly Stage[]
  readonly sort: Extract<Stage, { kind: 'sort' }> | undefined
  readonly output: Output
}

/** What a query is about: a table or an entity. */
export interface Subject {
  readonly scope: NameScope
  /** Notes what is read, and gives the references that must have been looked up for it. */
  readonly need: (columns: readonly CheckedColumn[]) => string[]
  /** The shape of its rows where `$apply` makes no others. */
  readonly output: () => Output
}

/** Throws what `Checker` throws, and `query-syntax` where a name is made twice. */
export function checkQuery(query: ResolvedQuery, { scope, need, output }: Subject, now: Date): CheckedQuery {
  const place = placesIn(query.text)
  const applied = apply(query.apply ?? [], { scope, place, now, need })
  const checker = new Checker({ scope: applied.scope, place, now })
  const condition = query.filter === undefined ? undefined : checker.condition(query.filter)
  const isMade = applied.scope !== scope
  const where = [...applied.where, ...(condition === undefined || isMade ? [] : [condition])]
  const steps: Stage[] = [...applied.steps, ...(condition === undefined || !isMade ? [] : [{ kind: 'filter', condition, joins: [] } as const])]
  const by = checker.order(query.orderby ?? [])
  const joins = isMade ? [] : need(by.flatMap(item => columnsOf(item.by)))
  return {
    where: conjunction(where),
    steps,
    sort: by.length === 0 ? undefined : { kind: 'sort', by, joins },
    output: applied.scope instanceof MadeScope ? madeOutput(query, applied.scope) : output(),
  }
}

interface ApplyContext {
  readonly scope: NameScope
  readonly place: Place
  readonly now: Date
  readonly need: Subject['need']
}

/** Filters before the first grouping are part of what the rows must fulfil. */
function apply(steps: readonly Transformation[], { scope: own, place, now, need }: ApplyContext) {
  let scope: NameScope = own
  const where: Checked[] = []
  const stages: Stage[] = []
  for (const step of steps) {
    const checker = new Checker({ scope, place, now })
    if (step.kind === 'group') {
      const { stage, columns } = group(step, checker, scope, place, need)
      stages.push(stage)
      scope = new MadeScope(columns, step.by, place)
    } else if (scope === own) where.push(checker.condition(step.condition))
    else stages.push({ kind: 'filter', condition: checker.condition(step.condition), joins: [] })
  }
  return { scope, where, steps: stages }
}

/** What comes out are columns of their own; a key keeps the path that it was. */
function group(
  { by, aggregates }: Extract<Transformation, { kind: 'group' }>, checker: Checker, scope: NameScope, place: Place, need: Subject['need'],
): { stage: Stage; columns: CheckedColumn[] } {
  const keys = by.map(path => scope.column(path))
  const values = aggregates.map(aggregate => checker.aggregate(aggregate))
  const read = [...keys, ...values.flatMap(({ of }) => (of === undefined ? [] : columnsOf(of)))]
  const columns = [...keys.map(key => made(key, pathOf(key))), ...values.map(({ alias, edm, type, scale }) =>
    made({ edm, type, scale, nullable: true }, alias))]
  const places = [...by, ...aggregates].map(({ range }) => range)
  columns.forEach(({ name }, index) => {
    const isIn = (path: string): boolean => path === name || path.startsWith(`${name}/`) || name.startsWith(`${path}/`)
    if (columns.findIndex(other => isIn(other.name)) === index) return
    throw new ErpError('query-syntax', { ...place(places[index]?.start ?? 0), found: name, expected: 'each column once' })
  })
  const joins = scope instanceof MadeScope ? [] : need(read)
  return { stage: { kind: 'group', by: keys, aggregates: values, joins }, columns }
}

function made({ edm, type, nullable, scale }: Pick<CheckedColumn, 'edm' | 'type' | 'nullable' | 'scale'>, name: string): CheckedColumn {
  return { kind: 'column', steps: [], name, edm, type, nullable, reachable: false, ...(scale === undefined ? {} : { scale }) }
}
