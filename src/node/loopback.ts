import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { abortError, unlessAborted } from '../core/base/cancel.ts'
import { ErpError } from '../core/base/errors.ts'
import { RESULT_PAGE_HEADERS, renderResultPage, type ResultPage } from './resultPage.ts'

/** Only this interface: nobody else in the network can send a callback. */
const HOST = '127.0.0.1'
/** Where the browser is sent on to, away from the address that carries the code. */
const RESULT_PATH = '/result'
/** How long the browser may take to fetch the result page. */
const DELIVER_WITHIN_MS = 5000

export interface LoopbackOptions {
  /** Tried in order: ERP.net matches redirect addresses exactly, port included (protocol sheet, section 2). */
  readonly ports: readonly number[]
  readonly path: string
  /** Shown at a request that belongs to no sign-in under way. */
  readonly stray: ResultPage
  readonly signal: AbortSignal
}

/**
 * Listens on this very machine for the browser to come back.
 *
 * @throws `sign-in-ports-busy`; what the signal was aborted with
 */
export async function listenForCallback(options: LoopbackOptions): Promise<Loopback> {
  const { createServer } = await import('node:http')
  for (const port of options.ports) {
    if (options.signal.aborted) throw abortError(options.signal)
    const server = createServer({ requestTimeout: 10_000 })
    if (await listens(server, port)) return new Loopback(server, options)
  }
  throw new ErpError('sign-in-ports-busy', { ports: options.ports.join(', ') })
}

/** One listener for one sign-in or sign-out (RFC 8252, section 7.3). */
export class Loopback {
  readonly #server: Server
  readonly #options: LoopbackOptions
  readonly #authority: string
  readonly #callback = Promise.withResolvers<string>()
  readonly #page = Promise.withResolvers<ResultPage>()
  #state: string | undefined
  #stage: 'idle' | 'waiting' | 'called' = 'idle'

  /** @param server listening already */
  constructor(server: Server, options: LoopbackOptions) {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    this.#server = server
    this.#options = options
    this.#authority = `${HOST}:${port}`
    server.on('request', (request, response) => this.#answer(request, response))
  }

  get redirectUri(): string {
    return `http://${this.#authority}${this.#options.path}`
  }

  /**
   * Waits for the browser: the whole address of the first request for our path that carries that state.
   * Others are answered, and count for nothing.
   *
   * @param state none where the answer carries none: after a sign-out
   * @throws what the signal is aborted with, at once
   */
  async wait(state?: string): Promise<string> {
    this.#state = state
    this.#stage = 'waiting'
    return unlessAborted(this.#callback.promise, this.#options.signal)
  }

  /** Says in the browser how it ended, if it came back, and closes when it has that page. */
  finish(page: ResultPage): void {
    this.#page.resolve(page)
    if (this.#stage === 'called') setTimeout(() => this.close(), DELIVER_WITHIN_MS).unref()
    else this.close()
  }

  close(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const target = request.url ?? ''
    const url = URL.canParse(target, this.redirectUri) ? new URL(target, this.redirectUri) : undefined
    // a page elsewhere whose name was made to point here (DNS rebinding) sends its own name
    if (request.headers.host !== this.#authority || url?.host !== this.#authority) refuse(response, 421)
    else if (request.method !== 'GET') refuse(response.setHeader('allow', 'GET'), 405)
    else if (url.pathname === this.#options.path) this.#takeCallback(url, response)
    else if (url.pathname === RESULT_PATH && this.#stage === 'called') void this.#deliver(response)
    else refuse(response, 404)
  }

  #takeCallback(url: URL, response: ServerResponse): void {
    const states = url.searchParams.getAll('state')
    const isOurs = this.#state === undefined || (states.length === 1 && states[0] === this.#state)
    if (this.#stage !== 'waiting' || !isOurs) {
      show(response, 400, this.#options.stray)
      return
    }
    this.#stage = 'called'
    response.writeHead(303, { 'location': RESULT_PATH, 'referrer-policy': 'no-referrer', 'connection': 'close' }).end()
    this.#callback.resolve(url.href)
  }

  /** The browser waits here until the code is redeemed, so that the page tells the truth. */
  async #deliver(response: ServerResponse): Promise<void> {
    const page = await this.#page.promise
    response.on('close', () => this.close())
    show(response, 200, page)
  }
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise(resolve => {
    server.on('error', () => resolve(false))
    server.listen(port, HOST, () => resolve(true))
  })
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end()
}

function show(response: ServerResponse, status: number, page: ResultPage): void {
  response.writeHead(status, { ...RESULT_PAGE_HEADERS, connection: 'close' }).end(renderResultPage(page))
}
