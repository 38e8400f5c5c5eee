/**
 * One piece of work on a streamed body, in a process of its own: `node engineWork.ts WORK URL ENGINE` prints what it took as
 * one line of JSON (`Work`). A small body is worked on first, so that what is measured has been compiled.
 */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { Agent } from 'undici'
import { Execution } from '../../../src/core/execute/execute.ts'
import type { ResultColumn } from '../../../src/core/execute/result.ts'
import { ResultBuilder } from '../../../src/core/execute/resultBuilder.ts'
import { RowReader } from '../../../src/core/execute/rowReader.ts'
import type { Table } from '../../../src/core/model/table.ts'
import { planQuery } from '../../../src/core/plan/planQuery.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { piecesOf } from '../../../src/node/body.ts'
import { Engine } from '../../../src/node/engine/client.ts'
import { openBody } from '../../../src/node/http.ts'
import { NdjsonFile } from '../../../src/node/ndjsonFile.ts'
import { ResultStore } from '../../../src/node/results/resultStore.ts'
import { RequestGate } from '../../../src/node/run/gate.ts'
import { rowAnswer } from '../../../src/node/run/rowAnswer.ts'
import { RowSource } from '../../../src/node/run/source.ts'
import { keysOf } from '../../fakes/batch.ts'
import { plainRun } from '../../fakes/plainRun.ts'

export interface Work {
  readonly ms: number
  readonly rows: number
  /** The highest memory of the process. */
  readonly peakMB: number
  readonly firstMs?: number
  /** The longest time in which the event loop of the main thread didn't turn. */
  readonly blockedMs?: number
  readonly p99Ms?: number
  /** From the cancel to the close that the server sees. */
  readonly cancelMs?: number
}

type Done = Partial<Work> & { readonly rows: number }

const TYPES: Readonly<Record<string, string>> = {
  Line_Amount: 'Edm.Decimal', Quantity: 'Edm.Decimal', Quantity_Base: 'Edm.Decimal', Line_Discount_Percent: 'Edm.Decimal',
  Row_Version: 'Edm.Int64', Line_No: 'Edm.Int32', Guarantee_Period_Days: 'Edm.Int32', State: 'Edm.Int32',
}
const LINES: Table = {
  name: 'Lines',
  key: [],
  columns: ['State', 'Product_Id', 'Line_Amount'].map(name => ({ name, type: TYPES[name] ?? 'Edm.Guid', nullable: true, filters: [] })),
  references: [],
}
/** Files are written in pieces of this size, whoever writes. */
const PIECE_BYTES = 262_144
const folder = mkdtempSync(join(tmpdir(), 'erpnet-bench-'))

