import { createHash, randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Lock } from '../core/base/effects.ts'
import { isRunning } from './processes.ts'

/** Who holds a lock that is older has died or hangs: a renewal takes a minute at most. */
const STALE_AFTER_MS = 120_000
const LOOK_AGAIN_AFTER_MS = 100

/**
 * A lock over all windows of this machine: a file that only one can create. It holds the number of its process, so that
 * the lock of a window that has crashed counts for nothing.
 */
export class FileLock implements Lock {
  readonly #folder: string

  /** @param folder shared by the windows; made when it is missing */
  constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Where the folder can't be written, the action happens without a lock: a rare second renewal is better than none.
   * @throws what `action` throws
   */
  async hold<T>(name: string, action: () => Promise<T>): Promise<T> {
    const file = join(this.#folder, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`)
    const handle = await this.#take(file).catch(() => undefined)
    try {
      return await action()
    } finally {
      await handle?.close()
      if (handle !== undefined) await rm(file, { force: true })
    }
  }

  async #take(file: string): Promise<FileHandle> {
    await mkdir(this.#folder, { recursive: true })
    for (;;) {
      try {
        const handle = await open(file, 'wx', 0o600)
        await handle.writeFile(String(process.pid)).catch(async (error: unknown) => {
          // nobody shall wait for a lock that nobody holds
          await handle.close()
          await rm(file, { force: true })
          throw error
        })
        return handle
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error
        await waitFor(file)
      }
    }
  }
}

/** Returns when it is worth trying again; takes away what a dead process has left. */
async function waitFor(file: string): Promise<void> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(file, 'utf8'), stat(file)])
    // an empty file was made this very moment
    const dead = text !== '' && !isRunning(Number(text))
    if (dead || Date.now() - mtimeMs > STALE_AFTER_MS) {
      await takeAway(file, text)
      return
    }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return
    throw error
  }
  await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_AFTER_MS))
}

/** Two may find the same dead lock: only that very one is removed, not the new one of who was quicker. */
async function takeAway(file: string, text: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`
  await rename(file, aside)
  if (await readFile(aside, 'utf8') !== text) await link(aside, file).catch(() => undefined)
  await rm(aside, { force: true })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
