import type { ValueType } from '../query/types.ts'
import type { Batch } from './batch.ts'
import { JsonRows } from './jsonRows.ts'
import { type CompareEntries, merged, sortedOutside } from './sort.ts'
import { MEMORY_BYTES, type SortEntry, type Spill, type SpilledRun, writeEntries } from './spill.ts'
import { keyOf, restore, save, type Value } from './values.ts'

/** What has been gathered of one group for one aggregate. */
export interface Gathered {
  /** As plain JSON, for `merge`. */
  save(): unknown
  /** Adds what another one has saved, which came later. */
  merge(saved: unknown): void
  /** Of `countdistinct`: the values that were seen; they are kept apart from what is saved, since they may be many. */
  readonly seen?: Set<string>
  /** Adds so many values that were seen. */
  addSeen?(count: number): void
}

/** What is held in memory by all groups together. */
export interface Held {
  bytes: number
}

export interface GroupsOptions<G extends Gathered> {
  /** Of the keys. */
  readonly types: readonly ValueType[]
  /** What a new group gathers with. They add to `held` what they come to hold later. */
  readonly make: (held: Held) => readonly G[]
  /** A group as a row. */
  readonly write: (keys: readonly Value[], gathered: readonly G[]) => string
  readonly spill?: Spill | undefined
  readonly memoryBytes?: number | undefined
}

interface Group<G> {
  readonly keys: readonly Value[]
  readonly gathered: readonly G[]
  /** The groups are in the order of their first rows. */
  readonly place: number
}

/** Groups may take more than rows that are put in order, since it costs more to put them together again. */
const GROUPS_BYTES = 4 * MEMORY_BYTES
/** What a group costs beside its keys, and each of its aggregates. */
const GROUP_BYTES = 250
const GATHERED_BYTES = 250
const ROWS_AT_ONCE = 1000

const encoder = new TextEncoder()
/** What goes to disk here is all in the keys of its entries. */
const NO_ROW = new Uint8Array()

/**
 * Groups by their keys. When they are too much for memory, what was gathered so far goes to disk in the order of the
 * keys (one run of the groups, one of the values for `countdistinct`), and gathering begins anew; in the end equal
 * keys meet again as the runs are merged.
 */
export class Groups<G extends Gathered> {
  readonly #options: GroupsOptions<G>
  readonly #groups = new Map<string, Group<G>>()
  readonly #held: Held = { bytes: 0 }
  readonly #runs: SpilledRun[] = []
  readonly #seenRuns: SpilledRun[] = []
  #place = 0

  constructor(options: GroupsOptions<G>) {
    this.#options = options
  }

