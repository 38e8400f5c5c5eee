import type { Stage } from '../plan/plan.ts'
import { type Checked, pathOf } from '../query/checked.ts'
import type { Batch } from './batch.ts'
import { type Gatherer, gathererOf } from './gatherers.ts'
import { Groups } from './groups.ts'
import type { RowAccess } from './rowAccess.ts'
import type { Evaluate, Rows } from './rows.ts'
import type { Spill } from './spill.ts'
import { Spellings } from './spellings.ts'
import type { Value } from './values.ts'
import { jsonOf } from './writeValue.ts'

/** Which rows are gathered at all. */
export interface Choice {
  readonly wanted: Evaluate
  readonly onDropped: (rows: number) => void
}

export interface GroupOptions {
  readonly access: RowAccess
  readonly choice?: Choice | undefined
  readonly spill?: Spill | undefined
  readonly memoryBytes?: number | undefined
}

/**
 * Rows of the groups that `groupby` and `aggregate` make (OData Data Aggregation 4.0, section 3), in the order in which
 * they first came. Without keys there is one group.
 */
export async function* grouped(
  batches: AsyncIterable<Batch>, { by, aggregates }: Extract<Stage, { kind: 'group' }>,
  { access, choice, spill, memoryBytes }: GroupOptions,
): AsyncGenerator<Batch> {
  const keys = by.map(column => access.compile(column))
  const values = aggregates.map(({ of }) => (of === undefined ? undefined : access.compile(of)))
  const places = aggregates.map(({ of }) => (of?.type === 'number' ? ownColumn(of, access) : undefined))
  const own = by.map(column => ownColumn(column, access)).filter(place => place !== undefined)
  const newSpellings = (): Gathering['spellings'] => (own.length === by.length ? new Spellings(own) : undefined)
  const names = [...by.map(pathOf), ...aggregates.map(({ alias }) => alias)].map(name => JSON.stringify(name))
  const makers = aggregates.map(gathererOf)
  const groups = new Groups<Gatherer>({
    types: by.map(({ type }) => type),
    make: held => makers.map(make => make(held)),
    write: (found, gatherers) => {
      const written = by.map((column, index) => jsonOf(found[index] ?? null, column))
      const members = [...written, ...gatherers.map(gatherer => gatherer.json())]
      return `{${members.map((json, index) => `${names[index] ?? '""'}:${json}`).join(',')}}`
    },
    spill,
    memoryBytes,
  })
  const groupOf: Gathering['groupOf'] = found => groups.find(found)
  let spellings = newSpellings()
  if (by.length === 0) groupOf([])
  for await (const batch of batches) {
    gather(await access.read(batch), batch.ends.length, { keys, values, places, spellings, groupOf, choice })
    if (await groups.relieve()) spellings = newSpellings()
  }
  yield* groups.rows()
}

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
