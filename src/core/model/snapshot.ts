import { ErpError } from '../base/errors.ts'
import { fingerprint } from '../base/hash.ts'
import { ITEM_KINDS, type ItemKind, type ModelItem } from './facts.ts'

/**
 * A model as a text file that belongs into a repository: one item a line, indented below what it is a part of, always in
 * the same order, so that a difference of models is a difference of lines.
 *
 *     erpnet-model 1
 *     instance=demodb.my.erp.net version=26.2.0.76 model=current
 *
 *     entity Crm_Sales_SalesOrders repository=Crm.Sales.SalesOrders table=Crm_Sales_Orders root
 *       attribute Void type=Edm.Boolean filters=Equals column=Gen_Documents.Void
 *
 * A name or fact of other characters than these is written as a JSON string; a fact that is `true` is its name alone.
 */
export interface Snapshot {
  readonly about: SnapshotSource
  readonly items: readonly ModelItem[]
}

export interface SnapshotSource {
  /** Host of the instance. */
  readonly instance: string
  readonly version?: string
  readonly model: 'current' | 'standard'
}

const FORMAT = 'erpnet-model'
const VERSION = '1'
const PLAIN = /^[\p{L}\p{N}_.,:()/+-]+$/u

export function printSnapshot({ about, items }: Snapshot): string {
  const source = { instance: about.instance, ...(about.version === undefined ? {} : { version: about.version }), model: about.model }
  return [`${FORMAT} ${VERSION}`, printFacts(source), '', printItems(items), ''].join('\n')
}

/** The items alone. */
function printItems(items: readonly ModelItem[]): string {
  return items.flatMap(item => itemLines(item, '')).join('\n')
}

/** A fingerprint of what is in it, whatever its source. */
export function hashItems(items: readonly ModelItem[]): string {
  return fingerprint(printItems(items))
}

function itemLines({ kind, name, facts, items }: ModelItem, indent: string): string[] {
  const line = [`${indent}${kind}`, printWord(name), printFacts(facts)].filter(part => part !== '').join(' ')
  return [line, ...items.flatMap(item => itemLines(item, `${indent}  `))]
}

/** `type=Edm.String nullable`. */
export function printFacts(facts: Readonly<Record<string, string>>): string {
  return Object.entries(facts).map(([key, fact]) => fact === 'true' ? key : `${key}=${printWord(fact)}`).join(' ')
}

/** A name or a fact as a snapshot writes it: in one line, whatever it is. */
export function printWord(text: string): string {
  return PLAIN.test(text) ? text : JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029]/g, escape)
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

interface Draft extends ModelItem {
  readonly facts: Record<string, string>
  readonly items: Draft[]
}

/**
 * Reads what `printSnapshot` has written; blank lines, the kind of line ends and a byte order mark don't matter.
 *
 * @throws `snapshot-invalid` with the line, from 1
 */
export function readSnapshot(text: string): Snapshot {
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  if (lines[0]?.trim() !== `${FORMAT} ${VERSION}`) throw invalid(1)
  const { instance = '', version, model } = readFacts(lines[1] ?? '', 2)
  const items: Draft[] = []
  const open: Draft[] = []
  for (const [index, line] of lines.entries()) {
    if (index < 2 || line.trim() === '') continue
    const [, indent = '', kind = '', rest = ''] = /^((?: {2})*)(\w+) (.*)$/.exec(line) ?? []
    const depth = indent.length / 2
    if (!isKind(kind) || depth > open.length) throw invalid(index + 1)
    const [name, ...facts] = words(rest, index + 1)
    if (name === undefined || name.key !== undefined) throw invalid(index + 1)
    const draft: Draft = { kind, name: name.text, facts: factsOf(facts), items: [] }
    open.length = depth
    const siblings = open.at(-1)?.items ?? items
    siblings.push(draft)
    open.push(draft)
  }
  const known = version === undefined ? {} : { version }
  return { about: { instance, ...known, model: model === 'standard' ? 'standard' : 'current' }, items }
}

function isKind(kind: string): kind is ItemKind {
  return (ITEM_KINDS as readonly string[]).includes(kind)
}

interface Word {
  /** Of a fact. */
  readonly key?: string
  readonly text: string
}

function readFacts(line: string, number: number): Record<string, string> {
  return factsOf(words(line.trim(), number))
}

function factsOf(words: readonly Word[]): Record<string, string> {
  return Object.fromEntries(words.map(({ key, text }): [string, string] => key === undefined ? [text, 'true'] : [key, text]))
}

/** `name key=fact "a name" key="a fact"` */
function words(line: string, number: number): Word[] {
  const read: Word[] = []
  const pattern = /(?:([\p{L}\p{N}_]+)=)?("(?:[^"\\]|\\.)*"|[^\s="]+)(?: |$)/uy
  while (pattern.lastIndex < line.length) {
    const [, key, text = ''] = pattern.exec(line) ?? []
    if (text === '') throw invalid(number)
    const value = text.startsWith('"') ? unquote(text, number) : text
    read.push(key === undefined ? { text: value } : { key, text: value })
  }
  return read
}

function unquote(text: string, line: number): string {
  try {
    return String(JSON.parse(text))
  } catch {
    throw invalid(line)
  }
}

function invalid(line: number): ErpError {
  return new ErpError('snapshot-invalid', { line })
}
