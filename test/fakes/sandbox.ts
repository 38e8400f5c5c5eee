import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import type { Limits } from '../../src/sandbox/control.ts'
import type { ApplicationType } from '../../src/sandbox/identity/applications.ts'
import type { TokenState } from '../../src/sandbox/identity/issuing.ts'
import type { State } from '../../src/sandbox/monitor.ts'
import type { QuirkName, QuirkValue, Setting } from '../../src/sandbox/quirks.ts'
import type { RequestLog } from '../../src/sandbox/requests.ts'

/** What to start; see `src/sandbox/README.md`. */
export interface SandboxWishes {
  /** Sales order lines; 300 when not said, so that tests start at once. */
  readonly rows?: number
  readonly seed?: number
  readonly host?: string
  /** By which clients know it, where something stands in front of it. */
  readonly publicUrl?: string
  /** A folder with the files of a model. */
  readonly model?: string
  readonly quirks?: Partial<Record<QuirkName, QuirkValue>>
  /** The file to run; the source when not said. */
  readonly entry?: string
}

/** What it prints when it is ready. */
export interface ReadyLine {
  readonly url: string
  readonly referenceToken: string
  readonly users: readonly {
    readonly login: string; readonly password: string; readonly type: string; readonly id: string
  }[]
  readonly applications: readonly {
    readonly clientId: string
    readonly type: ApplicationType
    readonly secret?: string
    readonly redirectUris: readonly string[]
    readonly scope: string
    readonly systemUser?: { readonly id: string; readonly login: string }
  }[]
  readonly referenceTokens: readonly {
    readonly token: string
    readonly kind: 'PAT' | 'SAT'
    readonly clientId: string
    readonly user: string
    readonly state: TokenState | 'foreign'
    readonly scope: string
  }[]
}

export interface SandboxUnderTest extends ReadyLine {
  readonly control: SandboxControl
  /** Ends the process and waits for it. */
  stop(): Promise<void>
}

/** A sandbox as a process of its own, which ends with this one. @throws Error with its stderr when it doesn't start */
export async function startSandbox(
  { rows = 300, seed, host, publicUrl, model, quirks = {}, entry }: SandboxWishes = {},
): Promise<SandboxUnderTest> {
  const args = [
    '--control', '--exit-with-stdin', '--rows', String(rows),
    ...(seed === undefined ? [] : ['--seed', String(seed)]),
    ...(host === undefined ? [] : ['--host', host]),
    ...(publicUrl === undefined ? [] : ['--public-url', publicUrl]),
    ...(model === undefined ? [] : ['--model', model]),
    ...Object.entries(quirks).flatMap(([name, value]) => ['--quirk', value === true ? name : `${name}=${value}`]),
  ]
  const source = new URL('../../src/sandbox/main.ts', import.meta.url)
  const child = spawn(process.execPath, [entry ?? fileURLToPath(source), ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (words: string) => { complaints += words })
  const lines = createInterface(child.stdout)
  const [line] = await Promise.race([once(lines, 'line') as Promise<[string]>, ended.then((): [undefined] => [undefined])])
  lines.on('line', (more: string) => { complaints += more })
  if (line === undefined) throw new Error(`the sandbox did not start: ${complaints}`)
  const ready = JSON.parse(line) as ReadyLine
  return {
    ...ready,
    control: new SandboxControl((JSON.parse(line) as { control: string }).control),
    stop: async () => {
      child.stdin.end()
      await ended
      // What it writes after its first line is a bug of its own: let the test fail by it.
      if (complaints !== '') throw new Error(`the sandbox complained: ${complaints}`)
    },
  }
}

/**
 * A sandbox for the tests of one `describe`: it starts before the first of them and ends after the last. What is
 * returned is filled in by then.
 */
export function useSandbox(wishes?: SandboxWishes): SandboxUnderTest {
  const sandbox = {} as SandboxUnderTest
  before(async () => void Object.assign(sandbox, await startSandbox(wishes)))
  after(() => sandbox.stop())
  return sandbox
}

/** For what to wait: see `src/sandbox/control.ts`. */
export interface Wishes {
  readonly running?: number
  readonly rows?: number
  readonly stalled?: number
  readonly queued?: number
  readonly sockets?: number
  readonly tableSockets?: number
  readonly sessions?: number
  readonly answering?: number
  readonly requests?: number
  readonly bytesSent?: number
  readonly seconds?: number
}

export class SandboxControl {
  readonly url: string
  readonly #root: string

  /** @param url control's own address, or the instance's */
  constructor(url: string) {
    this.url = url
    this.#root = `${url}/_control/`
  }

  async state(): Promise<State> {
    return await this.#call('GET', 'state') as State
  }

  /** As soon as all of it fits. @throws AssertionError with the state when it doesn't in time (20 seconds) */
  async wait(wishes: Wishes): Promise<State> {
    const query = new URLSearchParams(
      Object.entries(wishes).map(([name, value]): [string, string] => [name, String(value)]),
    )
    return await this.#call('GET', `wait?${query.toString()}`) as State
  }

  /** What has been asked so far, by path, and one by one with what became of it. */
  async requests(): Promise<ReturnType<RequestLog['report']>> {
    return await this.#call('GET', 'requests') as ReturnType<RequestLog['report']>
  }

  /**
   * `true` gives a quirk its usual value, `false` switches it off; those not named stay as they are. A `Setting` limits
   * it to some requests.
   */
  async quirks(values: Partial<Record<QuirkName, QuirkValue | false | Partial<Setting>>>): Promise<void> {
    await this.#call('POST', 'quirks', values)
  }

  async clearQuirks(): Promise<void> {
    await this.#call('DELETE', 'quirks')
  }

  /** Lets stalled answers go on. */
  async release(): Promise<void> {
    await this.#call('POST', 'release', {})
  }

  /** Breaks the connections of all answers under way. */
  async cut(): Promise<void> {
    await this.#call('POST', 'cut', {})
  }

  /** From now on nobody can connect to the instance, until `open`. */
  async close(): Promise<void> {
    await this.#call('POST', 'close', {})
  }

  async open(): Promise<void> {
    await this.#call('POST', 'open', {})
  }

  async limits(values: Partial<Limits>): Promise<void> {
    await this.#call('POST', 'limits', values)
  }

  /** The instance's clock moves on. */
  async advance(seconds: number): Promise<void> {
    await this.#call('POST', 'clock', { advanceSeconds: seconds })
  }

  /** Changes a user, an application or a reference token: see `src/sandbox/identity/changes.ts`. */
  async accounts(change: Readonly<Record<string, unknown>>): Promise<void> {
    await this.#call('POST', 'accounts', change)
  }

  /** Over a connection of its own, so that none is shared with what is tested: sockets are counted. */
  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const call = request(this.#root + path, { method, agent: false })
    call.end(body === undefined ? undefined : JSON.stringify(body))
    const [response] = await once(call, 'response') as [IncomingMessage]
    const answer = await text(response)
    assert.equal(response.statusCode, 200, `control ${method} ${path}: ${response.statusCode ?? 0} ${answer}`)
    return JSON.parse(answer)
  }
}
