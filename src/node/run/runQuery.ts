import { sliceRows } from '../../core/execute/batch.ts'
import { Execution } from '../../core/execute/execute.ts'
import type { CallContext, QueryEnd, QueryParams } from '../engine/protocol.ts'
import { FileSpill } from '../spill.ts'
import { RequestGate } from './gate.ts'
import { RowSource } from './source.ts'

/** All runs of this thread share the turns. */
const gate = new RequestGate()

export interface Scratch {
  /** For temporary files. */
  readonly folder?: string
  /** What a step holds before it writes there. */
  readonly memoryBytes?: number
}

/**
 * Runs a plan and sends on the rows of its result. Waits for room before it reads on, so that a slow reader holds back
 * the server. Fails as `RowSource.open` and `Execution` do.
 */
export async function runQuery(
  params: QueryParams, { signal, send, renew, wait }: CallContext, { folder, ...memory }: Scratch = {},
): Promise<QueryEnd> {
  const { run, token, maxRows = Infinity, maxConcurrent = 2 } = params
  const failed = new AbortController()
  const stop = (): void => failed.abort()
  const ends = AbortSignal.any([signal, failed.signal])
  const source = new RowSource({ gate, limit: maxConcurrent, token, signal: ends, renew, onWait: wait })
  const spill = new FileSpill(folder)
  const execution = new Execution(run, { source: source.open, spill, concurrency: maxConcurrent, stop, ...memory })
  const end = (more: boolean): QueryEnd =>
    ({ ...execution.stats, rows, bytes: source.bytes, requests: source.requests, more })
  let rows = 0
  try {
    for await (const batch of execution.batches()) {
      const taken = sliceRows(batch, 0, maxRows - rows)
      rows += taken?.ends.length ?? 0
      if (taken !== undefined) await send(taken)
      if (taken !== batch) return end(true)
    }
    return end(false)
  } finally {
    await spill.dispose()
  }
}
