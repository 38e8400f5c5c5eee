import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type RequestOptions } from 'node:http'
import { connect } from 'node:net'
import { ErpError } from '../../src/core/base/errors.ts'
import { listenForCallback, type Loopback } from '../../src/node/loopback.ts'
import type { ResultPage } from '../../src/node/resultPage.ts'
import { fails } from '../fakes/fails.ts'
import { Random } from '../unit/random.ts'
import { freePort } from './servers.ts'

const STRAY: ResultPage = { outcome: 'failed', title: 'Nothing waits', text: 'Close it.', language: 'en' }
const DONE: ResultPage = {
  outcome: 'done', title: 'Signed in to <b>"Demo"</b>', text: 'Go back & work', language: 'bg', link: { label: 'Back', url: 'vscode://' },
}

describe('Loopback', () => {
  const open: Loopback[] = []

  async function listen({ ports, signal = new AbortController().signal, path = '/callback' }: {
    ports?: number[]; signal?: AbortSignal; path?: string
  } = {}): Promise<Loopback> {
    const loopback = await listenForCallback({ ports: ports ?? [await freePort()], path, signal, stray: STRAY })
    open.push(loopback)
    return loopback
  }

  afterEach(() => {
    for (const loopback of open.splice(0)) loopback.close()
  })

  it('takes the callback, sends the browser on to a page without the code, and closes', async () => {
    const loopback = await listen()
    const callback = loopback.wait('s1')
    const browser = fetch(`${loopback.redirectUri}?code=c1&state=s1`)
    assert.equal(await callback, `${loopback.redirectUri}?code=c1&state=s1`)
    loopback.finish(DONE)
    const answer = await browser
    assert.equal(answer.url, new URL('/result', loopback.redirectUri).href)
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer')
    assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none'/)
    const html = await answer.text()
    assert.ok(html.includes('Signed in to &lt;b&gt;&quot;Demo&quot;&lt;/b&gt;'))
    assert.ok(html.includes('Go back &amp; work'))
    assert.ok(html.includes('<html lang="bg">'))
    assert.ok(html.includes('<a href="vscode://">Back</a>'))
    await refusesConnections(loopback)
  })

  it('keeps the page waiting until it is known how it ended', async () => {
    const loopback = await listen()
    const callback = loopback.wait('s1')
    const first = await ask(loopback, { path: '/callback?code=c1&state=s1' })
    assert.equal(first.statusCode, 303)
    assert.equal(first.headers.location, '/result')
    await callback
    let isShown = false
    const page = ask(loopback, { path: '/result' }).then(() => { isShown = true })
    await ask(loopback, { path: '/elsewhere' })
    assert.equal(isShown, false)
    loopback.finish(DONE)
    await page
  })

  it('delivers the page even when the browser asks for it after the end', async () => {
    const loopback = await listen()
    const callback = loopback.wait('s1')
    await ask(loopback, { path: '/callback?code=c1&state=s1' })
    await callback
    loopback.finish(DONE)
    assert.equal((await ask(loopback, { path: '/result' })).statusCode, 200)
    await refusesConnections(loopback)
  })

  it('hands over an error too', async () => {
    const loopback = await listen()
    const callback = loopback.wait('s1')
    await ask(loopback, { path: '/callback?error=access_denied&state=s1' })
    assert.match(await callback, /error=access_denied/)
  })

  it('takes the return of a sign-out, which has no state', async () => {
    const loopback = await listen({ path: '/signed-out' })
    const callback = loopback.wait()
    await ask(loopback, { path: '/signed-out' })
    assert.equal(await callback, loopback.redirectUri)
  })

  describe('answers and ignores', () => {
    const strays: readonly (readonly [what: string, options: RequestOptions, status: number])[] = [
      ['another state', { path: '/callback?code=evil&state=s2' }, 400],
      ['no state', { path: '/callback?code=evil' }, 400],
      ['two states', { path: '/callback?code=evil&state=s1&state=s2' }, 400],
      ['another path', { path: '/callback/?code=evil&state=s1' }, 404],
      ['another case', { path: '/Callback?code=evil&state=s1' }, 404],
      ['an icon', { path: '/favicon.ico' }, 404],
      ['the result before its time', { path: '/result' }, 404],
      ['POST', { path: '/callback?code=evil&state=s1', method: 'POST' }, 405],
      ['HEAD', { path: '/callback?code=evil&state=s1', method: 'HEAD' }, 405],
      ['another host’s name', { path: '/callback?code=evil&state=s1', headers: { host: 'evil.example' } }, 421],
      ['localhost', { path: '/callback?code=evil&state=s1', headers: { host: 'localhost' } }, 421],
      ['a whole address', { path: 'http://evil.example/callback?code=evil&state=s1' }, 421],
    ]
    for (const [what, options, status] of strays) {
      it(what, async () => {
        const loopback = await listen()
        const callback = loopback.wait('s1')
        const answer = await ask(loopback, options)
        assert.equal(answer.statusCode, status)
        await ask(loopback, { path: '/callback?code=right&state=s1' })
        assert.equal(new URL(await callback).searchParams.get('code'), 'right')
      })
    }

    it('what comes before anybody waits', async () => {
      const loopback = await listen()
      assert.equal((await ask(loopback, { path: '/callback?code=early&state=s1' })).statusCode, 400)
      const callback = loopback.wait('s1')
      await ask(loopback, { path: '/callback?code=right&state=s1' })
      assert.equal(new URL(await callback).searchParams.get('code'), 'right')
    })

    it('a thousand junk requests: the right one still counts, and the port is free afterwards', async () => {
      const loopback = await listen()
      const callback = loopback.wait('s1')
      const { port } = new URL(loopback.redirectUri)
      for (let group = 0; group < 20; group++) {
        await Promise.all(Array.from({ length: 50 }, (_, index) => sendJunk(Number(port), group * 50 + index)))
      }
      const first = await ask(loopback, { path: '/callback?code=right&state=s1' })
      assert.equal(first.statusCode, 303)
      assert.equal(new URL(await callback).searchParams.get('code'), 'right')
      loopback.finish(DONE)
      assert.equal((await ask(loopback, { path: '/result' })).statusCode, 200)
      await refusesConnections(loopback)
    })

    it('a second callback', async () => {
      const loopback = await listen()
      const callback = loopback.wait('s1')
      await ask(loopback, { path: '/callback?code=right&state=s1' })
      assert.equal((await ask(loopback, { path: '/callback?code=late&state=s1' })).statusCode, 400)
      assert.equal(new URL(await callback).searchParams.get('code'), 'right')
    })
  })

  describe('ports', () => {
    async function occupy() {
      const server = createServer()
      server.listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      return { port: typeof address === 'object' && address !== null ? address.port : 0, server }
    }

    it('takes the first that is free', async () => {
      const [busy, free] = [await occupy(), await freePort()]
      const loopback = await listen({ ports: [busy.port, free] })
      assert.equal(loopback.redirectUri, `http://127.0.0.1:${free}/callback`)
      busy.server.close()
    })

    it('names them when all are busy', async () => {
      const busy = [await occupy(), await occupy()]
      const ports = busy.map(({ port }) => port)
      await fails(listen({ ports }), 'sign-in-ports-busy', { ports: ports.join(', ') })
      for (const { server } of busy) server.close()
    })

    it('listens on this machine’s own interface alone', async () => {
      const loopback = await listen()
      const { port } = new URL(loopback.redirectUri)
      const socket = connect(Number(port), '127.0.0.2')
      const outcome = await once(socket, 'connect').then(() => 'connected', String)
      socket.destroy()
      assert.match(outcome, /ECONNREFUSED|EADDRNOTAVAIL|ETIMEDOUT/)
    })
  })

  it('ends at once with what it is aborted with', async () => {
    const abort = new AbortController()
    const loopback = await listen({ signal: abort.signal })
    const callback = loopback.wait('s1')
    abort.abort(new ErpError('sign-in-cancelled'))
    await fails(callback, 'sign-in-cancelled')
    loopback.finish(STRAY)
    await refusesConnections(loopback)
  })

  it('does not listen when it was aborted before', async () => {
    await fails(listen({ signal: AbortSignal.abort() }), 'cancelled')
  })
})

