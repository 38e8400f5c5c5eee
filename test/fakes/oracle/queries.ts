import type { Column, Table } from '../../../src/core/model/table.ts'
import type { Random } from '../../unit/random.ts'
import { Conditions, kindOf, type Pair, type World } from './conditions.ts'

/** A query, and what SQLite says to it. */
export interface Question {
  readonly text: string
  /** All rows without `$skip` and `$top`, in their order. */
  readonly sql: string
  /** Names of the columns of a row, in the order of the SQL; a path is nested. */
  readonly columns: readonly { readonly name: string; readonly kind: ReturnType<typeof kindOf> }[]
  readonly skip: number
  readonly top: number | undefined
  /** Is the order of the rows said in full? */
  readonly isOrdered: boolean
  readonly isCounted: boolean
}

/** A query over one of the tables. */
export function makeQuestion(world: World, random: Random): Question {
  const table = random.pick(world.tables)
  const conditions = new Conditions(world, table, random)
  return random.below(4) === 0 ? makeGroups(table, conditions, random) : makeRows(world, table, conditions, random)
}

function makeRows(world: World, table: Table, conditions: Conditions, random: Random): Question {
  const filter = random.below(8) === 0 ? undefined : conditions.condition(3)
  const select = random.below(3) === 0 ? table.columns : pickSome(table.columns, random)
  const isAll = select === table.columns
  const expanded = random.below(5) === 0 ? expansions(world, table, conditions, random) : []
  const order = random.below(2) === 0 ? ordering(table, conditions, random) : undefined
  const hasTop = random.below(3) === 0
  const skip = random.below(5) === 0 ? random.below(30) : 0
  const isCounted = random.below(8) === 0
  const top = hasTop ? random.below(40) : undefined
  const columns = [
    ...select.map(column => ({ name: column.name, sql: `t."${column.name}"`, kind: kindOf(column.type) })),
    ...expanded.flatMap(({ columns: inner }) => inner),
  ]
  const options = [
    ...(isAll ? [] : [`$select=${select.map(({ name }) => name).join(',')}`]),
    ...(filter === undefined ? [] : [`$filter=${filter.odata}`]),
    ...(expanded.length === 0 ? [] : [`$expand=${expanded.map(({ odata }) => odata).join(',')}`]),
    ...(order === undefined ? [] : [`$orderby=${order.odata}`]),
    ...(skip === 0 ? [] : [`$skip=${skip}`]),
    ...(top === undefined ? [] : [`$top=${top}`]),
    ...(isCounted ? ['$count=true'] : []),
  ]
  return {
    text: `${table.name}?${options.join('&')}`,
    sql: `SELECT ${columns.map(({ sql }) => sql).join(', ')} FROM "${table.name}" t${conditions.joins}`
      + ` WHERE ${filter?.sql ?? '1'}${order === undefined ? '' : ` ORDER BY ${order.sql}`}`,
    columns, skip, top, isCounted,
    isOrdered: order !== undefined,
  }
}

function pickSome<T>(items: readonly T[], random: Random): T[] {
  const some = items.filter(() => random.below(3) === 0)
  return some.length === 0 ? [random.pick(items)] : some
}

/** By the key at last, so that there is one order only. */
function ordering(table: Table, conditions: Conditions, random: Random): Pair | undefined {
  if (table.key.length === 0) return undefined
  const keys = random.some(2, () => conditions.named(({ type }) => kindOf(type) !== 'other')).filter(named => named !== undefined)
  const parts = [...keys.map(({ odata, sql, column }) => ({ odata, sql: sortKey(sql, column) })), ...table.key.map(name => ({ odata: name, sql: `t."${name}"` }))]
    .map(({ odata, sql }) => (random.below(2) === 0 ? { odata: `${odata} desc`, sql: `${sql} DESC` } : { odata, sql }))
  return { odata: parts.map(({ odata }) => odata).join(','), sql: parts.map(({ sql }) => sql).join(', ') }
}

function sortKey(sql: string, { type }: Column): string {
  return kindOf(type) === 'decimal' ? `dec_key(${sql})` : sql
}

