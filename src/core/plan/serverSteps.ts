import { type CheckedColumn, pathOf } from '../query/checked.ts'
import type { Computation } from '../query/expression.ts'
import type { Stage } from './plan.ts'

/**
 * `$orderby` in the words of the Domain API; nothing where it can't put rows in that order: properties that are
 * orderable, reached over owners and filterable references (protocol sheet, section 3).
 */
export function sortSent(sort: Extract<Stage, { kind: 'sort' }> | undefined): string | undefined {
  if (sort === undefined) return undefined
  const items = sort.by.map(({ by, descending }) =>
    by.kind === 'column' && by.reachable && by.domain?.sortable === true ? `${pathOf(by)}${descending ? ' desc' : ''}` : undefined)
  return items.every(item => item !== undefined) ? items.join(',') : undefined
}

/**
 * `$apply` in the words of the Domain API; nothing for what it hasn't got: averages, expressions, a property twice.
 *
 * @param isLast do the groups go out as they come? Else they must be flat, for the steps behind it.
 */
export function groupSent(
  { by, aggregates }: Extract<Stage, { kind: 'group' }>, compute: Computation | undefined, isLast: boolean,
): string | undefined {
  const columns = aggregates.flatMap(({ of }) => (of?.kind === 'column' ? [of] : []))
  const hasExpression = aggregates.some(({ of }) => of !== undefined && of.kind !== 'column')
  const paths = columns.map(pathOf)
  if (hasExpression || new Set(paths).size < paths.length || aggregates.some(({ method }) => method === 'average')) return undefined
  if (![...by, ...columns].every(({ reachable }) => reachable) || !by.every(isKey)) return undefined
  if (!aggregates.every(({ method, of }) => of?.kind !== 'column' || (method === 'countdistinct' ? isKey(of) : isNumber(of)))) return undefined
  if (!isLast && ![...by, ...columns].every(isFlat)) return undefined
  const made = aggregates.map(({ method, of, alias }) => (of?.kind === 'column' ? `${pathOf(of)} with ${method} as ${alias}` : `$count as ${alias}`))
  const aggregate = made.length === 0 ? '' : `aggregate(${made.join(',')})`
  const text = by.length === 0 ? aggregate : `groupby((${by.map(pathOf).join(',')})${aggregate === '' ? '' : `,${aggregate}`})`
  return compute === undefined ? text : `compute(${compute.text})/${text}`
}

function isKey({ domain }: CheckedColumn): boolean {
  return domain?.groupable === true
}

/** Numbers, amounts and quantities can be added up and compared. */
function isNumber({ type }: CheckedColumn): boolean {
  return type === 'number' || type === 'double' || type === 'json'
}

/** Its value stands in a group's row under its own name. */
function isFlat({ steps, domain, type }: CheckedColumn): boolean {
  return steps.length === 0 && type !== 'json' && (domain?.at === undefined || domain.at.length === 1)
}
