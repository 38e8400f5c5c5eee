import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { fetch as fetchOfUndici, ProxyAgent } from 'undici'
import type { ErrorCode } from '../../src/core/base/errors.ts'
import { site } from '../../src/core/instance/instance.ts'
import type { NetworkSettings } from '../../src/core/instance/way.ts'
import { piecesOf } from '../../src/node/body.ts'
import { answerWorker, askEditor } from '../../src/node/engine/editorFetch.ts'
import type { Incoming } from '../../src/node/network.ts'
import { Company } from '../fakes/company.ts'
import { fails } from '../fakes/fails.ts'
import { AUTHORITY, CERTIFICATE, KEY } from '../fakes/privateCa.ts'
import { proxyIsInstalled, type ProxyUnderTest } from '../fakes/proxy.ts'
import { serve } from './servers.ts'

/** Network: the editor's own `fetch` in the main thread. Here it knows a proxy and an authority that the engine doesn't. */
describe('Network: the editor’s fetch', () => {
  let company: Company
  let proxy: ProxyUnderTest
  let asked: { readonly url: string; readonly method: string }[]

  before(async function () {
    if (!proxyIsInstalled()) this.skip()
    company = await Company.start()
  })

  after(() => (company as Company | undefined)?.stop())

  beforeEach(async () => {
    company.begin()
    proxy = await company.proxy()
    asked = []
    const dispatcher = new ProxyAgent({ uri: proxy.url, requestTls: { ca: AUTHORITY } })
    company.atEnd(() => dispatcher.destroy())
    company.fetch = async (input, { method = '', headers, body, redirect, signal } = {}) => {
      const url = input as string
      asked.push({ url, method })
      const answer = await fetchOfUndici(url, {
        method, headers: headers as Record<string, string>, body: body as string | null, redirect: redirect!, signal: signal!, dispatcher,
      })
      return new Response(answer.body, { status: answer.status, headers: [...answer.headers] })
    }
  })

  afterEach(() => company.end())

  describe('is taken', () => {
    it('where the direct way finds no host, and at once from then on', async () => {
      const issuer = site(await company.discover(), 'ID').url
      await fails(company.engine.call('renewTokens', { issuer, clientId: 'x', refreshToken: 'unknown' }), 'sign-in-refused')
      assert.equal(asked.filter(({ method }) => method === 'POST').length, 1)
      assert.deepEqual(company.log, [
        'debug instance.test: directly (unset)',
        'debug instance.test: through VS Code\'s fetch, since host-not-found (host: instance.test)',
        ...asked.slice(1).map(() => 'debug instance.test: through VS Code\'s fetch, as before'),
      ])
    })

    it('no longer when it has failed', async () => {
      const issuer = site(await company.discover(), 'ID').url
      const { fetch } = company
      company.fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no way') }))
      await fails(company.engine.call('issuer', { issuer }), 'network', { reason: 'no way' })
      company.fetch = fetch
      await company.engine.call('issuer', { issuer })
      const ways = company.log.map(line => /directly|as before|since/.exec(line)?.[0])
      assert.deepEqual(ways.slice(-3), ['as before', 'directly', 'since'])
    })

    const cases: [what: string, choose: () => Partial<NetworkSettings> | Promise<Partial<NetworkSettings>>, why: RegExp][] = [
      ['where the certificate is not trusted', () => ({ proxy: proxy.url }), /since certificate-invalid/],
      ['where the proxy wants other credentials', async () => ({ proxy: (await company.proxy({ login: 'ivan s3cret' })).url }), /since proxy-authentication/],
      ['for a proxy that we don’t speak to', () => ({ proxy: 'socks5://proxy.test' }), /\(socks\)/],
      ['when the person says so', () => ({ electronFetch: true }), /\(electronFetch\)/],
    ]
    for (const [what, choose, why] of cases) {
      it(what, async () => {
        company.set(await choose())
        await company.discover()
        assert.equal(asked.length, 1)
        assert.match(company.log.join('\n'), why)
      })
    }
  })

  describe('is left alone', () => {
    const cases: [what: string, choose: () => Partial<NetworkSettings>, code: ErrorCode][] = [
      ['where the person has switched it off', () => ({ proxySupport: 'off' }), 'host-not-found'],
      ['where it knows no more than Node', () => ({ fetchAdditionalSupport: false }), 'host-not-found'],
      ['where the proxy refuses', () => ({ proxy: proxy.url }), 'proxy-refused'],
    ]
    for (const [what, choose, code] of cases) {
      it(what, async () => {
        company.set(choose())
        await fails(company.engine.call('discover', { address: 'https://elsewhere.test' }), code)
        assert.deepEqual(asked, [])
      })
    }

    it('once the request may have arrived', async () => {
      const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, socket => socket.on('data', () => socket.destroy()))
      await new Promise<void>(resolve => server.listen(0, '0.0.0.0', resolve))
      company.atEnd(() => server.close())
      company.set({ proxyStrictSSL: false })
      // this machine, but not by one of the names that are never asked of the editor
      const issuer = `https://0.0.0.0:${(server.address() as AddressInfo).port}`
      await fails(company.engine.call('renewTokens', { issuer, clientId: 'x', refreshToken: 'x' }), 'connection-cut')
      assert.deepEqual(asked, [])
    })
  })

  it('tells our own failure when it fails too', async () => {
    company.fetch = () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no way') }))
    await fails(company.discover(), 'host-not-found')
    assert.ok(company.log.includes('debug instance.test: VS Code\'s fetch failed too, network (host: instance.test, reason: no way)'))
  })

  it('follows no redirect', async () => {
    const other = await serve((_, response) => response.end())
    company.atEnd(() => other.close())
    const here = await serve((_, response) => response.writeHead(307, { location: other.url }).end())
    company.atEnd(() => here.close())
    company.fetch = (_, init) => fetch(here.url, init)
    const { referenceToken: token } = company.sandbox
    await fails(company.engine.call('resources', { base: `${company.world.url}/`, token }), 'unexpected-answer', { status: 307 })
    assert.equal(here.requests[0]?.headers.authorization, `Bearer ${token}`)
    assert.equal(other.requests.length, 0)
  })

  it('closes the socket of a cancelled stream', async () => {
    const { abort, done, closed } = await company.readEndless()
    abort.abort()
    await fails(done, 'cancelled')
    await closed
  })

  it('tells that a body was cut', async () => {
    const { response, done } = await company.readEndless()
    response.destroy()
    await fails(done, 'connection-cut', { host: 'instance.test' })
  })

  it('ends when it is cancelled before the answer', async () => {
    const abort = new AbortController()
    const given = Promise.withResolvers<AbortSignal>()
    company.fetch = (_, init) => {
      given.resolve(init!.signal!)
      return new Promise(() => undefined)
    }
    const done = company.discover(abort.signal)
    const aborted = once(await given.promise, 'abort')
    abort.abort()
    await fails(done, 'cancelled')
    await aborted
  })

  it('must answer in time', async () => {
    await fails(throughEditor('http://127.0.0.1:1', () => new Promise(() => undefined), 1), 'connection-timed-out', { host: '127.0.0.1:1' })
  })

  it('holds back the server while the reader does', async () => {
    const piece = Buffer.alloc(64 * 1024)
    const total = 2000
    let written = 0
    const server = await serve((request, response) => {
      if (request.url === '/written') return response.end(String(written))
      const writeOn = (): unknown => {
        while (written < total) {
          written += 1
          if (!response.write(piece)) return response.once('drain', writeOn)
        }
        return response.end()
      }
      return writeOn()
    })
    company.atEnd(() => server.close())
    const { body } = await throughEditor(server.url, fetch, 20_000)
    const pieces = piecesOf(body)
    let bytes = sizeOf(await pieces.next())
    // the server stands still when it has written no more between two looks
    for (let before = -1; before !== written;) {
      before = written
      for (let look = 0; look < 20; look += 1) await (await fetch(`${server.url}/written`)).text()
    }
    assert.ok(written < total / 2, `${written} of ${total} pieces were written ahead`)
    for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) bytes += sizeOf(next)
    assert.equal(bytes, total * piece.length)
  })

  it('closes the socket when the reader leaves early', async () => {
    const closed = Promise.withResolvers<undefined>()
    const server = await serve((_, response) => {
      response.on('close', () => closed.resolve(undefined))
      response.write('row')
    })
    company.atEnd(() => server.close())
    const { body } = await throughEditor(server.url, fetch, 20_000)
    assert.equal(await body.read(pieces => Buffer.concat(pieces).byteLength), 3)
    body.leave()
    await closed.promise
  })

  /** Both sides in one thread. */
  function throughEditor(url: string, fetchOfEditor: typeof fetch, answerWithinMs: number): Promise<Incoming> {
    const post: Parameters<typeof askEditor>[0] = (request, port) => void answerWorker(fetchOfEditor, request, port)
    return askEditor(post, new URL(url), { method: 'GET', headers: {}, answerWithinMs })
  }
})

function sizeOf(next: IteratorResult<Uint8Array>): number {
  return next.done === true ? 0 : next.value.byteLength
}
