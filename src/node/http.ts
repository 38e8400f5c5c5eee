import { isSafe } from '../core/instance/address.ts'
import { isHtml, serverError } from '../core/instance/serverError.ts'
import { ErpError } from '../core/base/errors.ts'
import { plainLine, redact } from '../core/base/redact.ts'
import type { Body } from './body.ts'
import { network } from './network.ts'

/**
 * The one place where requests are made; `network.ts` knows which way they go. It runs in the engine worker only
 * (ARCHITECTURE.md, "The engine"). Redirects are never followed: an API doesn't redirect, but to its sign-in page, and
 * a token belongs to the origin that was asked. Every failure is an `ErpError`.
 */

export interface RequestOptions {
  /** Bearer token: an access token or a reference token. */
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
  /** How long the answer's head may take. */
  readonly answerWithinSeconds?: number
}

/** An answer whose body is still to come. Its socket is held until the body is read, left early, or aborted. */
export interface OpenBody {
  readonly url: string
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** Fails with `connection-cut`, `connection-timed-out`, `cancelled`. */
  readonly body: Body
}

/** A heavy query waits in the server's queue before it answers (protocol sheet, section 5). */
const ANSWER_WITHIN_SECONDS = 120
/** Enough for any error body; its stack trace may be long. */
const ERROR_BODY_BYTES = 1_000_000
/** The largest model is a tenth of it. */
const TEXT_BODY_BYTES = 256_000_000

/**
 * Sends a GET and gives the body as it comes.
 *
 * @throws the way's errors (`wayError`), the server's (`serverError`), `html-instead-of-data` for a page
 */
export async function openBody(url: string, options: RequestOptions = {}): Promise<OpenBody> {
  const answer = await send({ ...options, url, method: 'GET' })
  if (isData(answer)) return answer
  throw await failureOf(answer)
}

/** Sends a GET and reads the whole body as UTF-8. Throws as `openBody` does. */
export async function readText(url: string, options: RequestOptions = {}): Promise<string> {
  return UTF8.decode(await readBytes(url, options))
}

/** Sends a GET and reads the whole body as it is. Throws as `openBody` does. */
export async function readBytes(url: string, options: RequestOptions = {}): Promise<Uint8Array> {
  const answer = await openBody(url, options)
  const { bytes, whole } = await collect(answer.body, TEXT_BODY_BYTES)
  if (!whole) throw unexpected(answer, 'too large')
  const beginning = UTF8.decode(bytes.subarray(0, ERROR_BODY_BYTES))
  if (isHtml(answer.headers, beginning)) throw serverError({ ...answer, text: beginning }, Date.now())
  return bytes
}

/** Sends a GET and parses the whole body. Throws as `openBody` does, and `unexpected-answer` for what isn't JSON. */
export async function readJson(url: string, options: RequestOptions = {}): Promise<unknown> {
  const text = await readText(url, { ...options, headers: { accept: 'application/json', ...options.headers } })
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ErpError('unexpected-answer', { url: redact(url), status: 200, reason: 'not JSON' }, { cause })
  }
}

export interface IdentityRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Asks an identity service and reads the whole answer, for `openid-client`. Anything but data throws what `openBody`
 * throws; what OAuth itself refuses is `sign-in-refused`.
 */
export async function askIdentity(url: string, options: IdentityRequest): Promise<Response> {
  const method = options.method === 'POST' ? 'POST' : 'GET'
  const answer = await send({ ...options, url, method, answerWithinSeconds: 30 })
  if (!isData(answer)) throw await failureOf(answer)
  const text = UTF8.decode((await collect(answer.body, ERROR_BODY_BYTES)).bytes)
  if (isHtml(answer.headers, text)) throw serverError({ ...answer, text }, Date.now())
  return new Response(text, { status: answer.status, headers: { ...answer.headers } })
}

interface Request extends RequestOptions {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly body?: string | undefined
}

async function send({ url, method, token, headers, body, signal, answerWithinSeconds }: Request): Promise<OpenBody> {
  const target = new URL(url)
  if (!isSafe(target)) throw new ErpError('address-insecure', { address: plainLine(target.origin) })
  const answer = await network().send(target, {
    method,
    headers: {
      'user-agent': 'erpnet-tools',
      ...headers,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
    signal,
    answerWithinMs: (answerWithinSeconds ?? ANSWER_WITHIN_SECONDS) * 1000,
  })
  return { url, ...answer }
}

function isData(answer: OpenBody): boolean {
  return answer.status >= 200 && answer.status < 300 && !isHtml(answer.headers)
}

async function failureOf(answer: OpenBody): Promise<ErpError> {
  const text = UTF8.decode((await collect(answer.body, ERROR_BODY_BYTES)).bytes)
  return serverError({ ...answer, text }, Date.now())
}

const UTF8 = new TextDecoder()

/** Reads a body to its end, or to the limit. */
async function collect(body: Body, limit: number): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const pieces: Uint8Array[] = []
  let length = 0
  const tooMuch = await body.read(come => {
    pieces.push(...come)
    length += come.reduce((sum, { byteLength }) => sum + byteLength, 0)
    return length > limit || undefined
  })
  body.leave()
  return { bytes: Buffer.concat(pieces), whole: tooMuch === undefined }
}

function unexpected({ url, status }: OpenBody, reason: string): ErpError {
  return new ErpError('unexpected-answer', { url: redact(url), status, reason })
}