const WORKS: Readonly<Record<string, (url: string) => Promise<Done>>> = {
  discard: async url => {
    let bytes = 0
    const firstMs = await dispatched(url, chunk => { bytes += chunk.length })
    return { rows: bytes, firstMs }
  },
  split: async url => {
    let rows = 0
    for await (const { ends } of batches(url)) rows += ends.length
    return { rows }
  },
  json: async url => ({ rows: (await body(url)).length }),
  typed: async url => {
    let rows = 0
    let reader: RowReader | undefined
    let firstByte: number | undefined
    let firstMs: number | undefined
    const answer = rowAnswer((await openBody(url)).body, () => { firstByte ??= performance.now() })
    for (let batch = await answer.next(); batch !== undefined; batch = await answer.next()) {
      reader ??= new RowReader(keysOf(batch).map((name): ResultColumn => ({ name, type: TYPES[name] ?? 'Edm.String' })))
      rows += reader.readAll(batch).length
      firstMs ??= performance.now() - (firstByte ?? NaN)
    }
    answer.end()
    return { rows, ...(firstMs === undefined ? {} : { firstMs }) }
  },
  streamparser: async url => {
    const { JSONParser } = await import('@streamparser/json')
    const json = new JSONParser({ paths: ['$.value.*'], keepStack: false })
    let rows = 0
    json.onValue = () => { rows++ }
    for await (const piece of piecesOf((await openBody(url)).body)) json.write(piece)
    return { rows }
  },
  streamjson: async url => {
    let rows = 0
    for await (const { value } of await streamJson(url)) rows += Number(Object.keys(value).length > 0)
    return { rows }
  },
  ndjson: async url => {
    let rows = 0
    const handle = await open(join(folder, 'rows.out'), 'w')
    const file = new NdjsonFile(handle)
    for await (const batch of batches(url)) {
      rows += batch.ends.length
      await file.add(batch)
    }
    await file.end()
    await handle.close()
    return { rows }
  },
  copy: async url => {
    let rows = 0
    await toFile(async file => {
      await dispatched(url, (chunk, pause) => {
        rows += chunk.length
        const written = file.add(chunk)
        if (written !== undefined) pause(written)
      })
    })
    return { rows }
  },
  streamjsonFile: async url => {
    let rows = 0
    await toFile(async file => {
      for await (const { value } of await streamJson(url)) {
        rows++
        await file.add(Buffer.from(`${JSON.stringify(value)}\n`))
      }
    })
    return { rows }
  },
  /** A filter of which nothing can be sent, and groups with exact sums, as they are planned. */
  group: async url => {
    const text = 'Lines?$apply=filter(State gt 10)/groupby((Product_Id),aggregate(Line_Amount with sum as Total))'
    const { run } = planQuery({ ...readQuery(text), text }, { tables: [LINES], tableRoot: 'http://localhost/' })
    const execution = new Execution(run, { source: () => batches(url) })
    let rows = 0
    for await (const { ends } of execution.batches()) rows += ends.length
    if (execution.stats.droppedLocally === 0) throw new Error('the filter was not done here')
    return { rows }
  },
  plainGroup: async url => {
    const groups = new Map<unknown, number>()
    for (const { State: state, Product_Id: product, Line_Amount: amount } of await body(url)) {
      if (Number(state) > 10) groups.set(product, (groups.get(product) ?? 0) + Number(amount))
    }
    return { rows: groups.size }
  },
  keep: async url => {
    const store = new ResultStore({ folder, memoryLimit: () => 16_000_000 })
    const result = store.create()
    let columns: ResultColumn[] | undefined
    for await (const batch of batches(url)) {
      columns ??= keysOf(batch).map(name => ({ name, type: TYPES[name] ?? 'Edm.String' }))
      await result.append(batch)
    }
    const done = performance.now()
    const reader = new RowReader(columns ?? [])
    const p99Ms = await windows(result.rows, from => result.read(reader, from, 100))
    await result.settled()
    const { rows } = result
    await store.dispose()
    return { rows, p99Ms, ms: done }
  },
  keepObjects: async url => {
    const all: object[] = []
    for await (const { bytes, ends } of batches(url)) {
      const text = new TextDecoder().decode(bytes)
      const isAscii = text.length === bytes.length
      let from = 0
      for (const end of ends) {
        all.push(JSON.parse(isAscii ? text.slice(from, end) : new TextDecoder().decode(bytes.subarray(from, end))) as object)
        from = end + 1
      }
    }
    const done = performance.now()
    const p99Ms = await windows(all.length, from => Promise.resolve(all.slice(from, from + 100)))
    return { rows: all.length, p99Ms, ms: done }
  },
  /** The whole way to the extension host, where the first rows are shown. */
  engine: async url => {
    const engine = new Engine({ script: engineBundle })
    const alive = setInterval(() => undefined, 1e6) // the worker alone keeps no process
    // the worker is there: a connection was made before
    await engine.call('query', { run: plainRun(url.replace(/\d+$/, '10000')), token: 'none' })
    const result = new ResultBuilder({ columns: [], keep: 1000, url, now: () => performance.now() })
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const { rows } = await engine.call('query', { run: plainRun(url), token: 'none' }, { onBatch: batch => result.add(batch) })
    delay.disable()
    await engine.dispose()
    clearInterval(alive)
    return { rows, blockedMs: delay.max / 1e6 }
  },
  cancel: async () => {
    const engine = new Engine({ script: engineBundle })
    const cancelMs = await cancelling(async (url, abort) => {
      await engine.call('query', { run: plainRun(url), token: 'none' }, { signal: abort.signal, onBatch: () => abort.abort() })
    })
    await engine.dispose()
    return { rows: 0, cancelMs }
  },
  cancelFetch: async () => ({
    rows: 0,
    cancelMs: await cancelling(async (url, abort) => {
      const reader = (await fetch(url, { signal: abort.signal })).body?.getReader()
      await reader?.read()
      abort.abort()
    }),
  }),
}

