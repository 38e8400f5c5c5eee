import { asErpError, ErpError } from '../base/errors.ts'
import { type Batch, sliceRows } from './batch.ts'
import { type ResultColumn, type ResultSnapshot, type Row, ROWS_SHOWN, type RunStats } from './result.ts'
import type { Wait } from './source.ts'
import { RowReader, rowKeys } from './rowReader.ts'

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
  readonly #rows: Row[] = []
  #columns: readonly ResultColumn[] | undefined
  #reader: RowReader | undefined
  #received = 0
  #bytes = 0
  #firstRowMs: number | undefined
  #wait: Wait | undefined

  constructor(options: ResultBuilderOptions) {
    this.#options = options
    this.#start = options.now()
  }

  /** Throws `unexpected-answer` where a row is not valid JSON. */
  add(batch: Batch): void {
    this.#firstRowMs ??= this.#elapsed()
    this.#reader ??= new RowReader(this.#columns = this.#columnsOf(rowKeys(batch, 0)))
    const wanted = Math.min(batch.ends.length, this.#options.keep - this.#rows.length)
    const shown = sliceRows(batch, 0, wanted)
    if (shown !== undefined) for (const row of this.#reader.readAll(shown)) this.#rows.push(row)
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
    const { url, limit, columns } = this.#options
    const { more = false, ...counted } = end ?? {}
    const ms = this.#elapsed()
    const cut = limit !== undefined && this.#received >= limit
    return {
      columns: this.#columns ?? columns,
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

  /** As the plan says, however the server spells them; what else comes is last. */
  #columnsOf(keys: readonly string[]): ResultColumn[] {
    const { columns } = this.#options
    const found = columns.flatMap(column => {
      const key = keys.find(name => name === column.name) ?? keys.find(name => name.toLowerCase() === column.name.toLowerCase())
      return key === undefined ? [] : [{ ...column, name: key }]
    })
    const others = keys.filter(key => !found.some(({ name }) => name === key))
    return [...found, ...others.map(name => ({ name, type: 'Edm.String' }))]
  }

  #elapsed(): number {
    return Math.round(this.#options.now() - this.#start)
  }
}
