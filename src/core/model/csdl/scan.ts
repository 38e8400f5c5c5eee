import { ErpError } from '../../base/errors.ts'
import { readTag } from './xml.ts'

/**
 * An index over a CSDL document (OData 4.01, CSDL XML): where each child of its schemas lies. Nothing inside them is
 * read, so a document of 20 MB takes some tens of milliseconds; `CsdlDocument` reads the parts when they are looked at.
 */
export interface CsdlIndex {
  readonly parts: readonly CsdlPart[]
  /** What a schema is called, be it by its namespace or its alias, with its namespace. */
  readonly namespaces: readonly (readonly [called: string, namespace: string])[]
  /** The entity sets, where they have been read already. */
  readonly sets?: readonly CsdlSet[]
}

export interface CsdlSet {
  readonly name: string
  /** Its entity type in full. */
  readonly type: string
}

/** A child of a schema, such as an `EntityType`; its bytes begin with its `<` and end with its `>`. */
export interface CsdlPart {
  /** Without prefix. */
  readonly element: string
  readonly namespace: string
  readonly name: string
  readonly at: number
  readonly length: number
}

/** Elements that only hold others. */
const FRAMES: readonly string[] = ['Edmx', 'DataServices', 'Schema']

const [LESS, GREATER, SLASH, BANG, QUESTION, DOUBLE, SINGLE] = [0x3c, 0x3e, 0x2f, 0x21, 0x3f, 0x22, 0x27]

/**
 * Finds the parts of a document in UTF-8.
 * @throws `unexpected-answer` (fact: reason) where it isn't CSDL, or ends too early
 */
export function scanCsdl(bytes: Uint8Array): CsdlIndex {
  const parts: CsdlPart[] = []
  const namespaces: [string, string][] = []
  const open: string[] = []
  let namespace = ''
  for (let at = nextTag(bytes, 0); at >= 0; at = nextTag(bytes, at)) {
    const end = tagEnd(bytes, at)
    const qualified = nameAt(bytes, at)
    const element = qualified.slice(qualified.indexOf(':') + 1)
    const frame = FRAMES[open.length]
    if (qualified.startsWith('/')) {
      const expected = open.pop() ?? ''
      if (qualified !== `/${expected}`) throw broken(`<${qualified}> closes <${expected}>`)
      at = end
    } else if (element === frame) {
      if (frame === 'Schema') {
        const attributes = attributesAt(bytes, at, end)
        namespace = attributes.get('Namespace') ?? ''
        namespaces.push([namespace, namespace], [attributes.get('Alias') ?? namespace, namespace])
      }
      if (!isEmpty(bytes, end)) open.push(qualified)
      at = end
    } else {
      // beside `DataServices` stand references to other documents
      if (frame !== undefined && frame !== 'DataServices') throw broken(`<${element}> where <${frame}> is due`)
      const until = partEnd(bytes, { at, end, qualified })
      if (frame === undefined) {
        parts.push({ element, namespace, name: attributesAt(bytes, at, end).get('Name') ?? '', at, length: until - at })
      }
      at = until
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined || namespaces.length === 0) {
    throw broken(unclosed === undefined ? 'it is no CSDL' : `<${unclosed}> is not closed`)
  }
  return { parts, namespaces }
}

/** Where the next tag begins: comments, CDATA, instructions and declarations are passed over. -1 where there is none. */
function nextTag(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(LESS, from); at >= 0; at = bytes.indexOf(LESS, at)) {
    const kind = bytes[at + 1]
    if (kind !== BANG && kind !== QUESTION) return at
    at = afterMarkup(bytes, at)
  }
  return -1
}

const MARKUP = [['<!--', '-->'], ['<![CDATA[', ']]>'], ['<?', '?>'], ['<!', '>']]
  .map(([start = '', end = '']) => ({ start: ascii(start), end: ascii(end) }))

function afterMarkup(bytes: Uint8Array, at: number): number {
  const markup = MARKUP.find(({ start }) => start.every((byte, index) => bytes[at + index] === byte))
  if (markup === undefined) throw broken('a tag has no name')
  const { start, end } = markup
  const [first = 0] = end
  for (let found = bytes.indexOf(first, at + start.length); found >= 0; found = bytes.indexOf(first, found + 1)) {
    if (end.every((byte, index) => bytes[found + index] === byte)) return found + end.length
  }
  throw broken('a comment has no end')
}

/** Where the tag ends, its `>` included: one within quotes is text. */
function tagEnd(bytes: Uint8Array, at: number): number {
  for (let place = at + 1; place < bytes.length; place++) {
    const byte = bytes[place]
    if (byte === GREATER) return place + 1
    if (byte === DOUBLE || byte === SINGLE) {
      place = bytes.indexOf(byte, place + 1)
      if (place < 0) throw broken('a quote has no end')
    }
  }
  throw broken('a tag has no end')
}

function isEmpty(bytes: Uint8Array, end: number): boolean {
  return bytes[end - 2] === SLASH
}

interface Tag {
  readonly at: number
  readonly end: number
  readonly qualified: string
}

/** Where the element of a tag ends. Only tags of its own name are looked at, since it may hold some of them. */
function partEnd(bytes: Uint8Array, { at, end, qualified }: Tag): number {
  if (isEmpty(bytes, end)) return end
  const name = bytes.subarray(at + 1, at + 1 + new TextEncoder().encode(qualified).length)
  let depth = 1
  for (let tag = nextTag(bytes, end); tag >= 0; tag = nextTag(bytes, tag + 1)) {
    const closes = bytes[tag + 1] === SLASH
    if (!isNamed(bytes, tag + (closes ? 2 : 1), name)) continue
    const after = tagEnd(bytes, tag)
    if (closes) depth--
    else if (!isEmpty(bytes, after)) depth++
    if (depth === 0) return after
  }
  throw broken(`<${nameAt(bytes, at)}> is not closed`)
}

function isNamed(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  // its last letter tells names apart sooner than its first
  for (let index = name.length - 1; index >= 0; index--) if (bytes[at + index] !== name[index]) return false
  return endsName(bytes[at + name.length])
}

function endsName(byte: number | undefined): boolean {
  return byte === undefined || byte <= 0x20 || byte === GREATER || byte === SLASH
}

/** The name after a `<`, with its prefix, and with a `/` in front where it closes. */
function nameAt(bytes: Uint8Array, at: number): string {
  let end = at + 2
  while (!endsName(bytes[end])) end++
  return decoded(bytes.subarray(at + 1, end))
}

function attributesAt(bytes: Uint8Array, at: number, end: number): ReadonlyMap<string, string> {
  return readTag(decoded(bytes.subarray(at, end))).attributes
}

const UTF8 = new TextDecoder()

function decoded(bytes: Uint8Array): string {
  return UTF8.decode(bytes)
}

function ascii(text: string): readonly number[] {
  return Array.from(text, letter => letter.charCodeAt(0))
}

function broken(reason: string): ErpError {
  return new ErpError('unexpected-answer', { reason })
}
