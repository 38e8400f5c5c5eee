import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Monitor, TableRun } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'

/** Sent at once when it has grown so far; small enough that the first rows come early. */
const CHUNK_CHARACTERS = 32_768

/**
 * Writes rows as they come from the database, never faster than the client takes them, and stops when it goes.
 * Settles when the answer has ended, either way.
 * @param rows the JSON text of each row
 */
export async function streamRows(
  response: ServerResponse, context: string, rows: Iterable<string>, run: TableRun, quirks: Quirks, monitor: Monitor,
): Promise<void> {
  const stall = quirks.number('stall-after-row')
  const cut = quirks.number('cut-after-row')
  const body = new StreamedBody(response, run)
  try {
    body.add(`{"@odata.context":${JSON.stringify(context)},"value":[`)
    let count = 0
    for (const row of rows) {
      body.add(count === 0 ? row : `,${row}`)
      count += 1
      if (count === cut) {
        body.cut()
        return
      }
      if (count === stall || body.waiting >= CHUNK_CHARACTERS) {
        await body.flush(count)
        monitor.changed()
      }
      if (count === stall) await monitor.stalled(run, body.gone)
    }
    body.add(']}')
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
  #text = ''

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

  /** How many characters wait to be sent. */
  get waiting(): number {
    return this.#text.length
  }

  add(text: string): void {
    this.#text += text
  }

  /** Sends what waits, and lets the client take it. @throws AbortError when it has gone */
  async flush(rows: number): Promise<void> {
    this.gone.throwIfAborted()
    const taken = this.#response.write(this.#text)
    this.#run.rows = rows
    this.#run.bytes += Buffer.byteLength(this.#text)
    this.#text = ''
    if (taken) await nextTurn(undefined, { signal: this.gone })
    else await once(this.#response, 'drain', { signal: this.gone })
  }

  async end(): Promise<void> {
    const closed = once(this.#response, 'close')
    this.#response.end()
    await closed
  }

  /** Breaks the connection, when what waits has been sent. */
  cut(): void {
    this.#response.write(this.#text, () => this.#response.destroy())
  }
}
