import type { Batch } from './batch.ts'
import { FieldScanner } from './fieldScanner.ts'
import { QUOTE } from './json.ts'

const GUID_BYTES = 38
const DASH = 0x2d

/** Reads the keys of rows. */
export class RowKeys {
  readonly #scanner: FieldScanner

  constructor(columns: readonly string[]) {
    this.#scanner = new FieldScanner(columns)
  }

  /** Tells the key of each row, a text that only says whether two are the same; good until the next batch is read. */
  read(batch: Batch): (row: number) => string {
    const { bytes, width, starts, ends } = this.#scanner.scan(batch)
    return row => {
      let key = ''
      for (let at = row * width; at < (row + 1) * width; at++) key += keyText(bytes, starts[at] ?? 0, ends[at] ?? 0)
      return key
    }
  }
}

/** As short as it can be, since there may be millions of them: of a guid eight characters. */
function keyText(bytes: Uint8Array, start: number, end: number): string {
  const isGuid = end - start === GUID_BYTES && bytes[start] === QUOTE && bytes[start + 9] === DASH
  return (isGuid ? packedGuid(bytes, start + 1) : undefined) ?? String.fromCharCode(...bytes.subarray(start, end), 0)
}

/** Undefined where it is none. */
function packedGuid(bytes: Uint8Array, start: number): string | undefined {
  const units: number[] = []
  let unit = 0
  let digits = 0
  for (let at = start; at < start + GUID_BYTES - 2; at++) {
    const byte = bytes[at] ?? 0
    if (byte === DASH) continue
    const digit = hexDigit(byte)
    if (digit < 0) return undefined
    unit = unit * 16 + digit
    if (++digits % 4 > 0) continue
    units.push(unit)
    unit = 0
  }
  return digits === 32 ? String.fromCharCode(...units) : undefined
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
