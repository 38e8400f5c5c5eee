import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** An answer as it came: nothing unpacked, no redirect followed. */
export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** What came, also when the connection broke on the way. */
  readonly body: Buffer
  readonly broken: boolean
}

/** Over a connection of its own. @throws Error with `code` when the connection ends before an answer */
export async function rawAsk(url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawAnswer> {
  const call = request(url, { agent: false, headers })
  call.end()
  const [response] = await once(call, 'response') as [IncomingMessage]
  const pieces: Buffer[] = []
  response.on('data', (piece: Buffer) => pieces.push(piece))
  const broken = await new Promise<boolean>(resolve => {
    response.once('end', () => resolve(false)).once('error', () => resolve(true))
  })
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces), broken }
}

/** The sizes of the chunks (RFC 9112, section 7.1) of an answer whose body is ASCII. */
export async function chunkSizes(url: string, headers: Readonly<Record<string, string>>): Promise<number[]> {
  const { hostname, port, pathname, search, host } = new URL(url)
  const socket = connect(Number(port), hostname)
  const lines = Object.entries({ host, connection: 'close', ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join('')}\r\n`)
  const answer = (await buffer(socket)).toString('latin1')
  const sizes = []
  let at = answer.indexOf('\r\n\r\n') + 4
  for (let size = -1; size !== 0;) {
    const end = answer.indexOf('\r\n', at)
    size = parseInt(answer.slice(at, end), 16)
    if (Number.isNaN(size)) throw new Error(`no chunk at ${at}: ${answer.slice(at, at + 40)}`)
    if (size > 0) sizes.push(size)
    at = end + 2 + size + 2
  }
  return sizes
}
