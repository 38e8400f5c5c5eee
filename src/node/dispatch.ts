import type { Dispatcher } from 'undici'
import type { Body } from './body.ts'
import { unpacked } from './unpacked.ts'

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
  /** Without its `Content-Encoding`. Can be read once; leaving the loop early closes the socket. */
  readonly body: Body
}

/** So much may wait for a slow reader, who holds back the socket then, until so little is left. */
const MOST_WAITING_BYTES = 1_000_000
const FEW_WAITING_BYTES = 250_000
/** What comes is given in portions of about what a socket gives at once, which fit the processor's caches. */
const PORTION_BYTES = 65_536

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
    }, new Answer(resolve, reject, signal))
  })
}

class Answer implements Dispatcher.DispatchHandler {
  readonly #resolve: (answer: Incoming) => void
  readonly #reject: (error: Error) => void
  readonly #signal: AbortSignal | undefined
  readonly #abort = (): void => this.#controller?.abort(new Error('aborted'))
  readonly #leave = (): void => {
    if (this.#end === undefined) this.#abort()
  }

  #controller: Dispatcher.DispatchController | undefined
  readonly #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #end: { readonly error?: Error } | undefined
  #wake: () => void = () => undefined

  constructor(resolve: (answer: Incoming) => void, reject: (error: Error) => void, signal: AbortSignal | undefined) {
    this.#resolve = resolve
    this.#reject = reject
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
    this.#resolve({ status, headers: single, body: unpacked(this.#pieces(), single['content-encoding'], this.#leave) })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    if (this.#waitingBytes > MOST_WAITING_BYTES) controller.pause()
    this.#wake()
  }

  onResponseEnd(): void {
    this.#settle({})
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#settle({ error })
    this.#reject(error)
  }

  #portion(): readonly Uint8Array[] {
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
    this.#wake()
  }

  async *#pieces(): AsyncGenerator<readonly Uint8Array[]> {
    try {
      for (;;) {
        while (this.#waiting.length > 0 && this.#signal?.aborted !== true) yield this.#portion()
        if (this.#end?.error !== undefined) throw this.#end.error
        if (this.#end !== undefined && this.#signal?.aborted !== true) return
        if (this.#signal?.aborted === true) throw new Error('aborted')
        await new Promise<void>(resolve => (this.#wake = resolve))
      }
    } finally {
      this.#leave()
    }
  }
}

function singleHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]]))
}
