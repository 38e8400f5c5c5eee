import {
  balanced, type BinaryOperator, type Expression, levelOf, type Literal, type LiteralForm, type Path, PRECEDENCE,
} from './expression.ts'
import { type Token, tokenize } from './lexer.ts'
import type { Range } from './cell.ts'
import { parseDate, parseTime } from '../base/instant.ts'
import type { ErpError } from '../base/errors.ts'

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

const NAME = /^[\p{L}_@][\p{L}\p{N}_.@]*$/u
const GUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i
const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i
/** White space and line breaks; and what the lexer leaves in words: separators of expansions, slashes. */
const PIECE = /[;=/]|[^;=/]+/g

/** The values of a list are sums and what binds more strongly. */
const LISTED = levelOf('add')
/** All that works on expressions calls itself for each level, and the stack holds only so many calls. */
const DEEPEST = 500
const TOO_DEEP = `at most ${DEEPEST} levels`

/** Reads expressions of OData (4.01, part 2, section 5.1.1) by recursive descent. */
export class Parser {
  readonly #input: ParserInput
  readonly #tokens: readonly Token[]
  #next = 0
  /** How many operands that are being read lie in each other. */
  #depth = 0
  /** Of what is composed: levels below it, and its own. */
  readonly #heights = new WeakMap<Expression, number>()

  constructor(input: ParserInput) {
    this.#input = input
    this.#tokens = tokenize(input.text).flatMap(pieces).filter(token => token.kind !== 'space')
    const unclosed = this.#tokens.find(token => token.kind === 'unclosed')
    if (unclosed !== undefined) throw this.error(unclosed, unclosed.value.startsWith('\'') ? '\'' : '}}')
  }

  expression(level = 0): Expression {
    let left = this.#unary()
    for (;;) {
      const token = this.peek()
      const found = token?.kind === 'word' ? levelOf(token.value) : -1
      if (token === undefined || found < level) return left
      const operator = token.value as BinaryOperator | 'in'
      if (operator === 'and' || operator === 'or') left = this.#chain(left, operator)
      else {
        this.take()
        left = operator === 'in' ? this.#in(left) : this.#binary(left, operator, this.expression(found + 1))
      }
    }
  }

  /** Of any length: it doesn't matter how its parts are taken together. */
  #chain(first: Expression, operator: 'and' | 'or'): Expression {
    const parts = [first]
    while (this.takes(operator) !== undefined) parts.push(this.expression(levelOf(operator) + 1))
    return balanced(parts, (left, right) => this.#binary(left, operator, right)) ?? first
  }

