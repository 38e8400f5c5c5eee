import type { Batch } from '../core/execute/batch.ts'

const LINE_FEED = 0x0a
const SPACE = 0x20

/**
 * The rows of a batch as NDJSON: each as it came, on a line of its own. Line breaks between its tokens become spaces;
 * inside a string JSON has none (RFC 8259, section 7).
 */
export function ndjson({ bytes, ends }: Batch): Uint8Array {
  const lines = Buffer.allocUnsafe(bytes.length + ends.length)
  let [from, at] = [0, 0]
  for (const end of ends) {
    lines.set(bytes.subarray(from, end), at)
    at += end - from
    lines[at++] = LINE_FEED
    from = end
  }
  if (holds(bytes, '\n') || holds(bytes, '\r')) unbreak(lines, ends)
  return lines
}

/** Many times as fast as `Uint8Array.prototype.includes`. */
function holds({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>, character: string): boolean {
  return Buffer.from(buffer, byteOffset, length).includes(character)
}

function unbreak(lines: Uint8Array, ends: Uint32Array): void {
  let row = 0
  for (let at = 0; at < lines.length; at++) {
    if (at === (ends[row] ?? 0) + row) row++
    else if (lines[at] === LINE_FEED || lines[at] === 0x0d) lines[at] = SPACE
  }
}
