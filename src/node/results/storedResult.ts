import { ErpError } from '../../core/base/errors.ts'
import type { Batch } from '../../core/execute/batch.ts'
import type { Row } from '../../core/execute/result.ts'
import type { RowReader } from '../../core/execute/rowReader.ts'
import type { RowFile } from './rowFile.ts'

/** Rows that lie together, as they came. */
interface Segment {
  /** The number of its first row. */
  readonly first: number
  readonly ends: Uint32Array<ArrayBuffer>
  /** In memory; else in the file, from `at` on. */
  bytes: Uint8Array<ArrayBuffer> | undefined
  at: number
}

/** What all results of a store share. */
export interface Memory {
  /** Bytes that are held. */
  used: number
  readonly limit: () => number
}

/** Small batches become one segment of about this size, which is also read at once. */
const SEGMENT_BYTES = 64 * 1024
/** So much may wait to be written before who appends has to wait. */
const MOST_WAITING_BYTES = 2_000_000

/**
 * The rows of one result as bytes, with an index: in memory as long as the store has room, then in a temporary file.
 * They can be read while more come.
 */
export class StoredResult {
  readonly #memory: Memory
  readonly #file: RowFile
  readonly #onDisposed: () => void
  readonly #segments: Segment[] = []
  #rows = 0
  #bytes = 0
  /** Segments on their way to the file. */
  readonly #leaving: Segment[] = []
  #leavingBytes = 0
  #writing: Promise<void> | undefined
  #failure: ErpError | undefined
  #disposed = false

  constructor(memory: Memory, file: RowFile, onDisposed: () => void) {
    this.#memory = memory
    this.#file = file
    this.#onDisposed = onDisposed
  }

  get rows(): number {
    return this.#rows
  }

  get bytes(): number {
    return this.#bytes
  }

  /**
   * Takes the next rows; the batch belongs to the result from now on.
   *
   * @returns resolves when more may come. Fails with `result-not-kept` (fact: reason) where the file can't be written; what
   *   was taken before stays.
   */
  async append(batch: Batch): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#disposed || batch.ends.length === 0) return
    const last = this.#segments.at(-1)
    if (last?.bytes !== undefined && last.bytes.length + batch.bytes.length <= SEGMENT_BYTES) this.#extend(last, batch)
    else {
      if (last !== undefined && this.#memory.used > this.#memory.limit()) this.#leave(last)
      this.#segments.push({ first: this.#rows, ends: batch.ends, bytes: batch.bytes, at: 0 })
    }
    this.#rows += batch.ends.length
    this.#bytes += batch.bytes.length
    this.#memory.used += batch.bytes.length
    if (this.#leavingBytes > MOST_WAITING_BYTES) await this.#writing
  }

  /** Rows in the order of a view, or as they came. Fewer where there are no more. Throws `unexpected-answer`. */
  async read(reader: RowReader, from: number, count: number, view?: Uint32Array): Promise<Row[]> {
    const end = Math.min(from + count, view?.length ?? this.#rows)
    if (from >= end) return []
    const pieces = view === undefined
      ? this.#range(from, end)
      : Array.from(view.subarray(from, end), row => this.#range(row, row + 1)).flat()
    return reader.readAll(joined(await Promise.all(pieces)))
  }

  /** All rows from the first to the last that there is, as batches, for those who look at all of them. */
  async *batches(): AsyncGenerator<Batch> {
    for (const segment of this.#segments) {
      yield { bytes: await this.#bytesOf(segment, 0, segment.ends.at(-1) ?? 0), ends: segment.ends }
    }
  }

  /** Waits until everything that goes to the file is there. */
  async settled(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  /** Frees its memory and removes its file. */
  async dispose(): Promise<void> {
    if (this.#disposed) return
    this.#disposed = true
    await this.settled()
    this.#memory.used -= this.#segments.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)
    this.#segments.length = 0
    this.#rows = 0
    this.#onDisposed()
    await this.#file.remove()
  }

  #extend(segment: Segment, { bytes, ends }: Batch): void {
    const old = segment.bytes ?? new Uint8Array()
    const all = new Uint8Array(old.length + bytes.length)
    all.set(old)
    all.set(bytes, old.length)
    const allEnds = new Uint32Array(segment.ends.length + ends.length)
    allEnds.set(segment.ends)
    allEnds.set(ends.map(end => end + old.length), segment.ends.length)
    this.#segments[this.#segments.length - 1] = { ...segment, bytes: all, ends: allEnds }
  }

  #leave(segment: Segment): void {
    this.#leaving.push(segment)
    this.#leavingBytes += segment.bytes?.length ?? 0
    this.#writing ??= this.#write()
  }

  async #write(): Promise<void> {
    try {
      while (this.#leaving.length > 0) {
        const segments = this.#leaving.splice(0, 16)
        let at = await this.#file.append(segments.flatMap(({ bytes }) => bytes ?? []))
        for (const segment of segments) {
          const length = segment.bytes?.length ?? 0
          segment.at = at
          segment.bytes = undefined
          at += length
          this.#leavingBytes -= length
          this.#memory.used -= length
        }
      }
    } catch (cause) {
      this.#failure = new ErpError('result-not-kept', { reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
    } finally {
      this.#writing = undefined
    }
  }

  /** The rows [from, to), segment by segment. */
  #range(from: number, to: number): Promise<Batch>[] {
    const pieces: Promise<Batch>[] = []
    for (let index = this.#segmentOf(from), row = from; row < to; index++) {
      const segment = this.#segments[index]
      if (segment === undefined) break
      const [begin, end] = [row - segment.first, Math.min(to - segment.first, segment.ends.length)]
      pieces.push(this.#piece(segment, begin, end))
      row = segment.first + end
    }
    return pieces
  }

  async #piece(segment: Segment, begin: number, end: number): Promise<Batch> {
    const from = segment.ends[begin - 1] ?? 0
    const bytes = await this.#bytesOf(segment, from, segment.ends[end - 1] ?? 0)
    return { bytes, ends: segment.ends.slice(begin, end).map(each => each - from) }
  }

  async #bytesOf({ bytes, at }: Segment, from: number, to: number): Promise<Uint8Array<ArrayBuffer>> {
    return bytes?.subarray(from, to) ?? this.#file.read(at + from, at + to)
  }

  /** Where the segment of a row is. */
  #segmentOf(row: number): number {
    let [low, high] = [0, this.#segments.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#segments[middle]?.first ?? 0) <= row) low = middle
      else high = middle - 1
    }
    return low
  }
}

function joined(batches: readonly Batch[]): Batch {
  const [only] = batches
  if (only !== undefined && batches.length === 1) return only
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.bytes.length, 0))
  const ends = new Uint32Array(batches.reduce((sum, batch) => sum + batch.ends.length, 0))
  let [at, row] = [0, 0]
  for (const batch of batches) {
    bytes.set(batch.bytes, at)
    for (const end of batch.ends) ends[row++] = at + end
    at += batch.bytes.length
  }
  return { bytes, ends }
}
