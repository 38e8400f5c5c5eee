/**
 * Reads the Table API's `$filter` (protocol sheet, section 4) into a tree, and refuses what isn't in it.
 * It knows no tables: `where.ts` checks names, types and abilities.
 */

export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'bare'; readonly value: string }
  | { readonly kind: 'null' }

export interface Path {
  readonly segments: readonly string[]
  readonly at: number
}

export type Condition =
  | { readonly kind: 'and'; readonly parts: readonly Condition[] }
  | {
    readonly kind: 'compare'
    readonly path: Path
    readonly operator: 'eq' | 'le' | 'ge' | 'like'
    readonly literal: Literal
  }
  | { readonly kind: 'in'; readonly path: Path; readonly literals: readonly Literal[] }

/** What is wrong with a filter, for the answer's message. */
export class FilterError extends Error {}

interface Token {
  readonly kind: 'name' | 'text' | 'bare' | '(' | ')' | ',' | 'end'
  readonly text: string
  readonly at: number
}

/** @throws FilterError saying where */
export function parseFilter(source: string): Condition {
  return new FilterParser(readTokens(source)).whole()
}

const REFUSED = new Set(['ne', 'gt', 'lt', 'not', 'has', 'add', 'sub', 'mul', 'div', 'divby', 'mod'])

class FilterParser {
  readonly #tokens: readonly Token[]
  #next = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  whole(): Condition {
    const condition = this.#conjunction()
    const token = this.#peek()
    if (isWord(token, 'or')) {
      throw new FilterError(
        `The operator 'or' at position ${token.at} is not supported, except for values of one field in parentheses.`,
      )
    }
    if (token.kind !== 'end') throw unexpected(token)
    return condition
  }

  #conjunction(): Condition {
    const first = this.#term()
    const parts = [first]
    while (isWord(this.#peek(), 'and')) {
      this.#take()
      parts.push(this.#term())
    }
    return parts.length === 1 ? first : { kind: 'and', parts }
  }

  #term(): Condition {
    if (this.#peek().kind !== '(') return this.#comparison()
    this.#take()
    const first = this.#conjunction()
    const alternatives = [first]
    while (isWord(this.#peek(), 'or')) {
      this.#take()
      alternatives.push(this.#conjunction())
    }
    this.#expect(')')
    return alternatives.length === 1 ? first : oneField(alternatives)
  }

  #comparison(): Condition {
    const token = this.#take()
    if (token.kind !== 'name') throw unexpected(token)
    if (REFUSED.has(token.text)) throw unsupported(token)
    if (this.#peek().kind === '(') {
      throw new FilterError(`The function '${token.text}' at position ${token.at} is not supported.`)
    }
    const path = { segments: token.text.split('/'), at: token.at }
    const operator = this.#take()
    if (operator.kind !== 'name') throw unexpected(operator)
    switch (operator.text) {
      case 'eq': case 'le': case 'ge': case 'like':
        return { kind: 'compare', path, operator: operator.text, literal: this.#literal() }
      case 'in':
        return { kind: 'in', path, literals: this.#list() }
      default:
        throw REFUSED.has(operator.text) ? unsupported(operator) : unexpected(operator)
    }
  }

  #list(): readonly Literal[] {
    this.#expect('(')
    const literals = [this.#literal()]
    while (this.#peek().kind === ',') {
      this.#take()
      literals.push(this.#literal())
    }
    this.#expect(')')
    return literals
  }

  #literal(): Literal {
    const token = this.#take()
    if (token.kind === 'text') return { kind: 'text', value: token.text }
    if (token.kind === 'name' && token.text === 'null') return { kind: 'null' }
    if (token.kind === 'name' || token.kind === 'bare') {
      const following = this.#peek()
      if (following.kind === '(') {
        throw new FilterError(`The function '${token.text}' at position ${token.at} is not supported.`)
      }
      return { kind: 'bare', value: token.text }
    }
    throw unexpected(token)
  }

  #expect(kind: Token['kind']): void {
    const token = this.#take()
    if (token.kind !== kind) throw unexpected(token)
  }

  #peek(): Token {
    const token = this.#tokens[this.#next]
    if (!token) throw new FilterError('The filter ends too early.')
    return token
  }

  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#next += 1
    return token
  }
}

/** `(F eq a or F eq b)` is a list over one field, and so the same as `F in (a,b)`. */
function oneField(alternatives: readonly Condition[]): Condition {
  const [first] = alternatives
  const field = first?.kind === 'compare' ? first.path : undefined
  const literals = alternatives.flatMap(part =>
    part.kind === 'compare' && part.operator === 'eq' && samePath(part.path, field) ? [part.literal] : [])
  if (!field || literals.length !== alternatives.length) {
    throw new FilterError("The operator 'or' is supported only between 'eq' conditions on one and the same field.")
  }
  return { kind: 'in', path: field, literals }
}

function samePath(a: Path, b: Path | undefined): boolean {
  return a.segments.join('/') === b?.segments.join('/')
}

/** Literals that aren't quoted hold digits, letters, and these: GUIDs, dates, numbers with sign and exponent. */
const PATTERN =
  /\s*(?:(?<quoted>'(?:[^']|'')*')|(?<punctuation>[(),])|(?<word>[a-z_][\w/]*(?![\w/.:+-]))|(?<bare>[\w.:+-]+))/iy

function readTokens(source: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  while (source.slice(at).trim() !== '') {
    PATTERN.lastIndex = at
    const match = PATTERN.exec(source)
    const start = at + (source.slice(at).length - source.slice(at).trimStart().length)
    if (!match) {
      throw new FilterError(
        `Syntax error: character '${source.charAt(start)}' is not valid at position ${start} in '${source}'.`,
      )
    }
    tokens.push(readToken(match, start))
    at = PATTERN.lastIndex
  }
  tokens.push({ kind: 'end', text: '', at: source.length })
  return tokens
}

function readToken({ groups = {} }: RegExpExecArray, at: number): Token {
  const { quoted, punctuation, word, bare } = groups
  if (quoted !== undefined) return { kind: 'text', text: quoted.slice(1, -1).replaceAll("''", "'"), at }
  if (isPunctuation(punctuation)) return { kind: punctuation, text: punctuation, at }
  return word === undefined ? { kind: 'bare', text: bare ?? '', at } : { kind: 'name', text: word, at }
}

function isPunctuation(text: string | undefined): text is '(' | ')' | ',' {
  return text === '(' || text === ')' || text === ','
}

function isWord(token: Token, word: string): boolean {
  return token.kind === 'name' && token.text === word
}

function unexpected({ kind, text, at }: Token): FilterError {
  return new FilterError(kind === 'end'
    ? `Syntax error: the filter ends at position ${at} where more is expected.`
    : `Syntax error: '${text}' is not expected at position ${at}.`)
}

function unsupported({ text, at }: Token): FilterError {
  return new FilterError(`The operator '${text}' at position ${at} is not supported.`)
}
