import { type Checked, type CheckedColumn, columnsOf, pathOf, printChecked } from '../query/checked.ts'
import { isComparison } from '../query/expression.ts'
import type { Branch } from './branches.ts'
import { conjuncts } from './conjunction.ts'
import type { LocalStep, PlanWarning, Run, Stage, StepReason } from './plan.ts'

/**
 * What is done here and why, and what one should know before.
 *
 * @param limit the rows shown of a query that has no `$top`
 * @param reasons why a kind of step is done here, where it isn't for what the Table API lacks
 */
export function explain(
  run: Run, branches: readonly Branch[], limit: number | undefined, reasons: Partial<Record<LocalStep['step'], StepReason>> = {},
): { local: LocalStep[]; warnings: PlanWarning[] } {
  const local = steps(run, branches, limit).map(step => ({ ...step, reason: reasons[step.step] ?? step.reason }))
  return { local, warnings: warnings(run, branches) }
}

function steps(run: Run, branches: readonly Branch[], limit: number | undefined): LocalStep[] {
  return run.stages.flatMap((stage, index): LocalStep[] => [
    ...lookups(run, index),
    ...(stage.kind === 'filter' && stage.condition === undefined ? filters(run, branches) : [step(stage, run, limit)]),
  ])
}

/** References that this stage is the first to need. */
function lookups({ stages, joins }: Run, index: number): LocalStep[] {
  const earlier = stages.slice(0, index).flatMap(joinsOf)
  return joins.filter(({ path }) => !earlier.includes(path) && joinsOf(stages[index]).includes(path))
    .map(({ path, table, key }): LocalStep => ({ step: 'lookup', detail: `${path}: ${table}.${key}`, reason: 'reference' }))
}

function joinsOf(stage: Stage | undefined): readonly string[] {
  return stage !== undefined && 'joins' in stage ? stage.joins : []
}

function filters({ requests }: Run, branches: readonly Branch[]): LocalStep[] {
  const seen = new Map<string, LocalStep>()
  requests.forEach(({ rest }, index) => {
    for (const condition of rest === undefined ? [] : conjuncts(rest)) {
      const detail = printChecked(condition)
      const reason = isSentWider(condition, branches[index]) ? 'widened' : 'not-sendable'
      seen.set(detail, { step: 'filter', detail, reason })
    }
  })
  return [...seen.values()]
}

/** The server was told something about all of its columns. */
function isSentWider(condition: Checked, branch: Branch | undefined): boolean {
  const sent = branch?.sent.map(({ column }) => pathOf(column)) ?? []
  return columnsOf(condition).some(column => sent.includes(pathOf(column)))
}

function step(stage: Stage, run: Run, limit: number | undefined): LocalStep {
  switch (stage.kind) {
    case 'filter': return { step: 'filter', detail: stage.condition === undefined ? '' : printChecked(stage.condition), reason: 'after-local' }
    case 'distinct': return { step: 'distinct', detail: stage.key.join(', '), reason: 'branches' }
    case 'group': return { step: 'group', detail: groupText(stage), reason: 'no-option' }
    case 'sort': return { step: 'sort', detail: stage.by.map(({ by, descending }) => printChecked(by) + (descending ? ' desc' : '')).join(', '), reason: 'no-option' }
    case 'count': return { step: 'count', detail: '$count', reason: 'no-option' }
    case 'slice': return { step: 'slice', detail: sliceText(stage, limit), reason: stage.skip > 0 && !isLocalBefore(run) ? 'no-option' : 'after-local' }
    case 'shape': return { step: 'shape', detail: run.columns.map(({ name }) => name).join(', '), reason: isHiding(stage) ? 'hidden' : 'no-option' }
  }
}

function isHiding({ columns }: Extract<Stage, { kind: 'shape' }>): boolean {
  return columns.every(({ kind }) => kind === 'value')
}

function isLocalBefore({ stages }: Run): boolean {
  return stages.some(({ kind }) => kind === 'filter' || kind === 'sort' || kind === 'group' || kind === 'distinct')
}

function groupText({ by, aggregates }: Extract<Stage, { kind: 'group' }>): string {
  const made = aggregates.map(({ method, of, alias }) =>
    of === undefined ? `$count as ${alias}` : `${printChecked(of)} with ${method} as ${alias}`)
  return [...by.map(pathOf), ...made].join(', ')
}

function sliceText({ skip, top }: Extract<Stage, { kind: 'slice' }>, limit: number | undefined): string {
  const parts = [...(skip > 0 ? [`$skip=${skip}`] : []), ...(top === undefined ? [] : [limit === undefined ? `$top=${top}` : `erpnet.query.defaultTop=${top}`])]
  return parts.join(', ')
}

const CUSTOM_VALUES = { table: 'Gen_Property_Values', column: 'Entity_Item_Id' }
const TEXT_SEARCH: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith', 'indexof'])

function warnings(run: Run, branches: readonly Branch[]): PlanWarning[] {
  const [{ resource: table } = { resource: '' }] = run.requests
  const rests = run.requests.flatMap(({ rest }) => (rest === undefined ? [] : [rest]))
  const isWhole = run.requests.some(({ rest, conditions, list }) => rest !== undefined && conditions.length === 0 && list === undefined)
  const scans = table === CUSTOM_VALUES.table
    && !branches.every(({ sent }) => sent.some(({ column }) => column.name === CUSTOM_VALUES.column))
  const readsAll = run.stages.flatMap(stage => (stage.kind === 'sort' ? ['$orderby'] : stage.kind === 'count' ? ['$count'] : []))
  return [
    ...(isWhole ? [{ code: 'whole-table', facts: { table } } as const] : []),
    ...unique(rests.flatMap(rest => compared(rest, 'text'))).map(column => ({ code: 'text-local', facts: { column } }) as const),
    ...unique(rests.flatMap(rest => compared(rest, 'guid'))).map(column => ({ code: 'guid-order', facts: { column } }) as const),
    ...(readsAll[0] === undefined ? [] : [{ code: 'reads-all', facts: { option: readsAll.join(', ') } } as const]),
    ...unique(run.joins.flatMap(join => (join.by === 'whole' ? [join.table] : []))).map(name => ({ code: 'whole-lookup', facts: { table: name } }) as const),
    ...(scans ? [{ code: 'scan', facts: CUSTOM_VALUES } as const] : []),
  ]
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}

/** Members of enumerations and ids of entities are texts as well, but no collation speaks in them. */
function isPlain({ domain, edm }: CheckedColumn): boolean {
  return domain === undefined || edm.startsWith('Edm.')
}

/** Columns whose texts are compared here, or whose guids are put in order. */
function compared(condition: Checked, type: 'text' | 'guid'): string[] {
  const texts = (...sides: readonly Checked[]): string[] =>
    sides.flatMap(columnsOf).filter((column: CheckedColumn) => column.type === type && isPlain(column)).map(pathOf)
  switch (condition.kind) {
    case 'literal': case 'column': return []
    case 'unary': return compared(condition.operand, type)
    case 'in': return type === 'text' ? texts(condition.operand) : []
    case 'call': return type === 'text' && TEXT_SEARCH.has(condition.name) ? texts(...condition.args) : condition.args.flatMap(arg => compared(arg, type))
    case 'binary': {
      const { operator, left, right } = condition
      const isOfType = left.type === type && right.type === type
      const counts = isOfType && (type === 'text' ? isComparison(operator) : /^[gl][te]$/.test(operator))
      return counts || (operator === 'like' && type === 'text') ? texts(left, right) : [...compared(left, type), ...compared(right, type)]
    }
  }
}
