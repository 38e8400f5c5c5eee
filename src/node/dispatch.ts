import type { Dispatcher } from 'undici'
import type { Body, Pieces } from './body.ts'
import { unpacked } from './unpacked.ts'
import { wayError } from './wayError.ts'

export interface Outgoing {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
  /** How long the answer's head may take. */
  readonly answerWithinMs: number
}

export interface Incoming {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** Without its `Content-Encoding`. Fails as `wayError` says. */
  readonly body: Body
}

/** So much may wait for a slow reader, who holds back the socket then, until so little is left. */
const MOST_WAITING_BYTES = 1_000_000
const FEW_WAITING_BYTES = 250_000
/** What comes is given in portions of so much where the network is that fast: to wake a reader takes as long as to scan 64 KB. */
const PORTION_BYTES = 262_144

/** Between two pieces of a body; the time in which the reader holds back doesn't count. */
const NEXT_PIECE_WITHIN_MS = 300_000

/**
 * Sends a request with undici's `dispatch`. Its body comes without a stream of Node's between, which would take as long
 * again as the network (`npm run bench -- engine`). Throws what undici throws.
 */
export function dispatch(dispatcher: Dispatcher, url: URL, outgoing: Outgoing): Promise<Incoming> {
  const { method, headers, body = null, answerWithinMs: headersTimeout, signal } = outgoing
  return new Promise((resolve, reject) => {
    dispatcher.dispatch({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: { 'accept-encoding': 'gzip, br', ...headers },
      body,
      headersTimeout,
      bodyTimeout: NEXT_PIECE_WITHIN_MS,
    }, new Answer(resolve, reject, url.host, signal))
  })
}

/** Who reads, until there is something for them. */
interface Reader {
  /** Whether it was enough. */
  readonly take: (pieces: Pieces) => boolean
  readonly end: () => void
  readonly fail: (error: unknown) => void
}

class Answer implements Dispatcher.DispatchHandler, Body {
  readonly #resolve: (answer: Incoming) => void
  readonly #reject: (error: Error) => void
  readonly #host: string
  readonly #signal: AbortSignal | undefined
  readonly #abort = (): void => this.#controller?.abort(new Error('aborted'))

  #controller: Dispatcher.DispatchController | undefined
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #isGivenSoon = false
  #end: { readonly error?: Error } | undefined
  #reader: Reader | undefined

  constructor(resolve: (answer: Incoming) => void, reject: (error: Error) => void, host: string, signal: AbortSignal | undefined) {
    this.#resolve = resolve
    this.#reject = reject
    this.#host = host
    this.#signal = signal
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#signal?.addEventListener('abort', this.#abort)
    if (this.#signal?.aborted === true) this.#abort()
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Dispatcher.ResponseData['headers']): void {
    if (status < 200) return
    const single = singleHeaders(headers)
    this.#resolve({ status, headers: single, body: unpacked(this, single['content-encoding'], error => this.#asError(error)) })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes > MOST_WAITING_BYTES) controller.pause()
    if (this.#waitingBytes >= PORTION_BYTES) this.#give()
    else this.#giveSoon()
  }

  onResponseEnd(): void {
    this.#settle({})
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle({ error })
    this.#reject(error)
  }

  read<T>(make: (pieces: Pieces) => T | undefined): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const take = (pieces: Pieces): boolean => {
        const made = make(pieces)
        if (made !== undefined) resolve(made)
        return made !== undefined
      }
      this.#reader = { take, end: () => resolve(undefined), fail: reject }
      this.#give()
    })
  }

  leave(): void {
    if (this.#end === undefined) this.#abort()
  }

  /** Gives what has come to who reads now, or tells that nothing more comes. */
  #give(): void {
    const reader = this.#reader
    if (reader === undefined) return
    // more may come in here, when the socket is let go on
    this.#reader = undefined
    try {
      const isAborted = this.#signal?.aborted === true
      while (this.#waiting.length > 0 && !isAborted) if (reader.take(this.#portion())) return
      if (this.#end === undefined) this.#reader = reader
      else if (this.#end.error !== undefined || isAborted) reader.fail(this.#asError(this.#end.error))
      else reader.end()
    } catch (error) {
      reader.fail(error)
    }
  }

  /** What comes in the same turn of the event loop is given together. */
  #giveSoon(): void {
    if (this.#isGivenSoon) return
    this.#isGivenSoon = true
    setImmediate(() => {
      this.#isGivenSoon = false
      this.#give()
    })
  }

  #portion(): Pieces {
    const before = this.#waitingBytes
    const portion: Uint8Array[] = []
    for (let chunk = this.#waiting.shift(); chunk !== undefined; chunk = this.#waiting.shift()) {
      portion.push(chunk)
      this.#waitingBytes -= chunk.length
      if (before - this.#waitingBytes >= PORTION_BYTES) break
    }
    if (this.#controller?.paused === true && this.#waitingBytes < FEW_WAITING_BYTES) this.#controller.resume()
    return portion
  }

  #settle(end: { readonly error?: Error }): void {
    this.#end ??= end
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#give()
  }

  #asError(error: unknown): Error {
    return wayError(error, this.#host, this.#signal)
  }
}

function singleHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]]))
}
