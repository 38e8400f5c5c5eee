import { BACKSLASH, CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, isSpace, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './json.ts'

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Where a value lies among bytes; nothing lies between equal places. */
export type Span = readonly [start: number, end: number]

const NOTHING: Span = [0, 0]

/**
 * Where a member of the JSON object at that place lies, by the names that lead to it from outside in; nothing where what
 * stands there is no object or hasn't got it. Of names that come twice the last counts. The JSON is whole: a row.
 */
export function memberAt(bytes: Uint8Array, span: Span, path: readonly string[]): Span {
  return path.reduce<Span>((at, name) => member(bytes, at, name), span)
}

function member(bytes: Uint8Array, [start, end]: Span, name: string): Span {
  let found = NOTHING
  if (start === end || bytes[start] !== OPEN_OBJECT) return found
  let at = skipSpace(bytes, start + 1, end)
  while (bytes[at] === QUOTE && at < end) {
    const keyEnd = stringEnd(bytes, at, end)
    const key = textOf(bytes, at, keyEnd)
    at = skipSpace(bytes, keyEnd, end)
    if (bytes[at] === COLON) at = skipSpace(bytes, at + 1, end)
    const valueEnd = endOfValue(bytes, at, end)
    if (key === name) found = [at, valueEnd]
    at = skipSpace(bytes, valueEnd, end)
    if (bytes[at] === COMMA) at = skipSpace(bytes, at + 1, end)
  }
  return found
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  const text = utf8.decode(bytes.subarray(start, end))
  return text.includes('\\') ? JSON.parse(text) as string : text.slice(1, -1)
}

function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && isSpace(bytes[at])) at++
  return at
}

function stringEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start + 1
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at + 1
}

function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] === QUOTE) return stringEnd(bytes, start, end)
  if (bytes[start] !== OPEN_OBJECT && bytes[start] !== OPEN_ARRAY) {
    let at = start
    while (at < end && bytes[at] !== COMMA && bytes[at] !== CLOSE_OBJECT && bytes[at] !== CLOSE_ARRAY && !isSpace(bytes[at])) at++
    return at
  }
  let depth = 0
  let at = start
  do {
    const byte = bytes[at]
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++
    else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--
    at = byte === QUOTE ? stringEnd(bytes, at, end) : at + 1
  } while (depth > 0 && at < end)
  return at
}
