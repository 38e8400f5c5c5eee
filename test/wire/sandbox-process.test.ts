import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

import { startSandbox, type ReadyLine } from '../fakes/sandbox.ts'

const entry = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url))
const start = (...args: string[]) => spawn(process.execPath, [entry, ...args])

const exitOf = async (child: ChildProcess) => (await once(child, 'exit') as [code: number | null])[0]
const ask = ({ url, referenceToken }: ReadyLine, table: string) =>
  fetch(`${url}/tableapi/odata/${table}`, { headers: { 'x-api-key': referenceToken } })

describe('sandbox: process', () => {
  describe('says in one line what is wrong with the command line, and ends with 2', () => {
    const cases: readonly (readonly [args: string[], words: RegExp])[] = [
      [['--nix'], /Unknown option '--nix'/],
      [['nix'], /Unexpected argument 'nix'/],
      [['--rows'], /'--rows <value>' argument missing/],
      [['--rows', '0'], /--rows must be a whole number from 1 to 10000000, not "0"/],
      [['--rows', '1e3'], /--rows must be a whole number/],
      [['--port', '65536'], /--port must be a whole number from 0 to 65535/],
      [['--seed', 'x'], /--seed must be a whole number/],
      [['--host', '0.0.0.0'], /--host must be a loopback address, not "0.0.0.0"/],
      [['--host', '::'], /--host must be a loopback address/],
      [['--host', '192.168.0.1'], /--host must be a loopback address/],
      [['--host', '127.0.0.256'], /--host must be a loopback address/],
      [['--host', 'example.com'], /--host must be a loopback address/],
      [['--public-url', 'example.com'], /--public-url must be an address/],
      [['--public-url', 'https://example.com/x'], /--public-url must be an address/],
      [['--quirk', 'nix'], /unknown quirk: nix \(known: stall-after-row, /],
      [['--quirk', 'stall-after-row=x'], /quirk stall-after-row can't be "x"/],
      [['--quirk', 'refresh-public=week'], /quirk refresh-public can't be "week"/],
      [['--quirk', 'clock-skew=soon'], /quirk clock-skew can't be "soon"/],
    ]
    for (const [args, words] of cases) {
      it(args.join(' '), async () => {
        const child = start(...args)
        const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), exitOf(child)])
        assert.equal(output, '')
        assert.match(complaint, words)
        assert.equal(complaint.trimEnd().split('\n').length, 1)
        assert.equal(code, 2)
      })
    }
  })

  it('says when the port is taken, and ends with 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    assert.ok(typeof address === 'object' && address)
    const child = start('--rows', '1', '--port', String(address.port))
    const [complaint, code] = await Promise.all([text(child.stderr), exitOf(child)])
    other.close()
    assert.match(complaint, /EADDRINUSE/)
    assert.equal(code, 1)
  })

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`prints its one line, and ends by ${signal}`, async () => {
      const child = start('--rows', '1')
      const [first] = await once(child.stdout, 'data') as [Buffer]
      const line = first.toString()
      assert.ok(line.endsWith('\n'))
      const fields = ['url', 'referenceToken', 'users', 'applications', 'referenceTokens']
      assert.deepEqual(Object.keys(JSON.parse(line) as object), fields)
      const ended = Promise.all([text(child.stdout), text(child.stderr), exitOf(child)])
      child.kill(signal)
      const [rest, complaint, code] = await ended
      assert.deepEqual([rest, complaint, code], ['', '', 0])
    })
  }

  it('ends when its input closes, also with an answer under way', async () => {
    const sandbox = await startSandbox({ quirks: { 'stall-after-row': 1 } })
    const response = await ask(sandbox, 'Gen_Documents')
    await sandbox.stop()
    await assert.rejects(response.text())
  })

  it('has no control unless asked', async () => {
    const child = start('--rows', '1', '--exit-with-stdin')
    const [first] = await once(child.stdout, 'data') as [Buffer]
    const { url } = JSON.parse(first.toString()) as { url: string }
    assert.equal((await fetch(`${url}/_control/state`)).status, 404)
    child.stdin.end()
    await once(child, 'exit')
  })

  it('listens on another loopback address, and names it everywhere; a quirk holds an equals sign', async () => {
    const quirks = { 'content-type': 'text/plain; charset=utf-16' }
    const sandbox = await startSandbox({ host: 'localhost', quirks })
    assert.match(sandbox.url, /^http:\/\/localhost:\d+$/)
    const response = await fetch(`${sandbox.url}/id/.well-known/openid-configuration`)
    const { issuer } = await response.json() as { issuer: string }
    assert.equal(issuer, `${sandbox.url}/id`)
    const named = (await ask(sandbox, 'Gen_Currencies')).headers.get('content-type')
    assert.equal(named, quirks['content-type'])
    await sandbox.stop()
  })

  it('makes the same instance from the same seed, and another from another', async () => {
    const look = async (seed: number) => {
      const sandbox = await startSandbox({ seed, rows: 50 })
      const answers = []
      for (const table of ['Gen_Documents', 'Crm_Sales_Order_Lines', 'Gen_Parties', 'Inv_Current_Balances']) {
        const response = await ask(sandbox, table)
        answers.push((await response.text()).replaceAll(sandbox.url, ''))
      }
      await sandbox.stop()
      const { referenceToken, users, applications } = sandbox
      return { answers, referenceToken, users, applications }
    }
    const [first, again, other] = [await look(7), await look(7), await look(8)]
    assert.deepEqual(first, again)
    assert.notEqual(first.referenceToken, other.referenceToken)
    assert.notDeepEqual(first.answers[1], other.answers[1])
  })
})
