import type { ValueType } from '../query/types.ts'
import { restore, save, type Value } from './values.ts'

/** A row on its way into order. */
export interface SortEntry {
  readonly keys: readonly Value[]
  readonly row: Uint8Array
  /** When it came: rows that are equal stay in that order. */
  readonly place: number
}

/** Keeps what is too much for memory; all of it is gone after `dispose`. */
export interface Spill {
  /** Writes one run of blocks. */
  write(blocks: Iterable<Uint8Array>): Promise<SpilledRun>
  dispose(): Promise<void>
}

/** Can be read once; the pieces may be cut elsewhere than the blocks. */
export interface SpilledRun {
  read(): AsyncIterable<Uint8Array>
}

/** What a step holds in memory, when nobody says otherwise. */
export const MEMORY_BYTES = 64 * 1024 * 1024

const BLOCK_BYTES = 256 * 1024
/** Before each entry: its place, and the lengths of its keys and its row. */
const HEAD_BYTES = 16

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Entries as bytes: their keys as JSON, their row as it is. */
export function* writeEntries(entries: Iterable<SortEntry>): Generator<Uint8Array> {
  let block = new Uint8Array(BLOCK_BYTES)
  let length = 0
  for (const { keys, row, place } of entries) {
    const saved = encoder.encode(JSON.stringify(keys.map(save)))
    const size = HEAD_BYTES + saved.length + row.length
    if (length + size > block.length) {
      if (length > 0) yield block.slice(0, length)
      if (size > block.length) block = new Uint8Array(size)
      length = 0
    }
    const head = new DataView(block.buffer, length)
    head.setFloat64(0, place)
    head.setUint32(8, saved.length)
    head.setUint32(12, row.length)
    block.set(saved, length + HEAD_BYTES)
    block.set(row, length + HEAD_BYTES + saved.length)
    length += size
  }
  if (length > 0) yield block.slice(0, length)
}

export async function* readEntries(run: SpilledRun, types: readonly ValueType[]): AsyncGenerator<SortEntry> {
  let rest = new Uint8Array()
  for await (const piece of run.read()) {
    const bytes = new Uint8Array(rest.length + piece.length)
    bytes.set(rest)
    bytes.set(piece, rest.length)
    let at = 0
    for (let entry = readEntry(bytes, at, types); entry !== undefined; entry = readEntry(bytes, at, types)) {
      at = entry.end
      yield entry
    }
    rest = bytes.slice(at)
  }
}

function readEntry(bytes: Uint8Array, at: number, types: readonly ValueType[]): (SortEntry & { end: number }) | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined
  const head = new DataView(bytes.buffer, at)
  const rowAt = at + HEAD_BYTES + head.getUint32(8)
  const end = rowAt + head.getUint32(12)
  if (end > bytes.length) return undefined
  const saved = JSON.parse(decoder.decode(bytes.subarray(at + HEAD_BYTES, rowAt))) as (string | null)[]
  const keys = saved.map((text, index) => restore(text, types[index] ?? 'text'))
  return { keys, row: bytes.slice(rowAt, end), place: head.getFloat64(0), end }
}
