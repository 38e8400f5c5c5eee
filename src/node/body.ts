/** A body as it comes: each time the pieces that have come since, in order. */
export type Body = AsyncIterable<readonly Uint8Array[]>
