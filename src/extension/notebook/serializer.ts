import { NotebookCellData, NotebookCellKind, NotebookData, type NotebookSerializer } from 'vscode'
import { decodeText, encodeText } from '../../core/notebook/bytes.ts'
import type { NotebookCell, NotebookDocument } from '../../core/notebook/document.ts'
import { fenced } from '../../core/notebook/fence.ts'
import { readFrontMatter } from '../../core/notebook/frontMatter.ts'
import { parseNotebook } from '../../core/notebook/parse.ts'
import { printNotebook } from '../../core/notebook/print.ts'

/** Between the file and the editor. The metadata carries what the cells' text doesn't tell, so that saving changes no other byte. */
export const serializer: NotebookSerializer = {
  deserializeNotebook(content) {
    return toData(parseNotebook(decodeText(content)))
  },
  serializeNotebook(data) {
    return encodeText(printNotebook(fromData(data)))
  },
}

export function toData({ cells, ...metadata }: NotebookDocument): NotebookData {
  const data = new NotebookData(cells.map(toCellData))
  data.metadata = metadata
  return data
}

/** The connection that the notebook itself names. */
export function connectionOf(metadata: Readonly<Record<string, unknown>>): string | undefined {
  const { connection } = metadata as Partial<NotebookDocument>
  return connection
}

/** The version of the format that the file says it has. */
export function versionOf(metadata: Readonly<Record<string, unknown>>): number {
  const { layout } = metadata as Partial<NotebookDocument>
  return readFrontMatter(layout?.head ?? '').version
}

export function toCellData({ kind, text, layout }: NotebookCell): NotebookCellData {
  const data = kind === 'query'
    ? new NotebookCellData(NotebookCellKind.Code, text, 'erpnet')
    : new NotebookCellData(NotebookCellKind.Markup, text, 'markdown')
  if (layout !== undefined) data.metadata = { layout }
  return data
}

function fromData({ cells, metadata }: NotebookData): NotebookDocument {
  return { ...(metadata as Omit<NotebookDocument, 'cells'> | undefined), cells: cells.map(fromCellData) }
}

function fromCellData({ kind, value, languageId, metadata }: NotebookCellData): NotebookCell {
  // The file has queries and Markdown only; code of another language is a fence of it.
  if (kind === NotebookCellKind.Code && languageId !== 'erpnet') return { kind: 'markdown', text: fenced(languageId, value) }
  const { layout } = (metadata ?? {}) as Pick<NotebookCell, 'layout'>
  return {
    kind: kind === NotebookCellKind.Code ? 'query' : 'markdown',
    text: value,
    ...(layout === undefined ? {} : { layout }),
  }
}
