import type { Table } from '../model/table.ts'
import type { Range } from './cell.ts'
import { type Completion, type Known, wordEnd } from './completion.ts'
import { ARITHMETIC, isComparison } from './expression.ts'
import { type Token, tokenize } from './lexer.ts'
import { type FunctionName, FUNCTIONS, isFunction, operatorsOf, signatureOf, valueType } from './types.ts'

const JOINTS: readonly string[] = ['and', 'or']
/** Words behind which comes another operand. */
const BEFORE_OPERANDS: ReadonlySet<string> = new Set([...JOINTS, 'not', ...ARITHMETIC])

/**
 * What may come next in a filter: a path to a column, a function, an operator, a value, or what joins two comparisons.
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
  if (isOperandNext(tokens)) {
    const functions = typed.includes('/') ? [] : FUNCTION_ITEMS
    return [...columnsAt(typed, table, known.tables), ...functions].map(item => ({ ...item, range }))
  }
  if (last !== undefined && isOperator(last)) {
    return values(typeAt(operand, table, known.tables), last.value, known.names).map(item => ({ ...item, range }))
  }
  if (isInList(tokens)) return []
  const call = calledBefore(tokens)
  const edm = call === undefined ? typeAt(last, table, known.tables) : resultOf(call)
  // conditions are joined, not compared
  const isWhole = call === undefined ? last?.kind !== 'word' || isOperator(operand) : edm === 'Edm.Boolean'
  const words = isWhole ? JOINTS : edm === undefined ? [] : operatorsOf(valueType(edm))
  return words.map(text => ({ kind: 'operator', text, range }))
}

type Item = Omit<Completion, 'range'>

const FUNCTION_ITEMS = (Object.keys(FUNCTIONS) as FunctionName[]).map((name): Item =>
  ({ kind: 'function', text: `${name}(`, detail: signatureOf(name), function: name, goesOn: true }))

/**
 * At the beginning, behind `and` and arithmetic, in parentheses that are no list, and between the arguments of a
 * function.
 */
function isOperandNext(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)
  if (last === undefined || (last.kind === 'word' && BEFORE_OPERANDS.has(last.value))) return true
  return (last.value === '(' || last.value === ',') && !isInList(tokens)
}

/** Does what follows the token have to be a value? */
function isOperator(token: Token | undefined): boolean {
  return token?.kind === 'word' && (isComparison(token.value) || token.value === 'like' || token.value === 'in')
}

/** In the parentheses behind `in`. */
function isInList(tokens: readonly Token[]): boolean {
  return tokens[openBefore(tokens, tokens.length) - 1]?.value === 'in'
}

/** The parenthesis that is open at that place; -1 where there is none. */
function openBefore(tokens: readonly Token[], end: number): number {
  let depth = 0
  for (let at = end - 1; at >= 0; at--) {
    if (tokens[at]?.value === ')') depth++
    if (tokens[at]?.value === '(' && --depth < 0) return at
  }
  return -1
}

/** The function whose call ends here, if it stands at the left of what may come: `length(Name)`. */
function calledBefore(tokens: readonly Token[]): FunctionName | undefined {
  if (tokens.at(-1)?.value !== ')') return undefined
  const open = openBefore(tokens, tokens.length - 1)
  const name = tokens[open - 1]?.value ?? ''
  return isFunction(name) && !isOperator(tokens[open - 2]) ? name : undefined
}

/** EDM type */
function resultOf(name: FunctionName): string {
  const { gives } = FUNCTIONS[name]
  return gives === 'same' ? 'Edm.Decimal' : gives
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