  /** What is gathered of the rows with these keys; good until the next `relieve`. */
  find(keys: readonly Value[]): readonly G[] {
    const { types, make } = this.#options
    const key = JSON.stringify(keys.map((value, index) => (value === null ? null : keyOf(value, types[index] ?? 'text'))))
    const known = this.#groups.get(key)
    if (known !== undefined) return known.gathered
    const gathered = make(this.#held)
    this.#groups.set(key, { keys, gathered, place: this.#place++ })
    this.#held.bytes += GROUP_BYTES + 4 * key.length + GATHERED_BYTES * gathered.length
    return gathered
  }

  /** To be called from time to time. True where the groups went to disk, so that all have to be found again. */
  async relieve(): Promise<boolean> {
    const { spill, memoryBytes = GROUPS_BYTES } = this.#options
    if (spill === undefined || this.#held.bytes < memoryBytes) return false
    await this.#flush(spill)
    return true
  }

  async #flush(spill: Spill): Promise<void> {
    const groups = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1))
    this.#runs.push(await spill.write(writeEntries(saved(groups))))
    if (groups.some(([, { gathered }]) => gathered.some(({ seen }) => seen !== undefined))) {
      this.#seenRuns.push(await spill.write(writeEntries(savedSeen(groups))))
    }
    this.#groups.clear()
    this.#held.bytes = 0
  }

  /** To be called once, when all rows have been gathered. */
  async *rows(): AsyncGenerator<Batch> {
    const { spill, memoryBytes } = this.#options
    if (spill === undefined || this.#runs.length === 0) yield* this.#rowsInMemory()
    else {
      await this.#flush(spill)
      yield* sortedOutside(this.#merged(), (a, b) => a.place - b.place, { types: [], spill, memoryBytes })
    }
  }

  *#rowsInMemory(): Generator<Batch> {
    const rows = new JsonRows()
    for (const { keys, gathered } of this.#groups.values()) {
      rows.text(this.#options.write(keys, gathered))
      rows.endRow()
      if (rows.rows < ROWS_AT_ONCE) continue
      const batch = rows.take()
      if (batch !== undefined) yield batch
    }
    const last = rows.take()
    if (last !== undefined) yield last
  }

  /** The rows in the order of their keys. */
  async *#merged(): AsyncGenerator<SortEntry[]> {
    const seen = counted(merged(this.#seenRuns, [], [], bySeen))
    let rows: SortEntry[] = []
    try {
      let count = await seen.next()
      for await (const same of withSameKey(merged(this.#runs, [], [], byKey))) {
        const { key, group } = this.#joined(same)
        for (; count.done !== true && count.value.key === key; count = await seen.next()) {
          group.gathered[count.value.aggregate]?.addSeen?.(count.value.count)
        }
        const row = encoder.encode(this.#options.write(group.keys, group.gathered))
        const length = rows.push({ keys: [], row, place: group.place })
        if (length < ROWS_AT_ONCE) continue
        yield rows
        rows = []
      }
    } finally {
      await seen.return(undefined)
    }
    yield rows
  }

  /** Entries of one key, the earliest first. */
  #joined(entries: readonly SortEntry[]): { key: Value, group: Group<G> } {
    const { types, make } = this.#options
    const gathered = make({ bytes: 0 })
    const [first] = entries.map(({ keys: [key = null, text], place }) => {
      const { keys, all } = JSON.parse(text as string) as SavedGroup
      gathered.forEach((each, index) => each.merge(all[index]))
      return { key, group: { keys: keys.map((text, index) => restore(text, types[index] ?? 'text')), gathered, place } }
    })
    return first ?? { key: null, group: { keys: [], gathered, place: 0 } }
  }
}

interface SavedGroup {
  readonly keys: readonly (string | null)[]
  /** What each aggregate has saved. */
  readonly all: readonly unknown[]
}

/** What came first is first among the same. */
const byKey: CompareEntries = (a, b) => compareKeys(a, b, 0) || a.place - b.place

const bySeen: CompareEntries = (a, b) => compareKeys(a, b, 0) || compareKeys(a, b, 1) || compareKeys(a, b, 2)

/** As `sort()` does it. */
function compareKeys(a: SortEntry, b: SortEntry, index: number): number {
  const [x, y] = [a.keys[index] as string, b.keys[index] as string]
  return x < y ? -1 : x > y ? 1 : 0
}

function* saved(groups: readonly (readonly [string, Group<Gathered>])[]): Generator<SortEntry> {
  for (const [key, { keys, gathered, place }] of groups) {
    const group: SavedGroup = { keys: keys.map(save), all: gathered.map(each => each.save()) }
    yield { keys: [key, JSON.stringify(group)], row: NO_ROW, place }
  }
}

/** By group, aggregate and value. */
function* savedSeen(groups: readonly (readonly [string, Group<Gathered>])[]): Generator<SortEntry> {
  for (const [key, { gathered }] of groups) {
    // as texts are put in order, for more than ten of them
    const aggregates = gathered.map((each, index) => ({ index: String(index), values: each.seen }))
      .sort((a, b) => (a.index < b.index ? -1 : 1))
    for (const { index, values } of aggregates) {
      for (const value of [...values ?? []].sort()) yield { keys: [key, index, value], row: NO_ROW, place: 0 }
    }
  }
}

async function* withSameKey(entries: AsyncIterable<SortEntry>): AsyncGenerator<SortEntry[]> {
  let same: SortEntry[] = []
  for await (const entry of entries) {
    if (same.length > 0 && same[0]?.keys[0] !== entry.keys[0]) {
      yield same
      same = []
    }
    same.push(entry)
  }
  if (same.length > 0) yield same
}

interface SeenCount {
  readonly key: Value
  readonly aggregate: number
  readonly count: number
}

/** How many different values there are of each group and aggregate. */
async function* counted(entries: AsyncIterable<SortEntry>): AsyncGenerator<SeenCount, undefined> {
  let current: { key: Value, aggregate: Value, value: Value, count: number } | undefined
  const told = ({ key, aggregate, count }: NonNullable<typeof current>): SeenCount => ({ key, aggregate: Number(aggregate), count })
  for await (const { keys: [key = null, aggregate = null, value = null] } of entries) {
    if (current?.key === key && current.aggregate === aggregate) {
      if (current.value !== value) current.count++
      current.value = value
    } else {
      if (current !== undefined) yield told(current)
      current = { key, aggregate, value, count: 1 }
    }
  }
  if (current !== undefined) yield told(current)
}
