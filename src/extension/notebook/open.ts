import { commands, NotebookEdit, NotebookEditorRevealType, NotebookRange, type NotebookEditor, Uri, window, workspace, WorkspaceEdit } from 'vscode'
import { isJsonObject, type JsonObject, objectsOf, textOf } from '../../core/base/json.ts'
import type { NotebookCell } from '../../core/notebook/document.ts'
import { NOTEBOOK_TYPE } from './controller.ts'
import { connectionOf, toCellData, toData } from './serializer.ts'

/** Opens a new, unsaved notebook and gives its URI. */
export async function newNotebook({ connection, cells }: { connection?: string | undefined; cells: readonly NotebookCell[] }): Promise<string> {
  const content = toData({ ...(connection === undefined ? {} : { connection }), cells })
  const notebook = await workspace.openNotebookDocument(NOTEBOOK_TYPE, content)
  await window.showNotebookDocument(notebook)
  return notebook.uri.toString()
}

/** Runs a query in a new notebook. */
export async function runInNotebook({ text, connection }: { text: string; connection: { readonly id: string } }): Promise<void> {
  const uri = await newNotebook({ connection: connection.id, cells: [{ kind: 'query', text }] })
  await commands.executeCommand('notebook.cell.execute', { ranges: [{ start: 0, end: 1 }], document: Uri.parse(uri) })
}

/** The cells of `erpnet.notebook.new`: `{ kind: "markdown" | "query", text }`, VS Code's own names of kinds too. */
export function readCells(args: JsonObject): NotebookCell[] {
  return objectsOf(args, 'cells').filter(isJsonObject).map(cell => ({
    kind: ['query', 'code'].includes(textOf(cell, 'kind') ?? '') ? 'query' : 'markdown',
    text: textOf(cell, 'text') ?? '',
  }))
}

/** Puts a query into a new cell: of the notebook in front if it runs on that connection, else of a new one. Gives its URI. */
export async function openQuery({ text, connection }: { text: string; connection: { readonly id: string } }): Promise<string> {
  const editor = window.activeNotebookEditor
  const cell: NotebookCell = { kind: 'query', text }
  if (editor?.notebook.notebookType !== NOTEBOOK_TYPE || connectionOf(editor.notebook.metadata) !== connection.id) {
    return newNotebook({ connection: connection.id, cells: [cell] })
  }
  await insertCell(editor, cell)
  return editor.notebook.uri.toString()
}

/** Writes a text where the cursor is: in the cell or editor in front. False where there is none. */
export async function insertAtCursor(text: string): Promise<boolean> {
  const editor = window.activeTextEditor
  if (editor !== undefined && editor.document.uri.scheme !== 'output') {
    return editor.edit(edit => editor.selections.forEach(selection => edit.replace(selection, text)))
  }
  const notebook = window.activeNotebookEditor
  const cell = notebook?.notebook.cellAt(notebook.selection.start)
  if (cell === undefined) return false
  const edit = new WorkspaceEdit()
  edit.insert(cell.document.uri, cell.document.lineAt(cell.document.lineCount - 1).range.end, text)
  return workspace.applyEdit(edit)
}

async function insertCell(editor: NotebookEditor, cell: NotebookCell): Promise<void> {
  const index = editor.selection.end
  const edit = new WorkspaceEdit()
  edit.set(editor.notebook.uri, [NotebookEdit.insertCells(index, [toCellData(cell)])])
  await workspace.applyEdit(edit)
  const range = new NotebookRange(index, index + 1)
  editor.selection = range
  editor.revealRange(range, NotebookEditorRevealType.InCenterIfOutsideViewport)
}
