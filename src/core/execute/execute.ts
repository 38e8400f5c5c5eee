import type { Run, Stage } from '../plan/plan.ts'
import type { Checked } from '../query/checked.ts'
import { afterAll } from './afterAll.ts'
import { type Batch, sliceRows } from './batch.ts'
import { distinct } from './distinct.ts'
import { grouped } from './group.ts'
import { Lookup, type LookupOptions } from './lookups.ts'
import { RequestReader } from './requestReader.ts'
import { RowAccess } from './rowAccess.ts'
import { selectRows } from './rowSelection.ts'
import { shaped } from './shape.ts'
import { sorted } from './sort.ts'
import type { Source } from './source.ts'
import type { Spill } from './spill.ts'

export interface ExecuteOptions extends LookupOptions {
  readonly source: Source
  /** Without it, all stays in memory. */
  readonly spill?: Spill
  /** What a step may hold before it spills. */
  readonly memoryBytes?: number
}

export interface ExecuteStats {
  readonly requests: number
  /** Rows that came and were dropped here: by a filter, as duplicates, by `$skip` or `$top`. */
  readonly droppedLocally: number
  /** `$count`: what the filter lets through, once that is known. */
  readonly count?: number
}

/**
 * Runs what was planned: rows of the result as batches of JSON. They end early, and requests with them, where no more
 * are wanted; leaving the loop ends them too. Fails as the source does, with `unexpected-answer` for rows that are no
 * JSON, with `query-division` where a row divides by zero, and with `lookup-too-large`.
 */
export class Execution {
  readonly #run: Run
  readonly #options: ExecuteOptions
  readonly #reader: RequestReader
  readonly #lookups: readonly Lookup[]
  #dropped = 0
  #count: number | undefined

  constructor(run: Run, options: ExecuteOptions) {
    this.#run = run
    this.#options = options
    this.#reader = new RequestReader(run, options.source)
    this.#lookups = run.joins.map(join => new Lookup(join, this.#reader, options))
  }

  /** As far as it has come. */
  get stats(): ExecuteStats {
    const count = this.#count ?? this.#reader.count
    return { requests: this.#reader.requests, droppedLocally: this.#dropped, ...(count === undefined ? {} : { count }) }
  }

  batches(): AsyncGenerator<Batch> {
    const [first, ...others] = this.#run.stages
    const isFilter = first?.kind === 'filter' && first.condition === undefined
    const joins = isFilter ? first.joins : []
    const stages = isFilter ? others : this.#run.stages
    const next = (batches: AsyncGenerator<Batch>, stage: Stage): AsyncGenerator<Batch> => this.#stage(batches, stage)
    const [request, ...furtherRequests] = this.#run.requests
    const [group, ...behind] = stages
    if (request?.rest === undefined || furtherRequests.length > 0 || group?.kind !== 'group' || joins.length + group.joins.length > 0) {
      return stages.reduce(next, this.#requested(joins))
    }
    // rows that are only gathered need not be copied for that
    return behind.reduce(next, this.#grouped(this.#reader.read(request), group, request.rest))
  }

  #grouped(batches: AsyncGenerator<Batch>, group: Extract<Stage, { kind: 'group' }>, where: Checked): AsyncGenerator<Batch> {
    const access = this.#access([])
    const { spill, memoryBytes } = this.#options
    const choice = { wanted: access.compile(where), onDropped: (rows: number) => void (this.#dropped += rows) }
    return grouped(batches, group, { access, choice, spill, memoryBytes })
  }

  /** The rows of all requests that fulfil what their request left open. */
  async *#requested(joins: readonly string[]): AsyncGenerator<Batch> {
    for (const request of this.#run.requests) {
      const batches = this.#reader.read(request)
      yield* request.rest === undefined ? batches : this.#filtered(batches, request.rest, joins)
    }
  }

  #stage(batches: AsyncGenerator<Batch>, stage: Stage): AsyncGenerator<Batch> {
    const { spill, memoryBytes } = this.#options
    const onDropped = (rows: number): void => void (this.#dropped += rows)
    switch (stage.kind) {
      case 'filter': return stage.condition === undefined ? batches : this.#filtered(batches, stage.condition, stage.joins)
      case 'distinct': return distinct(batches, stage.key, { spill, memoryBytes, onDropped })
      case 'group': return grouped(this.#before(stage.joins, batches), stage, { access: this.#access(stage.joins), spill, memoryBytes })
      case 'count': return this.#counted(batches)
      case 'slice': return this.#sliced(batches, stage.skip, stage.top)
      case 'shape': return shaped(this.#before(stage.joins, batches), stage.columns, this.#access(stage.joins))
      case 'sort': return sorted(this.#before(stage.joins, batches), {
        by: stage.by,
        keep: stage.keep,
        access: this.#access(stage.joins),
        spill,
        memoryBytes,
        onDropped,
      })
    }
  }

  #access(joins: readonly string[]): RowAccess {
    return new RowAccess(this.#lookups.filter(({ join }) => joins.includes(join.path)))
  }

  /** Where references are looked up, the request of the rows has ended: two may not be open at once (see `Source`). */
  #before(joins: readonly string[], batches: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
    return joins.length === 0 ? batches : afterAll(batches, this.#options.spill, this.#options.memoryBytes)
  }

  async *#filtered(batches: AsyncGenerator<Batch>, condition: Checked, joins: readonly string[]): AsyncGenerator<Batch> {
    const access = this.#access(joins)
    const evaluate = access.compile(condition)
    for await (const batch of this.#before(joins, batches)) {
      const rows = await access.read(batch)
      yield* this.#kept(batch, row => evaluate(rows, row) === true)
    }
  }

  *#kept(batch: Batch, isWanted: (row: number) => boolean): Generator<Batch> {
    const kept = selectRows(batch, isWanted)
    this.#dropped += batch.ends.length - (kept?.ends.length ?? 0)
    if (kept !== undefined) yield kept
  }

  async *#counted(batches: AsyncGenerator<Batch>): AsyncGenerator<Batch> {
    let count = 0
    for await (const batch of batches) {
      count += batch.ends.length
      yield batch
    }
    this.#count = count
  }

  /** With enough rows it ends what comes before, unless all of them are to be counted. */
  async *#sliced(batches: AsyncGenerator<Batch>, skip: number, top = Infinity): AsyncGenerator<Batch> {
    const isCounted = this.#run.stages.some(({ kind }) => kind === 'count')
    if (top === 0 && !isCounted) return
    let last: Batch | undefined
    let passed = 0
    for await (const batch of batches) {
      const [from, to] = [Math.max(0, skip - passed), Math.min(batch.ends.length, skip + top - passed)]
      passed += batch.ends.length
      const part = to > from ? sliceRows(batch, from, to) : undefined
      this.#dropped += batch.ends.length - (part?.ends.length ?? 0)
      if (passed >= skip + top && !isCounted) {
        last = part
        break
      }
      if (part !== undefined) yield part
    }
    // only now, so that the request has ended before the references of these rows are looked up
    if (last !== undefined) yield last
  }
}

