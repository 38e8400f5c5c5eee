import type { Table } from '../model/table.ts'
import { type Batch, firstRows } from './batch.ts'
import { type ResultColumn, type ResultSnapshot, type Row, ROWS_SHOWN } from './result.ts'
import type { Wait } from './source.ts'
import { RowReader, rowKeys } from './rowReader.ts'

export interface ResultBuilderOptions {
  /** The columns that were asked for; all of them where absent. */
  readonly select?: readonly string[] | undefined
  /** Where the types come from. */
  readonly table?: Table | undefined
  /** How many rows are decoded and kept; the rest is counted. */
  readonly keep: number
  readonly url: string
  readonly limit?: number | undefined
  /** Milliseconds; any origin. */
  readonly now: () => number
}

/** What is known of a run when it has ended. */
export interface RunEnd {
  /** The size of all bodies. */
  readonly bytes?: number
  readonly requests?: number
  /** It was stopped before its end. */
  readonly more?: boolean
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
    if (wanted > 0) for (const row of this.#reader.readAll(firstRows(batch, wanted))) this.#rows.push(row)
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
  snapshot(state: ResultSnapshot['state'], end: RunEnd = {}): ResultSnapshot {
    const { url, limit, table, select } = this.#options
    const all = select ?? table?.columns.map(column => column.name) ?? []
    const cut = limit !== undefined && this.#received >= limit
    return {
      columns: this.#columns ?? this.#columnsOf(all),
      rows: this.#rows.slice(0, state === 'done' ? undefined : ROWS_SHOWN),
      stats: {
        rows: this.#received,
        bytes: end.bytes ?? this.#bytes,
        requests: end.requests ?? 1,
        ...(this.#firstRowMs === undefined ? {} : { firstRowMs: this.#firstRowMs }),
        ms: this.#elapsed(),
      },
      url,
      ...(cut ? { limit } : {}),
      ...(end.more === true ? { stoppedAt: this.#received } : {}),
      ...(state === 'running' && this.#wait !== undefined ? { wait: this.#wait } : {}),
      state,
    }
  }

  /** In the order of `$select`, however the server spells and orders them; what was not asked for comes last. */
  #columnsOf(keys: readonly string[]): ResultColumn[] {
    const { select = [], table } = this.#options
    const types = new Map(table?.columns.map(column => [column.name, column.type]))
    const asked = select.map(name => keys.find(key => key === name) ?? keys.find(key => key.toLowerCase() === name.toLowerCase()))
    const ordered = new Set([...asked.filter(name => name !== undefined), ...keys])
    return [...ordered].map(name => ({ name, type: types.get(name) ?? 'Edm.String' }))
  }

  #elapsed(): number {
    return Math.round(this.#options.now() - this.#start)
  }
}
