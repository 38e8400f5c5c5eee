import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Instance } from '../../src/core/instance/instance.ts'
import { NO_SETTINGS, readEnvironment, type NetworkEnvironment, type NetworkSettings } from '../../src/core/instance/way.ts'
import { Engine } from '../../src/node/engine/client.ts'
import { AUTHORITY } from './privateCa.ts'
import { startProxy, type ProxyUnderTest, type ProxyWishes } from './proxy.ts'
import { startSandbox, type SandboxUnderTest } from './sandbox.ts'
import { plainRun } from './plainRun.ts'
import { inFrontOf, startWorld, WORLD, type World } from './world.ts'

const WORKER = join(import.meta.dirname, '../../src/node/engine/worker.ts')

/**
 * An engine in a company: the instance has a certificate of a private authority, and only a proxy leads to it. Nothing
 * on this machine knows its name, so what arrives there has come through the proxy.
 */
export class Company {
  readonly sandbox: SandboxUnderTest
  readonly world: World
  readonly engine: Engine
  /** The authority's certificate, as a file. */
  readonly authority: string
  /** What the engine said, as "level line". */
  readonly log: string[] = []
  /** What the editor says now; read anew for each call. */
  settings = NO_SETTINGS
  /** The editor's own. */
  fetch: typeof fetch = fails
  readonly #events: EventEmitter
  readonly #folder = mkdtempSync(join(tmpdir(), 'erpnet-company-'))
  readonly #ends: (() => unknown)[] = []
  #tests = 0

  private constructor(sandbox: SandboxUnderTest, world: World, events: EventEmitter) {
    this.sandbox = sandbox
    this.world = world
    this.#events = events
    this.authority = join(this.#folder, 'authority.pem')
    writeFileSync(this.authority, AUTHORITY)
    this.engine = new Engine({
      script: WORKER,
      network: {
        settings: () => this.settings,
        fetch: (input, init) => this.fetch(input, init),
        log: (level, line) => {
          // which way requests take is of interest here, not each of them
          if (level !== 'request') this.log.push(`${level} ${line}`)
        },
      },
    })
  }

  static async start(): Promise<Company> {
    const events = new EventEmitter()
    const sandbox = await startSandbox({ publicUrl: WORLD })
    const front = inFrontOf(sandbox.url)
    const world = await startWorld((request, response) => {
      if (request.url === '/endless') {
        response.on('close', () => events.emit('closed'))
        response.writeHead(200, { 'content-type': 'application/json' }).write('{"value":[{"Id":1},')
        events.emit('endless', response)
      } else front(request, response)
    })
    return new Company(sandbox, world, events)
  }

  /** Before each test: settings that no test had before, so that the engine begins anew. */
  begin(): void {
    this.#tests++
    this.settings = { ...NO_SETTINGS, environment: this.environment() }
    this.fetch = fails
    this.log.length = 0
    this.world.paths.length = 0
  }

  /** Changes some settings; the others stay. */
  set(settings: Partial<NetworkSettings>): void {
    this.settings = { ...this.settings, ...settings }
  }

  environment(variables: Record<string, string> = {}): NetworkEnvironment {
    return readEnvironment({ NO_PROXY: `test-${this.#tests}.example`, ...variables })
  }

  /** An environment in which the authority is known. */
  trusting(variables: Record<string, string> = {}): NetworkEnvironment {
    return this.environment({ NODE_EXTRA_CA_CERTS: this.authority, ...variables })
  }

  discover(signal?: AbortSignal): Promise<Instance> {
    return this.engine.call('discover', { address: this.world.url }, { signal })
  }

  /** Reads rows that never end, to the first batch. */
  async readEndless() {
    const { engine, sandbox, world } = this
    const events = this.#events
    const abort = new AbortController()
    const opened = once(events, 'endless') as Promise<[ServerResponse]>
    const batch = once(events, 'batch')
    const done = engine.call('query', { run: plainRun(`${world.url}/endless`), token: sandbox.referenceToken }, {
      signal: abort.signal,
      onBatch: () => events.emit('batch'),
    })
    done.catch(() => undefined)
    await batch
    return { done, abort, response: (await opened)[0], closed: once(events, 'closed') }
  }

  /** A proxy for the test that runs. */
  async proxy(wishes: Partial<ProxyWishes> = {}): Promise<ProxyUnderTest> {
    const proxy = await startProxy({ world: this.world.proxyPort, ...wishes })
    this.atEnd(() => proxy.stop())
    return proxy
  }

  /** Does something at the end of the test that runs, the latest first. */
  atEnd(end: () => unknown): void {
    this.#ends.push(end)
  }

  async end(): Promise<void> {
    for (const end of this.#ends.splice(0).reverse()) await end()
  }

  async stop(): Promise<void> {
    await this.engine.dispose()
    await this.world.stop()
    await this.sandbox.stop()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function fails(): Promise<never> {
  return Promise.reject(new TypeError('fetch failed'))
}
