import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Monitor, TableRun } from '../monitor.ts'
import type { Quirks } from '../quirks.ts'

/** So much is sent at once, or a little more. */
const CHUNK_BYTES = 32_768
/** So many rows are read at once: small enough that the first come early and nobody waits long. */
const PIECE_ROWS = 80

/** Some rows of an answer, as JSON in UTF-8 with a comma before each. */
export interface Piece {
  readonly rows: number
  readonly bytes: Uint8Array
}

/** Gives the rows of an answer in their order; it reads nothing unless asked. */
export interface RowReader {
  /** The next rows, `most` of them or fewer, also none; undefined when there are no more. */
  read(most: number): Piece | undefined
}

/**
 * Writes rows as they come from the database, never faster than the client takes them, and stops when it goes.
 * Settles when the answer has ended, either way.
 */
export async function streamRows(
  response: ServerResponse, context: string, reader: RowReader, run: TableRun, quirks: Quirks, monitor: Monitor,
): Promise<void> {
  const stall = quirks.number('stall-after-row')
  const cut = quirks.number('cut-after-row')
  const body = new StreamedBody(response, run, monitor)
  const stops = [stall, cut].flatMap(row => row ?? [])
  const most = () => Math.min(PIECE_ROWS, ...stops.map(row => row - body.rows).filter(rows => rows > 0))
  try {
    body.add({ rows: 0, bytes: Buffer.from(`{"@odata.context":${JSON.stringify(context)},"value":[`) })
    for (let piece = reader.read(most()); piece; piece = reader.read(most())) {
      body.add(body.rows === 0 ? { ...piece, bytes: piece.bytes.subarray(1) } : piece)
      if (body.rows === cut) {
        body.cut()
        return
      }
      const stalls = piece.rows > 0 && body.rows === stall
      if (stalls || body.waiting >= CHUNK_BYTES) await body.flush()
      if (stalls) await monitor.stalled(run, body.gone)
      await body.rest()
    }
    body.add({ rows: 0, bytes: Buffer.from(']}') })
    await body.flush()
    await body.end()
  } catch (error) {
    if (!body.gone.aborted) throw error
  }
}

/** A chunked answer that is collected a little, and then sent at the client's pace. */
class StreamedBody {
  /** Aborted when the connection is closed. */
  readonly gone: AbortSignal
  /** How many rows it has, sent or waiting. */
  rows = 0
  /** How many bytes wait to be sent. */
  waiting = 0
  readonly #response: ServerResponse
  readonly #run: TableRun
  readonly #monitor: Monitor
  #pieces: Uint8Array[] = []
  #onTaken: () => void = () => undefined

  constructor(response: ServerResponse, run: TableRun, monitor: Monitor) {
    this.#response = response
    this.#run = run
    this.#monitor = monitor
    const closed = new AbortController()
    this.gone = closed.signal
    response.once('close', () => {
      closed.abort()
      this.#onTaken()
    })
    if (response.closed) closed.abort()
    response.writeHead(
      200, { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8', 'odata-version': '4.0' },
    )
  }

  add({ rows, bytes }: Piece): void {
    this.rows += rows
    this.waiting += bytes.length
    this.#pieces.push(bytes)
  }

  /** Sends what waits, and goes on when the system has taken it. @throws AbortError when the client has gone */
  async flush(): Promise<void> {
    this.gone.throwIfAborted()
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#onTaken = () => resolve(undefined)
    const pieces = this.#pieces
    const chunk = this.#take()
    this.#response.write(chunk, this.#onTaken)
    this.#run.rows = this.rows
    this.#monitor.changed()
    await promise
    this.gone.throwIfAborted()
    for (const bytes of new Set([chunk, ...pieces])) giveBack(bytes)
  }

  /** Lets others have a turn. @throws AbortError when the client has gone */
  async rest(): Promise<void> {
    await nextTurn()
    this.gone.throwIfAborted()
  }

  async end(): Promise<void> {
    const closed = once(this.#response, 'close')
    this.#response.end()
    await closed
  }

  /** Breaks the connection, when what waits has been sent. */
  cut(): void {
    this.#response.write(this.#take(), () => this.#response.destroy())
  }

  #take(): Uint8Array {
    const [first] = this.#pieces
    const all = first && this.#pieces.length === 1 ? first : Buffer.concat(this.#pieces)
    this.#run.bytes += this.waiting
    this.#pieces = []
    this.waiting = 0
    return all
  }
}

/** Frees the memory of bytes that nobody needs any more: before the collector comes, tens of megabytes pile up. */
function giveBack({ buffer, byteLength }: Uint8Array): void {
  // Small buffers share theirs.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}
