import type { FileHandle } from 'node:fs/promises'
import type { Batch } from '../core/execute/batch.ts'

const BLOCK_BYTES = 262_144
const LINE_FEED = 0x0a
const SPACE = 0x20

/**
 * Writes rows to a file as NDJSON: each as it came, on a line of its own. Line breaks between its tokens become spaces;
 * inside a string JSON has none (RFC 8259, section 7). While one block of lines is written, the next one fills.
 */
export class NdjsonFile {
  readonly #handle: FileHandle
  #block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  #length = 0
  #other = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  #writing: Promise<void> = Promise.resolve()

  /** @param handle open for writing; whoever opened it closes it, after `end` */
  constructor(handle: FileHandle) {
    this.#handle = handle
  }

  /**
   * One call at a time; resolves when there is room for more. Throws what the file system throws, and where the disk
   * is full.
   */
  async add(batch: Batch): Promise<void> {
    const size = batch.bytes.length + 1
    if (this.#length + size > this.#block.length) {
      await this.#flush()
      if (size > this.#block.length) this.#block = Buffer.allocUnsafeSlow(size)
    }
    this.#length += writeLines(batch, this.#block, this.#length)
  }

  /** Resolves when all is in the file. Throws as `add` does. */
  async end(): Promise<void> {
    await this.#flush()
    await this.#writing
  }

  async #flush(): Promise<void> {
    await this.#writing
    const [full, length] = [this.#block, this.#length]
    ;[this.#block, this.#other, this.#length] = [this.#other, full, 0]
    this.#writing = this.#write(full, length)
    this.#writing.catch(() => undefined) // whoever waits for it next is told
  }

  async #write(block: Buffer, length: number): Promise<void> {
    const { bytesWritten } = await this.#handle.write(block, 0, length)
    if (bytesWritten < length) throw new Error('the disk is full')
  }
}

/** Gives how many bytes it has written. */
function writeLines({ bytes, ends }: Batch, block: Buffer, at: number): number {
  block.set(bytes, at)
  if (holds(bytes, '\n') || holds(bytes, '\r')) unbreak(block.subarray(at, at + bytes.length))
  for (const end of ends) block[at + end] = LINE_FEED
  return bytes.length + 1
}

/** Many times as fast as `Uint8Array.prototype.includes`. */
function holds({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>, character: string): boolean {
  return Buffer.from(buffer, byteOffset, length).includes(character)
}

function unbreak(lines: Uint8Array): void {
  for (const [at, byte] of lines.entries()) if (byte === LINE_FEED || byte === 0x0d) lines[at] = SPACE
}
