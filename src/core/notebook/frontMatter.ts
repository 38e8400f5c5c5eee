import { FORMAT_VERSION } from './document.ts'
import { joined, type Line, splitLines } from './lines.ts'

/** What the front matter says to the notebook; all else in it is kept and not looked at. */
export interface FrontMatter {
  /** `erpnb`: the version of the format, 1 where it isn't said. */
  readonly version: number
  readonly connection?: string
}

const RULE = /^---[ \t]*$/
/** A key at the beginning of its line: bare or quoted, then a colon, then a space or nothing. */
const KEY = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>'"%@`~{}[\],:-][^:#]*?)[ \t]*:(?=[ \t]|$)/
/** What else may stand between the rules: blank lines, comments, what belongs to the key before. */
const OTHER = /^[ \t]*$|^#|^[ \t]|^-(?:[ \t]|$)/

/**
 * How far byte order mark and front matter reach. Two thematic breaks with other text between them are Markdown: the
 * block counts only if all its lines are keys or what may follow a key, so that no text is hidden from the reader.
 */
export function headLength(text: string): number {
  const from = text.startsWith('\ufeff') ? 1 : 0
  return from + blockLength(text.slice(from))
}

/** Reads a head as `headLength` finds it; one without front matter says nothing. */
export function readFrontMatter(head: string): FrontMatter {
  const version = Number(valueOf(head, 'erpnb') ?? FORMAT_VERSION)
  const connection = valueOf(head, 'connection')
  return {
    version: Number.isFinite(version) ? version : FORMAT_VERSION,
    ...(connection === undefined ? {} : { connection }),
  }
}

/** Changes the connection in a head and nothing else; a head without front matter gets one. */
export function withConnection(head: string, connection: string | undefined, eol: string): string {
  if (readFrontMatter(head).connection === connection) return head
  const line = findKey(head, 'connection')
  if (line !== undefined) {
    const { from, to } = valueRange(line)
    const spaced = head.slice(0, from).endsWith(':') ? ' ' : ''
    return head.slice(0, from) + (connection === undefined ? '' : spaced + scalar(connection)) + head.slice(to)
  }
  if (connection === undefined) return head
  const entry = `connection: ${scalar(connection)}${eol}`
  const closing = splitLines(head).findLast(({ text }) => RULE.test(text))
  if (closing === undefined) return `${head}---${eol}erpnb: ${FORMAT_VERSION}${eol}${entry}---${eol}${eol}`
  const after = findKey(head, 'erpnb')?.next ?? closing.start
  return joined([head.slice(0, after), entry, head.slice(after)])
}

/** The head of a notebook that was never a file. */
export function newHead(connection: string | undefined, eol: string): string {
  return withConnection(`---${eol}erpnb: ${FORMAT_VERSION}${eol}---${eol}`, connection, eol)
}

function blockLength(text: string): number {
  const [first, ...rest] = splitLines(text)
  if (first === undefined || !RULE.test(first.text)) return 0
  const end = rest.findIndex(line => RULE.test(line.text))
  const inside = rest.slice(0, Math.max(end, 0)).map(line => line.text)
  const isBlock = inside.some(line => KEY.test(line)) && inside.every(line => KEY.test(line) || OTHER.test(line))
  return isBlock ? rest[end]?.next ?? 0 : 0
}

/** The first line with that key. */
function findKey(head: string, name: string): Line | undefined {
  return splitLines(head).find(({ text }) => {
    const key = KEY.exec(text)?.[1]
    return key !== undefined && unquoted(key) === name
  })
}

function valueOf(head: string, name: string): string | undefined {
  const line = findKey(head, name)
  if (line === undefined) return undefined
  const { from, to } = valueRange(line)
  const value = line.text.slice(from - line.start, to - line.start).trim()
  return value === '' || value === '~' || value === 'null' ? undefined : unquoted(value)
}

/** Where the value of a line stands in the head: behind the colon and its spaces, up to a comment. */
function valueRange({ text, start }: Line): { from: number; to: number } {
  const colon = (KEY.exec(text)?.[0] ?? '').length
  const [, space = '', value = ''] = /^([ \t]*)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|(?!#)(?:[^#]|(?<=[^ \t])#)*?(?=[ \t]+#|[ \t]*$)|)/.exec(text.slice(colon)) ?? []
  const from = start + colon + (value === '' ? 0 : space.length)
  return { from, to: from + value.length }
}

function unquoted(value: string): string {
  if (value.startsWith('\'')) return value.slice(1, -1).replaceAll('\'\'', '\'')
  if (!value.startsWith('"')) return value
  try {
    return String(JSON.parse(value))
  } catch {
    return value.slice(1, -1) // an escape that only YAML knows
  }
}

/** As YAML wants it: bare where that reads as this very text, else in double quotes. */
function scalar(value: string): string {
  const bare = /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(value) && !/^(?:null|true|false|yes|no|on|off|y|n)$/i.test(value)
  return bare ? value : JSON.stringify(value)
}
