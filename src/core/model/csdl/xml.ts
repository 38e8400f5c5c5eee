import { ErpError } from '../../base/errors.ts'

/** An element that opens, with its attributes, or one that closes. Names are without their prefix. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string>; readonly empty: boolean }
  | { readonly kind: 'close'; readonly name: string }

/** What is no element, by its beginning: passed over up to its end. */
const PASSED_OVER: readonly (readonly [start: string, end: string])[] = [
  ['<!--', '-->'], ['<![CDATA[', ']]>'], ['<?', '?>'], ['<!', '>'],
]

/**
 * Walks the elements of an XML document, or of a part of one, in order; text between them is passed over, as CSDL has
 * none. Throws `unexpected-answer` (fact: reason) where a tag is broken, an element is closed that isn't open, or the
 * end comes too early.
 */
export function* xmlElements(xml: string): Generator<XmlEvent> {
  const open: string[] = []
  for (let at = xml.indexOf('<'); at >= 0; at = xml.indexOf('<', at)) {
    const skipped = PASSED_OVER.find(([start]) => xml.startsWith(start, at))
    if (skipped !== undefined) {
      const end = xml.indexOf(skipped[1], at + skipped[0].length)
      if (end < 0) throw broken(`${skipped[0]} has no end`)
      at = end + skipped[1].length
      continue
    }
    const end = tagEnd(xml, at)
    const tag = xml.slice(at, end)
    at = end
    if (tag.startsWith('</')) {
      const qualified = tag.slice(2, -1).trimEnd()
      const expected = open.pop()
      if (expected !== qualified) throw broken(`</${qualified}> closes <${expected ?? ''}>`)
      yield { kind: 'close', name: withoutPrefix(qualified) }
    } else {
      const { qualified, attributes, empty } = readTag(tag)
      if (!empty) open.push(qualified)
      yield { kind: 'open', name: withoutPrefix(qualified), attributes, empty }
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw broken(`<${unclosed}> is not closed`)
}

/** Where the tag that begins at `at` ends, its `>` included: one within quotes is text. */
function tagEnd(xml: string, at: number): number {
  for (let from = at + 1; ;) {
    const end = xml.indexOf('>', from)
    if (end < 0) throw broken('a tag has no end')
    const quote = firstQuote(xml, from, end)
    if (quote < 0) return end + 1
    const closing = xml.indexOf(xml[quote] ?? '', quote + 1)
    if (closing < 0) throw broken('a quote has no end')
    from = closing + 1
  }
}

function firstQuote(xml: string, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const letter = xml[at]
    if (letter === '"' || letter === "'") return at
  }
  return -1
}

const NAME = /^<([^\s/>"'=<]+)/
const ATTRIBUTE = /\s+([^\s/>"'=<]+)\s*=\s*(?=["'])/y
const END = /\s*(\/?)>$/y

/** An opening tag, from `<` to `>`. Throws `unexpected-answer` where it is broken. */
export function readTag(tag: string): { qualified: string; attributes: ReadonlyMap<string, string>; empty: boolean } {
  const [start = '', qualified] = NAME.exec(tag) ?? []
  if (qualified === undefined) throw broken(`${shown(tag)} has no name`)
  const attributes = new Map<string, string>()
  let at = start.length
  for (;;) {
    ATTRIBUTE.lastIndex = at
    const [, name] = ATTRIBUTE.exec(tag) ?? []
    if (name === undefined) break
    const quote = ATTRIBUTE.lastIndex
    const closing = tag.indexOf(tag[quote] ?? '', quote + 1)
    attributes.set(withoutPrefix(name), unescape(tag.slice(quote + 1, closing)))
    at = closing + 1
  }
  END.lastIndex = at
  const end = END.exec(tag)
  if (end === null) throw broken(`${shown(tag)} is no tag`)
  return { qualified, attributes, empty: end[1] === '/' }
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

const ENTITY = /&(#x[\da-f]+|#\d+|\w+);/gi
const NAMED = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"]])

function unescape(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(ENTITY, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED.get(name) ?? whole
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function shown(tag: string): string {
  return tag.slice(0, 40)
}

function broken(reason: string): ErpError {
  return new ErpError('unexpected-answer', { reason })
}
