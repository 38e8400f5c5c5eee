import { Transform, type TransformCallback } from 'node:stream'

import type { Quirks } from '../quirks.ts'

/**
 * Faults of rows. Bodies are looked at as Latin-1 here, one character a byte: so a row can hold bytes that are no
 * UTF-8, and no digit is read and written anew.
 */

/** A row as text. `index` counts from 1; with `last`, nothing of the body comes after it. */
type Change = (row: string, index: number) => { readonly text: string; readonly last?: boolean }

/** What the quirks make of rows; undefined when they leave them alone. */
export function rowFaults(quirks: Quirks): Transform | undefined {
  const changes = [
    ...numbered(quirks.number('huge-field'), hugeField), ...numbered(quirks.number('deep-nesting'), deepNesting),
    ...numbered(quirks.number('extra-keys'), extraKeys), ...(quirks.has('keys-reversed') ? [keysReversed] : []),
    ...(quirks.has('invalid-utf8') ? [invalidUtf8] : []),
    ...numbered(quirks.number('error-after-row'), errorAfterRow),
  ]
  if (changes.length === 0) return undefined
  return new RowTransform((row, index) => changes.reduce<ReturnType<Change>>(
    ({ text, last = false }, change) => ({ last, ...change(text, index) }), { text: row },
  ))
}

function numbered(number: number | undefined, make: (number: number) => Change): readonly Change[] {
  return number === undefined ? [] : [make(number)]
}

/** Rewrites the objects that are elements of the outermost list of a JSON body, as they pass. */
class RowTransform extends Transform {
  readonly #change: Change
  readonly #marks = new Marks()
  /** How deep the elements of the list lie; undefined outside of it. */
  #listDepth: number | undefined
  #row: string | undefined
  #count = 0
  #ended = false

  constructor(change: Change) {
    super()
    this.#change = change
  }

  override _transform(piece: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let out = ''
    for (const character of piece.toString('latin1')) out += this.#read(character)
    done(null, Buffer.from(out, 'latin1'))
  }

  #read(character: string): string {
    if (this.#ended) return ''
    const { depth } = this.#marks
    const isMark = this.#marks.read(character)
    if (isMark && character === '[' && depth <= 1) this.#listDepth ??= depth + 1
    if (isMark && character === '{' && depth === this.#listDepth) this.#row = ''
    if (this.#row === undefined) {
      if (isMark && character === ']' && depth === this.#listDepth) this.#listDepth = undefined
      return character
    }
    this.#row += character
    if (!isMark || this.#marks.depth !== this.#listDepth) return ''
    this.#count += 1
    const { text, last = false } = this.#change(this.#row, this.#count)
    this.#row = undefined
    this.#ended = last
    return text
  }
}

/** Which characters of a JSON text stand outside of strings, and how deep. */
export class Marks {
  depth = 0
  #inString = false
  #escaped = false

  /** @returns whether it is a brace, a bracket, a comma or a colon of JSON itself */
  read(character: string): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false
      else if (character === '\\') this.#escaped = true
      else if (character === '"') this.#inString = false
      return false
    }
    switch (character) {
      case '"':
        this.#inString = true
        return false
      case '{': case '[':
        this.depth += 1
        return true
      case '}': case ']':
        this.depth -= 1
        return true
      default:
        return character === ',' || character === ':'
    }
  }
}

type Member = readonly [key: string, value: string]

function readMembers(row: string): readonly Member[] {
  const marks = new Marks()
  const members: Member[] = []
  let start = 1
  let colon = 0
  for (let at = 0; at < row.length; at += 1) {
    const character = row.charAt(at)
    if (!marks.read(character)) continue
    if (character === ':' && marks.depth === 1 && colon < start) colon = at
    const ends = (character === ',' && marks.depth === 1) || marks.depth === 0
    if (ends && colon > start) members.push([row.slice(start, colon).trim(), row.slice(colon + 1, at).trim()])
    if (ends) start = at + 1
  }
  return members
}

function printRow(members: readonly Member[]): string {
  return `{${members.map(member => member.join(':')).join(',')}}`
}

/** A member that holds a text, not an id or a time; a new one when there is none. */
function changeText(row: string, change: (text: string) => string): string {
  const members = readMembers(row)
  const at = members.findLastIndex(([, value]) => /^"(?![\da-f-]{36}"|\d{4}-\d\d-\d\dT)/.test(value))
  const [key, value] = members[at] ?? ['"Extra_Text"', '""']
  const changed: Member = [key, change(value)]
  return printRow(at === -1 ? [...members, changed] : members.with(at, changed))
}

function hugeField(megabytes: number): Change {
  return (row, index) =>
    ({ text: index === 1 ? changeText(row, () => `"${'x'.repeat(megabytes * 1_000_000)}"`) : row })
}

function deepNesting(depth: number): Change {
  const value = `${'{"a":['.repeat(depth / 2)}${depth % 2 === 1 ? '[]' : 'null'}${']}'.repeat(depth / 2)}`
  return row => ({ text: printRow([...readMembers(row), ['"Extra_Nested"', value]]) })
}

function extraKeys(count: number): Change {
  const values = ['"text"', '12345678901234567890.5', 'null', 'true', '{"a":[1,{"b":"}]"}]}', '[]']
  const extras = Array.from(
    { length: count }, (_, index): Member => [`"Extra_${index + 1}"`, values[index % values.length] ?? 'null'],
  )
  return row => ({ text: printRow([...readMembers(row), ...extras]) })
}

const keysReversed: Change = row => ({ text: printRow(readMembers(row).toReversed()) })

/** A byte that stands nowhere in UTF-8, the beginning of a letter without its end, and half of a surrogate pair. */
const invalidUtf8: Change = row => ({ text: changeText(row, value => `${value.slice(0, -1)}\xff\xc3\xed\xa0\x80"`) })

/** As Microsoft's OData library does it: the error is written where the answer was, and the rest is missing. */
function errorAfterRow(after: number): Change {
  const error = JSON.stringify({ error: { code: '', message: 'The answer could not be finished.' } })
  return (row, index) => index === after ? { text: `${row},${error}`, last: true } : { text: row }
}
