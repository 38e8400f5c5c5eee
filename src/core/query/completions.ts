import type { Table } from '../model/table.ts'
import { parseCell, splitQuery } from './cell.ts'
import { type Completion, type Known, wordEnd } from './completion.ts'
import { filterCompletions } from './filterCompletions.ts'
import { tokenize } from './lexer.ts'
import { OPTIONS } from './options.ts'

const BUILTINS = ['$guid', '$datetime iso8601', '$prompt']

/** What may be written at the offset of a cell's text; never throws. */
export function completions(text: string, offset: number, known: Known): Completion[] {
  const insertion = /\{\{\s*([\p{L}\p{N}_.$]*)$/u.exec(text.slice(0, offset))
  if (insertion !== null) return insertionNames(text, offset, insertion[1] ?? '', known)
  const { query } = parseCell(text)
  if (isBlankedOut(text, query, offset)) return []
  const before = query.slice(0, offset)
  const { resource, resourceRange, optionsStart } = splitQuery(before)
  if (optionsStart === undefined) return atResource(query, offset, { resource, start: resourceRange.start }, known)
  const segmentStart = optionStart(before, optionsStart)
  const equals = before.indexOf('=', segmentStart)
  if (equals < 0) return optionNames(query, offset, before.slice(segmentStart))
  const name = before.slice(segmentStart, equals).trim()
  const table = tableOf(query, known.tables)
  if (table === undefined) return []
  if (name === '$select') return selectColumns(query, offset, table)
  return name === '$filter' ? filterCompletions(query, { start: equals + 1, end: offset }, table, known) : []
}

function insertionNames(text: string, offset: number, typed: string, { names }: Known): Completion[] {
  const range = { start: offset - typed.length, end: wordEnd(text, offset) }
  return [...names, ...BUILTINS].map(name => ({ kind: 'insertion', text: name, range }))
}

/** Is there a comment, a directive or a variable's definition on this line, before the cursor? */
function isBlankedOut(text: string, query: string, offset: number): boolean {
  const lineStart = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1
  return text.slice(lineStart, offset) !== query.slice(lineStart, offset)
}

function atResource(query: string, offset: number, { resource, start }: { resource: string; start: number }, { tables }: Known): Completion[] {
  if (/^(?:https?:|domain\/)/i.test(resource)) return []
  if (offset > start + resource.length && resource !== '') {
    const range = { start: offset, end: offset }
    return splitQuery(query).optionsStart !== undefined ? [] : OPTIONS.map(name => ({ kind: 'option', text: `?${name}=`, range, goesOn: true }))
  }
  const range = { start: Math.min(start, offset), end: wordEnd(query, offset) }
  return tables.map(({ name, columns }) => ({ kind: 'table', text: name, detail: String(columns.length), range }))
}

/** Behind the last `&` that is no part of a literal, or behind `?`. */
function optionStart(before: string, optionsStart: number): number {
  return tokenize(before).reduce((start, token) => {
    const and = token.kind === 'word' ? token.value.lastIndexOf('&') : -1
    return and < 0 ? start : Math.max(start, token.start + and + 1)
  }, optionsStart)
}

function optionNames(query: string, offset: number, segment: string): Completion[] {
  const typed = segment.trimStart()
  const end = offset + (/^[\p{L}$]*\s*=?/u.exec(query.slice(offset))?.[0].trimEnd().length ?? 0)
  const range = { start: offset - typed.length, end }
  const there = splitQuery(query).options.filter(option => option.range.start !== range.start).map(option => option.name)
  return OPTIONS.filter(name => !there.includes(name)).map(name => ({ kind: 'option', text: `${name}=`, range, goesOn: true }))
}

function tableOf(query: string, tables: readonly Table[]): Table | undefined {
  const { resource } = splitQuery(query)
  if (/^domain\/|\/domain\//.test(resource)) return undefined
  const name = resource.slice(resource.lastIndexOf('/') + 1)
  return tables.find(table => table.name === name)
}

function selectColumns(query: string, offset: number, table: Table): Completion[] {
  const option = splitQuery(query).options.find(({ name, valueRange }) => name === '$select' && valueRange.end >= offset)
  const typed = /[\p{L}\p{N}_]*$/u.exec(query.slice(0, offset))?.[0] ?? ''
  const range = { start: offset - typed.length, end: wordEnd(query, offset) }
  const others = option === undefined ? '' : query.slice(option.valueRange.start, range.start) + query.slice(range.end, option.valueRange.end)
  const there = others.split(',').map(column => column.trim())
  return table.columns.filter(({ name }) => !there.includes(name)).map(({ name, type }) => ({ kind: 'column', text: name, detail: type, range }))
}
