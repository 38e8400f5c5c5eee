import { Execution } from '../core/execute/execute.ts'
import type { CallContext, QueryEnd, QueryParams } from './engine/protocol.ts'
import { rowsOf } from './rows.ts'
import { FileSpill } from './spill.ts'

/**
 * Runs a plan and sends on the rows of its result. Waits for room before it reads on, so that a slow reader holds back
 * the server. Fails as `rowsOf` and `Execution` do.
 */
export async function runQuery({ run, token }: QueryParams, { signal, send }: CallContext): Promise<QueryEnd> {
  let bytes = 0
  const spill = new FileSpill()
  const execution = new Execution(run, {
    source: ({ url }) => rowsOf(url, { token, signal, onBytes: more => void (bytes += more) }),
    spill,
  })
  try {
    for await (const batch of execution.batches()) await send(batch)
    return { ...execution.stats, bytes }
  } finally {
    await spill.dispose()
  }
}
