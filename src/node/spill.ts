import { createReadStream } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Spill, SpilledRun } from '../core/execute/spill.ts'

/** Runs as files in a temporary folder of their own, for this user alone; the folder is made with the first of them. */
export class FileSpill implements Spill {
  #folder: Promise<string> | undefined
  #runs = 0

  async write(blocks: Iterable<Uint8Array>): Promise<SpilledRun> {
    this.#folder ??= mkdtemp(join(tmpdir(), 'erpnet-sort-'))
    const path = join(await this.#folder, `run-${++this.#runs}`)
    const file = await open(path, 'wx', 0o600)
    try {
      for (const block of blocks) await file.writeFile(block)
    } finally {
      await file.close()
    }
    return { read: () => createReadStream(path, { highWaterMark: READ_BYTES }) }
  }

  async dispose(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true })
    this.#folder = undefined
  }
}

const READ_BYTES = 256 * 1024
