/** So much of a body as has come, in order. */
export type Pieces = readonly Uint8Array[]

/** A body as it comes, which can be read once. Who reads slowly holds back its socket. */
export interface Body {
  /**
   * Hands what comes to `make`, in the turn of the event loop in which it comes, until that makes something of it; what
   * comes later waits for the next call. Undefined where the body has ended. Fails with what `make` throws, too. One
   * call at a time.
   */
  readonly read: <T>(make: (pieces: Pieces) => T | undefined) => Promise<T | undefined>
  /** Closes the socket, unless the body has ended. */
  readonly leave: () => void
}

/** A body of what a stream gives. Leaving it ends the generator; how that ends, nobody waits for. */
export function bodyOf(pieces: AsyncGenerator<Uint8Array>): Body {
  return {
    leave: () => void pieces.return(undefined).catch(() => undefined),
    read: async make => {
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
        const made = make([next.value])
        if (made !== undefined) return made
      }
      return undefined
    },
  }
}

/** The pieces of a body one by one. Leaving the loop early leaves the body. */
export async function* piecesOf(body: Body): AsyncGenerator<Uint8Array> {
  try {
    for (let pieces = await body.read(same); pieces !== undefined; pieces = await body.read(same)) yield* pieces
  } finally {
    body.leave()
  }
}

function same(pieces: Pieces): Pieces {
  return pieces
}
