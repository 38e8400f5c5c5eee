import { setTimeout as pass } from 'node:timers/promises'

import { credentialOf } from '../credential.ts'
import { Problem, sendPage, type Exchange } from '../http.ts'
import { strayPage } from '../identity/pages.ts'
import type { Quirks } from '../quirks.ts'
import { bend } from './bend.ts'
import { bandwidth, chunks, compression, truncate, unicodeEscapes, whiteSpace, type Compression } from './body.ts'
import { rowFaults } from './rows.ts'

const SIGN_IN = '/id/account/sign-in'

/** Plays the faults of `list.ts` that are on for a request. */
export class Faults {
  readonly #quirks: Quirks

  constructor(quirks: Quirks) {
    this.#quirks = quirks
  }

  /**
   * Before a request goes to its site: sees to it that its answer will come as the faults want it.
   * @returns whether it has had its answer, or never will
   * @throws Problem for an answer that is a refusal
   */
  async meet(exchange: Exchange): Promise<boolean> {
    const { request, response } = exchange
    this.#bend(exchange)
    const latency = this.#quirks.number('latency')
    if (latency !== undefined) await pass(latency)
    if (this.#quirks.has('reset-connection')) request.socket.resetAndDestroy()
    if (this.#quirks.has('close-connection')) request.socket.destroy()
    return response.destroyed || request.socket.destroyed || this.#answer(exchange)
  }

  /** What another `Retry-After` of a refusal is, `none` for leaving it out. */
  retryAfter(): string | undefined {
    const wish = this.#quirks.text('retry-after')
    if (wish?.startsWith('date+') !== true) return wish
    return new Date(Date.now() + Number(wish.slice('date+'.length)) * 1000).toUTCString()
  }

  #answer(exchange: Exchange): boolean {
    const { response, url: { pathname, search } } = exchange
    if (this.#quirks.has('html-page')) {
      sendPage(exchange, strayPage())
    } else if (this.#quirks.has('redirect-page')) {
      response.setHeader('location', `${SIGN_IN}?ReturnUrl=${encodeURIComponent(pathname + search)}`)
      sendPage(exchange, strayPage(), 302)
    } else if (pathname === SIGN_IN) {
      sendPage(exchange, strayPage())
    } else {
      this.#refuseRevoked(exchange)
      return this.#refuse(exchange)
    }
    return true
  }

  #refuseRevoked({ request }: Exchange): void {
    const count = this.#quirks.number('token-revoked')
    const hash = credentialOf(request)?.hash
    if (count === undefined || hash === undefined) return
    const revoked = this.#quirks.memory('token-revoked')
    if (revoked.size < count) revoked.add(hash)
    if (revoked.has(hash)) throw revokedToken()
  }

  #refuse(exchange: Exchange): boolean {
    for (const [quirk, status, type, message] of REFUSALS) {
      if (!this.#quirks.has(quirk)) continue
      if (status === 401) throw revokedToken()
      throw new Problem(status, type, message, status === 429 || status === 503 ? { 'retry-after': '1' } : {})
    }
    for (const [quirk, status, words] of PROXY_PAGES) {
      if (!this.#quirks.has(quirk)) continue
      sendPage(exchange, `<html><head><title>${status} ${words}</title></head><body>${words}</body></html>`, status)
      return true
    }
    return false
  }

  /** Rows first, then the body as a whole, then the way: what goes out last is what the network breaks. */
  #bend({ request, response }: Exchange): void {
    const quirks = this.#quirks
    const compressed: Compression | undefined = quirks.has('compression')
      ? compression(request.headers['accept-encoding'] ?? '') : undefined
    const bytes = quirks.has('empty-body') ? 0 : quirks.number('truncate-after-byte')
    const pieces = quirks.number('chunk-bytes')
    const rate = quirks.number('bandwidth')
    const steps = [
      rowFaults(quirks),
      quirks.has('white-space') ? whiteSpace() : undefined,
      quirks.has('unicode-escapes') ? unicodeEscapes() : undefined,
      bytes === undefined ? undefined : truncate(bytes),
      compressed?.step,
      pieces === undefined ? undefined : chunks(pieces),
      rate === undefined ? undefined : bandwidth(rate),
    ].filter(step => step !== undefined)
    const type = quirks.text('content-type')
    const cutAfter = quirks.number('cut-after-byte')
    if (steps.length === 0 && type === undefined && cutAfter === undefined) return
    bend(response, {
      steps, cutAfter,
      headers: {
        ...(type === undefined ? {} : { 'content-type': type }),
        ...(compressed ? { 'content-encoding': compressed.name, 'vary': 'accept-encoding' } : {}),
      },
    })
  }
}

const REFUSALS = [
  ['answer-401', 401, 'AuthenticationException', ''],
  ['answer-403', 403, 'AuthorizationException', 'The user has no rights for this.'],
  ['answer-404', 404, 'NotFoundException', 'There is nothing here.'],
  ['answer-429', 429, 'TooManyRequestsException', 'Too many requests.'],
  ['answer-500', 500, 'InvalidOperationException', 'Something went wrong.'],
  ['answer-503', 503, 'ServiceUnavailableException', 'The service is being updated.'],
] as const

/** What stands before an instance and doesn't reach it speaks no JSON. */
const PROXY_PAGES = [['answer-502', 502, 'Bad Gateway'], ['answer-504', 504, 'Gateway Timeout']] as const

function revokedToken(): Problem {
  return new Problem(
    401, 'AuthenticationException', 'The access token has been revoked.',
    { 'www-authenticate': 'Bearer error="invalid_token"' },
  )
}
