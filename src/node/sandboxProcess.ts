import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { request, type ClientRequest, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { join } from 'node:path'
import { unlessAborted } from '../core/base/cancel.ts'
import { ErpError } from '../core/base/errors.ts'
import { isJsonObject, textOf } from '../core/base/json.ts'

/** How a sandbox is started, and where the windows of one editor find the one that runs. */
export interface SandboxPlace {
  /** A Node, or an Electron, which is told to be one. */
  readonly node: string
  readonly script: string
  /** Made when it isn't there. */
  readonly folder: string
  /** Told what the process complains of while this window lives. */
  readonly onComplaint: (text: string) => void
}

/** A running sandbox; it stays at least as long as one window holds it. */
export interface HeldSandbox {
  readonly url: string
  readonly referenceToken: string
  /** How it came to an end for us. Never fails. */
  readonly ended: Promise<SandboxEnd>
  release(): void
}

/** `stopped`: somebody wanted it. `crashed`: nobody did. `released`: it may live on for others. */
export type SandboxEnd = 'stopped' | 'crashed' | 'released'

/** Of an answer over loopback: who doesn't give it isn't ours. */
const ANSWER_MS = 5_000

/**
 * Holds the sandbox that runs, else starts one. Windows that do this at the same moment end up with one: each may start
 * a process, but only the first of these finds its place free, and the others end at once.
 *
 * @throws `cancelled`, `sandbox-not-started` (`reason`), `sandbox-node-too-old` (`version`)
 */
export async function openSandbox(place: SandboxPlace, signal: AbortSignal): Promise<HeldSandbox> {
  const running = await holdSandbox(place, signal)
  if (running !== undefined) return running
  let child: ChildProcess | undefined
  try {
    child = await start(place, signal)
    const held = await holdSandbox(place, signal)
    if (held === undefined) throw new ErpError('sandbox-not-started', { reason: 'no lease' })
    return held
  } catch (error) {
    child?.kill()
    const other = signal.aborted ? undefined : await holdSandbox(place, signal)
    if (other === undefined) throw error
    return other
  }
}

/** Holds the sandbox that runs; undefined where none does. What a dead one left behind is thrown away. */
export async function holdSandbox({ folder }: Pick<SandboxPlace, 'folder'>, signal?: AbortSignal): Promise<HeldSandbox | undefined> {
  const file = leaseFile(folder)
  const text = readText(file)
  if (text === undefined) return undefined
  const lease = readLease(text)
  const holding = lease === undefined ? Promise.resolve(undefined) : hold(lease)
  try {
    const held = await unlessAborted(holding, signal)
    if (held === undefined && readText(file) === text) rmSync(file, { force: true })
    return held
  } catch (error) {
    void holding.then(held => held?.release())
    throw error
  }
}

/** Ends the sandbox for all windows; settles when the process is gone. False where none ran. */
export async function stopSandbox({ folder }: Pick<SandboxPlace, 'folder'>): Promise<boolean> {
  const text = readText(leaseFile(folder))
  const lease = text === undefined ? undefined : readLease(text)
  if (lease === undefined) return false
  const answer = await answerOf(ask(lease, 'DELETE'))
  if (answer === undefined) return false
  answer.resume()
  await new Promise<void>(done => answer.once('close', done))
  return true
}

/** What the file tells: see `sandbox/lease.ts`. */
interface LeaseRecord {
  readonly url: string
  readonly secret: string
}

function leaseFile(folder: string): string {
  return join(folder, 'sandbox.json')
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function readLease(text: string): LeaseRecord | undefined {
  const { url, secret } = readObject(text) ?? {}
  const isOurs = typeof url === 'string' && /^http:\/\/127\.0\.0\.1:\d+\/$/.test(url) && typeof secret === 'string'
  return isOurs ? { url, secret } : undefined
}

async function hold(lease: LeaseRecord): Promise<HeldSandbox | undefined> {
  const call = ask(lease, 'GET')
  const answer = await answerOf(call)
  if (answer === undefined) return undefined
  let text = ''
  let isReleased = false
  const told = Promise.withResolvers<undefined>()
  const ended = Promise.withResolvers<SandboxEnd>()
  answer.setEncoding('utf8').on('data', (more: string) => {
    text += more
    if (text.includes('\n') || text.length > 65_536) told.resolve(undefined)
  })
  answer.once('close', () => {
    told.resolve(undefined)
    ended.resolve(isReleased ? 'released' : text.endsWith('\nstopped\n') ? 'stopped' : 'crashed')
  })
  const patience = setTimeout(() => call.destroy(), ANSWER_MS)
  await told.promise
  clearTimeout(patience)
  const ready = readObject(text.split('\n', 1)[0] ?? '')
  const [url, referenceToken] = ready === undefined ? [] : [textOf(ready, 'url'), textOf(ready, 'referenceToken')]
  const release = (): void => {
    isReleased = true
    call.destroy()
  }
  if (url !== undefined && referenceToken !== undefined) return { url, referenceToken, ended: ended.promise, release }
  release()
  return undefined
}

function ask({ url, secret }: LeaseRecord, method: 'GET' | 'DELETE'): ClientRequest {
  const call = request(url, { method, agent: false, headers: { authorization: `Bearer ${secret}` } })
  call.end()
  return call
}

/** The answer as soon as it begins; undefined where it isn't the one of a sandbox. */
async function answerOf(call: ClientRequest): Promise<IncomingMessage | undefined> {
  const patience = setTimeout(() => call.destroy(), ANSWER_MS)
  call.on('error', () => undefined) // it also comes later, when we end it ourselves
  try {
    const [answer] = await once(call, 'response') as [IncomingMessage]
    answer.on('error', () => undefined)
    if (answer.statusCode === 200) return answer
    call.destroy()
    return undefined
  } catch {
    return undefined
  } finally {
    clearTimeout(patience)
  }
}

/** Starts a process that may outlive this one; it is ready when this settles. Throws as `openSandbox`. */
async function start({ node, script, folder, onComplaint }: SandboxPlace, signal: AbortSignal): Promise<ChildProcess> {
  makeFolder(folder)
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, '--lease', leaseFile(folder)], {
    cwd: folder,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    windowsHide: true,
  })
  child.unref()
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text
    onComplaint(text)
  })
  const failed = Promise.withResolvers<never>()
  child.once('error', ({ message }) => failed.reject(new ErpError('sandbox-not-started', { reason: message })))
  child.once('close', code => failed.reject(startError(complaints, `exit code ${code ?? 'unknown'}`)))
  try {
    await unlessAborted(Promise.race([once(child.stdout, 'data'), failed.promise]), signal)
  } catch (error) {
    child.kill()
    throw error
  }
  for (const pipe of [child.stdout, child.stderr]) if (pipe instanceof Socket) pipe.unref()
  return child
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new ErpError('sandbox-not-started', { reason: error instanceof Error ? error.message : String(error) })
  }
}

function startError(complaints: string, otherwise: string): ErpError {
  if (complaints.includes('No such built-in module: node:sqlite')) return new ErpError('sandbox-node-too-old', { version: process.versions.node })
  const said = /^sandbox: (.*)$/m.exec(complaints)?.[1] ?? /^\w*Error\b.*$/m.exec(complaints)?.[0]
  return new ErpError('sandbox-not-started', { reason: said ?? otherwise })
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
