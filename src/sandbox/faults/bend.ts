import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface Bend {
  /** Through these the body goes, in this order. */
  readonly steps: readonly Duplex[]
  /** Headers that come instead of those that the answer has. */
  readonly headers: Readonly<Record<string, string>>
  /** After so many bytes of the body the connection breaks. */
  readonly cutAfter: number | undefined
}

type Callback = (error?: Error | null) => void

/**
 * Leads the body of an answer through steps, whoever writes it: `writeHead`, `write` and `end` of this response are
 * replaced, back pressure and `drain` included. Since its length may change, none is announced.
 */
export function bend(response: ServerResponse, { steps, headers, cutAfter }: Bend): void {
  const writeHead = response.writeHead.bind(response)
  const send = sender(response, cutAfter)
  const [first, ...rest] = steps
  if (first) {
    const last = rest.reduce<Duplex>((from, to) => from.pipe(to), first)
    last.on('data', (piece: Buffer) => {
      if (send.write(piece)) return
      last.pause()
      response.once('drain', () => last.resume())
    })
    last.on('end', () => send.end())
    first.on('drain', () => response.emit('drain'))
    for (const step of steps) step.on('error', () => response.destroy())
    response.once('close', () => steps.forEach(step => step.destroy()))
  }
  const target = first ?? send
  Object.assign(response, {
    writeHead: (status: number, wanted?: OutgoingHttpHeaders) => {
      for (const [name, value] of Object.entries({ ...wanted, ...headers })) {
        if (value !== undefined) response.setHeader(name, value)
      }
      response.removeHeader('content-length')
      return writeHead(status)
    },
    write: (data: string | Uint8Array, second?: BufferEncoding | Callback, third?: Callback) => {
      const [encoding, done] = typeof second === 'function' ? [undefined, second] : [second, third]
      return target.write(toBuffer(data, encoding), done)
    },
    end: (data?: unknown, second?: unknown, third?: unknown) => {
      const done = [data, second, third].find(part => typeof part === 'function')
      if (done) response.once('finish', done as () => void)
      if (typeof data === 'string' || data instanceof Uint8Array) target.write(toBuffer(data, second))
      target.end()
      return response
    },
  })
}

/** A copy: who wrote the bytes may use their memory again as soon as they are taken. */
function toBuffer(data: string | Uint8Array, encoding: unknown): Buffer {
  return typeof data === 'string' ? Buffer.from(data, encoding as BufferEncoding | undefined) : Buffer.from(data)
}

/** The response as it was, which breaks off after so many bytes. */
function sender(response: ServerResponse, cutAfter = Infinity) {
  const write = response.write.bind(response)
  const end = response.end.bind(response)
  let left = cutAfter
  return {
    write: (piece: Buffer, done: Callback = () => undefined): boolean => {
      if (left === 0 || response.destroyed) {
        process.nextTick(done)
        return true
      }
      const part = piece.subarray(0, left)
      left -= part.length
      const isLast = left === 0
      return write(part, error => {
        if (isLast) response.destroy()
        done(error)
      })
    },
    end: () => {
      if (left > 0) end()
    },
  }
}
