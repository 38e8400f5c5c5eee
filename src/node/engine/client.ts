import { rm } from 'node:fs/promises'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import type { Batch } from '../../core/execute/batch.ts'
import type { Wait } from '../../core/execute/source.ts'
import type { NetworkSettings } from '../../core/instance/way.ts'
import type { LogLevel } from '../network.ts'
import { answerWorker } from './editorFetch.ts'
import { scratchFolder } from '../spill.ts'
import type { EngineData, EngineMethods, Failure, MethodName, Reply, Request } from './protocol.ts'

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /**
   * For `query`: takes each batch, which is good until it returns, or its promise resolves; what it throws ends the
   * call. While its promise is open, it gets few more.
   */
  readonly onBatch?: (batch: Batch) => unknown
  /** For `query`: told why nothing comes; with nothing when it goes on. */
  readonly onWait?: (wait: Wait | undefined) => void
  /** For `query`: gives another token for one that was refused; without it, the call fails with `unauthorized`. */
  readonly renew?: (refused: string) => Promise<string>
}

export interface EngineOptions {
  /** The worker's bundle. */
  readonly script: string
  /** Told when the worker died; it starts again with the next call. */
  readonly onStopped?: (reason: string) => void
  /** What the editor knows of the network; without it all requests go directly. */
  readonly network?: EditorNetwork
}

export interface EditorNetwork {
  /** Read before every call, so that a change counts from the next request on. */
  readonly settings: () => NetworkSettings
  /** The editor's own, with all that it knows of the way. */
  readonly fetch: typeof fetch
  /** Told which way requests take; no secrets. */
  readonly log: (level: LogLevel, line: string) => void
}

/** A call on its way. */
interface Pending {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: ErpError) => void
  readonly options: CallOptions
}

/** The host's side of the engine worker. The worker starts with the first call. */
export class Engine {
  readonly #options: EngineOptions
  readonly #pending = new Map<number, Pending>()
  #worker: Promise<Worker> | undefined
  #lastId = 0
  /** The settings that the worker was told last, as JSON. */
  #told: string | undefined

  constructor(options: EngineOptions) {
    this.#options = options
  }

  /**
   * Runs one method in the worker. Fails with the worker's `ErpError`, with `cancelled` as soon as the signal
   * says so, and with `engine-stopped` if the worker dies in the middle.
   */
  async call<M extends MethodName>(
    method: M, params: EngineMethods[M]['params'], options: CallOptions = {},
  ): Promise<EngineMethods[M]['result']> {
    const { signal } = options
    if (signal?.aborted) throw new ErpError('cancelled')
    const worker = await (this.#worker ??= this.#start())
    const id = ++this.#lastId
    const post = (request: Request): void => worker.postMessage(request)
    this.#tellNetwork(post)
    const cancel = (): void => {
      post({ id, cancel: true })
      this.#settle(id)?.reject(new ErpError('cancelled'))
    }
    signal?.addEventListener('abort', cancel)
    try {
      return await new Promise<unknown>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject, options })
        if (signal?.aborted) cancel()
        else post({ id, method, params })
      }) as EngineMethods[M]['result']
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  async dispose(): Promise<void> {
    const worker = await this.#worker
    this.#stopped('disposed')
    await worker?.terminate()
  }

  async #start(): Promise<Worker> {
    const { Worker } = await import('node:worker_threads')
    const folder = scratchFolder()
    const worker = new Worker(this.#options.script, { name: 'erpnet-engine', workerData: { folder } satisfies EngineData })
    let reason = 'it ended'
    worker.on('message', (reply: Reply) => this.#receive(worker, reply))
    worker.on('error', (error: Error) => (reason = error.message))
    worker.on('exit', code => {
      if (this.#worker !== undefined) this.#options.onStopped?.(`${reason} (exit code ${code})`)
      this.#stopped(reason)
      rm(folder, { recursive: true, force: true }).catch(() => undefined) // else the next engine does it
    })
    worker.unref()
    return worker
  }

  #tellNetwork(post: (request: Request) => void): void {
    const network = this.#options.network?.settings()
    const text = JSON.stringify(network)
    if (network === undefined || text === this.#told) return
    this.#told = text
    post({ network })
  }

  #receive(worker: Worker, reply: Reply): void {
    const { network } = this.#options
    if ('log' in reply) network?.log(reply.log.level, reply.log.line)
    else if ('fetch' in reply) {
      if (network !== undefined) void answerWorker(network.fetch, reply.fetch, reply.port)
    } else if ('batch' in reply) void this.#take(worker, reply.id, reply.batch)
    else if ('wait' in reply) this.#pending.get(reply.id)?.options.onWait?.(reply.wait)
    else if ('refused' in reply) void this.#renew(worker, reply.id, reply.refused)
    else if ('failure' in reply) {
      this.#settle(reply.id)?.reject(new ErpError(reply.failure.code, reply.failure.facts))
    } else this.#settle(reply.id)?.resolve(reply.result)
  }

  /**
   * Hands on a batch, gives its memory back and makes room for another; where it can't be taken, the call has failed.
   * Room is made in another turn: Node takes up to a thousand messages in one, as long as more come.
   */
  async #take(worker: Worker, id: number, batch: Batch): Promise<void> {
    const { buffer: taken } = batch.bytes
    try {
      await this.#pending.get(id)?.options.onBatch?.(batch)
      await nextTurn()
      worker.postMessage({ id, taken } satisfies Request, [taken])
    } catch (error) {
      worker.postMessage({ id, cancel: true } satisfies Request)
      this.#settle(id)?.reject(asErpError(error))
    }
  }

  async #renew(worker: Worker, id: number, refused: string): Promise<void> {
    const post = (renewed: { token: string } | { failure: Failure }): void =>
      worker.postMessage({ id, renewed } satisfies Request)
    try {
      const token = await this.#pending.get(id)?.options.renew?.(refused)
      post({ token: token ?? refused })
    } catch (error) {
      const { code, facts } = asErpError(error)
      post({ failure: { code, facts } })
    }
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #stopped(reason: string): void {
    this.#worker = undefined
    this.#told = undefined
    for (const id of [...this.#pending.keys()]) this.#settle(id)?.reject(new ErpError('engine-stopped', { reason }))
  }
}
