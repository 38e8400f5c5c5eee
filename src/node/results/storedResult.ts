import { ErpError } from '../../core/base/errors.ts'
import { type Batch, rowStart } from '../../core/execute/batch.ts'
import { COMMA } from '../../core/execute/json.ts'
import type { Row } from '../../core/execute/result.ts'
import type { RowReader } from '../../core/execute/rowReader.ts'
import { notKept } from '../notKept.ts'
import { Numbers } from './numbers.ts'
import type { RowFile } from './rowFile.ts'
import { Segment } from './segment.ts'

/** What all results of a store share. */
export interface Memory {
  /** Bytes of rows that are held. */
  used: number
  /** Of segments that have left, for others: it would take a while until it is collected. */
  readonly free: Uint8Array<ArrayBuffer>[]
  readonly limit: () => number
}

/** Larger ones hold a single row. */
const SEGMENT_BYTES = 64 * 1024
/** So much may wait to be written before who appends has to wait. */
const MOST_WAITING_BYTES = 2_000_000
const MOST_FREE = 32

/**
 * The rows of one result as bytes, with an index: in memory as long as the store has room, then in a temporary file.
 * They can be read while more come.
 */
export class StoredResult {
  readonly #memory: Memory
  readonly #file: RowFile
  readonly #onDisposed: () => void
  readonly #segments: Segment[] = []
  /** Where each row ends in its segment. */
  readonly #ends = new Numbers()
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
   * Takes a copy of the next rows.
   *
   * @returns resolves when more may come. Fails with `result-not-kept` (fact: reason) where the file can't be written;
   * what was taken before stays.
   */
  async append(batch: Batch): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#disposed || batch.ends.length === 0) return
    for (let row = 0; row < batch.ends.length;) {
      row += this.#fill(batch, row)
      if (row < batch.ends.length) this.#begin(batch, row)
    }
    this.#bytes += batch.bytes.length
    if (this.#leavingBytes > MOST_WAITING_BYTES) await this.#writing
  }

  /** Rows in the order of a view, or as they came. Fewer where there are no more. Throws `unexpected-answer`. */
  async read(reader: RowReader, from: number, count: number, view?: Uint32Array): Promise<Row[]> {
    const end = Math.min(from + count, view?.length ?? this.#rows)
    if (from >= end || this.#disposed) return []
    const pieces = view === undefined
      ? this.#range(from, end)
      : Array.from(view.subarray(from, end), row => this.#range(row, row + 1)).flat()
    return reader.readAll(joined(await Promise.all(pieces)))
  }

  /** All rows that are there by now, in order, for those who look at all of them. Throws `cancelled` once they are gone. */
  async *batches(): AsyncGenerator<Batch> {
    for (let row = 0, { rows } = this, index = 0; row < rows; index++) {
      const segment = this.#segments[index]
      if (segment === undefined) throw new ErpError('cancelled')
      const end = Math.min(rows, this.#endOf(index))
      yield await this.#piece(segment, row, end)
      row = end
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
    this.#memory.used -= this.#segments.reduce((sum, { bytes, length }) => sum + (bytes === undefined ? 0 : length), 0)
    this.#segments.length = 0
    this.#rows = 0
    this.#onDisposed()
    await this.#file.remove()
  }

  /** Copies rows of the batch from that one on into the last segment. Gives how many had room. */
  #fill(batch: Batch, from: number): number {
    const segment = this.#segments.at(-1)
    if (segment === undefined) return 0
    const before = segment.length
    const ends = segment.fill(batch, from)
    for (const end of ends) this.#ends.push(end)
    this.#rows += ends.length
    this.#memory.used += segment.length - before
    return ends.length
  }

  /** Another segment, for that row and those behind it. */
  #begin(batch: Batch, row: number): void {
    const last = this.#segments.at(-1)
    if (last !== undefined && this.#memory.used > this.#memory.limit()) this.#leave(last)
    const length = (batch.ends[row] ?? 0) - rowStart(batch, row)
    // a small result takes what it needs
    const usual = last === undefined ? Math.min(batch.bytes.length, SEGMENT_BYTES) : SEGMENT_BYTES
    const bytes = (length > SEGMENT_BYTES ? undefined : this.#memory.free.pop()) ?? new Uint8Array(Math.max(length, usual))
    this.#segments.push(new Segment(this.#rows, bytes))
  }

  #leave(segment: Segment): void {
    this.#leaving.push(segment)
    this.#leavingBytes += segment.length
    this.#writing ??= this.#write()
  }

  async #write(): Promise<void> {
    const { free } = this.#memory
    try {
      while (this.#leaving.length > 0) {
        const segments = this.#leaving.splice(0, 16)
        let at = await this.#file.append(segments.flatMap(({ bytes, length }) => bytes?.subarray(0, length) ?? []))
        for (const segment of segments) {
          if (segment.bytes?.length === SEGMENT_BYTES && free.length < MOST_FREE) free.push(segment.bytes)
          segment.at = at
          segment.bytes = undefined
          at += segment.length
          this.#leavingBytes -= segment.length
          this.#memory.used -= segment.length
        }
      }
    } catch (cause) {
      this.#failure = notKept(cause)
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
      const end = Math.min(to, this.#endOf(index))
      pieces.push(this.#piece(segment, row, end))
      row = end
    }
    return pieces
  }

  /** Behind the last row of a segment. */
  #endOf(index: number): number {
    return this.#segments[index + 1]?.first ?? this.#rows
  }

  /** The rows [from, to) of one segment, as a copy: its memory may be another's soon. */
  async #piece({ first, bytes, at }: Segment, from: number, to: number): Promise<Batch> {
    const [start, end] = [from === first ? 0 : this.#ends.at(from - 1) + 1, this.#ends.at(to - 1)]
    const ends = Uint32Array.from({ length: to - from }, (_, row) => this.#ends.at(from + row) - start)
    return { bytes: bytes?.slice(start, end) ?? await this.#file.read(at + start, at + end), ends }
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
  const bytes = new Uint8Array(batches.reduce((sum, batch) => sum + batch.bytes.length, batches.length - 1))
  const ends = new Uint32Array(batches.reduce((sum, batch) => sum + batch.ends.length, 0))
  let [at, row] = [0, 0]
  for (const batch of batches) {
    if (at > 0) bytes[at++] = COMMA
    bytes.set(batch.bytes, at)
    for (const end of batch.ends) ends[row++] = at + end
    at += batch.bytes.length
  }
  return { bytes, ends }
}
