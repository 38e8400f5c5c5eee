/** The lines of a text that become others; the rest stays as it is. */
export interface ChangedLines {
  /** From the beginning of this line, from 0, … */
  readonly start: number
  /** … to the beginning of this one; the number of lines means the end of the text. */
  readonly end: number
  readonly text: string
}

/** What makes `now`, whose lines end with `\n`, out of `old`; undefined where nothing is to be done. */
export function changedLines(old: string, now: string): ChangedLines | undefined {
  const before = old.split(/\r?\n/)
  const after = now.split('\n')
  let same = 0
  while (same < before.length && same < after.length && before[same] === after[same]) same++
  if (same === before.length && same === after.length) return undefined
  // Behind the last line nothing can be put: it is made anew.
  const start = Math.min(same, before.length - 1)
  let tail = 0
  while (tail < before.length - start && tail < after.length - start && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const lines = after.slice(start, after.length - tail)
  return { start, end: before.length - tail, text: tail === 0 ? lines.join('\n') : lines.map(line => `${line}\n`).join('') }
}
