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
 */
export async function streamRows(
  response: ServerResponse, context: string, rows: Iterable<string>, run: TableRun, quirks: Quirks, monitor: Monitor,
): Promise<void> {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  if (response.closed) return
  const stall = quirks.number('stall-after-row')
  const cut = quirks.number('cut-after-row')
  const cutByte = quirks.number('cut-after-byte')
  if (stall !== undefined) quirks.set('stall-after-row', false)

  response.writeHead(200, { 'content-type': 'application/json; odata.metadata=minimal; charset=utf-8', 'odata-version': '4.0' })
  let text = `{"@odata.context":${JSON.stringify(context)},"value":[`
  let count = 0
  try {
    for (const row of rows) {
      text += count === 0 ? row : `,${row}`
      count += 1
      if (cutByte !== undefined && run.bytes + Buffer.byteLength(text) >= cutByte) {
        return void cutOff(response, Buffer.from(text).subarray(0, cutByte - run.bytes))
      }
      if (cut === count) return void cutOff(response, text)
      if (stall === count) {
        await flush(response, text, run, count, gone.signal)
        text = ''
        await monitor.stalled(run, gone.signal)
      }
      if (text.length >= CHUNK_CHARACTERS) {
        await flush(response, text, run, count, gone.signal)
        text = ''
        monitor.changed()
      }
    }
    await flush(response, `${text}]}`, run, count, gone.signal)
    response.end()
    if (!gone.signal.aborted && !response.closed) await once(response, 'close')
  } catch (error) {
    if (!gone.signal.aborted) throw error
  }
}

/** Lets the client take what there is. @throws AbortError when it has gone */
async function flush(response: ServerResponse, text: string, run: TableRun, rows: number, gone: AbortSignal): Promise<void> {
  gone.throwIfAborted()
  run.rows = rows
  run.bytes += Buffer.byteLength(text)
  if (response.write(text)) await nextTurn(undefined, { signal: gone })
  else await once(response, 'drain', { signal: gone })
}

function cutOff(response: ServerResponse, last: string | Buffer): void {
  response.write(last, () => response.destroy())
}
