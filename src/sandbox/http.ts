import type { IncomingMessage, ServerResponse } from 'node:http'

/** One request on its way, with its address taken apart once. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
}

/**
 * An answer that isn't the one asked for, in ERP.net's own form (protocol sheet, section 3, "Errors"):
 * `{ message, code, type, info, messageFormat, parameters }`.
 */
export class Problem extends Error {
  readonly status: number
  readonly type: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.type = type
    this.headers = headers
  }

  /** @param wish what a 429 or 503 says of itself instead, `none` for nothing; undefined for leaving it as it is */
  withRetryAfter(wish: string | undefined): Problem {
    if (wish === undefined || (this.status !== 429 && this.status !== 503)) return this
    const others = Object.entries(this.headers).filter(([name]) => name !== 'retry-after')
    return new Problem(
      this.status, this.type, this.message,
      Object.fromEntries(wish === 'none' ? others : [...others, ['retry-after', wish]]),
    )
  }

  /** @param wrapped as `{ "error": {…} }`, the form that ERP.net's own .NET client reads */
  body(wrapped: boolean): unknown {
    const { message, type } = this
    const error = {
      message, code: 0, type: `ErpNet.${type}`, info: `ErpNet.${type}: ${message}`, messageFormat: message,
      parameters: [],
    }
    return wrapped ? { error } : error
  }
}

/** 404, with the address that was asked for. */
export function notFound({ url }: Exchange): Problem {
  return new Problem(404, 'NotFoundException', `There is nothing at ${url.pathname}.`)
}

export function sendJson({ response }: Exchange, body: unknown, status = 200, type = 'application/json'): void {
  send(response, status, `${type}; charset=utf-8`, JSON.stringify(body))
}

export function sendText({ response }: Exchange, text: string, type = 'text/plain'): void {
  send(response, 200, `${type}; charset=utf-8`, text)
}

/** A page for people: never in a frame, never from a cache, nothing loaded from elsewhere. */
export function sendPage({ response }: Exchange, html: string, status = 200): void {
  response.setHeader('content-security-policy', PAGE_POLICY)
  response.setHeader('x-frame-options', 'DENY')
  response.setHeader('cache-control', 'no-store')
  send(response, status, 'text/html; charset=utf-8', html)
}

/** No `form-action`: Chromium applies it to the redirect after a form too, which leads to the application. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"

export function sendProblem({ response }: Exchange, problem: Problem, wrapped: boolean): void {
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
  send(response, problem.status, 'application/json; charset=utf-8', JSON.stringify(problem.body(wrapped)))
}

/**
 * The whole body as text.
 * @throws Problem 413 over 64 KB: no form or control call is larger
 */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > 65_536) throw new Problem(413, 'RequestTooLargeException', 'The request body is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  const body = Buffer.from(text, 'utf8')
  response.writeHead(status, { 'content-type': type, 'content-length': body.length })
  response.end(body)
}