  #binary(left: Expression, operator: BinaryOperator, right: Expression): Expression {
    return this.#composed({ kind: 'binary', operator, left, right, range: { start: left.range.start, end: right.range.end } }, [left, right])
  }

  #in(operand: Expression): Expression {
    const values = this.list(() => this.expression(LISTED))
    return this.#composed({ kind: 'in', operand, values, range: { start: operand.range.start, end: this.#end() } }, [operand, ...values])
  }

  #composed(expression: Expression, parts: readonly Expression[]): Expression {
    const height = parts.reduce((most, part) => Math.max(most, this.#heights.get(part) ?? 0), 0) + 1
    if (height > DEEPEST) throw this.error(this.#tokens[this.#next - 1], TOO_DEEP)
    this.#heights.set(expression, height)
    return expression
  }

  #unary(): Expression {
    if (this.#depth === DEEPEST) throw this.error(this.peek(), TOO_DEEP)
    this.#depth++
    const operand = this.#operand()
    this.#depth--
    return operand
  }

  #operand(): Expression {
    const token = this.peek()
    if (token?.kind === 'word' && token.value === 'not') {
      this.take()
      const operand = this.#unary()
      return this.#composed({ kind: 'unary', operator: 'not', operand, range: { start: this.#place(token.start), end: operand.range.end } }, [operand])
    }
    if (token?.kind === 'word' && /^-(?:$|[^\d])/.test(token.value)) return this.#negation(token)
    return this.#primary()
  }

  #negation(token: Token): Expression {
    this.take()
    if (token.value !== '-') this.#putBack({ ...token, value: token.value.slice(1), start: token.start + 1 })
    const operand = this.#unary()
    return this.#composed({ kind: 'unary', operator: '-', operand, range: { start: this.#place(token.start), end: operand.range.end } }, [operand])
  }

  /** The next token in the place of the one that was taken. */
  #putBack(token: Token): void {
    this.#next -= 1
    ;(this.#tokens as Token[])[this.#next] = token
  }

  #primary(): Expression {
    const token = this.peek()
    if (token?.value === '(') {
      this.take()
      const inner = this.expression()
      this.expect(')')
      return inner
    }
    if (token?.kind === 'text') {
      this.take()
      return this.#literal('text', unquoted(token.value), token)
    }
    if (token?.kind !== 'word' || isReserved(token.value)) throw this.error(token, 'a value')
    return this.#word(token)
  }

  #word(token: Token): Expression {
    const form = literalForm(token.value)
    const following = this.#tokens[this.#next + 1]
    if (following?.kind === 'text' && following.start === token.end) return this.#prefixed(token, following)
    if (form !== undefined) {
      this.take()
      return this.#literal(form, token.value, token)
    }
    if (following?.value === '(' && following.start === token.end) {
      if (!NAME.test(token.value)) throw this.error(token, 'a value')
      this.take()
      const args = this.list(() => this.expression())
      return this.#composed({ kind: 'call', name: token.value, args, range: { start: this.#place(token.start), end: this.#end() } }, args)
    }
    return this.path()
  }

  /** `duration'PT5M'`, `guid'…'`, `Erp.State'Released'`: what stands in the quotes counts. */
  #prefixed(prefix: Token, text: Token): Expression {
    this.take()
    this.take()
    const value = unquoted(text.value)
    const form = prefix.value === 'duration' ? 'time' : prefix.value === 'guid' ? 'guid' : 'text'
    if (form === 'time' && parseTime(value) === undefined) throw this.error(text, 'PT1H30M')
    return { kind: 'literal', form, text: value, range: this.#range(prefix.start, text.end) }
  }

  #literal(form: LiteralForm, text: string, { start, end }: Token): Literal {
    return { kind: 'literal', form, text: form === 'date' && !text.includes('T') ? midnight(text) : text, range: this.#range(start, end) }
  }

  /** @throws `query-syntax` where no name of a column stands */
  path(): Path {
    const first = this.take()
    const steps = [this.#name(first)]
    let end = first?.end ?? 0
    while (this.peek()?.value === '/' && this.#isName(1) && this.#tokens[this.#next + 2]?.value !== '(') {
      this.take()
      const step = this.take()
      steps.push(this.#name(step))
      end = step?.end ?? end
    }
    return { kind: 'path', steps, range: this.#range(first?.start ?? 0, end) }
  }

  /** The name of a column that is made: no path. */
  alias(): { readonly alias: string; readonly range: Range } {
    const token = this.take()
    return { alias: this.#name(token), range: this.#range(token?.start ?? 0, token?.end ?? 0) }
  }

  #name(token: Token | undefined): string {
    if (token?.kind !== 'word' || !NAME.test(token.value) || isReserved(token.value)) throw this.error(token, 'the name of a column')
    return token.value
  }

  #isName(ahead: number): boolean {
    const token = this.#tokens[this.#next + ahead]
    return token?.kind === 'word' && NAME.test(token.value)
  }

  /** `(…,…)`; may be empty. */
  list<T>(item: () => T): T[] {
    this.expect('(')
    const items: T[] = []
    if (this.peek()?.value === ')') {
      this.take()
      return items
    }
    for (;;) {
      items.push(item())
      const token = this.take()
      if (token?.value === ')') return items
      if (token?.value !== ',') throw this.error(token, ')')
    }
  }

  peek(): Token | undefined {
    return this.#tokens[this.#next]
  }

  take(): Token | undefined {
    return this.#tokens[this.#next++]
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

  /** Nothing may follow. */
  end(): void {
    const token = this.peek()
    if (token !== undefined) throw this.error(token, token.value.startsWith('$') ? '&' : 'the end')
  }

  error(token: Token | undefined, expected: string): ErpError {
    const { start, text, syntaxError } = this.#input
    return syntaxError(start + (token?.start ?? text.length), token?.value ?? '', expected)
  }

  #place(offset: number): number {
    return this.#input.origin(this.#input.start + offset)
  }

  #range(start: number, end: number): Range {
    return { start: this.#place(start), end: Math.max(this.#place(start), this.#place(Math.max(0, end - 1)) + 1) }
  }

  /** Where the last token that was taken ends. */
  #end(): number {
    return this.#range(0, this.#tokens[this.#next - 1]?.end ?? 0).end
  }
}

/** White space outside of literals is one blank. */
export function oneLine(text: string): string {
  return text.split(/('(?:[^']|'')*')/).map((part, index) => (index % 2 === 1 ? part : part.replace(/\s+/g, ' '))).join('').trim()
}

const RESERVED: ReadonlySet<string> = new Set([...PRECEDENCE.flat(), 'not', 'asc', 'desc', 'with', 'as', ...[';', '=', '/']])

function isReserved(word: string): boolean {
  return RESERVED.has(word)
}

/** A word that is no literal is cut at slashes, semicolons and equal signs. */
function pieces(token: Token): Token[] {
  if (token.kind !== 'word' || literalForm(token.value) !== undefined) return [token]
  return [...token.value.matchAll(PIECE)].map(({ 0: value, index }) => {
    const start = token.start + index
    return { kind: 'word', value, start, end: start + value.length }
  })
}

function literalForm(word: string): LiteralForm | undefined {
  if (word === 'null') return 'null'
  if (word === 'true' || word === 'false') return 'boolean'
  if (NUMBER.test(word)) return 'number'
  if (GUID.test(word)) return 'guid'
  if (!/^\d/.test(word)) return undefined
  if (parseDate(word) !== undefined) return 'date'
  return parseTime(word) === undefined ? undefined : 'time'
}

/** `2026-01-01` and `2026-01-01Z` begin at midnight. */
function midnight(date: string): string {
  return `${date.slice(0, 10)}T00:00:00${date.slice(10) === '' ? 'Z' : date.slice(10)}`
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll('\'\'', '\'')
}
