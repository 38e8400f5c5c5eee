import { randomBytes, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LeaseOptions {
  /** Where others find it; must not be there yet. */
  readonly file: string
  /** Milliseconds from the last lease's end to the end of the process. */
  readonly graceMs: number
  /** What who holds a lease is told first. */
  readonly readyLine: string
  /** Nobody holds it any more, or somebody wants it to end. */
  readonly onEnd: () => void
}

/** Who starts a sandbox takes a lease at once; one that never did is gone. */
const FIRST_LEASE_MS = 60_000

/**
 * Lets the windows of an editor share one sandbox, which ends with the last of them. `file` holds `{ url, secret, pid }`,
 * for its owner alone. At that URL, a port of its own that knows none of the instance's quirks, with the header
 * `authorization: Bearer SECRET`:
 * - `GET` holds a lease for as long as the answer is open. Its first line is the ready line; a last line `stopped` tells
 *   that the end was wanted.
 * - `DELETE` ends the sandbox for all; the answer ends with the process.
 */
export class Lease {
  readonly #options: LeaseOptions
  readonly #secret = randomBytes(32).toString('hex')
  readonly #holders = new Set<ServerResponse>()
  readonly #server = createServer((request, response) => this.#answer(request, response))
  #record = ''
  #timer: NodeJS.Timeout | undefined

  private constructor(options: LeaseOptions) {
    this.#options = options
  }

  /** @throws Error EEXIST where there is such a file already */
  static async open(options: LeaseOptions): Promise<Lease> {
    const lease = new Lease(options)
    lease.#server.listen(0, '127.0.0.1')
    await once(lease.#server, 'listening')
    const { port } = lease.#server.address() as AddressInfo
    lease.#record = JSON.stringify({ url: `http://127.0.0.1:${port}/`, secret: lease.#secret, pid: process.pid })
    publish(options.file, lease.#record)
    lease.#endIn(FIRST_LEASE_MS)
    return lease
  }

  /** Tells everybody that the end is wanted; settles when they are told. */
  async close(): Promise<void> {
    clearTimeout(this.#timer)
    withdraw(this.#options.file, this.#record)
    await Promise.all([...this.#holders].map(response => new Promise<void>(done => {
      response.once('close', done)
      response.end('stopped\n')
    })))
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const isKnown = isSame(request.headers.authorization ?? '', `Bearer ${this.#secret}`)
    if (!isKnown) response.writeHead(403).end()
    else if (request.method === 'GET') this.#hold(response)
    else if (request.method === 'DELETE') {
      response.writeHead(200).flushHeaders()
      this.#options.onEnd()
    } else response.writeHead(405).end()
  }

  #hold(response: ServerResponse): void {
    clearTimeout(this.#timer)
    this.#holders.add(response)
    response.once('close', () => {
      this.#holders.delete(response)
      if (this.#holders.size === 0) this.#endIn(this.#options.graceMs)
    })
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
    response.write(`${this.#options.readyLine}\n`)
  }

  #endIn(ms: number): void {
    this.#timer = setTimeout(this.#options.onEnd, ms)
  }
}

/** The file is there as a whole or not at all. */
function publish(file: string, text: string): void {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    linkSync(draft, file)
  } finally {
    rmSync(draft)
  }
}

/** Another one may have come in its place. */
function withdraw(file: string, text: string): void {
  try {
    if (readFileSync(file, 'utf8') === text) rmSync(file)
  } catch { /* it is gone already */ }
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
