import { ErpError } from '../base/errors.ts'

/** An element that opens, with its attributes, or one that closes. Names are without their prefix. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string>; readonly empty: boolean }
  | { readonly kind: 'close'; readonly name: string }

/** Comments, processing instructions, CDATA and declarations; else a tag with its attributes. */
const MARKUP = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[[\s\S]*?\]\]>|<![^>]*>|<(\/?)([^\s/>]+)((?:\s+[^\s=>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g
const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g
const ENTITY = /&(#x[\da-f]+|#\d+|\w+);/gi
const NAMED = new Map([['lt', '<'], ['gt', '>'], ['amp', '&'], ['quot', '"'], ['apos', "'"]])

/**
 * Walks the elements of an XML document in order; text between them is passed over, as CSDL has none.
 * Throws `unexpected-answer` (fact: reason) where an element is closed that isn't open, or the end comes too early.
 */
export function* xmlElements(xml: string): Generator<XmlEvent> {
  const open: string[] = []
  for (const [, slash, qualified, attributes = '', emptySlash] of xml.matchAll(MARKUP)) {
    if (qualified === undefined) continue
    const name = withoutPrefix(qualified)
    if (slash === '/') {
      const expected = open.pop()
      if (expected !== name) throw new ErpError('unexpected-answer', { reason: `</${name}> closes <${expected ?? ''}>` })
      yield { kind: 'close', name }
    } else {
      const empty = emptySlash === '/'
      if (!empty) open.push(name)
      yield { kind: 'open', name, attributes: readAttributes(attributes), empty }
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw new ErpError('unexpected-answer', { reason: `<${unclosed}> is not closed` })
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    attributes.set(withoutPrefix(name), unescape(double ?? single ?? ''))
  }
  return attributes
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

function unescape(text: string): string {
  return text.replace(ENTITY, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED.get(name) ?? whole
    const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
