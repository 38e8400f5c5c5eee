import type { Table } from '../model/table.ts'
import type { Range } from './cell.ts'
import { type Completion, type Known, wordEnd } from './completion.ts'
import { type Token, tokenize } from './lexer.ts'

/** Of the Table API (protocol sheet, section 4), by the kind of column. */
const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  'Edm.Boolean': ['eq'],
  'Edm.Guid': ['eq', 'in'],
  'Edm.String': ['eq', 'in', 'like'],
}
const OTHER_OPERATORS = ['eq', 'ge', 'le', 'in']

const IS_OPERATOR = /^(?:eq|ne|gt|ge|lt|le|in|like)$/
const IS_JOINT = /^(?:and|or|not)$/

/**
 * What may come next in a filter: a path to a column, an operator, a value, or what joins two comparisons.
 *
 * @param range the filter as far as the cursor
 */
export function filterCompletions(query: string, { start, end: offset }: Range, table: Table, known: Known): Completion[] {
  const tokens = tokenize(query.slice(start, offset)).filter(token => token.kind !== 'space')
  if (tokens.at(-1)?.kind === 'unclosed') return []
  const touching = tokens.at(-1)?.kind === 'word' && tokens.at(-1)?.end === offset - start ? tokens.pop() : undefined
  const typed = touching?.value ?? ''
  const column = /[^/]*$/.exec(typed)?.[0] ?? ''
  const range = { start: offset - column.length, end: wordEnd(query, offset) }
  const [operand, last] = [tokens.at(-2), tokens.at(-1)]
  if (isOperandNext(operand, last)) return columnsAt(typed, table, known.tables).map(item => ({ ...item, range }))
  if (last?.kind === 'word' && IS_OPERATOR.test(last.value)) return values(typeAt(operand, table, known.tables), last.value, known.names).map(item => ({ ...item, range }))
  const words = last?.kind === 'word' && !isValue(operand) ? operatorsFor(typeAt(last, table, known.tables)) : ['and']
  return isInList(tokens) ? [] : words.map(text => ({ kind: 'operator', text, range }))
}

type Item = Omit<Completion, 'range'>

/** At the beginning, behind `and`, and in parentheses that are no list. */
function isOperandNext(before: Token | undefined, last: Token | undefined): boolean {
  if (last === undefined || (last.kind === 'word' && IS_JOINT.test(last.value))) return true
  return last.value === '(' && before?.value !== 'in'
}

/** Does what follows the token have to be a value? */
function isValue(token: Token | undefined): boolean {
  return token?.kind === 'word' && IS_OPERATOR.test(token.value)
}

/** In the parentheses behind `in`. */
function isInList(tokens: readonly Token[]): boolean {
  const open = tokens.findLastIndex(token => token.value === '(')
  const close = tokens.findLastIndex(token => token.value === ')')
  return open > close && tokens[open - 1]?.value === 'in'
}

function operatorsFor(type: string | undefined): readonly string[] {
  return type === undefined ? [] : OPERATORS[type] ?? OTHER_OPERATORS
}

function values(type: string | undefined, operator: string, names: readonly string[]): Item[] {
  const constants = operator === 'eq' ? [...(type === 'Edm.Boolean' ? ['true', 'false'] : []), 'null'] : []
  return [
    ...constants.map((text): Item => ({ kind: 'constant', text })),
    ...names.map((name): Item => ({ kind: 'insertion', text: `{{${name}}}` })),
  ]
}

/** Columns and references of the table that the path leads to. */
function columnsAt(path: string, table: Table, tables: readonly Table[]): Item[] {
  const target = follow(path.split('/').slice(0, -1), table, tables)
  if (target === undefined) return []
  return [
    ...target.columns.map(({ name, type }): Item => ({ kind: 'column', text: name, detail: type })),
    ...target.references.map(({ name, target: to }): Item => ({ kind: 'reference', text: `${name}/`, detail: to, goesOn: true })),
  ]
}

function typeAt(token: Token | undefined, table: Table, tables: readonly Table[]): string | undefined {
  const steps = token?.value.split('/') ?? []
  return follow(steps.slice(0, -1), table, tables)?.columns.find(({ name }) => name === steps.at(-1))?.type
}

function follow(steps: readonly string[], table: Table, tables: readonly Table[]): Table | undefined {
  return steps.reduce<Table | undefined>((from, step) => {
    const reference = from?.references.find(({ name }) => name === step)
    return tables.find(({ name }) => name === reference?.target)
  }, table)
}
