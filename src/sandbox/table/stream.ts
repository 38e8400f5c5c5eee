import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Monitor, TableRun } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'

/** Sent at once when it has grown so far; small enough that the first rows come early. */
const CHUNK_BYTES = 65_536

/**
 * Writes rows as they come from the database, never faster than the client takes them, and stops when it goes.
 * Settles when the answer has ended, either way.
 * @param rows each row as JSON in UTF-8 with a comma before it; undefined where there is none yet
 */
export async function streamRows(
  response: ServerResponse, context: string, rows: Iterable<Uint8Array | undefined>, run: TableRun, quirks: Quirks, monitor: Monitor,
): Promise<void> {
  const stall = quirks.number('stall-after-row')
  const cut = quirks.number('cut-after-row')
  const cutByte = quirks.number('cut-after-byte')
  // One request only stalls, so that a test knows which.
  if (stall !== undefined) quirks.set('stall-after-row', false)
  const body = new StreamedBody(response, run)
  try {
    body.add(Buffer.from(`{"@odata.context":${JSON.stringify(context)},"value":[`))
    let count = 0
    for (const row of rows) {
      if (!row) {
        await body.rest()
        continue
      }
      body.add(count === 0 ? row.subarray(1) : row)
      count += 1
      if (count === cut || (cutByte !== undefined && body.bytes >= cutByte)) {
        body.cut(cutByte)
        return
      }
      if (count === stall || body.waiting >= CHUNK_BYTES) {
        await body.flush(count)
        monitor.changed()
      }
      if (count === stall) await monitor.stalled(run, body.gone)
    }
    body.add(Buffer.from(']}'))
    await body.flush(count)
    await body.end()
  } catch (error) {
    if (!body.gone.aborted) throw error
  }
}

/** A chunked answer that is collected a little, and then sent at the client's pace. */
class StreamedBody {
  /** Aborted when the connection is closed. */
  readonly gone: AbortSignal
  readonly #response: ServerResponse
  readonly #run: TableRun
  #pieces: Uint8Array[] = []
  #waiting = 0

  constructor(response: ServerResponse, run: TableRun) {
    this.#response = response
    this.#run = run
    const closed = new AbortController()
    this.gone = closed.signal
    response.once('close', () => closed.abort())
    if (response.closed) closed.abort()
    response.writeHead(
      200, { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8', 'odata-version': '4.0' },
    )
  }

  /** How many bytes wait to be sent. */
  get waiting(): number {
    return this.#waiting
  }

  get bytes(): number {
    return this.#run.bytes + this.#waiting
  }

  add(piece: Uint8Array): void {
    this.#pieces.push(piece)
    this.#waiting += piece.length
  }

  /** Lets others have a turn. @throws AbortError when the client has gone */
  async rest(): Promise<void> {
    await nextTurn(undefined, { signal: this.gone })
  }

  /** Sends what waits, and lets the client take it. @throws AbortError when it has gone */
  async flush(rows: number): Promise<void> {
    this.gone.throwIfAborted()
    const taken = this.#response.write(Buffer.concat(this.#pieces, this.#waiting))
    this.#run.rows = rows
    this.#run.bytes = this.bytes
    this.#pieces = []
    this.#waiting = 0
    if (taken) await this.rest()
    else await once(this.#response, 'drain', { signal: this.gone })
  }

  async end(): Promise<void> {
    const closed = once(this.#response, 'close')
    this.#response.end()
    await closed
  }

  /** Breaks the connection, when what waits has been sent, up to byte `most` of the answer where that is given. */
  cut(most: number | undefined): void {
    const last = Buffer.concat(this.#pieces)
    this.#response.write(
      most === undefined ? last : last.subarray(0, most - this.#run.bytes), () => this.#response.destroy(),
    )
  }
}
