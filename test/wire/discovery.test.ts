import assert from 'node:assert/strict'
import type { ErrorCode } from '../../src/core/base/errors.ts'
import { discover } from '../../src/node/discovery.ts'
import { fails } from '../fakes/fails.ts'
import { freePort, serve, servePages, serveSelfSigned, type TestServer } from './servers.ts'

const ANSWER = JSON.stringify({ Host: 'demo', DbName: 'DEMO', WebSites: [] })
const HTML = '<!doctype html><html><title>Hello</title></html>'

describe('Discovery', () => {
  const servers: TestServer[] = []

  async function start(starting: Promise<TestServer>): Promise<TestServer> {
    const server = await starting
    servers.push(server)
    return server
  }

  afterEach(async () => {
    await Promise.all(servers.splice(0).map(server => server.close()))
  })

  describe('finds the instance', () => {
    const places: readonly (readonly [what: string, path: string, typed: string, root: string])[] = [
      ['at the root', '/tools/auto-discovery', '', ''],
      ['at the older address', '/sys/auto-discovery', '', ''],
      ['above a page that was pasted', '/tools/auto-discovery', '/cl/orders?x#y', ''],
      ['under a path', '/erp/tools/auto-discovery', '/erp/', '/erp'],
      ['above a page under a path, at the older address', '/erp/sys/auto-discovery', '/erp/cl/orders', '/erp'],
      ['far above a page', '/tools/auto-discovery', '/a/b/c/d/e/f', ''],
      ['when its own discovery was pasted', '/tools/auto-discovery', '/tools/auto-discovery', ''],
    ]
    for (const [what, path, typed, root] of places) {
      it(what, async () => {
        const server = await start(servePages({ [path]: ANSWER }))
        const instance = await discover({ address: server.url + typed })
        assert.deepEqual(instance, { root: server.url + root, host: 'demo', database: 'DEMO', sites: [] })
        assert.ok(server.requests.every(({ headers }) => headers.authorization === undefined))
      })
    }

    it('at the newer address, and asks no more', async () => {
      const server = await start(servePages({ '/tools/auto-discovery': ANSWER, '/sys/auto-discovery': ANSWER }))
      await discover({ address: `127.0.0.1:${server.port}` })
      assert.deepEqual(server.requests.map(({ url }) => url), ['/tools/auto-discovery'])
    })

    it('at the older address, when the newer one breaks', async () => {
      const server = await start(serve((request, response) =>
        request.url === '/sys/auto-discovery' ? response.end(ANSWER) : response.writeHead(500).end()))
      assert.equal((await discover({ address: server.url })).host, 'demo')
    })
  })

  describe('says what it met', () => {
    it('nothing of ERP.net', async () => {
      const server = await start(servePages({}))
      const error = await fails(discover({ address: `${server.url}/shop` }), 'instance-not-found')
      assert.equal(error.facts['address'], `${server.url}/shop`)
      assert.deepEqual(server.requests.map(({ url }) => url),
        ['/shop/tools/auto-discovery', '/shop/sys/auto-discovery', '/tools/auto-discovery', '/sys/auto-discovery'])
    })

    it('other JSON', async () => {
      const server = await start(servePages({ '/tools/auto-discovery': '{"hello":"world"}' }))
      await fails(discover({ address: server.url }), 'instance-not-found')
    })

    it('a web page instead of JSON', async () => {
      const server = await start(serve((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HTML)))
      await fails(discover({ address: server.url }), 'html-instead-of-data')
    })

    it('a web page at one address, nothing at the others', async () => {
      const server = await start(servePages({ '/tools/auto-discovery': HTML }, 'text/html'))
      await fails(discover({ address: server.url }), 'html-instead-of-data')
    })

    it('a sign-in page', async () => {
      const server = await start(serve((_, response) => response.writeHead(302, { location: '/account/login' }).end()))
      await fails(discover({ address: server.url }), 'html-instead-of-data')
    })

    it('a wrong answer, which tells more than a page', async () => {
      const wrong = JSON.stringify({ WebSites: [{ Type: 'ID', Status: 'Working', Url: '/id' }] })
      const server = await start(serve((request, response) => request.url === '/sys/auto-discovery'
        ? response.end(wrong)
        : response.writeHead(200, { 'content-type': 'text/html' }).end(HTML)))
      await fails(discover({ address: server.url }), 'unexpected-answer')
    })

    it('a server that is broken', async () => {
      const server = await start(serve((request, response) =>
        response.writeHead(request.url?.startsWith('/tools') === true ? 503 : 404).end()))
      await fails(discover({ address: server.url }), 'server-error')
    })

    it('no such host', async () => {
      await fails(discover({ address: 'https://nobody.invalid/a/b' }), 'host-not-found')
    })

    it('connection refused', async () => {
      await fails(discover({ address: `127.0.0.1:${await freePort()}` }), 'connection-refused')
    })

    it('a wrong certificate', async () => {
      const server = await start(serveSelfSigned((_, response) => response.end(ANSWER)))
      await fails(discover({ address: server.url }), 'certificate-invalid')
      assert.equal(server.requests.length, 0)
    })

    it('an answer cut in the middle', async () => {
      const server = await start(serve((_, response) => response.write('{"Host":', () => response.socket?.destroy())))
      await fails(discover({ address: server.url }), 'connection-cut')
    })

    const addresses: readonly (readonly [string, ErrorCode])[] = [
      ['demo db', 'address-invalid'], ['http://demodb.my.erp.net', 'address-insecure'], ['id.erp.net', 'address-global-identity'],
    ]
    for (const [address, code] of addresses) it(`${address}: ${code}`, () => fails(discover({ address }), code))
  })

  it('stops at once when it is cancelled', async () => {
    const abort = new AbortController()
    const server = await start(serve(() => abort.abort()))
    await fails(discover({ address: server.url }, abort.signal), 'cancelled')
    assert.equal(server.requests.length, 1)
  })
})
