import { createSecureContext, type SecureContext } from 'node:tls'
import type * as undici from 'undici'
import type { buildConnector, Dispatcher, Pool } from 'undici'
import { ErpError, type ErrorCode } from '../core/base/errors.ts'
import { redact } from '../core/base/redact.ts'
import {
  describeWay, editorMayKnow, NO_SETTINGS, wayTo, type NetworkSettings, type Proxy, type Way,
} from '../core/instance/way.ts'
import { certificateAuthorities } from './certificates.ts'
import { dispatch, type Incoming, type Outgoing } from './dispatch.ts'
import { wayError } from './wayError.ts'

/** Sends single requests the way that the settings say (ARCHITECTURE.md, "The way to the network"). */

export type { Incoming, Outgoing }

export interface NetworkEffects {
  /** Sends a request through the editor's own `fetch`. Throws an `ErpError`. */
  readonly askEditor?: (url: URL, outgoing: Outgoing) => Promise<Incoming>
  readonly log?: (level: LogLevel, line: string) => void
}

/** `request`: a line for each request, at the level that the user wants those. */
export type LogLevel = 'request' | 'debug' | 'warn'

/** How certificates are checked. */
interface Tls {
  readonly secureContext: SecureContext
  readonly rejectUnauthorized: boolean
}

const CONNECT_WITHIN_MS = 10_000

/** The editor would speak to the same proxy. */
const HOPELESS: readonly ErrorCode[] = ['proxy-unreachable', 'proxy-refused', 'cancelled']

/** Errors that came while a connection was made: nothing of the request had been sent. */
const unsent = new WeakSet<Error>()

export class Network {
  readonly #settings: NetworkSettings
  readonly #effects: NetworkEffects
  /** By proxy, or by scheme where the way is direct. */
  readonly #dispatchers = new Map<string, Dispatcher>()
  /** Origins that only the editor's `fetch` has reached. */
  readonly #throughEditor = new Set<string>()
  #tls: Tls | undefined

  constructor(settings: NetworkSettings, effects: NetworkEffects = {}) {
    this.#settings = settings
    this.#effects = effects
  }

  /**
   * Where our own way ends before anything was sent, the editor's `fetch` is tried, and is taken at once as long as it works.
   *
   * @throws what `wayError` gives; `proxy-invalid`, `proxy-unreachable`, `proxy-authentication`, `proxy-refused`
   */
  async send(url: URL, outgoing: Outgoing): Promise<Incoming> {
    const began = performance.now()
    const tell = (end: string | number): void =>
      this.#log('request', `${outgoing.method} ${url.href}: ${end}, ${Math.round(performance.now() - began)} ms`)
    try {
      const answer = await this.#send(url, outgoing)
      tell(answer.status)
      return answer
    } catch (error) {
      tell(wayError(error, url.host, outgoing.signal).code)
      throw error
    }
  }

