import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'

/** What has come of a body that ends early is given first; that it ended early, who reads it sees. */
const WHOLE_OR_NOT = { finishFlush: constants.Z_SYNC_FLUSH }

const UNPACKERS: Readonly<Record<string, () => Transform>> = {
  'gzip': () => createGunzip(WHOLE_OR_NOT),
  'x-gzip': () => createGunzip(WHOLE_OR_NOT),
  'deflate': () => createInflate(WHOLE_OR_NOT),
  'br': () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
}

/** A body without its `Content-Encoding` (RFC 9110, section 8.4); one that nobody asked for stays as it is. */
export function unpacked(body: AsyncIterable<Uint8Array>, encoding: string | undefined): AsyncIterable<Uint8Array> {
  const unpacker = UNPACKERS[encoding?.trim().toLowerCase() ?? '']
  return unpacker === undefined ? body : through(body, unpacker())
}

async function* through(body: AsyncIterable<Uint8Array>, unpacker: Transform): AsyncGenerator<Uint8Array> {
  // Errors of either, and an early leaving, end both.
  pipeline(Readable.from(body), unpacker, () => undefined)
  yield* unpacker as AsyncIterable<Uint8Array>
}
