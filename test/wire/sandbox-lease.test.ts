import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { holdSandbox, openSandbox, stopSandbox, type HeldSandbox, type SandboxPlace } from '../../src/node/sandboxProcess.ts'
import { fails } from '../fakes/fails.ts'

const SOURCE = new URL('../../src/sandbox/main.ts', import.meta.url)
/** Hardly any data, so that it starts at once. */
const SMALL = `process.argv.push('--rows', '1'); import(${JSON.stringify(SOURCE.href)})`
const FOREVER = 3600

interface LeaseRecord {
  readonly url: string
  readonly secret: string
  readonly pid: number
}

describe('sandbox: lease', () => {
  let folder: string
  let file: string
  let place: SandboxPlace
  const complaints: string[] = []
  const never = new AbortController().signal

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'erpnet-lease-'))
    file = join(folder, 'sandbox.json')
    complaints.length = 0
    place = { node: process.execPath, script: script(SMALL), folder, onComplaint: text => complaints.push(text) }
  })

  afterEach(async () => {
    await stopSandbox(place)
    assert.deepEqual(readdirSync(folder).filter(name => name.startsWith('sandbox.json')), [])
    rmSync(folder, { recursive: true })
  })

  const script = (text: string) => {
    const path = join(folder, 'script.cjs')
    writeFileSync(path, text)
    return path
  }
  const record = () => JSON.parse(readFileSync(file, 'utf8')) as LeaseRecord
  const answers = async ({ url, referenceToken }: HeldSandbox) => {
    const response = await fetch(`${url}/tableapi/odata/Gen_Currencies?$top=1`, { headers: { 'x-api-key': referenceToken } })
    await response.text()
    return response.status === 200
  }

  /** One whose time after the last lease isn't the usual one. */
  async function startWithGrace(seconds: number): Promise<ChildProcess> {
    const child = spawn(process.execPath, [fileURLToPath(SOURCE), '--rows', '1', '--lease', file, '--grace', String(seconds)], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    return child
  }

  async function held(): Promise<HeldSandbox> {
    const sandbox = await holdSandbox(place)
    assert.ok(sandbox)
    return sandbox
  }

  it('is found by the next window, which shares it', async () => {
    const first = await openSandbox(place, never)
    const { pid } = record()
    const second = await openSandbox(place, never)
    assert.deepEqual([second.url, second.referenceToken, record().pid], [first.url, first.referenceToken, pid])
    assert.ok(await answers(second))
  })

  it('is one where windows start it at the same moment', async () => {
    const windows = await Promise.all([1, 2, 3].map(() => openSandbox(place, never)))
    assert.equal(new Set(windows.map(({ url }) => url)).size, 1)
    assert.ok(await answers(windows[2]!))
  })

  it('keeps its file to its owner', async function () {
    if (process.platform === 'win32') this.skip()
    await openSandbox(place, never)
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  it('ends after the last lease, not before', async () => {
    const child = await startWithGrace(0)
    const exited = once(child, 'exit')
    const [first, second] = [await held(), await held()]
    first.release()
    assert.equal(await first.ended, 'released')
    assert.ok(await answers(second))
    second.release()
    assert.deepEqual(await exited, [0, null])
    assert.ok(!existsSync(file))
  })

  it('waits for a window that comes back', async () => {
    await startWithGrace(FOREVER)
    const first = await held()
    first.release()
    await first.ended
    assert.equal((await held()).url, first.url)
  })

  it('is stopped for all, who see that it was wanted', async () => {
    const [first, second] = [await openSandbox(place, never), await held()]
    assert.equal(await stopSandbox(place), true)
    assert.deepEqual([await first.ended, await second.ended], ['stopped', 'stopped'])
    await assert.rejects(answers(first))
    assert.equal(await stopSandbox(place), false)
  })

  it('crashes visibly, and is started again in place of the dead one', async () => {
    const first = await openSandbox(place, never)
    process.kill(record().pid, 'SIGKILL')
    assert.equal(await first.ended, 'crashed')
    assert.ok(existsSync(file))
    assert.ok(await answers(await openSandbox(place, never)))
  })

  it('says nothing without the secret', async () => {
    const first = await openSandbox(place, never)
    const { url, secret } = record()
    const words = [undefined, '', 'Bearer', `Bearer ${secret}0`, `Bearer ${'0'.repeat(secret.length)}`, secret]
    for (const method of ['GET', 'DELETE', 'POST']) {
      for (const authorization of words) {
        const response = await fetch(url, { method, headers: authorization === undefined ? {} : { authorization } })
        assert.deepEqual([response.status, await response.text()], [403, ''])
      }
    }
    assert.ok(await answers(first))
  })

  describe('throws away what a dead one left', () => {
    const strangers: readonly (readonly [what: string, answer: (server: Server) => void])[] = [
      ['refuses', server => server.on('request', (_, response) => response.writeHead(403).end())],
      ['answers everything with a page', server => server.on('request', (_, response) => response.end('<html>\n</html>\n'))],
      ['answers with other JSON', server => server.on('request', (_, response) => response.end('{"url":1}\n'))],
      ['hangs up', server => server.on('connection', socket => socket.destroy())],
    ]
    for (const [what, behave] of strangers) {
      it(`whose port is another’s, who ${what}`, async () => {
        const server = createServer()
        behave(server)
        server.listen(0, '127.0.0.1')
        await once(server, 'listening')
        const { port } = server.address() as AddressInfo
        writeFileSync(file, JSON.stringify({ url: `http://127.0.0.1:${port}/`, secret: 'old', pid: 1 }))
        assert.ok(await answers(await openSandbox(place, never)))
        server.close()
        server.closeAllConnections()
      })
    }

    it('in a file that can’t be read', async () => {
      writeFileSync(file, '{')
      assert.ok(await answers(await openSandbox(place, never)))
    })

    it('and never sends the secret elsewhere than to this machine', async () => {
      writeFileSync(file, JSON.stringify({ url: 'http://sandbox.invalid/', secret: 'old', pid: 1 }))
      assert.equal(await holdSandbox(place), undefined)
      assert.ok(!existsSync(file))
    })
  })

  it('can be cancelled, and leaves nothing behind', async () => {
    const abort = new AbortController()
    const opening = openSandbox(place, abort.signal)
    abort.abort()
    await fails(opening, 'cancelled')
    assert.equal(await holdSandbox(place), undefined)
  })

  describe('says why it does not start', () => {
    const openScript = (text: string) => openSandbox({ ...place, script: script(text) }, never)

    it('where Node is too old', () =>
      fails(openScript('throw new Error("No such built-in module: node:sqlite")'), 'sandbox-node-too-old', { version: process.versions.node }))

    it('where it ends at once', async () => {
      await fails(openScript('console.error("sandbox: no room"); process.exit(1)'), 'sandbox-not-started', { reason: 'no room' })
      assert.deepEqual(complaints, ['sandbox: no room\n'])
    })

    it('where there is no Node', () =>
      fails(openSandbox({ ...place, node: join(folder, 'nothing') }, never), 'sandbox-not-started'))

    it('where it can’t leave its file', () => {
      writeFileSync(join(folder, 'taken'), '')
      return fails(openSandbox({ ...place, folder: join(folder, 'taken') }, never), 'sandbox-not-started')
    })
  })
})