const agent = new Agent()
const [work = '', url = '', engineBundle = ''] = process.argv.slice(2)
const run = WORKS[work]
if (run === undefined) throw new Error(`There is no ${work}`)
await run(url.replace(/\d+$/, '10000'))
const began = performance.now()
const done = await run(url)
const ms = done.ms === undefined ? performance.now() - began : done.ms - began
await agent.close()
rmSync(folder, { recursive: true })
const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
console.log(JSON.stringify({ ...done, ms, peakMB: Number(kilobytes) / 1000 } satisfies Work))

function batches(from: string) {
  const { signal } = new AbortController()
  return new RowSource({ gate: new RequestGate(), limit: 2, token: 'none', signal }).open({ url: from })
}

async function body(from: string): Promise<Record<string, unknown>[]> {
  return ((await (await fetch(from)).json()) as { value: Record<string, unknown>[] }).value
}

/** Gives when the first byte came. */
function dispatched(from: string, take: (chunk: Uint8Array, pause: (until: Promise<unknown>) => void) => void): Promise<number> {
  const start = performance.now()
  let first = 0
  const { origin, pathname } = new URL(from)
  return new Promise((resolve, reject) => {
    agent.dispatch({ origin, path: pathname, method: 'GET' }, {
      onRequestStart: () => undefined,
      onResponseStart: () => undefined,
      onResponseData: (controller, chunk) => {
        if (first === 0) first = performance.now() - start
        take(chunk, until => {
          controller.pause()
          void until.then(() => controller.resume())
        })
      },
      onResponseEnd: () => resolve(first),
      onResponseError: (_, error) => reject(error),
    })
  })
}

/** @param begin asks, and cancels when the first row is there */
async function cancelling(begin: (url: string, abort: AbortController) => Promise<unknown>): Promise<number> {
  const abort = new AbortController()
  let from = 0
  abort.signal.addEventListener('abort', () => (from = performance.now()))
  const closed = Promise.withResolvers<number>()
  const server = createServer((_, answer) => {
    answer.on('close', () => closed.resolve(performance.now() - from))
    answer.write('{"value":[{"Id":1},')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await begin(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, abort).catch(() => undefined)
  const ms = await closed.promise
  server.close()
  return ms
}

/** Loaded where it is measured, since others are measured by their memory. */
async function streamJson(from: string): Promise<AsyncIterable<{ value: object }>> {
  const [{ parser }, { pick }, { streamArray }] = await Promise.all([
    import('stream-json'), import('stream-json/filters/pick.js'), import('stream-json/streamers/stream-array.js'),
  ])
  const { body } = await openBody(from)
  return Readable.from(piecesOf(body)).pipe(parser.asStream()).pipe(pick.asStream({ filter: 'value' })).pipe(streamArray.asStream())
}

interface Output {
  /** Waits where a piece is full. */
  add(bytes: Uint8Array): Promise<unknown> | undefined
}

/** Writes in pieces of the same size for all who write, one at a time. */
async function toFile(fill: (file: Output) => Promise<void>): Promise<void> {
  const handle: FileHandle = await open(join(folder, 'rows.out'), 'w')
  let waiting: Uint8Array[] = []
  let bytes = 0
  let writing: Promise<unknown> = Promise.resolve()
  const flush = (): Promise<unknown> => {
    const pieces = waiting
    ;[waiting, bytes] = [[], 0]
    return writing = writing.then(() => pieces.length > 0 ? handle.writev(pieces) : undefined)
  }
  await fill({
    add: piece => {
      waiting.push(piece)
      bytes += piece.length
      return bytes < PIECE_BYTES ? undefined : flush()
    },
  })
  await flush()
  await handle.close()
}

async function windows(rows: number, read: (from: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let time = 0; time < 500; time++) {
    const start = performance.now()
    await read(Math.floor((time * 7919 % 1000) / 1000 * (rows - 100)))
    times.push(performance.now() - start)
  }
  return times.toSorted((a, b) => a - b)[494] ?? NaN
}
