import { ErpError } from '../base/errors.ts'
import { isLoopback } from './address.ts'

/**
 * Which way a request takes: directly, through a proxy, or through the editor's own `fetch`. The rules are VS Code's
 * own (its `http.*` settings come before the environment), so that the extension goes where the rest of the editor goes.
 */

/** What the editor and its environment say of the network; plain data, which the shell gives to the engine. */
export interface NetworkSettings {
  /** `http.proxy`; may hold credentials. */
  readonly proxy: string
  /** `http.noProxy`. */
  readonly noProxy: readonly string[]
  /** `http.proxyAuthorization`: the whole value of the header. */
  readonly proxyAuthorization: string
  /** `http.proxyStrictSSL`: are certificates checked, the proxy's and the instance's? */
  readonly proxyStrictSSL: boolean
  /** `http.proxySupport`: `off` means no proxy and no help of the editor; all other values are alike to us. */
  readonly proxySupport: string
  /** `http.fetchAdditionalSupport`: does the editor's `fetch` know more than Node's? */
  readonly fetchAdditionalSupport: boolean
  /** `http.electronFetch`: the person wants extensions to use the editor's `fetch`. */
  readonly electronFetch: boolean
  /** `http.systemCertificates`: are the operating system's certificate authorities trusted? */
  readonly systemCertificates: boolean
  readonly environment: NetworkEnvironment
}

export interface NetworkEnvironment {
  /** The variable that names a proxy, and what it says. */
  readonly proxy?: { readonly name: string; readonly value: string }
  /** `NO_PROXY`. */
  readonly noProxy: string
  /** `NODE_EXTRA_CA_CERTS`: a file of certificate authorities (PEM). */
  readonly extraCertificates: string
}

export const NO_SETTINGS: NetworkSettings = {
  proxy: '', noProxy: [], proxyAuthorization: '', proxyStrictSSL: true, proxySupport: 'override', fetchAdditionalSupport: true,
  electronFetch: false, systemCertificates: true, environment: { noProxy: '', extraCertificates: '' },
}

export type Way =
  | { readonly kind: 'direct'; readonly because: 'loopback' | 'off' | 'noProxy' | 'unset' }
  | { readonly kind: 'proxy'; readonly proxy: Proxy }
  | { readonly kind: 'editor'; readonly because: 'electronFetch' | 'socks' }

export interface Proxy {
  /** Scheme, host and port: no credentials. */
  readonly origin: string
  /** The setting or variable that names it. */
  readonly from: string
  /** Value of the header `Proxy-Authorization`. */
  readonly authorization?: string
}

/** What counts of an environment. As VS Code reads it: all proxies of an environment are for https too. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): NetworkEnvironment {
  const name = ['https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY'].find(each => (variables[each] ?? '') !== '')
  return {
    ...(name === undefined ? {} : { proxy: { name, value: variables[name] ?? '' } }),
    noProxy: variables['no_proxy'] ?? variables['NO_PROXY'] ?? '',
    extraCertificates: variables['NODE_EXTRA_CA_CERTS'] ?? '',
  }
}

/**
 * The way to an address. What is on this very machine is always reached directly.
 *
 * @throws `proxy-invalid`
 */
export function wayTo(url: URL, settings: NetworkSettings): Way {
  if (isLoopback(url.hostname)) return { kind: 'direct', because: 'loopback' }
  if (settings.proxySupport === 'off') return { kind: 'direct', because: 'off' }
  if (settings.electronFetch) return { kind: 'editor', because: 'electronFetch' }
  if (isExcluded(url, exclusions(settings))) return { kind: 'direct', because: 'noProxy' }
  if (settings.proxy.trim() !== '') return throughProxy(settings.proxy, 'http.proxy', settings)
  const { proxy } = settings.environment
  return proxy === undefined ? { kind: 'direct', because: 'unset' } : throughProxy(proxy.value, proxy.name, settings)
}

