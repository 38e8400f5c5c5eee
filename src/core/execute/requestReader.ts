import { ErpError, isErpError } from '../base/errors.ts'
import type { Request, Run } from '../plan/plan.ts'
import { split, urlOf } from '../plan/requests.ts'
import type { Batch } from './batch.ts'
import type { Source } from './source.ts'

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

  /**
   * The rows of all its pieces, one after another. Fails as the source does. The pieces of a list that was cut are asked
   * for as small answers (`RowsRequest.whole`).
   *
   * @param whole so is the request itself
   */
  async *read(request: Request, whole = false): AsyncGenerator<Batch> {
    const waiting = [request]
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      // again before each, since addresses may have to be shorter by now
      const pieces = this.pieces(next)
      if (pieces.length > 1) waiting.unshift(...pieces)
      else yield* this.#readPiece(next, whole || next !== request)
    }
  }

  /** A server that refuses a long address is asked with half of it from then on. */
  async *#readPiece(piece: Request, whole: boolean): AsyncGenerator<Batch> {
    const url = urlOf(this.#root, piece)
    let hasRows = false
    try {
      for await (const batch of this.#pages(piece, whole)) {
        hasRows = true
        yield batch
      }
    } catch (error) {
      const canBeCut = (piece.list?.values.length ?? 0) > 1
      if (hasRows || !canBeCut || !isErpError(error, 'url-too-long')) throw error
      this.#maxUrlLength = Math.min(this.#maxUrlLength, Math.floor(url.length / 2))
      yield* this.read(piece, whole)
    }
  }

  /**
   * Page by page: by the links of the server, else, since older instances give none, by `$skip` behind each full page
   * (protocol sheet, section 3, "Paging").
   */
  async *#pages(request: Request, whole: boolean): AsyncGenerator<Batch> {
    const { pages, top = Infinity } = request
    let rows = 0
    let hasLinks = false
    for (let url: string | undefined = urlOf(this.#root, request); url !== undefined;) {
      this.#requests++
      const before = rows
      const page: ReturnType<Source> = this.#source({ url, whole: whole || pages !== undefined })
      const link: string | undefined = yield* counted(page, count => void (rows += count))
      if (pages === undefined || rows >= (pages.enough ?? Infinity)) return
      hasLinks ||= link !== undefined
      const isFull = rows - before >= top
      if (link !== undefined) url = this.#linked(link)
      else url = isFull && !hasLinks ? urlOf(this.#root, { ...request, pages: { ...pages, skip: pages.skip + rows } }) : undefined
    }
  }

  /** Links are absolute, or relative to the root. The token goes to no other server. */
  #linked(link: string): string {
    const url = URL.canParse(link, this.#root) ? new URL(link, this.#root) : undefined
    if (url?.origin === new URL(this.#root).origin) return url.href
    throw new ErpError('unexpected-answer', { url: this.#root, reason: 'its link to the next page leads elsewhere' })
  }
}

async function* counted(page: ReturnType<Source>, onRows: (rows: number) => void): ReturnType<Source> {
  try {
    for (let next = await page.next(); ; next = await page.next()) {
      if (next.done === true) return next.value
      onRows(next.value.ends.length)
      yield next.value
    }
  } finally {
    await page.return(undefined)
  }
}
