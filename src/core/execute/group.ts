import { type Decimal, divide, parseDecimal, printDecimal, round, toDouble } from '../base/decimal.ts'
import type { Stage } from '../plan/plan.ts'
import { type Checked, type CheckedAggregate, pathOf } from '../query/checked.ts'
import type { Batch } from './batch.ts'
import { DecimalSum } from './decimalSum.ts'
import { JsonRows } from './jsonRows.ts'
import type { RowAccess } from './rowAccess.ts'
import type { Evaluate, Rows } from './rows.ts'
import { Spellings } from './spellings.ts'
import { comparerOf, keyOf, type Value } from './values.ts'
import { jsonOf } from './writeValue.ts'

/** What one aggregate gathers of one group; its result as JSON. */
interface Gatherer {
  take(value: Value): void
  /** Takes a number where it lies; false where it has to be decoded. */
  takeAt?(bytes: Uint8Array, start: number, end: number): boolean
  json(): string
}

/** Which rows are gathered at all. */
export interface Choice {
  readonly wanted: Evaluate
  readonly onDropped: (rows: number) => void
}

/** Rows of the groups that `groupby` and `aggregate` make (OData Data Aggregation 4.0, section 3). Without keys there is one group. */
export async function* grouped(
  batches: AsyncIterable<Batch>, { by, aggregates }: Extract<Stage, { kind: 'group' }>, access: RowAccess, choice?: Choice,
): AsyncGenerator<Batch> {
  const keys = by.map(column => access.compile(column))
  const values = aggregates.map(({ of }) => (of === undefined ? undefined : access.compile(of)))
  const places = aggregates.map(({ of }) => (of?.type === 'number' ? ownColumn(of, access) : undefined))
  const own = by.map(column => ownColumn(column, access)).filter(place => place !== undefined)
  const spellings = own.length === by.length ? new Spellings<readonly Gatherer[]>(own) : undefined
  const groups = new Map<string, { keys: readonly Value[]; gatherers: readonly Gatherer[] }>()
  const groupOf = (found: readonly Value[]): readonly Gatherer[] => {
    const key = JSON.stringify(found.map((value, index) => (value === null ? null : keyOf(value, by[index]?.type ?? 'text'))))
    const known = groups.get(key)
    if (known !== undefined) return known.gatherers
    const gatherers = aggregates.map(gathererOf)
    groups.set(key, { keys: found, gatherers })
    return gatherers
  }
  if (by.length === 0) groupOf([])
  for await (const batch of batches) gather(await access.read(batch), batch.ends.length, { keys, values, places, spellings, groupOf, choice })
  const names = [...by.map(pathOf), ...aggregates.map(({ alias }) => alias)].map(name => JSON.stringify(name))
  const rows = new JsonRows()
  for (const group of groups.values()) {
    const members = [
      ...group.keys.map((value, index) => jsonOf(value, by[index]?.type ?? 'text')),
      ...group.gatherers.map(gatherer => gatherer.json()),
    ]
    rows.text(`{${members.map((json, index) => `${names[index] ?? '""'}:${json}`).join(',')}}`)
    rows.endRow()
    if (rows.rows < ROWS_AT_ONCE) continue
    const batch = rows.take()
    if (batch !== undefined) yield batch
  }
  const last = rows.take()
  if (last !== undefined) yield last
}

const ROWS_AT_ONCE = 1000

interface Gathering {
  readonly keys: readonly Evaluate[]
  readonly values: readonly (Evaluate | undefined)[]
  /** Of values that are numbers of the rows themselves, where they are. */
  readonly places: readonly (number | undefined)[]
  /** Where all keys are of the rows themselves. */
  readonly spellings: Spellings<readonly Gatherer[]> | undefined
  readonly groupOf: (keys: readonly Value[]) => readonly Gatherer[]
  readonly choice: Choice | undefined
}

function ownColumn(expression: Checked, access: RowAccess): number | undefined {
  if (expression.kind !== 'column') return undefined
  const { join, index } = access.slot(expression)
  return join < 0 ? index : undefined
}

function gather(rows: Rows, count: number, { keys, values, places, spellings, groupOf, choice }: Gathering): void {
  const { fields } = rows
  let dropped = 0
  for (let row = 0; row < count; row++) {
    if (choice !== undefined && choice.wanted(rows, row) !== true) {
      dropped++
      continue
    }
    const decode = (): readonly Gatherer[] => groupOf(keys.map(key => key(rows, row)))
    const gatherers = spellings === undefined ? decode() : spellings.find(fields, row, decode)
    for (let index = 0; index < gatherers.length; index++) {
      const gatherer = gatherers[index]
      const at = row * fields.width + (places[index] ?? 0)
      if (places[index] !== undefined && gatherer?.takeAt?.(fields.bytes, fields.starts[at] ?? 0, fields.ends[at] ?? 0) === true) continue
      const evaluate = values[index]
      gatherer?.take(evaluate === undefined ? true : evaluate(rows, row))
    }
  }
  if (dropped > 0) choice?.onDropped(dropped)
}

/** Nulls count for nothing but `$count`; of nothing there is no sum, least, most or average: null. */
function gathererOf(aggregate: CheckedAggregate): Gatherer {
  switch (aggregate.method) {
    case 'count': return counter()
    case 'countdistinct': return distinctCounter(aggregate)
    case 'min': return extreme(aggregate, -1)
    case 'max': return extreme(aggregate, 1)
    case 'sum': case 'average': return summer(aggregate)
  }
}

function counter(): Gatherer {
  let count = 0
  return {
    take: () => {
      count++
    },
    json: () => String(count),
  }
}

/** Null isn't counted. */
function distinctCounter({ of }: CheckedAggregate): Gatherer {
  const seen = new Set<string>()
  const type = of?.type ?? 'text'
  return {
    take: value => {
      if (value !== null) seen.add(keyOf(value, type))
    },
    json: () => String(seen.size),
  }
}

function extreme({ of }: CheckedAggregate, sign: 1 | -1): Gatherer {
  const type = of?.type ?? 'text'
  const compare = comparerOf(type)
  let best: Value = null
  return {
    take: value => {
      if (value !== null && (best === null || compare(value, best) * sign > 0)) best = value
    },
    json: () => jsonOf(best, type),
  }
}

/** Exact, doubles too: they are added as the decimals that they print as, and rounded once. */
function summer({ method, type, scale }: CheckedAggregate): Gatherer {
  const all = new DecimalSum()
  return {
    take: value => {
      const number = typeof value === 'number' ? parseDecimal(String(value)) : value as Decimal | null
      if (number !== null && number !== undefined) all.add(number)
    },
    takeAt: (bytes, start, end) => all.addAt(bytes, start, end),
    json: () => {
      const { value: sum, count } = all
      if (sum === undefined) return 'null'
      const result = method === 'average' ? divide(sum, { units: BigInt(count), scale: 0 }, type === 'double' ? 30 : scale) : sum
      return type === 'double' ? String(toDouble(result)) : printDecimal(result.scale < scale ? round(result, scale) : result)
    },
  }
}
