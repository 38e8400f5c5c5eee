import { splitLines } from './lines.ts'

/** The opening line of a fenced code block (CommonMark 0.31, section 4.5). */
export interface Fence {
  /** Up to three spaces; as many are taken off the lines inside. */
  readonly indent: string
  /** Three or more backticks or tildes. */
  readonly marks: string
  /** The first word of the info string is the notebook's language. */
  readonly isQuery: boolean
}

const OPENING = /^( {0,3})(?:(`{3,})([^`]*)|(~{3,})(.*))$/

export function openingFence(line: string): Fence | undefined {
  const match = OPENING.exec(line)
  if (match === null) return undefined
  const [, indent = '', backticks, backtickInfo, tildes, tildeInfo] = match
  const info = backtickInfo ?? tildeInfo ?? ''
  return { indent, marks: backticks ?? tildes ?? '', isQuery: /^[ \t]*erpnet(?:[ \t]|$)/.test(info) }
}

/** At least as many marks of the same kind, and nothing else on the line. */
export function closes(line: string, { marks }: Fence): boolean {
  return closingMarks(line).startsWith(marks)
}

/** The marks of a line that can close a block; none if it cannot. */
function closingMarks(line: string): string {
  return /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1] ?? ''
}

/** The line of a block's content as the reader sees it. */
export function withoutIndent(line: string, { indent }: Fence): string {
  let spaces = 0
  while (spaces < indent.length && line[spaces] === ' ') spaces++
  return line.slice(spaces)
}

/** The marks of a fence of that kind that nothing in the content closes: as few as possible, at least those given. */
export function marksFor(content: string, marks: string): string {
  const mark = marks.slice(0, 1)
  const runs = splitLines(content).map(line => closingMarks(line.text)).filter(run => run.startsWith(mark))
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0)
  return longest < marks.length ? marks : mark.repeat(longest + 1)
}

/** A block of that language. */
export function fenced(language: string, content: string): string {
  const marks = marksFor(content, '```')
  return `${marks}${language}\n${content}\n${marks}`
}

/** The fence that the text leaves open at its end, if it does. */
export function fenceLeftOpen(text: string): Fence | undefined {
  let open: Fence | undefined
  for (const line of splitLines(text)) {
    if (open === undefined) open = openingFence(line.text)
    else if (closes(line.text, open)) open = undefined
  }
  return open
}
