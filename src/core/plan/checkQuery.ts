import { ErpError } from '../base/errors.ts'
import { Checker } from '../query/check.ts'
import { type Checked, type CheckedColumn, columnsOf, pathOf } from '../query/checked.ts'
import type { Transformation } from '../query/expression.ts'
import { type Place, placesIn } from '../query/place.ts'
import type { ResolvedQuery } from '../query/resolved.ts'
import { MadeScope, type NameScope, TableScope } from '../query/tableScope.ts'
import { conjunction } from './conjunction.ts'
import type { Needs } from './joins.ts'
import { madeOutput, type Output, tableOutput } from './output.ts'
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

/** Notes in `needs` what is read. Throws what `Checker` throws, and `query-syntax` where a name is made twice. */
export function checkQuery(query: ResolvedQuery, scope: TableScope, needs: Needs, now: Date): CheckedQuery {
  const place = placesIn(query.text)
  const applied = apply(query.apply ?? [], { scope, place, now, needs })
  const checker = new Checker({ scope: applied.scope, place, now })
  const condition = query.filter === undefined ? undefined : checker.condition(query.filter)
  const isMade = applied.scope !== scope
  const where = [...applied.where, ...(condition === undefined || isMade ? [] : [condition])]
  const steps: Stage[] = [...applied.steps, ...(condition === undefined || !isMade ? [] : [{ kind: 'filter', condition, joins: [] } as const])]
  const by = checker.order(query.orderby ?? [])
  const joins = isMade ? [] : needs.add(by.flatMap(item => columnsOf(item.by)))
  return {
    where: conjunction(where),
    steps,
    sort: by.length === 0 ? undefined : { kind: 'sort', by, joins },
    output: applied.scope instanceof MadeScope ? madeOutput(query, applied.scope) : tableOutput(query, scope, needs),
  }
}

interface ApplyContext {
  readonly scope: TableScope
  readonly place: Place
  readonly now: Date
  readonly needs: Needs
}

/** Filters before the first grouping are part of what the rows must fulfil. */
function apply(steps: readonly Transformation[], { scope: tableScope, place, now, needs }: ApplyContext) {
  let scope: NameScope = tableScope
  const where: Checked[] = []
  const stages: Stage[] = []
  for (const step of steps) {
    const checker = new Checker({ scope, place, now })
    if (step.kind === 'group') {
      const { stage, columns } = group(step, checker, scope, place, needs)
      stages.push(stage)
      scope = new MadeScope(columns, place)
    } else if (scope === tableScope) where.push(checker.condition(step.condition))
    else stages.push({ kind: 'filter', condition: checker.condition(step.condition), joins: [] })
  }
  return { scope, where, steps: stages }
}

/** What comes out are columns of their own; a key keeps the path that it was. */
function group(
  { by, aggregates }: Extract<Transformation, { kind: 'group' }>, checker: Checker, scope: NameScope, place: Place, needs: Needs,
): { stage: Stage; columns: CheckedColumn[] } {
  const keys = by.map(path => scope.column(path))
  const values = aggregates.map(aggregate => checker.aggregate(aggregate))
  const read = [...keys, ...values.flatMap(({ of }) => (of === undefined ? [] : columnsOf(of)))]
  const columns = [...keys.map(key => made(key, pathOf(key))), ...values.map(({ alias, edm, type, scale }) =>
    made({ edm, type, scale, nullable: true }, alias))]
  const places = [...by, ...aggregates].map(({ range }) => range)
  columns.forEach(({ name }, index) => {
    if (columns.findIndex(other => other.name === name) === index) return
    throw new ErpError('query-syntax', { ...place(places[index]?.start ?? 0), found: name, expected: 'each column once' })
  })
  const joins = scope instanceof TableScope ? needs.add(read) : []
  return { stage: { kind: 'group', by: keys, aggregates: values, joins }, columns }
}

function made({ edm, type, nullable, scale }: Pick<CheckedColumn, 'edm' | 'type' | 'nullable' | 'scale'>, name: string): CheckedColumn {
  return { kind: 'column', steps: [], name, edm, type, nullable, reachable: false, ...(scale === undefined ? {} : { scale }) }
}
