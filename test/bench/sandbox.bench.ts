/** What the sandbox costs those who test against it: the time until it is ready, how fast it answers, its memory. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ReadyLine } from '../fakes/sandbox.ts'
import { median, report, type Measured } from './report.ts'

const ROOT = join(import.meta.dirname, '../..')
const SANDBOX = join(ROOT, 'dist/sandbox.cjs')
const PEER = join(import.meta.dirname, 'peers/plainTable.ts')

const RUNS = 7
const ROWS = 1_000_000
const TABLE = 'Crm_Sales_Order_Lines'
const COLUMNS = [
  'Sales_Order_Line_Id', 'Sales_Order_Id', 'Apply_Trade_Conditions', 'Guarantee_Period_Days', 'Line_Amount',
  'Line_Custom_Discount_Percent', 'Line_No', 'Line_Standard_Discount_Percent', 'Line_Store_Id', 'Lot_Id', 'Notes',
  'Parent_Document_Id', 'Parent_Line_No', 'Product_Code_Id', 'Product_Description', 'Product_Id', 'Product_Price_Id',
  'Quantity', 'Quantity_Base', 'Quantity_Unit_Id',
].join(',')

const measured = [await startFigure(), await answerFigure()]
if (existsSync('/proc/self/status')) measured.push(await memoryFigure())
report('sandbox', measured)

async function startFigure(): Promise<Measured> {
  const ready: number[] = []
  const empty: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const begun = performance.now()
    const { stop } = await startProcess(SANDBOX)
    ready.push(performance.now() - begun)
    await stop()
    const emptyBegun = performance.now()
    await once(spawn(process.execPath, ['--eval', ''], { stdio: 'ignore' }), 'exit')
    empty.push(performance.now() - emptyBegun)
  }
  return {
    name: 'ready with the default data', value: median(ready), unit: 'ms', bound: 2000,
    peer: { name: 'node with an empty script', value: median(empty) },
  }
}

async function answerFigure(): Promise<Measured> {
  const sandbox = await startSandbox(ROWS)
  const peer = await startProcess(PEER, String(ROWS), TABLE, COLUMNS)
  const own: number[] = []
  const others: number[] = []
  for (let run = 0; run < RUNS; run++) {
    own.push(await rowsPerSecond(() => sandbox.read(`?$top=${ROWS}&$select=${COLUMNS}`)))
    others.push(await rowsPerSecond(() => readAll(`${peer.line}?top=${ROWS}`)))
  }
  await Promise.all([sandbox.stop(), peer.stop()])
  return {
    name: 'a million rows of 20 columns', value: median(own), unit: 'rows/s', bound: { ratioAtLeast: 1.3 },
    peer: { name: 'objects and JSON.stringify', value: median(others) },
  }
}

/** The highest memory of a sandbox after it has served all its order lines. */
async function memoryFigure(): Promise<Measured> {
  const [large, small] = [await peakMegabytes(10_000_000), await peakMegabytes(100_000)]
  return {
    name: 'memory with 10,000,000 order lines', value: large, unit: 'MB', bound: { ratioAtMost: 1.2 },
    peer: { name: 'with 100,000', value: small },
  }
}

async function peakMegabytes(rows: number): Promise<number> {
  const { child, read, stop } = await startSandbox(rows)
  await read('')
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))!
  await stop()
  return Number(kilobytes) / 1000
}

async function rowsPerSecond(answer: () => Promise<void>): Promise<number> {
  const begun = performance.now()
  await answer()
  return ROWS / (performance.now() - begun) * 1000
}

async function startSandbox(rows: number) {
  const { line, ...rest } = await startProcess(SANDBOX, '--rows', String(rows))
  const { url, referenceToken } = JSON.parse(line) as ReadyLine
  const headers = { 'x-api-key': referenceToken }
  return { ...rest, read: (query: string) => readAll(`${url}/tableapi/odata/${TABLE}${query}`, headers) }
}

/** A Node process that prints a line when it is ready, and ends with its input. */
async function startProcess(file: string, ...args: string[]): Promise<{ child: ChildProcess, line: string, stop: () => Promise<void> }> {
  const all = file === SANDBOX ? [file, '--exit-with-stdin', ...args] : [file, ...args]
  const child = spawn(process.execPath, all, { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(createInterface(child.stdout), 'line') as [string]
  const stop = async () => {
    const ended = once(child, 'exit')
    child.stdin.end()
    await ended
  }
  return { child, line, stop }
}

/** Reads an answer to its end and keeps nothing of it. */
async function readAll(url: string, headers: Record<string, string> = {}): Promise<void> {
  const [response] = await once(get(url, { headers, agent: false }), 'response') as [IncomingMessage]
  if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${url}`)
  await once(response.resume(), 'end')
}
