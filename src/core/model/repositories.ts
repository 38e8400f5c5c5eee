import { ErpError } from '../base/errors.ts'

/**
 * An index over the Domain model in full (`?details=true`): where each repository lies in the bytes of the list, so
 * that each is parsed when it is looked at. All of them as objects take three times the memory, and their time.
 */
export type RepositoryIndex = readonly RepositoryPlace[]
export type RepositoryPlace = readonly [entitySet: string, at: number, length: number]

const [QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST, COLON, COMMA] = [0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x3a, 0x2c]

const UTF8 = new TextDecoder()

/**
 * Finds the repositories of a list in UTF-8; of several of one name the first counts, and one without a name is passed
 * over. What is in them is not checked: that happens when they are parsed.
 * @throws `unexpected-answer` (fact: reason) where it is no list of objects, or ends too early
 */
export function indexRepositories(bytes: Uint8Array): RepositoryIndex {
  const places = new Map<string, RepositoryPlace>()
  let depth = 0
  let start = 0
  let name: string | undefined
  /** A text of a repository itself: a key, where a colon follows, else a value. */
  let text: readonly [from: number, to: number] | undefined
  let isName = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (byte === QUOTE) {
      const end = textEnd(bytes, at)
      if (depth === 2) {
        text = [at, end]
        if (isName) name ??= parsedText(bytes, text)
        isName = false
      } else if (depth === 0) break
      at = end - 1
    } else if (byte === COLON) {
      if (depth === 2) isName = text !== undefined && parsedText(bytes, text) === 'Name'
    } else if (byte === COMMA) {
      isName = false
    } else if (byte === OPEN || byte === OPEN_LIST) {
      if (depth === 0 && byte === OPEN) break
      if (depth === 1) [start, name, text, isName] = [at, undefined, undefined, false]
      depth++
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth--
      if (depth === 1 && byte === CLOSE && name !== undefined && !places.has(name)) {
        places.set(name, [name, start, at + 1 - start])
      }
      if (depth === 0) return [...places.values()]
    }
  }
  const reason = depth === 0 ? 'the Domain model is not a list' : 'the Domain model ends too early'
  throw new ErpError('unexpected-answer', { reason })
}

/** After the closing quote of the text that begins at `at`. */
function textEnd(bytes: Uint8Array, at: number): number {
  for (let place = at + 1; place < bytes.length; place++) {
    if (bytes[place] === BACKSLASH) place++
    else if (bytes[place] === QUOTE) return place + 1
  }
  return bytes.length
}

function parsedText(bytes: Uint8Array, [from, to]: readonly [number, number]): string | undefined {
  try {
    const value: unknown = JSON.parse(UTF8.decode(bytes.subarray(from, to)))
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    return undefined
  }
}
