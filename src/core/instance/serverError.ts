import { ErpError, type Facts } from '../base/errors.ts'
import { isJsonObject, type JsonObject } from '../base/json.ts'
import { plainLine, redact } from '../base/redact.ts'

/** An answer that isn't the data that was asked for. */
export interface Answer {
  readonly url: string
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  /** The body's beginning is enough. */
  readonly text: string
}

/** An ERP.net error that stands for "every licence slot is taken" (protocol sheet, "Sessions and licences"). */
const NO_LICENCE = /MaximumLicen[cs]eCountExceeded/i
/** What bearer tokens are refused with (RFC 6750, section 3.1): matters of the API, not of the sign-in. */
const BEARER_ERRORS = ['invalid_token', 'insufficient_scope']
const SIGN_IN_PAGE = /\/(log-?in|sign-?in|account|connect\/authorize)\b/i

/**
 * Says in our terms what a server meant. Nothing of it is longer than a paragraph, secrets in it are hidden, and
 * stack traces stay behind (protocol sheet, section 3, "Errors").
 *
 * @param now milliseconds since 1970, for a `Retry-After` that is a date
 */
export function serverError(answer: Answer, now: number): ErpError {
  const { status, text } = answer
  const url = redact(answer.url)
  if (status >= 300 && status < 400) return redirected(answer, url)
  if (status < 400) return notData(answer, url)
  if (NO_LICENCE.test(text)) return new ErpError('no-licence', { url })
  const { message, oauth } = readErrorBody(answer)
  if (oauth !== undefined) return new ErpError('sign-in-refused', oauth)
  switch (status) {
    case 401: return new ErpError('unauthorized', { url })
    case 403: return new ErpError('forbidden', withMessage({ url }, message))
    case 404: return new ErpError('not-found', withMessage({ url }, message))
    case 429: return new ErpError('too-many-requests', { url, ...retryAfter(answer.headers['retry-after'], now) })
    default: return new ErpError('server-error', { url, status, message: message ?? `HTTP ${status}` })
  }
}

/** A page for people where data was due. */
export function isHtml(headers: Readonly<Record<string, string>>, text = ''): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(headers['content-type'] ?? '')
    || /^\s*(<!doctype html|<html)\b/i.test(text)
}

function redirected({ status, headers, url: asked }: Answer, url: string): ErpError {
  const location = headers['location'] ?? ''
  const target = location !== '' && URL.canParse(location, asked) ? new URL(location, asked) : undefined
  if (target === undefined) return new ErpError('unexpected-answer', { url, status, reason: 'redirect to nowhere' })
  if (SIGN_IN_PAGE.test(target.pathname)) return new ErpError('html-instead-of-data', { url, status })
  const reason = `redirect to ${plainLine(target.origin + target.pathname, 200)}`
  return new ErpError('unexpected-answer', { url, status, reason })
}

function notData({ status, headers, text }: Answer, url: string): ErpError {
  if (isHtml(headers, text)) return new ErpError('html-instead-of-data', { url, status })
  return new ErpError('unexpected-answer', { url, status, reason: 'not the data that was asked for' })
}

interface ErrorBody {
  readonly message?: string
  readonly oauth?: { readonly error: string; readonly description: string }
}

/** ERP.net's error body, bare or wrapped as `{ "error": {…} }`; OAuth's (RFC 6749, section 5.2); a page's title. */
function readErrorBody({ status, headers, text }: Answer): ErrorBody {
  if (isHtml(headers, text)) {
    const [, title] = /<title[^>]*>([^<]*)<\/title>/i.exec(text) ?? []
    return asMessage(title)
  }
  const body = parseObject(text)
  if (body === undefined) return asMessage(/\bjson\b/i.test(headers['content-type'] ?? '') ? undefined : text)
  const { error, error_description: description } = body
  if (typeof error === 'string') {
    const isOAuth = (status === 400 || status === 401) && /^[a-z_]+$/.test(error) && !BEARER_ERRORS.includes(error)
    if (!isOAuth) return asMessage(description ?? error)
    return { oauth: { error, description: typeof description === 'string' ? plainLine(description) : '' } }
  }
  return asMessage(isJsonObject(error) ? error['message'] : body['message'])
}

function asMessage(text: unknown): { message?: string } {
  if (typeof text !== 'string') return {}
  const [withoutTrace = ''] = text.split(/\r?\n\s+at /, 1)
  const message = plainLine(withoutTrace)
  return message === '' ? {} : { message }
}

function withMessage(facts: Facts, message: string | undefined): Facts {
  return message === undefined ? facts : { ...facts, message }
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** RFC 9110, section 10.2.3: seconds or a date. */
function retryAfter(value: string | undefined, now: number): { retryAfterSeconds?: number } {
  if (value === undefined) return {}
  if (/^\d{1,9}$/.test(value.trim())) return { retryAfterSeconds: Number(value) }
  const date = Date.parse(value)
  return Number.isNaN(date) ? {} : { retryAfterSeconds: Math.max(0, Math.ceil((date - now) / 1000)) }
}
