import type { Run } from '../plan/plan.ts'
import type { Batch } from './batch.ts'

/**
 * Sends one request and gives its rows; returns the address of the next page where there is one. Leaving it early ends
 * the request.
 */
export type Source = (url: string) => AsyncGenerator<Batch, string | undefined>

/** Keeps what is too much for memory; the files are gone after `dispose`. */
export interface Spill {
  /** Writes one run of blocks, and reads them again in that order, as often as wanted. */
  write(blocks: AsyncIterable<Uint8Array>): Promise<SpilledRun>
  dispose(): Promise<void>
}

export interface SpilledRun {
  read(): AsyncIterable<Uint8Array>
}

export interface ExecuteOptions {
  readonly source: Source
  /** Without it, sorting stays in memory. */
  readonly spill?: Spill
  /** Look-ups that may be under way at the same time. */
  readonly concurrency?: number
}

export interface ExecuteStats {
  readonly requests: number
  /** Rows that came and were dropped here: by a filter, as duplicates, by `$skip` or `$top`. */
  readonly droppedLocally: number
  /** `$count`: what the filter lets through. */
  readonly count?: number
}

/** Runs a plan's data: rows of the result as batches of JSON; its return value tells what it took. */
export declare function execute(run: Run, options: ExecuteOptions): AsyncGenerator<Batch, ExecuteStats>
