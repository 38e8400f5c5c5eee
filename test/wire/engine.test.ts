import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { isErpError } from '../../src/core/base/errors.ts'
import { type Batch, rowBytes } from '../../src/core/execute/batch.ts'
import { Engine } from '../../src/node/engine/client.ts'
import { runQuery } from '../../src/node/run/runQuery.ts'
import { sweepScratch } from '../../src/node/spill.ts'
import { plainRun } from '../fakes/plainRun.ts'
import { until } from '../fakes/until.ts'
import { serve, type TestServer } from './servers.ts'

const WORKER = join(import.meta.dirname, '../../src/node/engine/worker.ts')

/** The real worker thread, over real sockets, against a server that answers just when the test says so. */
describe('engine', () => {
  const stops: string[] = []
  const events = new EventEmitter()
  let engine: Engine
  let server: TestServer
  let answer: ServerResponse

  before(async () => {
    engine = new Engine({ script: WORKER, onStopped: reason => stops.push(reason) })
    server = await serve((request: IncomingMessage, response: ServerResponse) => {
      answer = response
      response.writeHead(200, { 'content-type': 'application/json' })
      response.on('close', () => events.emit('closed'))
      events.emit('request', request)
    })
  })

  after(async () => {
    await engine.dispose()
    await server.close()
  })

  it('hands on rows while the body is still coming', async () => {
    const { rows, done, firstBatch } = await start()
    answer.write('{"value":[{"Id":1},{"Id":2},{"Id"')
    await firstBatch
    assert.deepEqual(rows, ['{"Id":1}', '{"Id":2}'])
    answer.end(':3}]}')
    assert.deepEqual(await done, { rows: 3, bytes: 38, requests: 1, droppedLocally: 0, more: false })
    assert.equal(rows[2], '{"Id":3}')
  })

  it('sends the token to the server', async () => {
    const request = once(events, 'request') as Promise<[IncomingMessage]>
    const { done } = await start()
    answer.end('{"value":[]}')
    await done
    assert.equal((await request)[0].headers.authorization, 'Bearer enrt_TEST')
  })

  it('closes the socket when a call is cancelled', async () => {
    const { done, abort, firstBatch } = await start()
    answer.write('{"value":[{"Id":1},')
    await firstBatch
    const closed = once(events, 'closed')
    abort.abort()
    await assert.rejects(done, error => isErpError(error, 'cancelled'))
    await closed
  })

  it('fails at once when it was cancelled before', async () => {
    const signal = AbortSignal.abort()
    await assert.rejects(engine.call('query', { run: plainRun(server.url), token: 'x' }, { signal }), error => isErpError(error, 'cancelled'))
  })

  it('hands on the rows that came before the body was cut', async () => {
    const { rows, done, firstBatch } = await start()
    answer.write('{"value":[{"Id":1},{"Id":2},')
    await firstBatch
    answer.destroy()
    await assert.rejects(done, error => isErpError(error, 'connection-cut'))
    assert.deepEqual(rows, ['{"Id":1}', '{"Id":2}'])
  })

  it('ends the call when a batch cannot be taken', async () => {
    const { done } = await start(() => {
      throw new Error('no room')
    })
    const closed = once(events, 'closed')
    answer.write('{"value":[{"Id":1},')
    await assert.rejects(done, error => isErpError(error, 'internal') && error.facts['reason'] === 'no room')
    await closed
  })

  it('holds back the server while its batches are not taken', async () => {
    const gate = Promise.withResolvers<undefined>()
    const row = `{"Notes":"${'x'.repeat(10_000)}"},`
    const total = 10_000
    const request = once(events, 'request')
    const done = runQuery({ run: plainRun(server.url), token: 'x' }, {
      signal: new AbortController().signal, send: () => gate.promise, renew: () => assert.fail(), wait: () => undefined,
    })
    await request
    answer.write('{"value":[')
    let written = 0
    const pump = (): void => {
      while (written < total && answer.write(row)) written++
      if (written++ < total) answer.once('drain', pump)
      else answer.end('{}]}')
    }
    pump()
    await untilSteady(() => written)
    assert.ok(written < total / 2, `the server could write ${written} rows of ${total}`)
    gate.resolve(undefined)
    assert.equal((await done).rows, total + 1)
  })

  it('hands on all rows as they came, in memory that it uses again', async () => {
    const { rows, done } = await start()
    const sent = Array.from({ length: 30_000 }, (_, index) => `{"Id":${index},"Notes":"${'x'.repeat(index % 200)}"}`)
    sent[1000] = `{"Notes":"${'y'.repeat(500_000)}"}`
    answer.write('{"value":[')
    for (let at = 0; at < sent.length; at += 500) {
      if (!answer.write(`${at === 0 ? '' : ','}${sent.slice(at, at + 500).join(',')}`)) await once(answer, 'drain')
    }
    answer.end(']}')
    await done
    assert.deepEqual(rows, sent)
  })

  it('takes few batches in one turn of the host, however many there are', async () => {
    let [taken, most] = [0, 0]
    const { done } = await start(() => {
      if (taken++ === 0) setImmediate(() => (taken = 0))
      most = Math.max(most, taken)
    })
    const rows = `{"Notes":"${'x'.repeat(1000)}"},`.repeat(100)
    answer.write('{"value":[')
    for (let time = 0; time < 200; time++) if (!answer.write(rows)) await once(answer, 'drain')
    answer.end('{}]}')
    assert.equal((await done).rows, 20_001)
    assert.ok(most <= 16, `${most} in one turn`)
  })

  it('fails the calls of a worker that dies, and starts another', async () => {
    const killed = captureWorker()
    const { done, firstBatch } = await start()
    answer.write('{"value":[{"Id":1},')
    await firstBatch
    await (await killed).terminate()
    await assert.rejects(done, error => isErpError(error, 'engine-stopped'))
    assert.equal(stops.length, 1)

    const next = await start()
    answer.end('{"value":[{"Id":1}]}')
    assert.equal((await next.done).rows, 1)
  })

  it('leaves no temporary file of a worker that dies', async () => {
    const scratch = (): string[] => readdirSync(tmpdir()).filter(name => name.startsWith(`erpnet-${process.pid}-`))
    const another = new Engine({ script: WORKER })
    const worker = captureWorker()
    const order = { kind: 'sort', by: [{ by: { kind: 'column', steps: [], name: 'Notes', type: 'text', edm: 'Edm.String', nullable: true, reachable: true }, descending: false }], joins: [] } as const
    const request = once(events, 'request')
    const done = another.call('query', { run: { ...plainRun(`${server.url}/Table`), stages: [order] }, token: 'enrt_TEST' })
    done.catch(() => undefined)
    await request
    // a piece of 64 MB is put in order, and waits on disk
    answer.write(`{"value":[{"Notes":"${'x'.repeat(70_000_000)}"},`)
    await until(() => scratch().length > 0)
    const exit = once(await worker, 'exit')
    await (await worker).terminate()
    await exit
    await assert.rejects(done, error => isErpError(error, 'engine-stopped'))
    await until(() => scratch().length === 0)
    await another.dispose()
  })

  it('removes what windows have left behind that ended in the middle', async () => {
    const { pid: ended } = spawnSync(process.execPath, ['-e', ''])
    const [dead, alive] = [ended, process.pid].map(pid => join(tmpdir(), `erpnet-${pid}-${crypto.randomUUID()}`)) as [string, string]
    for (const folder of [dead, alive]) {
      mkdirSync(join(folder, 'erpnet-run-x'), { recursive: true })
      writeFileSync(join(folder, 'erpnet-run-x', 'run-1'), 'x')
    }
    await sweepScratch()
    assert.deepEqual([dead, alive].map(folder => existsSync(folder)), [false, true])
    rmSync(alive, { recursive: true })
  })

  async function start(onBatch?: (batch: Batch) => void) {
    const rows: string[] = []
    const batches = new EventEmitter()
    const firstBatch = once(batches, 'batch')
    const abort = new AbortController()
    const request = once(events, 'request')
    const done = engine.call('query', { run: plainRun(`${server.url}/Table`), token: 'enrt_TEST' }, {
      signal: abort.signal,
      onBatch: onBatch ?? (batch => {
        rows.push(...texts(batch))
        batches.emit('batch')
      }),
    })
    done.catch(() => undefined)
    await request
    return { rows, done, abort, firstBatch }
  }
})

/** Resolves when the number has not changed in many turns of the event loop. */
async function untilSteady(read: () => number): Promise<void> {
  for (let last = read(), turns = 0; turns < 2000; turns++) {
    await new Promise(resolve => setImmediate(resolve))
    if (read() !== last) [last, turns] = [read(), 0]
  }
}

/** The engine's worker, caught when it is next spoken to. */
function captureWorker(): Promise<Worker> {
  const original = Reflect.get(Worker.prototype, 'postMessage') as (this: Worker, ...args: unknown[]) => void
  return new Promise(resolve => {
    Worker.prototype.postMessage = function (this: Worker, ...args: unknown[]) {
      Worker.prototype.postMessage = original
      resolve(this)
      original.apply(this, args)
    }
  })
}

function texts(batch: Batch): string[] {
  return [...batch.ends.keys()].map(row => new TextDecoder().decode(rowBytes(batch, row)))
}
