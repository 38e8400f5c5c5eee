import type { CellLayout, NotebookCell, NotebookDocument } from './document.ts'
import { type Fence, fenceLeftOpen, marksFor, openingFence, withoutIndent } from './fence.ts'
import { headLength, newHead, withConnection } from './frontMatter.ts'
import { endsLine, isBlank, joined, lineEndOf, rewriteLines, sameText, splitLines } from './lines.ts'
import { SEPARATOR, shownText } from './parse.ts'

/**
 * Writes a notebook. What was read and not edited comes out as it was; new and changed parts in the file's own style.
 *
 * A Markdown cell cannot keep everything to itself, because the file is Markdown: a query fence or a separator typed
 * into it is one when the file is read again. A fence that it leaves open is closed if cells follow.
 */
export function printNotebook({ connection, cells, layout: given }: NotebookDocument): string {
  const layout = given ?? { head: newHead(connection, '\n'), tail: '\n', eol: '\n' }
  const head = withConnection(layout.head, connection, layout.eol)
  const parts = [head]
  cells.forEach((cell, index) => {
    const isLast = index === cells.length - 1
    const block = cell.kind === 'markdown'
      ? printMarkdown(cell, isLast, layout.eol)
      : printQuery(cell, isLast && layout.tail === '', layout.eol)
    const isSeparated = cell.kind === 'markdown' && (cells[index - 1]?.kind === 'markdown' || isBlank(block))
    // a byte order mark is nothing that needs a gap
    const before = index === 0 ? head.replace(/^\ufeff/, '') : parts.findLast(part => part !== '') ?? ''
    const gap = oldGap(cell, cells[index - 1], isSeparated) ?? newGap(before, isSeparated, layout.eol)
    // What would be read as front matter is none behind a blank line.
    const guard = index === 0 && !endsLine(gap) && headLength(head + gap + block) > head.length ? layout.eol : ''
    parts.push(guard, gap, block)
  })
  const isApart = cells.length === 0 || layout.tail === '' || /^[\r\n]/.test(layout.tail)
  return joined([...parts, isApart ? '' : layout.eol, layout.tail])
}

/** What stood between a cell and the one before, if they are still neighbours and it still parts them as it should. */
function oldGap({ kind, layout }: NotebookCell, previous: NotebookCell | undefined, isSeparated: boolean): string | undefined {
  if (layout?.index !== (previous === undefined ? 0 : (previous.layout?.index ?? NaN) + 1)) return undefined
  const fits = layout.gap.includes(SEPARATOR) ? kind === 'markdown' : !isSeparated
  return fits ? layout.gap : undefined
}

/** A blank line, and a separator where one is needed. */
function newGap(before: string, isSeparated: boolean, eol: string): string {
  const start = before === '' ? '' : endsLine(before) ? eol : eol + eol
  return isSeparated ? start + SEPARATOR + eol + eol : start
}

function printMarkdown({ text, layout }: NotebookCell, mayStayOpen: boolean, eol: string): string {
  const original = layout?.open === undefined ? layout?.body : undefined
  const body = original === undefined ? splitLines(text).map(line => line.text).join(eol) : edited(original, text, eol)
  const open = mayStayOpen ? undefined : fenceLeftOpen(body)
  return open === undefined ? body : joined([body, endsLine(body) ? '' : eol, open.indent + open.marks])
}

function edited(original: string, text: string, eol: string): string {
  return sameText(original, text) ? original : rewriteLines(original, text, { eol, indent: '', shown: line => line })
}

function printQuery({ text, layout }: NotebookCell, mayStayOpen: boolean, eol: string): string {
  const { fence, ...old } = queryLayout(layout) ?? newQuery(eol)
  const isOpen = isBlank(old.close)
  const isUntouched = layout?.open === old.open && sameText(shownText(layout), text)
  if (isUntouched && (!isOpen || mayStayOpen)) return old.open + old.body + old.close

  const ownEol = lineEndOf(old.open) ?? eol
  const body = rewriteLines(old.body, text, { eol: ownEol, indent: fence.indent, shown: line => withoutIndent(line, fence) })
  const marks = marksFor(body, fence.marks)
  const open = old.open.replace(fence.marks, () => marks)
  const opening = endsLine(open) ? open : open + ownEol
  const end = text === '' ? '' : lineEndOf(old.close) ?? ownEol
  if (isOpen && mayStayOpen) return joined([opening, body, endsLine(body) ? end : old.close])
  const isFit = !isOpen && marks === fence.marks
  return joined([opening, body, end, isFit ? old.close.replace(/^[\r\n]+/, '') : fence.indent + marks])
}

interface QueryLayout {
  readonly open: string
  readonly body: string
  readonly close: string
  readonly fence: Fence
}

function queryLayout({ open, body = '', close }: Partial<CellLayout> = {}): QueryLayout | undefined {
  if (open === undefined || close === undefined) return undefined
  const fence = openingFence(splitLines(open)[0]?.text ?? '')
  return fence === undefined ? undefined : { open, body, close, fence }
}

function newQuery(eol: string): QueryLayout {
  return { open: `\`\`\`erpnet${eol}`, body: '', close: '```', fence: { indent: '', marks: '```', isQuery: true } }
}
