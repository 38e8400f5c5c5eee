import { pipeline, Readable, type Transform } from 'node:stream'
import { constants, createBrotliDecompress, createGunzip } from 'node:zlib'
import type { Body } from './body.ts'

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
 * @param leave ends the body, also while its next piece is waited for: the unpacker always waits for one
 */
export function unpacked(body: Body, encoding: string | undefined, leave: () => void): Body {
  const unpacker = UNPACKERS[encoding?.trim().toLowerCase() ?? '']
  return unpacker === undefined ? body : through(body, unpacker(), leave)
}

async function* through(body: Body, unpacker: Transform, leave: () => void): AsyncGenerator<readonly Uint8Array[]> {
  // Errors of either, and an early leaving, end both.
  pipeline(Readable.from(single(body)), unpacker, () => undefined)
  try {
    for await (const piece of unpacker as AsyncIterable<Uint8Array>) yield [piece]
  } finally {
    leave()
  }
}

async function* single(body: Body): AsyncGenerator<Uint8Array> {
  for await (const pieces of body) yield* pieces
}
