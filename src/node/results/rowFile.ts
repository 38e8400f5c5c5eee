import { mkdir, open, rm, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A temporary file that only grows; it is made with the first bytes, and is gone after `remove`. */
export class RowFile {
  readonly #path: string
  #handle: Promise<FileHandle> | undefined
  #length = 0

  constructor(path: string) {
    this.#path = path
  }

  /** Writes behind what is there; one call at a time. Gives where it begins. Throws what the file system throws. */
  async append(pieces: readonly Uint8Array[]): Promise<number> {
    const handle = await (this.#handle ??= this.#open())
    const begins = this.#length
    const { bytesWritten } = await handle.writev(pieces, begins)
    const bytes = pieces.reduce((sum, { length }) => sum + length, 0)
    if (bytesWritten < bytes) throw new Error('the disk is full')
    this.#length += bytes
    return begins
  }

  async read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    const handle = await this.#handle
    const bytes = new Uint8Array(to - from)
    const { bytesRead } = await handle?.read(bytes, 0, bytes.length, from) ?? { bytesRead: 0 }
    if (bytesRead < bytes.length) throw new Error('the file of the result was cut')
    return bytes
  }

  /** What can't be removed now, since another program holds it, goes when the next window starts (`ResultStore.sweep`). */
  async remove(): Promise<void> {
    const handle = await this.#handle?.catch(() => undefined)
    await handle?.close()
    if (handle !== undefined) await rm(this.#path, { force: true }).catch(() => undefined)
  }

  async #open(): Promise<FileHandle> {
    await mkdir(dirname(this.#path), { recursive: true })
    return open(this.#path, 'wx+', 0o600)
  }
}
