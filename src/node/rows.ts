import { ErpError, isErpError } from '../core/base/errors.ts'
import { RowScanner } from '../core/execute/rowScanner.ts'
import type { CallContext, RowsEnd, RowsParams } from './engine/protocol.ts'
import { openBody } from './http.ts'

/**
 * Reads one answer of the Table API as it streams and sends on its rows, whole and undecoded. Waits for room before
 * it reads on, so that a slow reader holds back the server. Fails as `openBody` does, with `unexpected-answer` where
 * the body is no collection, and with `connection-cut` (fact: rows) where it ends too early.
 */
export async function readRows({ url, token }: RowsParams, { signal, send }: CallContext): Promise<RowsEnd> {
  const scanner = new RowScanner()
  let bytes = 0
  try {
    const { body } = await openBody(url, { token, signal })
    for await (const chunk of body) {
      bytes += chunk.length
      const batch = scanner.push(chunk)
      if (batch !== undefined) await send(batch)
    }
    scanner.end()
    return { rows: scanner.rows, bytes }
  } catch (error) {
    throw withPlace(error, url, scanner.rows)
  }
}

/** Errors of the body alone don't know the address, those of the socket don't know the rows. */
function withPlace(error: unknown, url: string, rows: number): unknown {
  if (isErpError(error, 'connection-cut')) {
    return new ErpError('connection-cut', { host: new URL(url).host, rows }, { cause: error })
  }
  return isErpError(error, 'unexpected-answer') ? new ErpError(error.code, { url, ...error.facts }, { cause: error }) : error
}
