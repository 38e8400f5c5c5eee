import { parseTime } from '../base/instant.ts'
import type { Range } from './cell.ts'
import {
  balanced, type BinaryOperator, type Expression, levelOf, type Literal, type LiteralForm, type Path, PRECEDENCE,
} from './expression.ts'
import type { Token } from './lexer.ts'
import { literalForm, midnight, unquoted } from './literals.ts'
import { NAME, TokenReader } from './tokenReader.ts'

/** The values of a list are sums and what binds more strongly. */
const LISTED = levelOf('add')
/** All that works on expressions calls itself for each level, and the stack holds only so many calls. */
const DEEPEST = 500
const TOO_DEEP = `at most ${DEEPEST} levels`

/** Reads expressions of OData (4.01, part 2, section 5.1.1) by recursive descent. */
export class Parser extends TokenReader {
  /** How many operands that are being read lie in each other. */
  #depth = 0
  /** Of what is composed: levels below it, and its own. */
  readonly #heights = new WeakMap<Expression, number>()

  expression(level = 0): Expression {
    let left = this.#unary()
    for (;;) {
      const operator = this.#operator()
      const found = operator === undefined ? -1 : levelOf(operator)
      if (operator === undefined || found < level) return left
      if (operator === 'and' || operator === 'or') left = this.#chain(left, operator)
      else {
        this.take()
        left = operator === 'in' ? this.#in(left) : this.#binary(left, operator, this.expression(found + 1))
      }
    }
  }

  /** The one that comes next; the case of its letters doesn't matter. */
  #operator(): BinaryOperator | 'in' | undefined {
    const word = this.word()
    return levelOf(word) < 0 ? undefined : word as BinaryOperator | 'in'
  }

  /** Of any length: it doesn't matter how its parts are taken together. */
  #chain(first: Expression, operator: 'and' | 'or'): Expression {
    const parts = [first]
    while (this.#operator() === operator) {
      this.take()
      parts.push(this.expression(levelOf(operator) + 1))
    }
    return balanced(parts, (left, right) => this.#binary(left, operator, right)) ?? first
  }

  #binary(left: Expression, operator: BinaryOperator, right: Expression): Expression {
    return this.#composed({ kind: 'binary', operator, left, right, range: { start: left.range.start, end: right.range.end } }, [left, right])
  }

  #in(operand: Expression): Expression {
    const values = this.list(() => this.expression(LISTED))
    return this.#composed({ kind: 'in', operand, values, range: { start: operand.range.start, end: this.lastEnd() } }, [operand, ...values])
  }

  #composed(expression: Expression, parts: readonly Expression[]): Expression {
    const height = parts.reduce((most, part) => Math.max(most, this.#heights.get(part) ?? 0), 0) + 1
    if (height > DEEPEST) throw this.error(this.last(), TOO_DEEP)
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
    if (token !== undefined && this.takesWord('not') !== undefined) {
      const operand = this.#unary()
      return this.#composed({ kind: 'unary', operator: 'not', operand, range: { start: this.place(token.start), end: operand.range.end } }, [operand])
    }
    if (token?.kind === 'word' && /^-(?:$|[^\d])/.test(token.value)) return this.#negation(token)
    return this.#primary()
  }

  #negation(token: Token): Expression {
    this.take()
    if (token.value !== '-') this.putBack({ ...token, value: token.value.slice(1), start: token.start + 1 })
    const operand = this.#unary()
    return this.#composed({ kind: 'unary', operator: '-', operand, range: { start: this.place(token.start), end: operand.range.end } }, [operand])
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
    return this.#named(token)
  }

  /** What begins with a word: a literal, a call, a path. */
  #named(token: Token): Expression {
    const form = literalForm(token.value)
    const following = this.peek(1)
    if (following?.kind === 'text' && following.start === token.end) return this.#prefixed(token, following)
    if (form !== undefined) {
      this.take()
      return this.#literal(form, token.value, token)
    }
    if (following?.value === '(' && following.start === token.end) {
      if (!NAME.test(token.value)) throw this.error(token, 'a value')
      this.take()
      const args = this.list(() => this.expression())
      return this.#composed({ kind: 'call', name: token.value, args, range: { start: this.place(token.start), end: this.lastEnd() } }, args)
    }
    if (/^\d/.test(token.value)) throw this.error(token, /^\d{4}-/.test(token.value) ? 'a date' : 'a value')
    return this.path()
  }

  /** `duration'PT5M'`, `guid'…'`, `Erp.State'Released'`: what stands in the quotes counts. */
  #prefixed(prefix: Token, text: Token): Expression {
    this.take()
    this.take()
    const value = unquoted(text.value)
    const form = prefix.value === 'duration' ? 'time' : prefix.value === 'guid' ? 'guid' : 'text'
    if (form === 'time' && parseTime(value) === undefined) throw this.error(text, 'PT1H30M')
    if (form === 'guid' && literalForm(value) !== 'guid') throw this.error(text, 'a guid')
    return { kind: 'literal', form, text: value, range: this.range(prefix.start, text.end) }
  }

  #literal(form: LiteralForm, text: string, { start, end }: Token): Literal {
    return { kind: 'literal', form, text: form === 'date' && !/t/i.test(text) ? midnight(text) : text, range: this.range(start, end) }
  }

  /** @throws `query-syntax` where no name of a column stands */
  path(): Path {
    const first = this.take()
    const steps = [this.#name(first)]
    let end = first?.end ?? 0
    while (this.peek()?.value === '/' && this.#isName(1) && this.peek(2)?.value !== '(') {
      this.take()
      const step = this.take()
      steps.push(this.#name(step))
      end = step?.end ?? end
    }
    return { kind: 'path', steps, range: this.range(first?.start ?? 0, end) }
  }

  /** The name of a column that is made: no path. */
  alias(): { readonly alias: string; readonly range: Range } {
    const token = this.take()
    return { alias: this.#name(token), range: this.range(token?.start ?? 0, token?.end ?? 0) }
  }

  #name(token: Token | undefined): string {
    if (token?.kind !== 'word' || !NAME.test(token.value) || isReserved(token.value)) throw this.error(token, 'the name of a column')
    return token.value
  }

  #isName(ahead: number): boolean {
    const token = this.peek(ahead)
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
}

const RESERVED: ReadonlySet<string> = new Set([...PRECEDENCE.flat(), 'not', 'asc', 'desc', 'with', 'as', ...[';', '=', '/']])

function isReserved(word: string): boolean {
  return RESERVED.has(word)
}
