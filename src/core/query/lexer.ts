/** A piece of a query's text. `start` and `end` are offsets in it. */
export interface Token {
  readonly kind: 'text' | 'insertion' | 'word' | 'mark' | 'space' | 'unclosed'
  readonly value: string
  readonly start: number
  readonly end: number
}

/** Two quotes stand for one inside; insertions may hold quotes. */
const TEXT = /'(?:\{\{[^}]*\}\}|(?!\{\{[^}]*\}\})[^']|'')*'/y
const INSERTION = /\{\{[^}]*\}\}/y
const SPACE = /\s+/y
const WORD = /(?:(?!\{\{)[^\s'(),])+/y

/**
 * Cuts the text into tokens; together they are the whole text: a literal in single quotes, `{{…}}`, a word (names,
 * numbers, dates, operators), a parenthesis or comma, white space; `unclosed` is a quote or `{{` without its end.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  for (let start = 0; start < text.length;) {
    const kind = kindAt(text, start)
    const end = kind === 'unclosed' ? text.length : kind === 'mark' ? start + 1 : PATTERNS[kind].lastIndex
    tokens.push({ kind, value: text.slice(start, end), start, end })
    start = end
  }
  return tokens
}

const PATTERNS = { text: TEXT, insertion: INSERTION, space: SPACE, word: WORD }

/** Of what begins there; its pattern knows where it ends. Lists may be long: no object is made for a match. */
function kindAt(text: string, at: number): Token['kind'] {
  const first = text.charAt(at)
  if (first === '(' || first === ')' || first === ',') return 'mark'
  const kind = first === '\'' ? 'text' : text.startsWith('{{', at) ? 'insertion' : /\s/.test(first) ? 'space' : 'word'
  PATTERNS[kind].lastIndex = at
  return PATTERNS[kind].test(text) ? kind : 'unclosed'
}

/** Where a `?` or `&` stands outside of literals and insertions, from left to right. */
export function separatorsIn(text: string): number[] {
  return tokenize(text).flatMap(({ kind, value, start }) =>
    kind === 'word' && SEPARATOR.test(value) ? value.split('').flatMap((character, index) => (SEPARATOR.test(character) ? [start + index] : [])) : [])
}

const SEPARATOR = /[?&]/
