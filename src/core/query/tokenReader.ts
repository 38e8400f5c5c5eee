import type { ErpError } from '../base/errors.ts'
import type { Range } from './cell.ts'
import { type Token, tokenize } from './lexer.ts'
import { literalForm } from './literals.ts'

/** Makes the error of a place in the query. */
export type SyntaxError = (offset: number, found: string, expected: string) => ErpError

/** The text of an option, and where it stands. */
export interface ParserInput {
  readonly text: string
  /** Offset of the text in the query. */
  readonly start: number
  readonly syntaxError: SyntaxError
  /** Where an offset of the query is in the cell. */
  readonly origin: (offset: number) => number
}

/** Of columns, tables, functions; `@odata.id` too. */
export const NAME = /^[\p{L}_@][\p{L}\p{N}_.@]*$/u
/** White space and line breaks; and what the lexer leaves in words: separators of expansions, slashes. */
const PIECE = /[;=/]|[^;=/]+/g

/** Takes the tokens of an option one by one, and knows where they stand. */
export class TokenReader {
  readonly #input: ParserInput
  readonly #tokens: Token[]
  #next = 0

  constructor(input: ParserInput) {
    this.#input = input
    this.#tokens = tokenize(input.text).flatMap(pieces).filter(token => token.kind !== 'space')
    const unclosed = this.#tokens.find(token => token.kind === 'unclosed')
    if (unclosed !== undefined) throw this.error(unclosed, unclosed.value.startsWith('\'') ? '\'' : '}}')
  }

  /** @param ahead how many further ones lie between */
  peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#next + ahead]
  }

  take(): Token | undefined {
    return this.#tokens[this.#next++]
  }

  /** The next word in small letters; nothing where something else comes. */
  protected word(): string {
    const token = this.peek()
    return token?.kind === 'word' ? token.value.toLowerCase() : ''
  }

  /** Takes the word if it stands there, in whatever letters. */
  takesWord(...words: readonly string[]): string | undefined {
    const word = this.word()
    if (!words.includes(word)) return undefined
    this.take()
    return word
  }

  /** Takes the word or mark if it stands there. */
  takes(...values: readonly string[]): string | undefined {
    const token = this.peek()
    if (token === undefined || token.kind === 'text' || !values.includes(token.value)) return undefined
    this.take()
    return token.value
  }

  expect(value: string): void {
    const token = this.peek()
    if (this.takes(value) === undefined) throw this.error(token, value)
  }

  /** What is written up to one of these marks, outside of parentheses and literals, in one line. */
  raw(...ends: readonly string[]): string {
    let depth = 0
    const start = this.peek()?.start ?? 0
    let end = start
    for (let token = this.peek(); token !== undefined; token = this.peek()) {
      if (token.kind !== 'text') {
        if (depth === 0 && ends.includes(token.value)) break
        if (token.value === '(') depth++
        if (token.value === ')') depth--
      }
      end = token.end
      this.take()
    }
    return oneLine(this.#input.text.slice(start, end))
  }

  /**
   * Nothing may follow.
   * @param next what a further word should have been
   */
  end(next: string): void {
    const token = this.peek()
    if (token === undefined) return
    throw this.error(token, token.value.startsWith('$') ? '&' : NAME.test(token.value) ? next : 'the end')
  }

  error(token: Token | undefined, expected: string): ErpError {
    const { start, text, syntaxError } = this.#input
    return syntaxError(start + (token?.start ?? text.length), token?.value ?? '', expected)
  }

  protected place(offset: number): number {
    return this.#input.origin(this.#input.start + offset)
  }

  protected range(start: number, end: number): Range {
    return { start: this.place(start), end: Math.max(this.place(start), this.place(Math.max(0, end - 1)) + 1) }
  }

  /** Where the last token that was taken ends. */
  protected lastEnd(): number {
    return this.range(0, this.last()?.end ?? 0).end
  }

  /** Puts a token in the place of the one that was taken. */
  protected putBack(token: Token): void {
    this.#next -= 1
    this.#tokens[this.#next] = token
  }

  protected last(): Token | undefined {
    return this.#tokens[this.#next - 1]
  }
}

/** White space outside of literals is one blank. */
export function oneLine(text: string): string {
  return text.split(/('(?:[^']|'')*')/).map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, ' '))).join('').trim()
}

/** A word that is no literal is cut at slashes, semicolons and equal signs. */
function pieces(token: Token): Token[] {
  if (token.kind !== 'word' || literalForm(token.value) !== undefined) return [token]
  return [...token.value.matchAll(PIECE)].map(({ 0: value, index }) => {
    const start = token.start + index
    return { kind: 'word', value, start, end: start + value.length }
  })
}
