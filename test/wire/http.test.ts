import assert from 'node:assert/strict'
import type { RequestListener, ServerResponse } from 'node:http'
import type { ErrorCode, Facts } from '../../src/core/base/errors.ts'
import { piecesOf } from '../../src/node/body.ts'
import { askIdentity, openBody, readJson, readText } from '../../src/node/http.ts'
import { fails } from '../fakes/fails.ts'
import { freePort, serve, serveSelfSigned, type TestServer } from './servers.ts'

const TOKEN = 'enrt_0123456789ABCDEF'

describe('HTTP', () => {
  const servers: TestServer[] = []

  async function start(handler: RequestListener): Promise<TestServer> {
    const server = await serve(handler)
    servers.push(server)
    return server
  }

  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()))
  })

  describe('data', () => {
    it('is read, with the token in the header alone', async () => {
      const server = await start((_, response) => json(response, 200, '{"value":[1]}'))
      assert.deepEqual(await readJson(`${server.url}/x?$top=1`, { token: TOKEN }), { value: [1] })
      assert.equal(server.requests[0]?.headers.authorization, `Bearer ${TOKEN}`)
      assert.equal(server.requests[0].headers.accept, 'application/json')
      assert.equal(server.requests[0].url, '/x?$top=1')
    })

    it('is read without a token', async () => {
      const server = await start((_, response) => response.end('26.2.0.76'))
      assert.equal(await readText(server.url), '26.2.0.76')
      assert.equal(server.requests[0]?.headers.authorization, undefined)
    })

    it('keeps letters whole that are cut between two pieces', async () => {
      const bytes = Buffer.from('„Цена“')
      const server = await start((_, response) => {
        response.write(bytes.subarray(0, 4))
        setImmediate(() => response.end(bytes.subarray(4)))
      })
      assert.equal(await readText(server.url), '„Цена“')
    })

    it('comes piece by piece, while the server still sends', async () => {
      const sending = Promise.withResolvers<ServerResponse>()
      const server = await start((_, response) => {
        response.write('first')
        sending.resolve(response)
      })
      const { body } = await openBody(server.url)
      const pieces = piecesOf(body)
      assert.equal(textOf(await pieces.next()), 'first')
      const response = await sending.promise
      response.end('last')
      assert.equal(textOf(await pieces.next()), 'last')
      assert.equal((await pieces.next()).done, true)
    })

    it('waits at the server while the reader holds back', async () => {
      const piece = Buffer.alloc(64 * 1024, 'x')
      const total = 2000
      let written = 0
      const server = await start((request, response) => {
        if (request.url === '/written') {
          response.end(String(written))
          return
        }
        const writeOn = (): void => {
          while (written < total) {
            written += 1
            if (!response.write(piece)) {
              response.once('drain', writeOn)
              return
            }
          }
          response.end()
        }
        writeOn()
      })
      const { body } = await openBody(server.url)
      const pieces = piecesOf(body)
      let bytes = textOf(await pieces.next()).length
      // the server stands still when it has written no more between two looks
      let before = -1
      while (before !== written) {
        before = written
        for (let look = 0; look < 20; look += 1) await readText(`${server.url}/written`)
      }
      assert.ok(written < total / 2, `${written} of ${total} pieces were written ahead`)
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) bytes += textOf(next).length
      assert.equal(bytes, total * piece.length)
    })
  })

  describe('the socket closes at once', () => {
    /** Opens a body that never ends; the promise is for the close that the server sees. */
    async function openEndless(signal?: AbortSignal) {
      const closed = Promise.withResolvers<undefined>()
      const server = await start((_, response) => {
        response.on('close', () => closed.resolve(undefined))
        response.write('row')
      })
      return { closed: closed.promise, opened: await openBody(server.url, { signal }) }
    }

    it('when the read is cancelled', async () => {
      const abort = new AbortController()
      const { closed, opened } = await openEndless(abort.signal)
      const pieces = piecesOf(opened.body)
      await pieces.next()
      const next = pieces.next()
      abort.abort()
      await fails(next, 'cancelled')
      await closed
    })

    it('when it is cancelled before the body is read', async () => {
      const abort = new AbortController()
      const { closed, opened } = await openEndless(abort.signal)
      abort.abort()
      await closed
      await fails(piecesOf(opened.body).next(), 'cancelled')
    })

    it('when the reader leaves early', async () => {
      const { closed, opened } = await openEndless()
      assert.equal(await opened.body.read(pieces => Buffer.concat(pieces).byteLength), 3)
      opened.body.leave()
      await closed
    })

    it('when it is cancelled before the answer', async () => {
      const abort = new AbortController()
      const closed = Promise.withResolvers<undefined>()
      const server = await start((_, response) => {
        response.on('close', () => closed.resolve(undefined))
        abort.abort()
      })
      await fails(openBody(server.url, { signal: abort.signal }), 'cancelled')
      await closed.promise
    })

    it('and isn’t even opened when it was cancelled before', async () => {
      const server = await start((_, response) => response.end())
      await fails(openBody(server.url, { signal: AbortSignal.abort() }), 'cancelled')
      assert.equal(server.requests.length, 0)
    })
  })

  describe('the way', () => {
    it('host not found', async () => {
      await fails(readText('https://nobody.invalid/'), 'host-not-found', { host: 'nobody.invalid' })
    })

    it('connection refused', async () => {
      const port = await freePort()
      await fails(readText(`http://127.0.0.1:${port}/`), 'connection-refused', { host: `127.0.0.1:${port}` })
    })

    it('wrong certificate', async () => {
      const server = await serveSelfSigned((_, response) => response.end('secret'))
      servers.push(server)
      const error = await fails(readText(server.url, { token: TOKEN }), 'certificate-invalid', { host: new URL(server.url).host })
      assert.match(String(error.facts['reason']), /self-signed/)
      assert.equal(server.requests.length, 0, 'no token was sent there')
    })

    it('a server that does not speak TLS', async () => {
      const server = await start((_, response) => response.end())
      await fails(readText(server.url.replace('http:', 'https:')), 'network')
    })

    it('no answer in time', async () => {
      const server = await start(() => undefined)
      await fails(readText(server.url, { answerWithinSeconds: 0.2 }), 'connection-timed-out')
    })

    it('hung up before the answer', async () => {
      const server = await start(request => request.socket.destroy())
      await fails(readText(server.url), 'connection-cut')
    })

    it('a chunked body cut in the middle', async () => {
      const server = await start((_, response) => {
        response.write('{"value":[', () => response.socket?.destroy())
      })
      await fails(readJson(server.url), 'connection-cut', { host: new URL(server.url).host })
    })

    it('a body cut short of its length', async () => {
      const server = await start((_, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"value":[', () => response.socket?.end())
      })
      await fails(readJson(server.url), 'connection-cut')
    })

    it('plain http beyond this machine is not even tried', async () => {
      await fails(readText('http://demodb.my.erp.net/', { token: TOKEN }), 'address-insecure')
    })
  })

  describe('the server says', () => {
    const erpError = JSON.stringify({ error: { message: 'Invalid column name.', code: 0, info: '   at Erp.Stack()' } })
    const answers: readonly (readonly [
      what: string, status: number, headers: Record<string, string>, body: string, code: ErrorCode, facts: Facts,
    ])[] = [
      ['401', 401, {}, '', 'unauthorized', {}],
      ['403', 403, {}, '', 'forbidden', {}],
      ['404', 404, {}, '', 'not-found', {}],
      ['429', 429, { 'retry-after': '3' }, '', 'too-many-requests', { retryAfterSeconds: 3 }],
      ['500 with ERP.net’s error body', 500, { 'content-type': 'application/json' }, erpError, 'server-error', { status: 500, message: 'Invalid column name.' }],
      ['500 with no licence', 500, {}, '{"message":"x","type":"MaximumLicenseCountExceeded"}', 'no-licence', {}],
      ['200 with HTML', 200, { 'content-type': 'text/html' }, '<html>Sign in</html>', 'html-instead-of-data', { status: 200 }],
      ['200 with HTML in disguise', 200, { 'content-type': 'application/json' }, '<!DOCTYPE html><html>', 'html-instead-of-data', { status: 200 }],
      ['200 with nothing', 200, { 'content-type': 'application/json' }, '', 'unexpected-answer', { reason: 'not JSON' }],
      ['a redirect to a sign-in page', 302, { location: '/id/connect/authorize' }, '', 'html-instead-of-data', { status: 302 }],
    ]
    for (const [what, status, headers, body, code, facts] of answers) {
      it(what, async () => {
        const server = await start((_, response) => response.writeHead(status, headers).end(body))
        const url = `${server.url}/tableapi/odata/Gen_Documents`
        const error = await fails(readJson(url, { token: TOKEN }), code, { url, ...facts })
        assert.ok(!error.message.includes(TOKEN))
        assert.equal(server.requests.length, 1, 'asked once, and not redirected')
      })
    }

    it('a page instead of rows, before any of it is read', async () => {
      const server = await start((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
      await fails(openBody(server.url), 'html-instead-of-data')
    })

    it('a redirect, and the token goes nowhere else', async () => {
      const other = await start((_, response) => response.end('{}'))
      const server = await start((_, response) => response.writeHead(307, { location: `${other.url}/steal` }).end())
      await fails(readJson(server.url, { token: TOKEN }), 'unexpected-answer')
      assert.equal(other.requests.length, 0)
    })

    it('an endless error, which is not read to its end', async () => {
      const server = await start((_, response) => {
        response.writeHead(500, { 'content-type': 'text/plain' })
        const writeOn = (): void => { while (response.write('No. '.repeat(10_000))) continue }
        response.on('drain', writeOn)
        writeOn()
      })
      const error = await fails(readJson(server.url), 'server-error')
      assert.ok(String(error.facts['message']).length <= 500)
    })

    it('nonsense', async () => {
      const server = await start(request => request.socket.end('SSH-2.0-OpenSSH\r\n\r\n'))
      await fails(readText(server.url), 'network')
    })
  })

  describe('the identity service', () => {
    it('is asked with a form and answers data', async () => {
      const server = await start((request, response) => {
        request.on('data', (body: Buffer) =>
          json(response, 200, JSON.stringify({ got: body.toString(), type: request.headers['content-type'] })))
      })
      const answer = await askIdentity(server.url, {
        method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1',
      })
      assert.deepEqual(await answer.json(), { got: 'a=1', type: 'application/x-www-form-urlencoded' })
    })

    it('refuses in OAuth’s words', async () => {
      const server = await start((_, response) => json(response, 400, '{"error":"invalid_grant","error_description":"used"}'))
      await fails(askIdentity(server.url, { method: 'POST' }), 'sign-in-refused', { error: 'invalid_grant', description: 'used' })
    })

    it('shows a page', async () => {
      const server = await start((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>'))
      await fails(askIdentity(server.url, {}), 'html-instead-of-data')
    })
  })
})

function json(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

function textOf(next: IteratorResult<Uint8Array>): string {
  return next.done === true ? '' : Buffer.from(next.value).toString()
}
