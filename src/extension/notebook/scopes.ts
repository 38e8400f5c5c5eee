import { type Disposable, type NotebookCell, NotebookCellKind, type NotebookDocument, type TextDocument, workspace } from 'vscode'
import { parseCell } from '../../core/query/cell.ts'
import type { Scope } from '../../core/query/resolve.ts'
import { findVariable } from '../../core/query/symbols.ts'
import { askForValue } from '../platform/ask.ts'
import type { CellResults } from './results.ts'

/** What the cells of a notebook know of each other: variables and named results. */
export class NotebookScopes implements Disposable {
  /** When a cell was last run or edited, in steps of a logical clock. */
  readonly #touched = new WeakMap<TextDocument, number>()
  readonly #results: CellResults
  readonly #listener: Disposable
  #clock = 0

  constructor(results: CellResults) {
    this.#results = results
    this.#listener = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'erpnet' && contentChanges.length > 0) this.touch(document)
    })
  }

  /** The cell is about to run: its variables are the latest. */
  touch(document: TextDocument): void {
    this.#touched.set(document, ++this.#clock)
  }

  of({ notebook, document }: NotebookCell): Scope {
    return {
      variable: name => this.#variable(notebook, document, name),
      column: async (result, column) => this.#results.named(notebook, result)?.column(column),
      prompt: askForValue,
      now: () => new Date(),
      guid: () => crypto.randomUUID(),
    }
  }

  /** What may be inserted in the cells of a notebook: its variables and the columns of its named results. */
  names(notebook: NotebookDocument): string[] {
    const variables = queryCells(notebook).flatMap(cell => parseCell(cell.document.getText()).variables)
    return [...new Set([...variables.map(({ name }) => name), ...this.#results.columns(notebook)])]
  }

  dispose(): void {
    this.#listener.dispose()
  }

  #variable(notebook: NotebookDocument, document: TextDocument, name: string): string | undefined {
    const cells = queryCells(notebook)
    const definitions = cells.map(cell => ({ variables: parseCell(cell.document.getText()).variables, touched: this.#touchedAt(cell) }))
    return findVariable(definitions, name, cells.findIndex(cell => cell.document === document))?.value
  }

  #touchedAt(cell: NotebookCell): number {
    return this.#touched.get(cell.document) ?? 0
  }
}

function queryCells(notebook: NotebookDocument): NotebookCell[] {
  return notebook.getCells().filter(cell => cell.kind === NotebookCellKind.Code)
}
