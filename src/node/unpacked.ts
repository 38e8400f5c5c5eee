import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip } from 'node:zlib'
import { type Body, bodyOf, piecesOf } from './body.ts'

/** What has come of a body that ends early is given first; that it ended early, who reads it sees. */
const WHOLE_OR_NOT = { finishFlush: constants.Z_SYNC_FLUSH }

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  'gzip': () => createGunzip(WHOLE_OR_NOT),
  'x-gzip': () => createGunzip(WHOLE_OR_NOT),
  'br': () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}

/**
 * A body without its `Content-Encoding` (RFC 9110, section 8.4); one that nobody asked for stays as it is.
 *
 * @param asError what is thrown where it can't be unpacked
 */
export function unpacked(body: Body, encoding: string | undefined, asError: (error: unknown) => Error): Body {
  const unpacker = UNPACKERS[encoding?.trim().toLowerCase() ?? '']
  return unpacker === undefined ? body : bodyOf(through(body, unpacker(), asError))
}

async function* through(body: Body, unpacker: Transform, asError: (error: unknown) => Error): AsyncGenerator<Uint8Array> {
  // Errors of either, and an early leaving, end both.
  pipeline(Readable.from(piecesOf(body)), unpacker, () => undefined)
  try {
    for await (const piece of unpacker as AsyncIterable<Uint8Array>) yield piece
  } catch (error) {
    throw asError(error)
  } finally {
    // the unpacker waits for the next piece, which may never come
    body.leave()
  }
}