/** May the editor's `fetch` be tried where our own way ends before anything was sent? */
export function editorMayKnow(url: URL, { proxySupport, fetchAdditionalSupport }: NetworkSettings): boolean {
  return proxySupport !== 'off' && fetchAdditionalSupport && !isLoopback(url.hostname)
}

/** For the log: no credentials. */
export function describeWay(way: Way): string {
  switch (way.kind) {
    case 'proxy': return `through the proxy ${way.proxy.origin} (${way.proxy.from})`
    case 'editor': return `through VS Code's fetch (${way.because})`
    case 'direct': return `directly (${way.because})`
  }
}

function throughProxy(text: string, from: string, { proxyAuthorization }: NetworkSettings): Way {
  const address = text.trim()
  if (/^socks\w*:/i.test(address)) return { kind: 'editor', because: 'socks' }
  const url = parseProxy(address)
  // what was written there may hold a password, so it is not repeated
  if (url === undefined) throw new ErpError('proxy-invalid', { setting: from })
  const authorization = proxyAuthorization === '' ? basic(url, from) : proxyAuthorization
  const proxy = { origin: url.origin, from }
  return { kind: 'proxy', proxy: authorization === undefined ? proxy : { ...proxy, authorization } }
}

/** Environments often leave out the scheme; it is http then, as in curl. */
function parseProxy(address: string): URL | undefined {
  const whole = address.includes('://') ? address : `http://${address}`
  return /^https?:\/\/[^/]/i.test(whole) && URL.canParse(whole) ? new URL(whole) : undefined
}

/** RFC 7617, in UTF-8. */
function basic({ username, password }: URL, from: string): string | undefined {
  if (username === '' && password === '') return undefined
  try {
    const pair = new TextEncoder().encode(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
    return `Basic ${btoa(String.fromCharCode(...pair))}`
  } catch (cause) {
    throw new ErpError('proxy-invalid', { setting: from }, { cause })
  }
}

/** The setting replaces the environment's list; it doesn't add to it. */
function exclusions({ noProxy, environment }: NetworkSettings): string[] {
  const list = noProxy.length > 0 ? noProxy : environment.noProxy.split(/[\s,]+/)
  return list.map(entry => entry.trim().toLowerCase()).filter(entry => entry !== '')
}

/**
 * `*` is everything; `host`, `.host` and `*.host` are that host and all below it; `host:port` is that port alone;
 * `10.0.0.0/8` is a network of IPv4. An IPv6 address with a port stands in brackets.
 */
function isExcluded(url: URL, entries: readonly string[]): boolean {
  const host = bare(url.hostname)
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return entries.some(entry => {
    if (entry === '*') return true
    if (entry.includes('/')) return inNetwork(host, entry)
    const [, name = '', onlyPort] = /^(\[.*\]|[^:]*)(?::(\d+))?$/.exec(entry) ?? [entry, entry]
    const domain = bare(name).replace(/^\*?\./, '')
    return domain !== '' && (onlyPort === undefined || onlyPort === port) && (host === domain || host.endsWith(`.${domain}`))
  })
}

/** A host without brackets; an IPv6 address in its one canonical form. */
function bare(host: string): string {
  const inside = host.replace(/^\[(.*)\]$/, '$1')
  const bracketed = `http://[${inside}]`
  return inside.includes(':') && URL.canParse(bracketed) ? new URL(bracketed).hostname.slice(1, -1) : inside.replace(/\.$/, '')
}

function inNetwork(host: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/')
  const [address, start] = [ipv4(host), ipv4(base)]
  const bits = Number(length)
  if (address === undefined || start === undefined || !/^\d+$/.test(length) || bits > 32) return false
  const size = 2 ** (32 - bits)
  return Math.floor(address / size) === Math.floor(start / size)
}

function ipv4(host: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return undefined
  const parts = host.split('.').map(Number)
  return parts.every(part => part <= 255) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined
}
