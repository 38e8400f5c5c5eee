import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spill, SpilledRun } from '../core/execute/spill.ts'
import { notKept } from './notKept.ts'
import { isRunning } from './processes.ts'

const READ_BYTES = 256 * 1024

/** `erpnet-<process>-…` */
const SCRATCH = /^erpnet-(\d+)-[\da-f-]{36}$/

/** Where one engine puts its temporary files; who started it removes the folder when it has ended, in whatever way. */
export function scratchFolder(): string {
  return join(tmpdir(), `erpnet-${process.pid}-${randomUUID()}`)
}

/** Removes the folders of processes that have ended without doing so. */
export async function sweepScratch(): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => [])
  const left = names.filter(name => {
    const [, pid] = SCRATCH.exec(name) ?? []
    return pid !== undefined && !isRunning(Number(pid))
  })
  await Promise.all(left.map(name => rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined)))
}

/**
 * Runs as files in a folder of their own, for this user alone; it is made with the first of them. Fails with
 * `result-not-kept` (fact: reason) where a file can't be written or read.
 */
export class FileSpill implements Spill {
  readonly #parent: string
  #folder: Promise<string> | undefined
  #runs = 0

  /** @param parent made where it isn't there yet */
  constructor(parent = tmpdir()) {
    this.#parent = parent
  }

  async write(blocks: Iterable<Uint8Array>): Promise<SpilledRun> {
    try {
      const path = join(await (this.#folder ??= this.#make()), `run-${++this.#runs}`)
      const file = await open(path, 'wx', 0o600)
      try {
        for (const block of blocks) await file.writeFile(block)
      } finally {
        await file.close()
      }
      return { read: () => readRun(path) }
    } catch (error) {
      throw notKept(error)
    }
  }

  /** What can't be removed goes with the folder of the engine. */
  async dispose(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined)
    this.#folder = undefined
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined)
  }

  async #make(): Promise<string> {
    await mkdir(this.#parent, { recursive: true, mode: 0o700 })
    return mkdtemp(join(this.#parent, 'erpnet-run-'))
  }
}

async function* readRun(path: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(path, { highWaterMark: READ_BYTES }) as AsyncIterable<Uint8Array>
  } catch (error) {
    throw notKept(error)
  }
}
