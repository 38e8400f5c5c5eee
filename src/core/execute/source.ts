import type { Batch } from './batch.ts'

/**
 * Sends a request and gives its rows as they come, each batch good until the next one is asked for. Who stops pulling
 * holds back the server; who leaves the loop early closes the socket. A request that is open takes one of the few
 * turns that an instance has for all cells, so it is read to its end, or left, before another one is waited for.
 */
export type Source = (request: RowsRequest) => AsyncGenerator<Batch, AnswerEnd>

/** What an answer says beside its rows. */
export interface AnswerEnd {
  /** Where the next page is, as it is written. */
  readonly nextLink?: string | undefined
  /** The number of rows in all, where it was asked for. */
  readonly count?: number | undefined
}

export interface RowsRequest {
  readonly url: string
  /**
   * The answer should be small, such as that for a part of a list: its rows are given when all of them have come, so
   * that the request can be sent again when the connection breaks in the middle. One that grows large streams after
   * all.
   */
  readonly whole?: boolean
}

/** Why a run stands still: others have the turns, the server has too much to do, or the connection broke. */
export interface Wait {
  readonly reason: 'turn' | 'busy' | 'connection'
  /** Until it goes on; unknown of a turn. */
  readonly seconds?: number
}
