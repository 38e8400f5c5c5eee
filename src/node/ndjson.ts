import type { Batch } from '../core/execute/batch.ts'

const LINE_FEED = 0x0a
const SPACE = 0x20

/**
 * The rows of a batch as NDJSON: each as it came, on a line of its own. Line breaks between its tokens become spaces;
 * inside a string JSON has none (RFC 8259, section 7).
 */
export function ndjson({ bytes, ends }: Batch): Uint8Array {
  const lines = Buffer.allocUnsafe(bytes.length + 1)
  lines.set(bytes)
  if (lines.includes('\n') || lines.includes('\r')) unbreak(lines)
  for (const end of ends) lines[end] = LINE_FEED
  return lines
}

function unbreak(lines: Uint8Array): void {
  for (const [at, byte] of lines.entries()) if (byte === LINE_FEED || byte === 0x0d) lines[at] = SPACE
}
