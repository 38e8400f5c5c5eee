import { ErpError } from '../base/errors.ts'
import { plainLine } from '../base/redact.ts'

/** Instances without an own domain live here (protocol sheet, section 1). */
const DEFAULT_DOMAIN = '.my.erp.net'
/** Serves single sign-on into other applications and issues no API tokens (protocol sheet, section 2). */
export const GLOBAL_IDENTITY = 'id.erp.net'

/** What surrounds an address that was copied out of a text: `<…>`, quotes of all kinds, backticks. */
const WRAPPERS: readonly (readonly [string, string])[] = [
  ['<', '>'], ['"', '"'], ['\'', '\''], ['`', '`'], ['“', '”'], ['„', '“'], ['‘', '’'], ['«', '»'],
]

/**
 * Makes a root URL of what a person typed or pasted: an instance's name (`demodb`), a host, or any address of it
 * copied from the browser. The path stays, because an instance may live under one: discovery walks upwards from it.
 *
 * @returns scheme, host, port and path; no query, no fragment, no trailing slash
 * @throws `address-invalid`, `address-insecure`, `address-global-identity`
 */
export function normaliseAddress(text: string): string {
  const typed = unwrap(text)
  const url = parse(typed)
  if (url?.username !== '' || url.password !== '') throw failure('address-invalid', typed)
  url.hostname = url.hostname.replace(/\.$/, '')
  if (url.hostname === GLOBAL_IDENTITY) throw failure('address-global-identity', typed)
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw failure('address-insecure', typed)
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/** Is that host (as `URL.hostname` has it) this very machine: 127.0.0.0/8, `::1`, `localhost`? */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

/** May data be sent there: `https:` anywhere, `http:` on this very machine. */
export function isSafe(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

function unwrap(text: string): string {
  const trimmed = text.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, '')
  const wrapper = WRAPPERS.find(([open, close]) =>
    trimmed.length > 1 && trimmed.startsWith(open) && trimmed.endsWith(close))
  return wrapper === undefined ? trimmed : unwrap(trimmed.slice(1, -1))
}

function parse(typed: string): URL | undefined {
  // the URL parser forgives white space and backslashes inside; nobody means them
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(typed)) return undefined
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(typed) ? typed : withScheme(typed.replace(/^\/\//, ''))
  if (!/^https?:\/\/[^/?#]/i.test(address) || !URL.canParse(address)) return undefined
  const url = new URL(address)
  return /^\.|\.\./.test(url.hostname) ? undefined : url
}

function withScheme(typed: string): string {
  const [authority = ''] = /^[^/?#]*/.exec(typed) ?? []
  const hostname = authority.replace(/:\d*$/, '').toLowerCase()
  if (isLoopback(hostname)) return `http://${typed}`
  // one word alone is the name of an instance; with a port it is a host in somebody's own network
  const isName = /^[^.:@[\]]+$/.test(authority)
  return isName ? `https://${authority}${DEFAULT_DOMAIN}${typed.slice(authority.length)}` : `https://${typed}`
}

function failure(code: 'address-invalid' | 'address-insecure' | 'address-global-identity', typed: string): ErpError {
  return new ErpError(code, { address: plainLine(typed, 200) })
}
