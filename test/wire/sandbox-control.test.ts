import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { networkInterfaces } from 'node:os'

import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'
import { rawAsk } from './raw.ts'

describe('sandbox: control', () => {
  let sandbox: SandboxUnderTest
  beforeEach(async () => { sandbox = await startSandbox({ rows: 2000 }) })
  afterEach(async () => sandbox.stop())

  const orders = '/tableapi/odata/Crm_Sales_Orders?$top=2'
  const lines = '/tableapi/odata/Crm_Sales_Order_Lines'
  const ask = (path = orders, headers: Record<string, string> = { 'x-api-key': sandbox.referenceToken }) =>
    rawAsk(sandbox.url + path, headers)

  describe('sees', () => {
    it('open sockets, and those of the Table API', async () => {
      const sockets = [await open(sandbox.url), await open(sandbox.url)]
      assert.deepEqual(await counts({ sockets: 2 }), [2, 0])
      sockets[0]?.write(`GET ${orders} HTTP/1.1\r\nHost: x\r\nX-Api-Key: ${sandbox.referenceToken}\r\n\r\n`)
      assert.deepEqual(await counts({ tableSockets: 1 }), [2, 1])
      for (const socket of sockets) socket.destroy()
      assert.deepEqual(await counts({ sockets: 0 }), [0, 0])
    })

    async function counts(wishes: Parameters<typeof sandbox.control.wait>[0]) {
      const { sockets, tableSockets } = await sandbox.control.wait(wishes)
      return [sockets, tableSockets]
    }

    it('running requests, of the Table API and all', async () => {
      await sandbox.control.quirks({ 'stall-after-row': true, 'latency': { path: '/tools/', value: 60_000 } })
      const asked = [ask(lines), ask('/tools/ver', {})].map(answer => answer.catch(() => undefined))
      const { running, answering } = await sandbox.control.wait({ answering: 2, stalled: 1 })
      assert.deepEqual(running.map(({ table, rows }) => [table, rows]), [['Crm_Sales_Order_Lines', 10]])
      assert.equal(answering, 2)
      await sandbox.control.cut()
      await Promise.all(asked)
      const after = await sandbox.control.wait({ answering: 0 })
      assert.deepEqual(after.running, [])
    })

    it('requests so far, by path, and the bytes that were sent', async () => {
      const first = await ask()
      for (const path of [orders, '/tools/ver', '/tools/nix?a=1', '/tools/nix']) await ask(path)
      const state = await sandbox.control.wait({ requests: 5, answering: 0 })
      assert.ok(state.bytesSent > 2 * first.body.length)
      assert.ok(state.bytesSent < 2 * first.body.length + 3000)
      const { total, byPath, last } = await sandbox.control.requests()
      assert.deepEqual([total, byPath], [5, { '/tableapi/odata/Crm_Sales_Orders': 2, '/tools/ver': 1, '/tools/nix': 2 }])
      assert.deepEqual(last.map(({ id }) => id), [1, 2, 3, 4, 5])
    })

    it('each of the last requests: what, by whom, when, and what became of it', async () => {
      const token = sandbox.referenceToken
      await ask(orders, { 'X-Api-Key': token })
      await ask(orders, { authorization: `Bearer ${token}` })
      await ask(orders, {})
      await sandbox.control.quirks({ 'cut-after-row': 1, 'reset-connection': { path: '/profile/' } })
      await ask(lines)
      await ask('/profile/me').catch(() => undefined)
      await sandbox.control.wait({ requests: 5, answering: 0 })
      const { last } = await sandbox.control.requests()
      const hash = createHash('sha256').update(token).digest('hex')
      assert.deepEqual(last.map(({ method, path, credential, status, whole }) => [method, path, credential, status, whole]), [
        ['GET', orders, { kind: 'key', hash }, 200, true], ['GET', orders, { kind: 'bearer', hash }, 200, true],
        ['GET', orders, undefined, 401, true], ['GET', lines, { kind: 'key', hash }, 200, false],
        ['GET', '/profile/me', { kind: 'key', hash }, undefined, false],
      ])
      for (const { begun, ended, bytes, status } of last) {
        assert.ok(ended !== undefined && ended >= begun && Math.abs(Date.now() - begun) < 60_000)
        assert.equal(bytes > 0, status !== undefined)
      }
    })

    it('no token, code or secret', async () => {
      const secret = 'enrt_0123456789ABCDEF'
      await ask('/tools/sha256?secret=hush-hush&x=1', { authorization: `Bearer ${secret}` })
      await ask(`/id/connect/endsession?id_token_hint=eyJhbGciOiJub25lIn0.eyJzdWIiOjF9.c2ln&token=${secret}`)
      const text = JSON.stringify(await sandbox.control.requests())
      assert.match(text, /sha256\?secret=\[hidden\]&x=1/)
      for (const hidden of ['hush', secret, 'eyJ', sandbox.referenceToken]) assert.ok(!text.includes(hidden), hidden)
    })

    it('the last 500 one by one', async () => {
      const agentless = async () => { for (let count = 0; count < 51; count += 1) await ask('/tools/ver', {}) }
      await Promise.all(Array.from({ length: 10 }, agentless))
      const { total, last } = await sandbox.control.requests()
      assert.deepEqual([total, last.length, last.at(-1)?.id], [510, 500, 510])
    }).timeout(60_000)
  })

  describe('waits', () => {
    it('until so much was asked and sent', async () => {
      const waiting = sandbox.control.wait({ requests: 2, bytesSent: 100 })
      await ask('/tools/ver')
      await ask(orders)
      assert.ok((await waiting).requests >= 2)
    })

    it('no longer than it was told', async () => {
      await assert.rejects(sandbox.control.wait({ running: 5, seconds: 0 }), /408/)
    })
  })

  describe('does', () => {
    it('cut: every answer under way breaks, and the next request is answered', async () => {
      await sandbox.control.quirks({ 'stall-after-row': true })
      const answer = ask(lines)
      await sandbox.control.wait({ stalled: 1 })
      await sandbox.control.quirks({ 'answer-401': 1 })
      await sandbox.control.cut()
      const { broken, body } = await answer
      assert.deepEqual([broken, body.toString().split('"Sales_Order_Line_Id":').length - 1], [true, 10])
      assert.deepEqual([(await ask()).status, (await ask()).status], [401, 200])
    })

    it('close and open: connections are refused, and accepted again at the same address', async () => {
      await sandbox.control.close()
      await assert.rejects(ask(), { code: 'ECONNREFUSED' })
      assert.equal((await sandbox.control.state()).sockets, 0)
      await sandbox.control.open()
      assert.equal((await ask()).status, 200)
    })

    it('quirks: tells which there are and which are on', async () => {
      await sandbox.control.quirks({ 'latency': 5, 'answer-429': { path: '/api/', times: 3 } })
      const { body } = await ask('/_control/quirks')
      const { on, known } = JSON.parse(body.toString()) as { on: unknown; known: Record<string, { about: string }> }
      assert.deepEqual(on, { 'latency': 5, 'answer-429': { value: true, path: '/api/', times: 3 } })
      assert.ok(Object.values(known).every(({ about }) => about.length > 10))
    })
  })

  describe('refuses', () => {
    const post = (path: string, body: string) => fetch(`${sandbox.url}/_control/${path}`, { method: 'POST', body })

    it('what it does not know', async () => {
      assert.match(await (await post('quirks', 'nix')).text(), /JSON object/)
      assert.match(await (await post('limits', '{"nix":1}')).text(), /no limit nix/)
      assert.equal((await post('nix', '{}')).status, 404)
      assert.equal((await fetch(`${sandbox.url}/_control/wait?nix=1`)).status, 400)
    })

    it('a quirk or a value that is none', async () => {
      const cases: readonly (readonly [quirks: unknown, words: RegExp])[] = [
        [{ nix: true }, /unknown quirk: nix \(known: stall-after-row, .*latency.*cut-after-byte\)/],
        [{ 'stall-after-row': 'x' }, /quirk stall-after-row can't be "x": a whole number from 1"/],
        [{ 'stall-after-row': 0 }, /can't be 0/],
        [{ 'latency': 1.5 }, /can't be 1\.5/],
        [{ 'huge-field': 201 }, /can't be 201: a whole number from 1 to 200"/],
        [{ 'html-page': 'yes' }, /can't be "yes": a number says for how many requests/],
        [{ 'html-page': 0 }, /can't be 0/],
        [{ 'site-missing': 'Nix' }, /quirk site-missing can't be "Nix": such as TableAPI/],
        [{ 'site-address': 'ID:/x' }, /can't be/],
        [{ 'retry-after': 'soon' }, /can't be/],
        [{ 'content-type': 'a\r\nb: c' }, /can't be/],
        [{ 'latency': { value: 'x' } }, /can't be "x"/],
        [{ 'latency': { path: 'x' } }, /path of quirk latency can't be "x": it begins with/],
        [{ 'latency': { times: 0 } }, /can't be 0/],
        [{ 'latency': { nix: 1 } }, /quirk latency has no nix, only value, path and times/],
      ]
      for (const [quirks, words] of cases) {
        const response = await post('quirks', JSON.stringify(quirks))
        assert.equal(response.status, 400, JSON.stringify(quirks))
        const { message } = await response.json() as { message: string }
        assert.match(`${message}"`, words)
      }
      assert.equal((await ask()).status, 200)
    })
  })

  it('listens on loopback alone, the instance and control', async () => {
    const ports = [sandbox.url, sandbox.control.url].map(url => Number(new URL(url).port))
    assert.equal(new Set(ports).size, 2)
    const others = Object.values(networkInterfaces()).flat().filter(one => one && !one.internal && one.family === 'IPv4')
    // On Linux the whole of 127.0.0.0/8 is this machine: a socket bound to all addresses would answer there.
    for (const host of ['127.0.0.2', ...others.map(one => one!.address)]) {
      for (const port of ports) assert.equal(await connects(host, port), false, `${host}:${port}`)
    }
    for (const port of ports) assert.equal(await connects('127.0.0.1', port), true)
  })
})

async function connects(host: string, port: number): Promise<boolean> {
  const socket = createConnection({ host, port, timeout: 2000 })
  socket.once('timeout', () => socket.destroy(new Error('timeout')))
  const connected = await new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
  })
  socket.destroy()
  return connected
}

async function open(url: string) {
  const { hostname, port } = new URL(url)
  const socket = createConnection({ host: hostname, port: Number(port) })
  await once(socket, 'connect')
  return socket
}
