import { separatorsIn } from './lexer.ts'

/** A stretch of a cell's text, by offsets. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** `@name = value` */
export interface Variable {
  readonly name: string
  readonly value: string
  readonly range: Range
}

/** `$name=value`; the value as it is written, with its insertions. */
export interface QueryOption {
  readonly name: string
  readonly value: string
  readonly range: Range
  readonly valueRange: Range
}

/** What a cell says. Its query is not checked yet: see `readQuery`. */
export interface Cell {
  /** `# @name docs` */
  readonly name?: string
  /** `# @connection other` */
  readonly connection?: string
  readonly variables: readonly Variable[]
  /** The cell's text with everything but the query blanked out, so that offsets are the cell's. */
  readonly query: string
}

/** Where a comment may begin. */
const COMMENT = /(?<=^|[ \t])(#|\/\/)/g
const DIRECTIVE = /^[ \t]*(?:#|\/\/)[ \t]*@(name|connection)[ \t]+(\S+)[ \t]*$/
const VARIABLE = /^([ \t]*@)([\p{L}_][\p{L}\p{N}_]*)[ \t]*=[ \t]*(.*?)[ \t]*$/u

/** Reads a cell; never throws. Of a directive or variable that stands there twice, the later one counts. */
export function parseCell(text: string): Cell {
  const directives: { name?: string; connection?: string } = {}
  const variables: Variable[] = []
  let query = ''
  let inLiteral = false
  for (const { 0: line, index } of text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)) {
    const content = line.replace(/[\r\n]+$/, '')
    const directive = DIRECTIVE.exec(content)
    if (directive !== null) directives[directive[1] === 'name' ? 'name' : 'connection'] = directive[2] ?? ''
    const isVariable = !inLiteral && VARIABLE.test(content)
    const code = withoutComment(content, inLiteral, isVariable ? withoutApostrophes(content) : content)
    const variable = isVariable ? VARIABLE.exec(code) : null
    if (variable === null) {
      query += code.padEnd(content.length) + line.slice(content.length)
      inLiteral = endsInLiteral(code, inLiteral)
    } else {
      const [, before = '', name = '', value = ''] = variable
      variables.push({ name, value, range: { start: index + before.length, end: index + before.length + name.length } })
      query += ' '.repeat(content.length) + line.slice(content.length)
    }
  }
  return { ...directives, variables, query }
}

/** The parts of a query's text: what stands before `?`, and the options after it. */
export interface QueryParts {
  readonly resource: string
  readonly resourceRange: Range
  /** Where the options begin; absent without `?`. */
  readonly optionsStart?: number
  readonly options: readonly QueryOption[]
}

/** Splits the query of a cell at `?`, `&` and `=`, outside of literals; never throws. */
export function splitQuery(query: string): QueryParts {
  const start = query.search(/\S|$/) + (/^\s*GET[ \t]+/i.exec(query)?.[0].trimStart().length ?? 0)
  const end = query.trimEnd().length
  const marks = separatorsIn(query)
  const mark = marks.find(at => at >= start && query[at] === '?') ?? -1
  const resource = query.slice(start, mark < 0 ? end : mark).trimEnd()
  const resourceRange = { start, end: start + resource.length }
  if (mark < 0) return { resource, resourceRange, options: [] }
  const ends = [...marks.filter(at => at > mark && query[at] === '&'), end]
  const options = ends.flatMap((to, index) => readOption(query, (ends[index - 1] ?? mark) + 1, to))
  return { resource, resourceRange, optionsStart: mark + 1, options }
}

function readOption(query: string, from: number, to: number): QueryOption[] {
  const raw = query.slice(from, to)
  if (raw.trim() === '') return []
  const equals = raw.indexOf('=')
  const nameEnd = equals < 0 ? raw.length : equals
  const valueStart = equals < 0 ? raw.length : equals + 1
  const inner = trimmedRange(raw, valueStart, raw.length)
  return [{
    name: raw.slice(0, nameEnd).trim(),
    value: raw.slice(inner.start, inner.end),
    range: { start: from + raw.search(/\S/), end: to },
    valueRange: { start: from + inner.start, end: from + inner.end },
  }]
}

function trimmedRange(text: string, from: number, to: number): Range {
  const inside = text.slice(from, to)
  const start = from + inside.search(/\S|$/)
  return { start, end: Math.max(start, from + inside.trimEnd().length) }
}

/**
 * A comment begins at the beginning of a line or after white space, never inside a literal or an insertion.
 *
 * @param quoted the line with those quotes only that are quotes
 */
function withoutComment(line: string, inLiteral: boolean, quoted: string): string {
  for (const { index } of line.matchAll(COMMENT)) {
    const before = quoted.slice(0, index)
    const inInsertion = /\{\{[^}]*$/.test(before) && line.includes('}}', index)
    if (!inInsertion && !endsInLiteral(before, inLiteral)) return line.slice(0, index)
  }
  return line
}

/** In the value of a variable, `O'Brien` is no literal. */
function withoutApostrophes(line: string): string {
  return line.replace(/(?<=\p{L})'(?=\p{L})/gu, '’')
}

/** Each quote opens or closes; two of them inside a literal close and open it. */
function endsInLiteral(text: string, inLiteral: boolean): boolean {
  const quotes = text.replace(/\{\{[^}]*\}\}/g, '').split('\'').length - 1
  return quotes % 2 === 1 ? !inLiteral : inLiteral
}