  /** Lets requests on their way come to their end. */
  async close(): Promise<void> {
    await Promise.all([...this.#dispatchers.values()].map(dispatcher => dispatcher.close()))
  }

  async #send(url: URL, outgoing: Outgoing): Promise<Incoming> {
    const way = wayTo(url, this.#settings)
    if (way.kind === 'editor') return this.#askEditor(url, outgoing, describeWay(way))
    if (this.#throughEditor.has(url.origin)) return this.#askEditorAgain(url, outgoing)
    this.#log('debug', `${url.host}: ${describeWay(way)}`)
    try {
      // it takes its time to load, and what is on disk can be shown before
      return await dispatch(this.#dispatcher(await import('undici'), url, way), url, outgoing)
    } catch (error) {
      const failure = wayError(error, url.host, outgoing.signal)
      if (!this.#editorMayHelp(url, failure, error)) throw failure
      return this.#tryEditor(url, outgoing, failure)
    }
  }

  #editorMayHelp(url: URL, failure: ErpError, error: unknown): boolean {
    return this.#effects.askEditor !== undefined && error instanceof Error && unsent.has(error)
      && !HOPELESS.includes(failure.code) && editorMayKnow(url, this.#settings)
  }

  async #tryEditor(url: URL, outgoing: Outgoing, failure: ErpError): Promise<Incoming> {
    try {
      const answer = await this.#askEditor(url, outgoing, `through VS Code's fetch, since ${failure.message}`)
      this.#throughEditor.add(url.origin)
      return answer
    } catch (error) {
      const last = wayError(error, url.host, outgoing.signal)
      this.#log('debug', `${url.host}: VS Code's fetch failed too, ${last.message}`)
      // our own failure tells more, but for what came after the request was sent
      throw last.code === 'connection-cut' || last.code === 'cancelled' ? last : failure
    }
  }

  /** When it fails there, the next request looks for its way anew. */
  async #askEditorAgain(url: URL, outgoing: Outgoing): Promise<Incoming> {
    try {
      return await this.#askEditor(url, outgoing, 'through VS Code\'s fetch, as before')
    } catch (error) {
      if (outgoing.signal?.aborted !== true) this.#throughEditor.delete(url.origin)
      throw error
    }
  }

  #askEditor(url: URL, outgoing: Outgoing, why: string): Promise<Incoming> {
    const { askEditor } = this.#effects
    if (askEditor === undefined) throw new ErpError('internal', { reason: 'there is no editor to ask' })
    this.#log('debug', `${url.host}: ${why}`)
    return askEditor(url, outgoing)
  }

  #dispatcher(library: Undici, url: URL, way: Way): Dispatcher {
    const key = way.kind === 'proxy' ? way.proxy.origin : url.protocol
    const known = this.#dispatchers.get(key)
    if (known !== undefined) return known
    // certificates are not read for plain http, which is on this very machine
    const tls = url.protocol === 'https:' ? (this.#tls ??= this.#readTls()) : {}
    const dispatcher = way.kind === 'proxy' ? proxyAgent(library, way.proxy, tls) : directAgent(library, tls)
    this.#dispatchers.set(key, dispatcher)
    return dispatcher
  }

  /** One context for all connections: to read hundreds of certificates takes longer than to connect. */
  #readTls(): Tls {
    const { proxyStrictSSL } = this.#settings
    if (!proxyStrictSSL) this.#log('warn', 'Certificates are not checked: http.proxyStrictSSL is off')
    const ca = certificateAuthorities(this.#settings, line => this.#log('warn', line))
    return { secureContext: createSecureContext({ ca }), rejectUnauthorized: proxyStrictSSL }
  }

  #log(level: LogLevel, line: string): void {
    this.#effects.log?.(level, redact(line))
  }
}

let current = new Network(NO_SETTINGS)

/** The network of this thread. */
export function network(): Network {
  return current
}

/** From the next request on. */
export function useNetwork(next: Network): void {
  const previous = current
  current = next
  void previous.close()
}

type Undici = typeof undici

function directAgent({ Agent, buildConnector: connector }: Undici, tls: Partial<Tls>): Dispatcher {
  return new Agent({ connect: marked(connector({ ...tls, timeout: CONNECT_WITHIN_MS })) })
}

function proxyAgent({ Pool, ProxyAgent }: Undici, proxy: Proxy, tls: Partial<Tls>): Dispatcher {
  return new ProxyAgent({
    uri: proxy.origin,
    ...(proxy.authorization === undefined ? {} : { token: proxy.authorization }),
    proxyTls: { ...tls, timeout: CONNECT_WITHIN_MS },
    requestTls: { ...tls, timeout: CONNECT_WITHIN_MS },
    clientFactory: (origin, options) => proxyClient(proxy, new Pool(origin, { ...options, headersTimeout: CONNECT_WITHIN_MS })),
    factory: (origin, options: Pool.Options) =>
      new Pool(origin, typeof options.connect === 'function' ? { ...options, connect: marked(options.connect) } : options),
  })
}

/** What `ProxyAgent` uses of a client, in the one form that it uses. */
interface Tunnels {
  connect(tunnel: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData>
}

/** undici says of a proxy's refusal only that the request was aborted; here it gets its own name. */
function proxyClient(proxy: Proxy, pool: Pool): Dispatcher {
  const tunnels: Tunnels = pool
  const connect = tunnels.connect.bind(tunnels)
  return Object.assign(pool, {
    connect: async (tunnel: Dispatcher.ConnectOptions) => {
      const answer = await connect(tunnel).catch((error: unknown) => {
        throw proxyFailure(error, proxy)
      })
      const { statusCode: status, socket } = answer
      if (status === 200) return answer
      socket.on('error', () => undefined).destroy()
      // 401 is tinyproxy's answer to a wrong password
      if (status === 407 || status === 401) throw new ErpError('proxy-authentication', { proxy: proxy.origin })
      throw new ErpError('proxy-refused', { proxy: proxy.origin, host: tunnel.path, status })
    },
  })
}

function proxyFailure(error: unknown, proxy: Proxy): ErpError {
  const failure = wayError(error, new URL(proxy.origin).host)
  if (failure.code === 'certificate-invalid') return failure
  const reason = failure.facts['reason'] ?? failure.code
  return new ErpError('proxy-unreachable', { proxy: proxy.origin, reason }, { cause: error })
}

function marked(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => connect(options, (...outcome) => {
    if (outcome[0] !== null) unsent.add(outcome[0])
    callback(...outcome)
  })
}
