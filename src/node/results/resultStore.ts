import { randomUUID } from 'node:crypto'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isRunning } from '../processes.ts'
import { RowFile } from './rowFile.ts'
import { type Memory, StoredResult } from './storedResult.ts'

export interface ResultStoreOptions {
  /** Where temporary files go; shared by all windows, made when it is needed. */
  readonly folder: string
  /** Bytes of rows that all results together keep in memory; asked whenever one grows. */
  readonly memoryLimit: () => number
}

/** `<process>-<result>.rows` */
const FILE = /^(\d+)-[\da-f-]{36}\.rows$/

/** The results of one window. They live here, beside the editor, so that they outlast the engine. */
export class ResultStore {
  readonly #folder: string
  readonly #memory: Memory
  readonly #results = new Set<StoredResult>()
  #swept = false

  constructor({ folder, memoryLimit }: ResultStoreOptions) {
    this.#folder = folder
    this.#memory = { used: 0, free: [], limit: memoryLimit }
  }

  /** Bytes of rows in memory. */
  get memoryUsed(): number {
    return this.#memory.used
  }

  create(): StoredResult {
    if (!this.#swept) void this.sweep()
    const file = new RowFile(join(this.#folder, `${process.pid}-${randomUUID()}.rows`))
    const result = new StoredResult(this.#memory, file, () => this.#results.delete(result))
    this.#results.add(result)
    return result
  }

  /** Removes the files of windows that have ended without doing so. The first result does it by itself. */
  async sweep(): Promise<void> {
    this.#swept = true
    const names = await readdir(this.#folder).catch(() => [])
    const left = names.filter(name => {
      const [, pid] = FILE.exec(name) ?? []
      return pid !== undefined && !isRunning(Number(pid))
    })
    await Promise.all(left.map(name => rm(join(this.#folder, name), { force: true }).catch(() => undefined)))
  }

  /** Removes all results with their files. */
  async dispose(): Promise<void> {
    await Promise.all([...this.#results].map(result => result.dispose()))
  }
}
