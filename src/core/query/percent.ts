import { type Range, splitQuery } from './cell.ts'
import { tokenize } from './lexer.ts'

/**
 * Undoes the percent-encoding of a query that came from an address bar or a document, once. Everything keeps its
 * place: decoded parts are filled up with blanks.
 *
 * `%` also is the wildcard of `like`, so the literals of a query that a person wrote stay as they are. A value counts
 * as encoded when it has no white space but around line breaks, and either belongs to a full address or has an escape
 * or a `+` outside of literals.
 */
export function decodeQuery(query: string): string {
  const { resource, resourceRange, options } = splitQuery(query)
  const isAddress = /^https?:\/\//i.test(resource)
  let text = query
  const put = ({ start, end }: Range, decoded: string): void => {
    text = text.slice(0, start) + decoded.padEnd(end - start) + text.slice(end)
  }
  put(resourceRange, decodeEscapes(resource))
  for (const { name, value, range, valueRange } of options) {
    put({ start: range.start, end: range.start + name.length }, decodeEscapes(name))
    put(valueRange, isEncoded(value, isAddress) ? decodeAll(value) : decodeWords(value))
  }
  return text
}

function isEncoded(value: string, isAddress: boolean): boolean {
  const written = value.replace(INSERTION, '')
  if (/[^\S\r\n]/.test(written.replace(/\s*[\r\n]\s*/g, ''))) return false
  return isAddress || tokenize(written).some(token => token.kind === 'word' && /%[\da-f]{2}|\+/i.test(token.value))
}

const INSERTION = /\{\{[^}]*\}\}/g

function decodeAll(value: string): string {
  return value.split(/(\{\{[^}]*\}\})/)
    .map((part, index) => index % 2 === 1 ? part : decodeEscapes(part.replaceAll('+', ' ')))
    .join('')
}

function decodeWords(value: string): string {
  return tokenize(value).map(token => token.kind === 'word' ? decodeEscapes(token.value) : token.value).join('')
}

/** Escapes that are not UTF-8 are none. */
function decodeEscapes(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, escapes => {
    try {
      return decodeURIComponent(escapes)
    } catch {
      return escapes
    }
  })
}
