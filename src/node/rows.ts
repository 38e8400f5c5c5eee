import { ErpError, isErpError } from '../core/base/errors.ts'
import type { Batch } from '../core/execute/batch.ts'
import { RowScanner } from '../core/execute/rowScanner.ts'
import type { CallContext, RowsEnd, RowsParams } from './engine/protocol.ts'
import { openBody } from './http.ts'

export interface ReadOptions {
  readonly token: string
  readonly signal: AbortSignal
  /** Told of every piece of the body. */
  readonly onBytes: (bytes: number) => void
}

/**
 * The rows of one answer of the Table API, whole and undecoded, as it streams; leaving them early closes the socket.
 * Fails as `openBody` does, with `unexpected-answer` where the body is no collection, and with `connection-cut`
 * (fact: rows) where it ends too early.
 */
export async function* rowsOf(url: string, { token, signal, onBytes }: ReadOptions): AsyncGenerator<Batch, undefined> {
  const scanner = new RowScanner()
  try {
    const { body } = await openBody(url, { token, signal })
    for await (const chunk of body) {
      onBytes(chunk.length)
      const batch = scanner.push(chunk)
      if (batch !== undefined) yield batch
    }
    scanner.end()
    return undefined
  } catch (error) {
    throw withPlace(error, url, scanner.rows)
  }
}

/** Sends on the rows of one answer. Waits for room before it reads on, so that a slow reader holds back the server. */
export async function readRows({ url, token }: RowsParams, { signal, send }: CallContext): Promise<RowsEnd> {
  let [rows, bytes] = [0, 0]
  for await (const batch of rowsOf(url, { token, signal, onBytes: more => void (bytes += more) })) {
    rows += batch.ends.length
    await send(batch)
  }
  return { rows, bytes }
}

/** Errors of the body alone don't know the address, those of the socket don't know the rows. */
function withPlace(error: unknown, url: string, rows: number): unknown {
  if (isTooLong(error, url)) return new ErpError('url-too-long', { host: new URL(url).host, characters: url.length }, { cause: error })
  if (isErpError(error, 'connection-cut')) {
    return new ErpError('connection-cut', { host: new URL(url).host, rows }, { cause: error })
  }
  return isErpError(error, 'unexpected-answer') ? new ErpError(error.code, { url, ...error.facts }, { cause: error }) : error
}

/** Behind a shorter address, "not found" means just that. */
const LONG_URL = 2000

/** 414 (RFC 9110) and 431 (RFC 6585) are for that; some servers say 404. */
function isTooLong(error: unknown, url: string): boolean {
  if (isErpError(error, 'not-found')) return url.length > LONG_URL
  return isErpError(error, 'server-error') && (error.facts['status'] === 414 || error.facts['status'] === 431)
}
