import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createSocketServer, type AddressInfo } from 'node:net'
import { CERTIFICATE, KEY } from './selfSigned.ts'

/** A server that misbehaves on purpose: what the sandbox, being proper, can't play. */
export interface TestServer {
  readonly url: string
  readonly port: number
  /** Every request so far. */
  readonly requests: readonly IncomingMessage[]
  close(): Promise<void>
}

export function serve(handler: RequestListener): Promise<TestServer> {
  return listen(createServer(), 'http', handler)
}

export function serveSelfSigned(handler: RequestListener): Promise<TestServer> {
  return listen(createSecureServer({ key: KEY, cert: CERTIFICATE }), 'https', handler)
}

/** A server that answers every path of `pages` with that text, and all others with 404. */
export function servePages(pages: Readonly<Record<string, string>>, type = 'application/json'): Promise<TestServer> {
  return serve((request, response) => {
    const page = pages[request.url ?? '']
    response.writeHead(page === undefined ? 404 : 200, { 'content-type': type }).end(page)
  })
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createSocketServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function listen(server: Server, scheme: string, handler: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = []
  server.on('request', (request, response) => {
    requests.push(request)
    handler(request, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  // a test that fails before it closes the server doesn't keep the process
  server.unref()
  const { port } = server.address() as AddressInfo
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    requests,
    close: () => new Promise(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
  }
}
