/** One line of a text: `text.slice(start, end)`; its line end reaches to `next`. */
export interface Line {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly next: number
}

/** LF, CRLF and a lone CR end a line, as in CommonMark and in the editor. A text always has a last line without end. */
export function splitLines(text: string, from = 0): Line[] {
  const lines: Line[] = []
  const ends = /\r\n|\r|\n/g
  ends.lastIndex = from
  let start = from
  for (let match = ends.exec(text); match !== null; match = ends.exec(text)) {
    lines.push({ text: text.slice(start, match.index), start, end: match.index, next: ends.lastIndex })
    start = ends.lastIndex
  }
  lines.push({ text: text.slice(start), start, end: text.length, next: text.length })
  return lines
}

/** The first line end in the text, if it has one. */
export function lineEndOf(text: string): string | undefined {
  return /\r\n|\r|\n/.exec(text)?.[0]
}

export function endsLine(text: string): boolean {
  return /[\r\n]$/.test(text)
}

/** Nothing but spaces and tabs on every line. */
export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text)
}

/** The same text to the editor, which knows one kind of line end a cell and drops a byte order mark at its start. */
export function sameText(a: string, b: string): boolean {
  return a === b || plain(a) === plain(b)
}

function plain(text: string): string {
  return text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
}

/**
 * Writes `edited` in the place of `original`: lines at the beginning and at the end that were not changed stay to the
 * byte, line end included; the others take `indent` and the line end that the original uses first.
 *
 * @param shown what the editor showed for a line of the original
 */
export function rewriteLines(
  original: string, edited: string, { eol, indent, shown }: { eol: string; indent: string; shown: (line: string) => string },
): string {
  const before = splitLines(original)
  const after = splitLines(edited)
  const old = before.map(line => shown(line.text))
  const most = Math.min(before.length, after.length)
  let first = 0
  while (first < most && old[first] === after[first]?.text) first++
  let last = 0
  while (last < most - first && old.at(-1 - last) === after.at(-1 - last)?.text) last++

  const end = lineEndOf(original) ?? eol
  const changed = after.slice(first, after.length - last)
  const kept = (from: number, to: number): string => original.slice(before[from]?.start, before[to - 1]?.end)
  const parts = [
    ...(first > 0 ? [{ text: kept(0, first), end: lineEndAfter(original, before[first - 1]) }] : []),
    ...changed.map(({ text }) => ({ text: text === '' ? '' : indent + text, end })),
    ...(last > 0 ? [{ text: kept(before.length - last, before.length), end: '' }] : []),
  ]
  return joined(parts.map((part, index) => index === parts.length - 1 ? part.text : part.text + (part.end === '' ? end : part.end)))
}

/** Joins parts with as many line ends as they have: a lone CR at the end of one becomes CRLF where LF begins the next. */
export function joined(parts: readonly string[]): string {
  const filled = parts.filter(part => part !== '')
  const meets = (part: string, next = ''): boolean => part.endsWith('\r') && next.startsWith('\n')
  return filled.map((part, index) => meets(part, filled[index + 1]) ? part + '\n' : part).join('')
}

function lineEndAfter(text: string, line: Line | undefined): string {
  return line === undefined ? '' : text.slice(line.end, line.next)
}
