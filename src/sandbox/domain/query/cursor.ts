import { DomainError } from '../problem.ts'

/** A literal as it is written; what it means depends on the property it is compared with. */
export type Literal =
  | { readonly kind: 'text'; readonly value: string }
  /** `Erp.General_Documents_DocumentState'Released'` */
  | { readonly kind: 'enum'; readonly type: string; readonly value: string }
  | { readonly kind: 'bare'; readonly value: string }

export type Path = readonly string[]

const LITERAL = /\s*(?:(?:Erp\.(\w+))?'((?:[^']|'')*)'|([\w.:+-]+))/y
const NAME = /\s*([a-z_$*][\w.]*)/iy

/** Reads the text of one query option from left to right. */
export class Cursor {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** The character that comes next, over white space; empty at the end. */
  get next(): string {
    return this.#text.slice(this.#at).trimStart().charAt(0)
  }

  take(character: string): boolean {
    if (this.next !== character) return false
    this.#at = this.#text.indexOf(character, this.#at) + 1
    return true
  }

  /** @throws DomainError when something else comes next; so do all that follow */
  expect(character: string): void {
    if (!this.take(character)) throw this.error()
  }

  end(): void {
    if (this.next !== '') throw this.error()
  }

  name(): string {
    return this.#match(NAME)[1] ?? ''
  }

  /** Takes the word if it comes next, as a whole. */
  takeWord(word: string): boolean {
    const before = this.#at
    if (/[a-z]/i.test(this.next) && this.name() === word) return true
    this.#at = before
    return false
  }

  /** `SalesOrder/Customer/Number` */
  path(): Path {
    const names = [this.name()]
    while (this.take('/')) names.push(this.name())
    return names
  }

  literal(): Literal {
    const [, type, quoted, bare] = this.#match(LITERAL)
    if (bare !== undefined) return { kind: 'bare', value: bare }
    const value = (quoted ?? '').replaceAll("''", "'")
    return type === undefined ? { kind: 'text', value } : { kind: 'enum', type, value }
  }

  /** `item, item, …` as long as commas follow. */
  list<T>(item: () => T): readonly T[] {
    const items = [item()]
    while (this.take(',')) items.push(item())
    return items
  }

  /** What stands until one of the characters outside of quotes and parentheses. */
  until(...ends: readonly string[]): string {
    const start = this.#at
    let depth = 0
    let quoted = false
    for (; this.#at < this.#text.length; this.#at += 1) {
      const character = this.#text.charAt(this.#at)
      if (character === "'") quoted = !quoted
      else if (!quoted && depth === 0 && ends.includes(character)) break
      else if (!quoted && character === '(') depth += 1
      else if (!quoted && character === ')') depth -= 1
    }
    return this.#text.slice(start, this.#at)
  }

  error(): DomainError {
    return new DomainError('syntax', this.#text, String(this.#at))
  }

  #match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (!match) throw this.error()
    this.#at = pattern.lastIndex
    return match
  }
}
