import { createServer, request, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { CERTIFICATE, KEY } from './privateCa.ts'

/** The world beyond a company's proxy: one host, whose certificate a private authority has signed. */
export interface World {
  /** `https://instance.test`: no name that this machine could resolve, so only a proxy reaches it. */
  readonly url: string
  /** Of the host itself, on 127.0.0.1: for going there directly. */
  readonly port: number
  /** Of a proxy that knows the host; for the company's proxy above all. */
  readonly proxyPort: number
  /** Paths that were asked for. */
  readonly paths: string[]
  stop(): Promise<void>
}

const HOST = 'instance.test'
export const WORLD = `https://${HOST}`

export async function startWorld(handler: RequestListener): Promise<World> {
  const paths: string[] = []
  const host = createSecureServer({ key: KEY, cert: CERTIFICATE }, (incoming, response) => {
    paths.push(new URL(incoming.url ?? '/', 'https://x').pathname)
    handler(incoming, response)
  })
  const port = await listen(host)
  const names = createServer().on('connect', ({ url }, socket, head: Buffer) => {
    if (url !== `${HOST}:443`) return socket.end('HTTP/1.1 502 Unknown host\r\n\r\n')
    const onwards = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onwards.write(head)
      socket.pipe(onwards).pipe(socket)
    })
    for (const [end, other] of [[socket, onwards], [onwards, socket]] as const) {
      end.on('error', () => other.destroy()).on('close', () => other.destroy())
    }
    return undefined
  })
  const proxyPort = await listen(names)
  return {
    url: WORLD,
    port,
    proxyPort,
    paths,
    stop: async () => {
      for (const server of [host, names]) {
        const closed = new Promise(resolve => server.close(resolve))
        server.closeAllConnections()
        await closed
      }
    },
  }
}

/** Hands requests on to an instance on this machine; documents that name its addresses name ours instead. */
export function inFrontOf(instance: string, ours = WORLD): RequestListener {
  return (incoming, response) => {
    const { method, url = '/', headers } = incoming
    const onwards = request(instance + url, { method, headers: { ...headers, host: new URL(instance).host } }, answer => {
      response.writeHead(answer.statusCode ?? 500, omitLength(answer.headers))
      if (/auto-discovery|well-known/.test(url)) void text(answer).then(body => response.end(body.replaceAll(instance, ours)))
      else answer.pipe(response)
    })
    onwards.on('error', () => response.destroy())
    response.on('close', () => onwards.destroy())
    incoming.pipe(onwards)
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

/** A changed document has another one. */
function omitLength({ ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  delete headers['content-length']
  return headers
}
