import { type Disposable, type NotebookCell, NotebookCellKind, type NotebookDocument, type TextDocument, window, workspace } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import type { ResultSnapshot } from '../../core/execute/result.ts'
import { parseCell } from '../../core/query/cell.ts'
import type { ColumnValues, Scope } from '../../core/query/resolve.ts'

/** What the cells of a notebook know of each other: variables and named results. */
export class NotebookScopes implements Disposable {
  /** When a cell was last run or edited, in steps of a logical clock. */
  readonly #touched = new WeakMap<TextDocument, number>()
  readonly #results = new WeakMap<NotebookDocument, Map<string, ResultSnapshot>>()
  readonly #listener: Disposable
  #clock = 0

  constructor() {
    this.#listener = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'erpnet' && contentChanges.length > 0) this.touch(document)
    })
  }

  /** The cell is about to run: its variables are the latest. */
  touch(document: TextDocument): void {
    this.#touched.set(document, ++this.#clock)
  }

  keepResult(notebook: NotebookDocument, name: string, result: ResultSnapshot): void {
    const results = this.#results.get(notebook) ?? new Map<string, ResultSnapshot>()
    this.#results.set(notebook, results.set(name, result))
  }

  of(notebook: NotebookDocument): Scope {
    return {
      variable: name => this.#variable(notebook, name),
      column: (result, column) => columnOf(this.#results.get(notebook)?.get(result), column),
      prompt: ask,
      now: () => new Date(),
      guid: () => crypto.randomUUID(),
    }
  }

  /** The names of all variables and results, for completion. */
  names(notebook: NotebookDocument): string[] {
    const variables = queryCells(notebook).flatMap(cell => parseCell(cell.document.getText()).variables)
    return [...new Set([...variables.map(({ name }) => name), ...(this.#results.get(notebook)?.keys() ?? [])])]
  }

  dispose(): void {
    this.#listener.dispose()
  }

  /** Of several definitions the one whose cell was run or edited last; among untouched cells the last one. */
  #variable(notebook: NotebookDocument, name: string): string | undefined {
    const cells = queryCells(notebook).toSorted((a, b) => this.#touchedAt(a) - this.#touchedAt(b))
    for (const cell of cells.toReversed()) {
      const found = parseCell(cell.document.getText()).variables.findLast(variable => variable.name === name)
      if (found !== undefined) return found.value
    }
    return undefined
  }

  #touchedAt(cell: NotebookCell): number {
    return this.#touched.get(cell.document) ?? 0
  }
}

function queryCells(notebook: NotebookDocument): NotebookCell[] {
  return notebook.getCells().filter(cell => cell.kind === NotebookCellKind.Code)
}

function columnOf(result: ResultSnapshot | undefined, name: string): ColumnValues | undefined {
  const index = result?.columns.findIndex(column => column.name === name) ?? -1
  const column = result?.columns[index]
  return result === undefined || column === undefined ? undefined : { type: column.type, values: result.rows.map(row => row[index] ?? null) }
}

async function ask(label: string): Promise<string> {
  const answer = await window.showInputBox({ title: label, ignoreFocusOut: true })
  if (answer === undefined) throw new ErpError('cancelled')
  return answer
}
