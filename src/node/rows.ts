import { firstRows } from '../core/execute/batch.ts'
import type { CallContext, RowsEnd, RowsParams } from './engine/protocol.ts'
import { RequestGate } from './run/gate.ts'
import { RowSource } from './run/source.ts'

type RowsContext = Pick<CallContext, 'signal' | 'send'> & Partial<CallContext>

/** All runs of this thread share the turns. */
const gate = new RequestGate()

/**
 * Reads one answer of the Table API as it streams and sends on its rows, whole and undecoded. Waits for room before
 * it reads on, so that a slow reader holds back the server. Fails as `RowSource.open` does.
 */
export async function readRows(params: RowsParams, { signal, send, renew, wait }: RowsContext): Promise<RowsEnd> {
  const { url, token, maxRows = Infinity, maxConcurrent = 2 } = params
  const source = new RowSource({
    gate, limit: maxConcurrent, token, signal, ...(renew === undefined ? {} : { renew }), ...(wait === undefined ? {} : { onWait: wait }),
  })
  let rows = 0
  for await (const batch of source.open({ url })) {
    if (rows === maxRows) return { rows, bytes: source.bytes, requests: source.requests, more: true }
    const taken = firstRows(batch, maxRows - rows)
    rows += taken.ends.length
    const whole = taken === batch
    await send(taken)
    if (!whole) return { rows, bytes: source.bytes, requests: source.requests, more: true }
  }
  return { rows, bytes: source.bytes, requests: source.requests, more: false }
}
