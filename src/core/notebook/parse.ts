import type { CellLayout, NotebookCell, NotebookDocument } from './document.ts'
import { closes, type Fence, openingFence, withoutIndent } from './fence.ts'
import { headLength, readFrontMatter } from './frontMatter.ts'
import { isBlank, type Line, lineEndOf, splitLines } from './lines.ts'

/** Begins a Markdown cell; inside a fence it is nothing special. */
export const SEPARATOR = '<!-- cell -->'
const SEPARATOR_LINE = /^ {0,3}<!-- cell -->[ \t]*$/

/** What parts Markdown cells: a query block from the line `first` to the line before `next`, or a separator. */
interface Landmark {
  readonly fence?: Fence
  readonly first: number
  readonly next: number
}

/** Reads any text as a notebook; never throws. */
export function parseNotebook(text: string): NotebookDocument {
  const head = text.slice(0, headLength(text))
  const lines = splitLines(text, head.length)
  const cells: NotebookCell[] = []
  /** Where the text that has found its cell ends. */
  let done = head.length
  const add = (kind: NotebookCell['kind'], cellText: string, start: number, parts: Omit<CellLayout, 'index' | 'gap'>): void => {
    cells.push({ kind, text: cellText, layout: { index: cells.length, gap: text.slice(done, start), ...parts } })
  }
  const addMarkdown = (from: number, to: number): void => {
    add('markdown', text.slice(from, to), from, { body: text.slice(from, to) })
    done = to
  }

  let separator: Line | undefined
  let from = 0
  for (const landmark of landmarks(lines)) {
    const between = lines.slice(from, landmark.first).filter(line => !isBlank(line.text))
    const [first, last] = [between[0], between.at(-1)]
    if (first !== undefined && last !== undefined) addMarkdown(first.start, last.end)
    else if (separator !== undefined) addMarkdown(separator.end, separator.end)
    separator = landmark.fence === undefined ? lines[landmark.first] : undefined
    if (landmark.fence !== undefined) {
      const { shown, ...parts } = readBlock(text, lines.slice(landmark.first, landmark.next), landmark.fence)
      const start = lines[landmark.first]?.start ?? 0
      add('query', shown, start, parts)
      done = start + parts.open.length + parts.body.length + parts.close.length
    }
    from = landmark.next
  }
  const { connection } = readFrontMatter(head)
  return {
    ...(connection === undefined ? {} : { connection }),
    cells,
    layout: { head, tail: text.slice(done), eol: lineEndOf(text) ?? '\n' },
  }
}

/** In the order of the text; the last one stands behind its end. */
function* landmarks(lines: readonly Line[]): Generator<Landmark> {
  for (let first = 0; first < lines.length; first++) {
    const { text } = lines[first] ?? { text: '' }
    const fence = openingFence(text)
    if (fence !== undefined) {
      const next = blockEnd(lines, first, fence)
      if (fence.isQuery) yield { fence, first, next }
      first = next - 1
    } else if (SEPARATOR_LINE.test(text)) yield { first, next: first + 1 }
  }
  yield { first: lines.length, next: lines.length }
}

/** The line behind the closing one, or behind the last. */
function blockEnd(lines: readonly Line[], opening: number, fence: Fence): number {
  for (let index = opening + 1; index < lines.length; index++) {
    if (closes(lines[index]?.text ?? '', fence)) return index + 1
  }
  return lines.length
}

interface Block {
  readonly shown: string
  readonly open: string
  readonly body: string
  readonly close: string
}

/** @param lines from the opening line to the closing one, or to the end of the text */
function readBlock(text: string, lines: readonly Line[], fence: Fence): Block {
  const [opening, ...rest] = lines
  const last = rest.at(-1)
  const isClosed = last !== undefined && closes(last.text, fence)
  // An unclosed block at the end of a text with a last line end has an empty line more than a closed one.
  const inside = isClosed || last?.text === '' ? rest.slice(0, -1) : rest
  const bodyStart = opening?.next ?? 0
  const bodyEnd = inside.at(-1)?.end ?? bodyStart
  return {
    shown: inside.map(line => withoutIndent(line.text, fence)).join('\n'),
    open: text.slice(opening?.start, bodyStart),
    body: text.slice(bodyStart, bodyEnd),
    close: text.slice(bodyEnd, isClosed ? last.end : last?.next ?? bodyEnd),
  }
}

/** What the editor showed of a cell as it stood in the file. */
export function shownText({ open, body, close }: CellLayout): string {
  const fence = open === undefined ? undefined : openingFence(splitLines(open)[0]?.text ?? '')
  if (fence === undefined || close === undefined) return body
  return splitLines(body).map(line => withoutIndent(line.text, fence)).join('\n')
}
