import { ErpError, isErpError } from '../base/errors.ts'
import { redact } from '../base/redact.ts'
import type { Request, Run } from '../plan/plan.ts'
import { split, urlOf } from '../plan/requests.ts'
import { type Batch, sliceRows } from './batch.ts'
import type { AnswerEnd, Source } from './source.ts'

/** Reads requests: in pieces where their list is too long for one address, page by page where there are pages. */
export class RequestReader {
  readonly #root: string
  readonly #source: Source
  #maxUrlLength: number
  #requests = 0
  #count: number | undefined

  constructor({ root, maxUrlLength }: Pick<Run, 'root' | 'maxUrlLength'>, source: Source) {
    this.#root = root
    this.#source = source
    this.#maxUrlLength = maxUrlLength
  }

  /** How many were sent so far. */
  get requests(): number {
    return this.#requests
  }

  /** The number of rows in all, as soon as the server has told it (`Request.counted`). */
  get count(): number | undefined {
    return this.#count
  }

  /** The addresses of what is asked for one after another. */
  pieces(request: Request): Request[] {
    return split(this.#root, request, this.#maxUrlLength)
  }

  /**
   * The rows of all its pieces, one after another. Fails as the source does. The pieces of a list that was cut are
   * asked for as small answers (`RowsRequest.whole`).
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
   * Page by page: by the links of the server, whatever it is asked for, else, since older instances give none, by
   * `$skip` behind each full page (protocol sheet, section 3, "Paging"). No more rows than are wanted, whatever a
   * page holds.
   */
  async *#pages(request: Request, whole: boolean): AsyncGenerator<Batch> {
    const { pages, top = Infinity } = request
    const enough = pages === undefined ? top : pages.enough ?? Infinity
    const first = urlOf(this.#root, request)
    const asked = new Set<string>()
    let rows = 0
    let hasLinks = false
    for (let url: string | undefined = first; url !== undefined;) {
      this.#requests++
      asked.add(new URL(url).href)
      const before = rows
      const page: ReturnType<Source> = this.#source({ url, whole: whole || pages !== undefined })
      const { nextLink, count }: AnswerEnd = yield* atMost(enough - rows, page, request.counted === true, added => void (rows += added))
      if (request.counted === true) this.#count ??= count ?? uncounted(url)
      if (rows >= enough) return
      hasLinks ||= nextLink !== undefined
      if (nextLink !== undefined) url = linked(nextLink, first, asked)
      else {
        const isNext = pages !== undefined && rows - before >= top && !hasLinks
        url = isNext ? urlOf(this.#root, { ...request, counted: false, pages: { ...pages, skip: pages.skip + rows } }) : undefined
      }
    }
  }
}

/**
 * Links are absolute, or relative to the root, where the first page lies. The token goes to no other server, and no
 * page is read twice.
 */
function linked(link: string, first: string, asked: ReadonlySet<string>): string {
  const url = URL.canParse(link, first) ? new URL(link, first) : undefined
  if (url?.origin !== new URL(first).origin) throw unexpected(first, 'its link to the next page leads elsewhere')
  if (asked.has(url.href)) throw unexpected(first, 'its link to the next page leads back to one that was read')
  return url.href
}

function uncounted(url: string): never {
  throw unexpected(url, 'it does not tell how many rows there are')
}

function unexpected(url: string, reason: string): ErpError {
  return new ErpError('unexpected-answer', { url: redact(url), reason })
}

/** @param isWhole must the answer be read to its end, whatever it still brings? */
async function* atMost(most: number, page: ReturnType<Source>, isWhole: boolean, onRows: (rows: number) => void): ReturnType<Source> {
  let room = most
  try {
    for (let next = await page.next(); ; next = await page.next()) {
      if (next.done === true) return next.value
      const wanted = sliceRows(next.value, 0, Math.min(room, next.value.ends.length))
      const isCut = room < next.value.ends.length
      room -= wanted?.ends.length ?? 0
      onRows(wanted?.ends.length ?? 0)
      if (wanted !== undefined) yield wanted
      if (isCut && !isWhole) return {}
    }
  } finally {
    await page.return({})
  }
}
