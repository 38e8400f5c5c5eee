import type { IncomingMessage, ServerResponse } from 'node:http'

import { redact } from '../core/base/redact.ts'
import { credentialOf, type Credential } from './credential.ts'

/** How many requests are remembered one by one. */
const REMEMBERED = 500

/** One request as a test sees it. Times are milliseconds since 1970. */
export interface LoggedRequest {
  readonly id: number
  readonly method: string
  /** With its query; what opens something is hidden. */
  readonly path: string
  readonly credential?: Credential
  readonly begun: number
  /** Absent while the answer is under way. */
  ended?: number
  /** Absent when the connection ended before an answer. */
  status?: number
  /** Whether the answer was sent to its end. */
  whole: boolean
  /** Handed to the client's socket, headers and framing included. */
  bytes: number
}

interface Running {
  readonly entry: LoggedRequest
  readonly request: IncomingMessage
  readonly writtenBefore: number
}

/** The requests to the instance, those to control left out. */
export class RequestLog {
  readonly #changed: () => void
  readonly #last: LoggedRequest[] = []
  readonly #running = new Set<Running>()
  readonly #byPath = new Map<string, number>()
  #total = 0
  #bytesEnded = 0

  /** @param changed told whenever a request begins or ends */
  constructor(changed: () => void) {
    this.#changed = changed
  }

  begin(request: IncomingMessage, response: ServerResponse): void {
    this.#total += 1
    const path = request.url ?? ''
    const [pathname = ''] = path.split('?')
    this.#byPath.set(pathname, (this.#byPath.get(pathname) ?? 0) + 1)
    const credential = credentialOf(request)
    const entry: LoggedRequest = {
      id: this.#total, method: request.method ?? '', path: redact(path).replace(/([?&]secret=)[^&]*/g, '$1[hidden]'),
      ...(credential ? { credential } : {}), begun: Date.now(), whole: false, bytes: 0,
    }
    this.#last.push(entry)
    if (this.#last.length > REMEMBERED) this.#last.shift()
    const running: Running = { entry, request, writtenBefore: request.socket.bytesWritten }
    this.#running.add(running)
    response.once('close', () => this.#end(running, response))
    this.#changed()
  }

  get counts(): { requests: number; answering: number; bytesSent: number } {
    const bytes = [...this.#running].reduce((sum, running) => sum + written(running), this.#bytesEnded)
    return { requests: this.#total, answering: this.#running.size, bytesSent: bytes }
  }

  /** `last` begins with the oldest. */
  report(): { total: number; byPath: Readonly<Record<string, number>>; last: readonly LoggedRequest[] } {
    for (const running of this.#running) running.entry.bytes = written(running)
    return { total: this.#total, byPath: Object.fromEntries(this.#byPath), last: this.#last }
  }

  /** Breaks the connection of every answer that is under way. */
  cut(): void {
    for (const { request } of this.#running) request.socket.destroy()
  }

  #end(running: Running, response: ServerResponse): void {
    const { entry } = running
    entry.bytes = written(running)
    entry.ended = Date.now()
    entry.whole = response.writableFinished
    if (response.headersSent) entry.status = response.statusCode
    this.#bytesEnded += entry.bytes
    this.#running.delete(running)
    this.#changed()
  }
}

function written({ request, writtenBefore }: Running): number {
  return request.socket.bytesWritten - writtenBefore
}