/** Of one or two references, two levels deep at most. */
function expansions(world: World, table: Table, conditions: Conditions, random: Random) {
  return (table.references.length === 0 ? [] : pickSome(table.references, random)).slice(0, 2).map(reference => {
    const target = world.tables.find(({ name }) => name === reference.target)
    const columns = pickSome(target?.columns ?? [], random)
    const path = reference.name
    // through the conditions, so that the join is there
    const alias = conditions.joinTo(path)
    return {
      odata: `${path}($select=${columns.map(({ name }) => name).join(',')})`,
      columns: columns.map(column => ({ name: `${path}/${column.name}`, sql: `${alias}."${column.name}"`, kind: kindOf(column.type) })),
    }
  })
}

function makeGroups(table: Table, conditions: Conditions, random: Random): Question {
  const filter = conditions.condition(2)
  const keys = random.some(2, () => conditions.named(({ type }) => !['other', 'double'].includes(kindOf(type)), 1))
    .filter(named => named !== undefined)
    .filter((named, index, all) => all.findIndex(other => other.odata === named.odata) === index)
  const aggregates = [...random.some(3, () => aggregate(conditions, random)).filter(made => made !== undefined), { odata: '$count as', sql: 'COUNT(*)', kind: 'whole' as const }]
    .map(({ odata, sql, kind }, index) => ({ name: `A${index}`, odata: `${odata} A${index}`, sql, kind }))
  const inner = `aggregate(${aggregates.map(({ odata }) => odata).join(',')})`
  const steps = keys.length === 0 ? inner : `groupby((${keys.map(({ odata }) => odata).join(',')}),${inner})`
  const having = keys.length > 0 && random.below(3) === 0 ? { odata: `/filter(${aggregates.at(-1)?.name ?? ''} gt 1)`, sql: ' HAVING COUNT(*) > 1' } : { odata: '', sql: '' }
  const isFiltered = random.below(2) === 0
  const before = isFiltered ? `filter(${filter.odata})/` : ''
  const groupBy = keys.map(({ sql, column }) => (kindOf(column.type) === 'decimal' ? `dec_norm(${sql})` : sql))
  return {
    text: `${table.name}?$apply=${before}${steps}${having.odata}`,
    sql: `SELECT ${[...groupBy, ...aggregates.map(({ sql }) => sql)].join(', ')} FROM "${table.name}" t${conditions.joins}`
      + ` WHERE ${isFiltered ? filter.sql : '1'}${keys.length === 0 ? '' : ` GROUP BY ${groupBy.join(', ')}`}${having.sql}`,
    columns: [...keys.map(({ odata, column }) => ({ name: odata, kind: kindOf(column.type) })), ...aggregates.map(({ name, kind }) => ({ name, kind }))],
    skip: 0, top: undefined, isOrdered: false, isCounted: false,
  }
}

function aggregate(conditions: Conditions, random: Random) {
  const named = conditions.named(({ type }) => kindOf(type) !== 'other', 1)
  if (named === undefined) return undefined
  const { odata, sql, column } = named
  const kind = kindOf(column.type)
  const isNumber = kind === 'whole' || kind === 'decimal'
  const hasOrder = kind !== 'boolean'
  const method = random.pick(['countdistinct', ...(hasOrder ? ['min', 'max'] : []), ...(isNumber ? ['sum', 'average', 'sum'] : [])])
  const words = `${odata} with ${method} as`
  switch (method) {
    case 'sum': return { odata: words, sql: `dec_sum(${sql})`, kind: 'decimal' as const }
    case 'average': return { odata: words, sql: `dec_avg(dec_sum(${sql}), COUNT(${sql}), ${Math.max(6, column.scale ?? 0)})`, kind: 'decimal' as const }
    case 'countdistinct': return { odata: words, sql: `COUNT(DISTINCT ${kind === 'decimal' ? `dec_norm(${sql})` : sql})`, kind: 'whole' as const }
    default: return { odata: words, sql: `${kind === 'decimal' ? 'dec_' : ''}${method}(${sql})`, kind }
  }
}
