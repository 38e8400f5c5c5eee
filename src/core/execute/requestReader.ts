import { type ErpError, isErpError } from '../base/errors.ts'
import type { Request, Run } from '../plan/plan.ts'
import { split, urlOf } from '../plan/requests.ts'
import type { Batch } from './batch.ts'

/**
 * Sends one request and gives its rows; returns the address of the next page where there is one. Leaving it early ends
 * the request.
 */
export type Source = (url: string) => AsyncGenerator<Batch, string | undefined>

/** An address that is no longer than this is never what a server refuses. */
const SHORT = 500

/** Reads requests: in pieces where their list is too long for one address, page by page where there are pages. */
export class RequestReader {
  readonly #root: string
  readonly #source: Source
  #maxUrlLength: number
  #requests = 0

  constructor({ root, maxUrlLength }: Pick<Run, 'root' | 'maxUrlLength'>, source: Source) {
    this.#root = root
    this.#source = source
    this.#maxUrlLength = maxUrlLength
  }

  /** How many were sent so far. */
  get requests(): number {
    return this.#requests
  }

  /** The addresses of what is asked for one after another. */
  pieces(request: Request): Request[] {
    return split(this.#root, request, this.#maxUrlLength)
  }

  /** The rows of all its pieces. Fails as the source does. */
  async *read(request: Request): AsyncGenerator<Batch> {
    for (const piece of this.pieces(request)) yield* this.#readPiece(piece)
  }

  /** A server that refuses a long address is asked with half of it from then on. */
  async *#readPiece(piece: Request): AsyncGenerator<Batch> {
    const url = urlOf(this.#root, piece)
    let hasRows = false
    try {
      for await (const batch of this.#pages(url)) {
        hasRows = true
        yield batch
      }
    } catch (error) {
      const canBeCut = (piece.list?.values.length ?? 0) > 1 && url.length > SHORT
      if (hasRows || !canBeCut || !isTooLong(error)) throw error
      this.#maxUrlLength = Math.min(this.#maxUrlLength, Math.floor(url.length / 2))
      yield* this.read(piece)
    }
  }

  async *#pages(first: string): AsyncGenerator<Batch> {
    for (let url: string | undefined = first; url !== undefined;) {
      this.#requests++
      url = yield* this.#source(url)
    }
  }
}

/** 404 is what some servers say of an address that is too long; 414 and 431 are for that (RFC 9110, RFC 6585). */
function isTooLong(error: unknown): error is ErpError {
  if (isErpError(error, 'not-found')) return true
  return isErpError(error, 'server-error') && (error.facts['status'] === 414 || error.facts['status'] === 431)
}
