import { ErpError } from '../base/errors.ts'
import type { Join, Request } from '../plan/plan.ts'
import { quote } from '../query/expression.ts'
import { valueType } from '../query/types.ts'
import { FieldScanner } from './fieldScanner.ts'
import type { Fields } from './fields.ts'
import type { RequestReader } from './requestReader.ts'
import { MEMORY_BYTES } from './spill.ts'
import { keyOf, readerOf, type ReadValue } from './values.ts'

/** What is kept of the rows of one reference; the ones that were not used for longest go first. */
const KEPT_BYTES = 4 * MEMORY_BYTES
/** What a row costs beside its values, as measured: the key, and arrays of its own. */
const ROW_BYTES = 800

export interface LookupOptions {
  /** How many requests may be under way at the same time; one when not said. */
  readonly concurrency?: number
  /** What may be kept of the rows that one reference leads to. */
  readonly keptBytes?: number
  /** Ends those that are: called when one has failed, and the run with it. */
  readonly stop?: () => void
}

/** The rows that one reference leads to. */
export class Lookup {
  readonly join: Join
  readonly #reader: RequestReader
  readonly #concurrency: number
  readonly #stop: () => void
  readonly #keptBytes: number
  /** By key; nothing for a key that isn't there. */
  readonly #kept = new Map<string, Fields | undefined>()
  #bytes = 0
  readonly #readKey: ReadValue
  #isWhole = false

  constructor(join: Join, reader: RequestReader, { concurrency = 1, keptBytes = KEPT_BYTES, stop = () => undefined }: LookupOptions) {
    this.join = join
    this.#reader = reader
    this.#concurrency = concurrency
    this.#keptBytes = keptBytes
    this.#stop = stop
    this.#readKey = readerOf(valueType(join.keyType))
  }

  /** The columns that a looked-up row has, in this order. */
  get columns(): readonly string[] {
    return this.join.columns
  }

  /** For each row what its foreign key leads to. */
  async find(rows: number, keyAt: (row: number) => { bytes: Uint8Array; start: number; end: number } | undefined): Promise<(Fields | undefined)[]> {
    const type = valueType(this.join.keyType)
    const keys = Array.from({ length: rows }, (_, row) => {
      const place = keyAt(row)
      const value = place === undefined ? null : this.#readKey(place.bytes, place.start, place.end)
      return value === null ? undefined : keyOf(value, type)
    })
    const found = new Map<string, Fields | undefined>()
    const missing = new Set<string>()
    for (const key of keys) {
      if (key === undefined || found.has(key)) continue
      if (!this.#kept.has(key) && !this.#isWhole) missing.add(key)
      else found.set(key, this.#use(key))
    }
    await this.#fetch([...missing], found)
    return keys.map(key => (key === undefined ? undefined : found.get(key)))
  }

  #use(key: string): Fields | undefined {
    const row = this.#kept.get(key)
    if (this.#isWhole) return row
    this.#kept.delete(key)
    this.#kept.set(key, row)
    return row
  }

  async #fetch(keys: readonly string[], found: Map<string, Fields | undefined>): Promise<void> {
    if (keys.length === 0) return
    await this.#readAll(this.#requests(keys), found)
    if (this.join.by === 'whole') {
      this.#isWhole = true
      for (const [key, row] of found) this.#kept.set(key, row)
      return
    }
    for (const key of keys) {
      const row = found.get(key)
      this.#kept.set(key, row)
      this.#bytes += sizeOf(row)
    }
    for (const [oldest, row] of this.#kept) {
      if (this.#bytes <= this.#keptBytes) break
      this.#kept.delete(oldest)
      this.#bytes -= sizeOf(row)
    }
  }

  #requests(keys: readonly string[]): Request[] {
    const { table, key, columns, takesAll, by, keyType } = this.join
    const request = { resource: table, ...(takesAll ? {} : { select: columns }), conditions: [] }
    const literals = keys.map(value => (keyType === 'Edm.String' ? quote(value) : value))
    switch (by) {
      case 'whole': return [request]
      case 'eq': return literals.map(literal => ({ ...request, conditions: [`${key} eq ${literal}`] }))
      case 'in': return this.#reader.pieces({ ...request, list: { path: key, values: literals } })
    }
  }

  /** Some at once. With the first failure all of them end. */
  async #readAll(waiting: Request[], found: Map<string, Fields | undefined>): Promise<void> {
    const next = async (): Promise<void> => {
      for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) await this.#read(request, found)
    }
    const loops = Array.from({ length: this.#concurrency }, next)
    try {
      await Promise.all(loops)
    } catch (error) {
      waiting.length = 0
      this.#stop()
      await Promise.allSettled(loops)
      throw error
    }
  }

  async #read(request: Request, found: Map<string, Fields | undefined>): Promise<void> {
    const scanner = new FieldScanner(this.columns)
    const { keyType, by, table } = this.join
    const type = valueType(keyType)
    let bytes = 0
    for await (const batch of this.#reader.read(request, true)) {
      const fields = scanner.scan(batch)
      for (let row = 0; row < fields.rows; row++) {
        const single = singleRow(fields, row)
        const key = this.#readKey(single.bytes, single.starts[0] ?? 0, single.ends[0] ?? 0)
        if (key === null) continue
        found.set(keyOf(key, type), single)
        bytes += sizeOf(single)
        if (by === 'whole' && bytes > this.#keptBytes) throw new ErpError('lookup-too-large', { table, megabytes: Math.round(this.#keptBytes / 2 ** 20) })
      }
    }
  }
}

function sizeOf(row: Fields | undefined): number {
  return ROW_BYTES + (row?.bytes.length ?? 0)
}

/** A row of its own, so that the others needn't be kept with it. */
function singleRow({ bytes, starts, ends, width }: Fields, row: number): Fields {
  const first = row * width
  let size = 0
  for (let at = first; at < first + width; at++) size += (ends[at] ?? 0) - (starts[at] ?? 0)
  const single = { bytes: new Uint8Array(size + 1), rows: 1, width, starts: new Uint32Array(width), ends: new Uint32Array(width) }
  let length = 1 // 0 stands for what isn't there
  for (let index = 0; index < width; index++) {
    const [start, end] = [starts[first + index] ?? 0, ends[first + index] ?? 0]
    if (start === end) continue
    single.bytes.set(bytes.subarray(start, end), length)
    single.starts[index] = length
    length += end - start
    single.ends[index] = length
  }
  return single
}
