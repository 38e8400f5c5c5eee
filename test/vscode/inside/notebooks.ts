import { join } from 'node:path'
import {
  commands, type NotebookCell, type NotebookDocument, NotebookRange, Uri, window, workspace,
} from 'vscode'
import type { OutputData, ResultOutput } from '../../../src/core/notebook/output.ts'
import { RESULT_MIME } from '../../../src/core/notebook/output.ts'

const WAIT_MS = 30_000

/** A file in the folder that is open. */
export function fileUri(name: string): Uri {
  const [folder] = workspace.workspaceFolders ?? []
  return Uri.file(join(folder!.uri.fsPath, name))
}

export async function openFile(uri: Uri, content: Uint8Array | string): Promise<NotebookDocument> {
  await workspace.fs.writeFile(uri, Buffer.from(content))
  const notebook = await workspace.openNotebookDocument(uri)
  await window.showNotebookDocument(notebook)
  return notebook
}

/** A new notebook with these query cells, on that connection. */
export async function openQueries(connection: string, ...queries: string[]): Promise<NotebookDocument> {
  const cells = queries.map(text => ({ kind: 'code', text }))
  const uri = await commands.executeCommand<string>('erpnet.notebook.new', { connection, cells })
  return workspace.notebookDocuments.find(notebook => notebook.uri.toString() === uri)!
}

/** As soon as it holds; looked at whenever something in a notebook has changed. */
export async function when(what: string, holds: () => boolean): Promise<void> {
  if (holds()) return
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const listener = workspace.onDidChangeNotebookDocument(() => {
    if (holds()) resolve(undefined)
  })
  const limit = setTimeout(() => reject(new Error(`Waited ${WAIT_MS / 1000} s in vain for ${what}`)), WAIT_MS)
  try {
    await promise
  } finally {
    clearTimeout(limit)
    listener.dispose()
  }
}

/** Starts the cells from `first` up to, not including, `end`; doesn't wait for their end, as the command does. */
export function start(notebook: NotebookDocument, first: number, end = first + 1): void {
  void commands.executeCommand('notebook.cell.execute', { ranges: [{ start: first, end }], document: notebook.uri })
}

export async function cancel(notebook: NotebookDocument, index: number): Promise<void> {
  await commands.executeCommand('notebook.cell.cancelExecution', { ranges: [{ start: index, end: index + 1 }], document: notebook.uri })
}

/** Runs one cell to its end; gives whether it succeeded. */
export async function run(notebook: NotebookDocument, index: number): Promise<boolean> {
  const cell = notebook.cellAt(index)
  const before = cell.executionSummary?.executionOrder
  start(notebook, index)
  await when(`the end of cell ${index}`, () => cell.executionSummary?.executionOrder !== before && hasEnded(cell))
  return cell.executionSummary?.success === true
}

export function hasEnded(cell: NotebookCell): boolean {
  return cell.executionSummary?.success !== undefined
}

/** What the renderer gets, output by output. */
export function outputs(cell: NotebookCell): OutputData[] {
  return cell.outputs.map(output => JSON.parse(textOf(output.items.find(item => item.mime === RESULT_MIME)?.data)) as OutputData)
}

export function resultOf(cell: NotebookCell): ResultOutput | undefined {
  return outputs(cell).find(output => output.kind === 'result')
}

/** What everybody else gets. */
export function plainText(cell: NotebookCell): string {
  return cell.outputs.map(output => textOf(output.items.find(item => item.mime === 'text/plain')?.data)).join('\n')
}

function textOf(data: Uint8Array | undefined): string {
  return new TextDecoder().decode(data)
}

export function rangeOf(index: number): NotebookRange {
  return new NotebookRange(index, index + 1)
}

export async function closeAll(): Promise<void> {
  await commands.executeCommand('workbench.action.revertAndCloseActiveEditor')
  await commands.executeCommand('workbench.action.closeAllEditors')
}