async function ask(loopback: Loopback, options: RequestOptions): Promise<IncomingMessage> {
  const { hostname, port } = new URL(loopback.redirectUri)
  const asking = request({ hostname, port, agent: false, ...options }).end()
  const [answer] = await once(asking, 'response') as [IncomingMessage]
  answer.resume()
  await once(answer, 'end')
  return answer
}

/** The listener closes when the browser has the page, which may be a moment after the page is here. */
async function refusesConnections(loopback: Loopback): Promise<void> {
  const { port } = new URL(loopback.redirectUri)
  for (;;) {
    const socket = connect(Number(port), '127.0.0.1')
    const outcome = await once(socket, 'connect').then(() => 'open', () => 'refused')
    socket.destroy()
    if (outcome === 'refused') return
  }
}

const JUNK: readonly ((random: Random, host: string) => string)[] = [
  (random, host) => `GET /callback?code=${random.below(1e9)}&state=${random.below(1e9)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  (random, host) => `GET /callback?state=s1&code=${random.below(1e9)} HTTP/1.1\r\nHost: evil.example:${host.split(':')[1] ?? ''}\r\n\r\n`,
  (random, host) => `POST /callback?state=s1&code=${random.below(1e9)} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\n\r\nabc`,
  (random, host) => `GET /${'a/../'.repeat(random.below(50))}callback%00?state=s1 HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  (random, host) => `GET //${random.below(1e9)}/callback?state=s1 HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`,
  random => String.fromCharCode(...random.some(200, () => random.below(256))),
  (random, host) => `GET /callback?${'x'.repeat(random.below(20_000))} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  () => '',
]

/** Writes something to the port and hangs up, or is hung up on. */
async function sendJunk(port: number, seed: number): Promise<void> {
  const random = new Random(seed)
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.resume()
  socket.end(JUNK[seed % JUNK.length]!(random, `127.0.0.1:${port}`), 'latin1')
  await once(socket, 'close')
}
