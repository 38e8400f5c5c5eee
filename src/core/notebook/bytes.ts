/**
 * UTF-8 both ways without loss: a byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte and turns into that
 * byte again (as in Python's PEP 383), so that a file in another encoding survives being opened and saved.
 * A byte order mark is text like any other.
 */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
const ESCAPED = /[\udc80-\udcff]/gu

export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return decodeWithEscapes(bytes)
  }
}

export function encodeText(text: string): Uint8Array {
  if (text.search(ESCAPED) < 0) return encoder.encode(text)
  const bytes = new Uint8Array(text.length * 3) // no character takes more in UTF-8
  let length = 0
  let done = 0
  for (const match of text.matchAll(ESCAPED)) {
    length += encoder.encodeInto(text.slice(done, match.index), bytes.subarray(length)).written
    bytes[length++] = match[0].charCodeAt(0) - 0xdc00
    done = match.index + 1
  }
  length += encoder.encodeInto(text.slice(done), bytes.subarray(length)).written
  return bytes.slice(0, length)
}

function decodeWithEscapes(bytes: Uint8Array): string {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at)
    if (length > 0) at += length
    else {
      parts.push(utf8.decode(bytes.subarray(start, at)), String.fromCharCode(0xdc00 + (bytes[at] ?? 0)))
      start = ++at
    }
  }
  parts.push(utf8.decode(bytes.subarray(start)))
  return parts.join('')
}

/** Of the well-formed sequence at that place (Unicode 16, table 3-7), or 0. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  for (let index = 1; index < length; index++) {
    const byte = bytes[at + index] ?? 0
    if (byte < (index === 1 ? lowest : 0x80) || byte > (index === 1 ? highest : 0xbf)) return 0
  }
  return length
}
