import { asErpError, ErpError } from '../base/errors.ts'
import { type Batch, sliceRows } from './batch.ts'
import { type ResultColumn, type ResultSnapshot, type Row, ROWS_SHOWN, type RunStats } from './result.ts'
import type { Wait } from './source.ts'
import { RowReader } from './rowReader.ts'

export interface ResultBuilderOptions {
  /** What the plan says will come. */
  readonly columns: readonly ResultColumn[]
  /** How many rows are decoded and kept; the rest is counted. */
  readonly keep: number
  readonly url: string
  readonly limit?: number | undefined
  /** Milliseconds; any origin. */
  readonly now: () => number
}

/** What is known of a run when it has ended. */
export interface RunEnd extends Pick<RunStats, 'bytes' | 'requests' | 'droppedLocally' | 'count'> {
  /** It was stopped before its end. */
  readonly more: boolean
}

/** Grows a result from the batches of its stream. */
export class ResultBuilder {
  readonly #options: ResultBuilderOptions
  readonly #start: number
  readonly #keys = new Set<string>()
  #rows: Row[] = []
  #columns: readonly ResultColumn[]
  #reader: RowReader
  #received = 0
  #bytes = 0
  #firstRowMs: number | undefined
  #wait: Wait | undefined

  constructor(options: ResultBuilderOptions) {
    this.#options = options
    this.#start = options.now()
    this.#columns = options.columns
    this.#reader = new RowReader(options.columns)
  }

  /** Throws `unexpected-answer` where a row is not valid JSON. */
  add(batch: Batch): void {
    this.#firstRowMs ??= this.#elapsed()
    const wanted = Math.min(batch.ends.length, this.#options.keep - this.#rows.length)
    const shown = sliceRows(batch, 0, wanted)
    if (shown !== undefined) for (const row of this.#read(shown)) this.#rows.push(row)
    this.#received += batch.ends.length
    this.#bytes += batch.bytes.length
  }

  /** Why nothing comes; nothing when it goes on. */
  waits(wait: Wait | undefined): void {
    this.#wait = wait
  }

  /**
   * The rows that are kept once it is done, `ROWS_SHOWN` of them before.
   *
   * @param end what the engine counted, once it is known
   */
  snapshot(state: ResultSnapshot['state'], end?: RunEnd): ResultSnapshot {
    const { url, limit } = this.#options
    const { more = false, ...counted } = end ?? {}
    const ms = this.#elapsed()
    const cut = limit !== undefined && this.#received >= limit
    return {
      columns: this.#columns,
      rows: this.#rows.slice(0, state === 'done' ? undefined : ROWS_SHOWN),
      stats: {
        rows: this.#received,
        bytes: this.#bytes,
        requests: 1,
        firstRowMs: this.#firstRowMs ?? ms,
        ms,
        droppedLocally: 0,
        ...counted,
      },
      url,
      ...(cut ? { limit } : {}),
      ...(more ? { stoppedAt: this.#received } : {}),
      ...(state === 'running' && this.#wait !== undefined ? { wait: this.#wait } : {}),
      state,
    }
  }

  /** What has ended the run, with the number of rows that came before, if any (fact: rows). */
  failure(error: unknown): ErpError {
    const failure = asErpError(error)
    if (this.#received === 0) return failure
    return new ErpError(failure.code, { ...failure.facts, rows: this.#received }, { cause: failure })
  }

  /** Where new keys make other columns of it, the rows that were there get them, too. */
  #read(batch: Batch): Row[] {
    const rows = this.#reader.readAll(batch)
    const before = this.#keys.size
    for (const key of this.#reader.keys) if (!key.includes('@')) this.#keys.add(key)
    if (this.#keys.size === before) return rows
    const columns = columnsOf(this.#options.columns, [...this.#keys])
    const places = columns.map(({ name }) => this.#columns.findIndex(column => column.name === name))
    if (places.every((place, index) => place === index)) return rows
    this.#rows = this.#rows.map(row => places.map(place => row[place] ?? null))
    this.#columns = columns
    this.#reader = new RowReader(columns)
    return this.#reader.readAll(batch)
  }

  #elapsed(): number {
    return Math.round(this.#options.now() - this.#start)
  }
}

/**
 * All that the plan says, whether it comes or not, as the server spells it; what else comes is last. OData's annotations
 * are no columns.
 *
 * @param keys of all rows so far
 */
function columnsOf(planned: readonly ResultColumn[], keys: readonly string[]): ResultColumn[] {
  const others = keys.filter(key => !planned.some(({ name }) => name === key))
  const known = planned.map((column): ResultColumn => {
    const spelled = keys.includes(column.name) ? -1 : others.findIndex(key => key.toLowerCase() === column.name.toLowerCase())
    const [name = column.name] = spelled < 0 ? [] : others.splice(spelled, 1)
    return { ...column, name }
  })
  return [...known, ...others.map(name => ({ name, type: 'Edm.String' }))]
}
