import { setTimeout as delay } from 'node:timers/promises'
import { unlessAborted } from '../../core/base/cancel.ts'
import { ErpError, isErpError } from '../../core/base/errors.ts'
import { redact } from '../../core/base/redact.ts'
import type { Batch } from '../../core/execute/batch.ts'
import type { AnswerEnd, RowsRequest, Source, Wait } from '../../core/execute/source.ts'
import { openBody } from '../http.ts'
import type { RequestGate } from './gate.ts'
import { Retries } from './retries.ts'
import { type RowAnswer, rowAnswer, wholeAnswer } from './rowAnswer.ts'

export interface SourceOptions {
  readonly gate: RequestGate
  /** How many requests an instance gets at once. */
  readonly limit: number
  /** An access token or reference token. */
  readonly token: string
  /** Gives another token for one that was refused; throws where there is none. Asked once at a time. */
  readonly renew?: (refused: string) => Promise<string>
  readonly signal: AbortSignal
  /** Told of each wait, and with nothing when it is over. */
  readonly onWait?: (wait: Wait | undefined) => void
  readonly effects?: Effects
}

/** Chance and time; tests bring their own. */
export interface Effects {
  readonly random: () => number
  /** Throws when the signal says so. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

const EFFECTS: Effects = {
  random: Math.random,
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
}

/**
 * Behind such an address, "not found" means that the server cuts it: IIS takes 2,048 characters of a query when not
 * told otherwise.
 */
const LONG_URL = 2000

/** Where the rows of one run come from. */
export class RowSource {
  readonly #options: SourceOptions
  readonly #effects: Effects
  #token: string
  /** On its way, for all requests that were refused. */
  #renewal: Promise<void> | undefined
  #requests = 0
  #bytes = 0

  constructor(options: SourceOptions) {
    this.#options = options
    this.#effects = options.effects ?? EFFECTS
    this.#token = options.token
  }

  /** Requests sent so far. */
  get requests(): number {
    return this.#requests
  }

  /** Bytes of their bodies, unpacked. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Waits for a turn; waits and asks again where the server has too much to do, once more with a new token where it
   * refuses the first, and where the connection breaks before the first row.
   *
   * Fails as `openBody` does, with `unexpected-answer` where the body is no collection, with `connection-cut` where it
   * ends too early, and with `url-too-long`.
   */
  readonly open: Source = request => this.#open(request)

  async *#open(request: RowsRequest): AsyncGenerator<Batch, AnswerEnd> {
    const { gate, limit, signal, onWait } = this.#options
    let waited = false
    const wait = (told: Wait): void => {
      waited = true
      onWait?.(told)
    }
    const go = (): void => {
      if (waited) onWait?.(undefined)
      waited = false
    }
    const leave = await gate.enter(new URL(request.url).origin, limit, { signal, onWait: () => wait({ reason: 'turn' }) })
    try {
      go()
      const { first, answer } = await this.#begun(request, wait, go)
      try {
        for (let batch = first; batch !== undefined; batch = await answer.next()) yield batch
        return answer.end()
      } finally {
        answer.leave()
      }
    } catch (error) {
      throw withPlace(error, request.url)
    } finally {
      leave()
    }
  }

  /** The answer of which the first batch, or the end, has come. */
  async #begun(request: RowsRequest, wait: (told: Wait) => void, go: () => void): Promise<{ first: Batch | undefined, answer: RowAnswer }> {
    const retries = new Retries(this.#effects.random)
    let renewed = false
    for (;;) {
      const token = this.#token
      try {
        return await this.#asked(request, token)
      } catch (error) {
        if (isErpError(error, 'unauthorized') && !renewed) {
          renewed = true
          await this.#renew(token, error)
          continue
        }
        const next = retries.after(error)
        if (next === undefined) throw error
        wait(next)
        await this.#sleep(next.seconds * 1000)
        go()
      }
    }
  }

  async #asked({ url, whole = false }: RowsRequest, token: string): Promise<{ first: Batch | undefined, answer: RowAnswer }> {
    this.#requests++
    const { body } = await openBody(url, { token, signal: this.#options.signal })
    try {
      const streamed = rowAnswer(body, bytes => (this.#bytes += bytes))
      const answer = whole ? await wholeAnswer(streamed) : streamed
      const first = await answer.next()
      if (first === undefined) answer.end()
      return { first, answer }
    } catch (error) {
      body.leave()
      throw error
    }
  }

  /** Where another request was refused before, with the token that it has got, or gets. */
  async #renew(refused: string, error: unknown): Promise<void> {
    if (this.#token !== refused) return
    this.#renewal ??= this.#another(error).finally(() => (this.#renewal = undefined))
    await unlessAborted(this.#renewal, this.#options.signal)
  }

  async #another(error: unknown): Promise<void> {
    const token = await this.#options.renew?.(this.#token)
    if (token === undefined || token === this.#token) throw error
    this.#token = token
  }

  async #sleep(ms: number): Promise<void> {
    const { signal } = this.#options
    try {
      await this.#effects.sleep(ms, signal)
    } catch (cause) {
      throw new ErpError('cancelled', {}, { cause })
    }
  }
}

/** Errors of the body alone don't know the address. */
function withPlace(error: unknown, url: string): unknown {
  if (!(error instanceof ErpError)) return error
  const { code, facts } = error
  if (isTooLong(error, url)) return new ErpError('url-too-long', { host: new URL(url).host, characters: url.length }, { cause: error })
  if (code === 'connection-cut') return new ErpError(code, { host: new URL(url).host }, { cause: error })
  return code === 'unexpected-answer' || code === 'server-error' ? new ErpError(code, { url: redact(url), ...facts }, { cause: error }) : error
}

function isTooLong({ code, facts }: ErpError, url: string): boolean {
  if (code === 'server-error') return facts['status'] === 414 || facts['status'] === 431
  return code === 'not-found' && url.length > LONG_URL
}
