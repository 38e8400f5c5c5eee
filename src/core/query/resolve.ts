import { ErpError } from '../base/errors.ts'
import type { Cell } from './cell.ts'
import { tokenize } from './lexer.ts'
import { decodeQuery } from './percent.ts'
import { readQuery, syntaxErrorIn } from './readQuery.ts'
import type { ResolvedQuery } from './resolved.ts'
import { formatTime } from './time.ts'

/** A column of an earlier result, for `{{docs.Customer_Id}}`. */
export interface ColumnValues {
  /** EDM type of the column. */
  readonly type: string
  readonly values: readonly (string | number | boolean | null)[]
}

/** What insertions are made of. */
export interface Scope {
  /** The value of a variable as it was written, with its own insertions; undefined where there is none. */
  readonly variable: (name: string) => string | undefined
  /** A column of the result that is named so; undefined where there is none. */
  readonly column: (result: string, column: string) => Promise<ColumnValues | undefined>
  /** Asks the user. Throws `cancelled`. */
  readonly prompt: (label: string) => Promise<string>
  readonly now: () => Date
  readonly guid: () => string
}

const INSERTION = /\{\{\s*([^}]*?)\s*\}\}/g
const BUILTIN = /^\$(guid|datetime|prompt)\b\s*(.*)$/s
const RESULT_COLUMN = /^([\p{L}_][\p{L}\p{N}_]*)\.([\p{L}_][\p{L}\p{N}_]*)$/u

/**
 * Puts the insertions into a cell's query and reads it; nothing where the cell has no query.
 *
 * @throws `variable-unknown`, `variable-cycle` (fact: name), `variable-empty` (a result without values in that column),
 *   and what `readQuery` throws
 */
export async function resolveCell(cell: Cell, scope: Scope): Promise<ResolvedQuery | undefined> {
  if (cell.query.trim() === '') return undefined
  const { name, connection } = cell
  const { text, origin } = await insert(decodeQuery(cell.query), askingOnce(scope))
  const syntaxError = syntaxErrorIn(cell.query)
  return {
    ...readQuery(text, (offset, found, expected) => syntaxError(origin(offset), found, expected), origin),
    text: cell.query,
    ...(name === undefined ? {} : { name }),
    ...(connection === undefined ? {} : { connection }),
  }
}

/** The same label is asked for once a run. */
function askingOnce(scope: Scope): Scope {
  const answers = new Map<string, Promise<string>>()
  return {
    ...scope,
    prompt: label => {
      const answer = answers.get(label) ?? scope.prompt(label)
      answers.set(label, answer)
      return answer
    },
  }
}

interface Inserted {
  readonly text: string
  /** Where an offset of the text was before the insertions; those of an insertion are where it began. */
  readonly origin: (offset: number) => number
}

async function insert(query: string, scope: Scope): Promise<Inserted> {
  const filled = await fill(query, scope, [], false)
  let length = 0
  const pieces = filled.map(piece => {
    const start = length
    length += piece.text.length
    return { ...piece, start }
  })
  return {
    text: textOf(filled),
    origin: offset => {
      const piece = pieces[lastBefore(pieces, offset)]
      return piece === undefined ? offset : piece.from + (piece.isWritten ? offset - piece.start : 0)
    },
  }
}

/** What became of a token. */
interface Filled {
  readonly text: string
  /** Where the token began. */
  readonly from: number
  readonly isWritten: boolean
}

/**
 * Puts the insertions into a text, token by token. Inside a literal a quote is doubled, so that the value cannot end it.
 *
 * @param path the variables that are being read already, to find cycles
 */
async function fill(text: string, scope: Scope, path: readonly string[], isList: boolean): Promise<Filled[]> {
  const filled: Filled[] = []
  let isAfterIn = isList
  for (const { kind, value, start } of tokenize(text)) {
    const inserted = kind === 'insertion' ? await expand(value, scope, path, isAfterIn ? 'list' : 'value')
      : kind === 'text' ? await replaceAll(value, inner => expand(inner, scope, path, 'literal').then(found => found.replaceAll('\'', '\'\'')))
        : value
    filled.push({ text: inserted, from: start, isWritten: kind !== 'insertion' })
    if (kind !== 'space') isAfterIn = /\bin\s*$/i.test(inserted)
  }
  return filled
}

function textOf(filled: readonly Filled[]): string {
  return filled.map(({ text }) => text).join('')
}

/** The last piece that starts there or before; they lie in their order. */
function lastBefore(pieces: readonly { readonly start: number }[], offset: number): number {
  let [from, to] = [0, pieces.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if ((pieces[middle]?.start ?? 0) <= offset) from = middle + 1
    else to = middle
  }
  return from - 1
}

/**
 * @param path the variables that are being read already, to find cycles
 * @param as a `list` is to have its parentheses; in a `literal` quotes stand for themselves
 */
async function expand(insertion: string, scope: Scope, path: readonly string[], as: 'list' | 'value' | 'literal'): Promise<string> {
  const inside = insertion.slice(2, -2).trim()
  const builtin = BUILTIN.exec(inside)
  if (builtin !== null) return evaluate(builtin[1] ?? '', builtin[2] ?? '', scope)
  const column = RESULT_COLUMN.exec(inside)
  if (column !== null) return columnList(column[1] ?? '', column[2] ?? '', scope, as === 'list')
  if (path.includes(inside)) throw new ErpError('variable-cycle', { name: inside })
  const value = scope.variable(inside)
  if (value === undefined) throw new ErpError('variable-unknown', { name: inside })
  const further = [...path, inside]
  // the quote of `O'Brien` opens no literal
  const isBare = as === 'literal' || tokenize(value).some(({ kind }) => kind === 'unclosed')
  return isBare ? replaceAll(value, inner => expand(inner, scope, further, as)) : textOf(await fill(value, scope, further, as === 'list'))
}

async function replaceAll(text: string, replace: (insertion: string) => Promise<string>): Promise<string> {
  let result = ''
  let from = 0
  for (const { 0: insertion, index } of text.matchAll(INSERTION)) {
    result += text.slice(from, index) + await replace(insertion)
    from = index + insertion.length
  }
  return result + text.slice(from)
}

async function evaluate(name: string, rest: string, scope: Scope): Promise<string> {
  if (name === 'guid') return scope.guid()
  if (name === 'prompt') return scope.prompt(rest)
  const time = formatTime(rest, scope.now())
  if (time === undefined) throw new ErpError('variable-unknown', { name: `$datetime ${rest}` })
  return time
}

/** Distinct and without nulls, as literals. */
async function columnList(result: string, column: string, scope: Scope, isList: boolean): Promise<string> {
  const name = `${result}.${column}`
  const found = await scope.column(result, column)
  if (found === undefined) throw new ErpError('variable-unknown', { name })
  const literals = [...new Set(found.values)].filter(value => value !== null).map(value => literal(value, found.type))
  if (literals.length === 0) throw new ErpError('variable-empty', { name })
  return isList ? `(${literals.join(',')})` : literals.join(',')
}

/** Types whose values stand without quotes; all others are told by what they are compared with. */
const BARE: ReadonlySet<string> = new Set(['Edm.Decimal', 'Edm.Int64', 'Edm.Guid', 'Edm.Date', 'Edm.DateTimeOffset', 'Edm.TimeOfDay'])

function literal(value: string | number | boolean, type: string): string {
  return typeof value === 'string' && !BARE.has(type) ? `'${value.replaceAll('\'', '\'\'')}'` : String(value)
}
