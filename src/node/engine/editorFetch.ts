import type { MessagePort } from 'node:worker_threads'
import { ErpError } from '../../core/base/errors.ts'
import { bodyOf } from '../body.ts'
import type { Incoming, Outgoing } from '../network.ts'
import { wayError } from '../wayError.ts'
import type { EditorRequest, Failure } from './protocol.ts'

/**
 * The way through the editor's own `fetch`, which knows PAC files, Kerberos and certificates that no worker knows.
 * Each request has a message port of its own: the worker sends it along, the host answers once over it, and whoever
 * closes it ends the request. The body is a transferred stream: it carries back pressure and early leaving by itself.
 */

type EditorAnswer =
  | { readonly status: number; readonly headers: Record<string, string>; readonly body: ReadableStream<Uint8Array> | null }
  | { readonly failure: Failure }

/** In the worker. Throws what the host's `fetch` failed with, `connection-timed-out`, `cancelled`. */
export async function askEditor(
  post: (request: EditorRequest, port: MessagePort) => void, url: URL, outgoing: Outgoing,
): Promise<Incoming> {
  const { method, headers, body = null, signal, answerWithinMs } = outgoing
  if (isAborted(signal)) throw new ErpError('cancelled')
  const { port1: port, port2 } = new MessageChannel()
  const cancel = (): void => port.close()
  signal?.addEventListener('abort', cancel, { once: true })
  const timer = setTimeout(cancel, answerWithinMs)
  const answered = new Promise<EditorAnswer | undefined>(resolve => {
    port.once('message', resolve)
    port.once('close', () => resolve(undefined))
  })
  // our own way doesn't ask for compression either
  post({ url: url.href, method, headers: { ...headers, 'accept-encoding': 'identity' }, body }, port2)
  const answer = await answered
  clearTimeout(timer)
  if (answer === undefined) throw isAborted(signal) ? new ErpError('cancelled') : new ErpError('connection-timed-out', { host: url.host })
  if ('failure' in answer) {
    port.close()
    throw new ErpError(answer.failure.code, answer.failure.facts)
  }
  return { status: answer.status, headers: answer.headers, body: bodyOf(pieces(answer.body, port, url.host)) }
}

/** Asked anew each time: it changes on the way. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

async function* pieces(body: ReadableStream<Uint8Array> | null, port: MessagePort, host: string): AsyncGenerator<Uint8Array> {
  try {
    if (body !== null) yield* body
  } catch (cause) {
    throw new ErpError('connection-cut', { host }, { cause })
  } finally {
    port.close()
  }
}

/** In the editor's main thread. Redirects are not followed, as on our own way, and no cookies are sent or kept. */
export async function answerWorker(fetch: typeof globalThis.fetch, request: EditorRequest, port: MessagePort): Promise<void> {
  const { url, method, headers, body } = request
  const abort = new AbortController()
  port.once('close', () => abort.abort())
  port.start()
  try {
    const answer = await fetch(url, { method, headers, body, redirect: 'manual', credentials: 'omit', signal: abort.signal })
    const reply: EditorAnswer = { status: answer.status, headers: Object.fromEntries(answer.headers), body: answer.body }
    port.postMessage(reply, answer.body === null ? [] : [answer.body])
  } catch (error) {
    // `fetch` hides what happened in the cause
    const { code, facts } = wayError(error instanceof Error ? error.cause ?? error : error, new URL(url).host, abort.signal)
    port.postMessage({ failure: { code, facts } } satisfies EditorAnswer)
  }
}
