import { Disposable, type NotebookCell, type NotebookDocument, workspace } from 'vscode'
import { isErpError } from '../../core/base/errors.ts'
import type { Batch } from '../../core/execute/batch.ts'
import type { ResultColumn } from '../../core/execute/result.ts'
import type { ColumnValues } from '../../core/query/resolve.ts'
import type { ResultStore } from '../../node/results/resultStore.ts'
import type { StoredResult } from '../../node/results/storedResult.ts'

/**
 * What the cells of all notebooks have given: one result a cell, until the cell runs again, is deleted, its output is
 * cleared, or its notebook is closed.
 */
export class CellResults implements Disposable {
  readonly #store: ResultStore
  /** In the order in which they began. */
  readonly #results = new Map<NotebookCell, CellResult>()
  readonly #listeners: Disposable

  constructor(store: ResultStore) {
    this.#store = store
    this.#listeners = Disposable.from(
      workspace.onDidCloseNotebookDocument(closed => this.#drop(cell => cell.notebook === closed)),
      workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges }) => {
        const removed = contentChanges.flatMap(({ removedCells }) => removedCells)
        if (removed.length > 0) {
          const left = notebook.getCells() // a cell that was moved is removed and added
          this.#drop(cell => removed.includes(cell) && !left.includes(cell))
        }
        const cleared = cellChanges.filter(({ outputs }) => outputs?.length === 0).map(({ cell }) => cell)
        this.#drop((cell, { isEnded }) => isEnded && cleared.includes(cell))
      }),
    )
  }

  /** The cell begins to give another result; the one before is gone. */
  begin(cell: NotebookCell, name: string | undefined): CellResult {
    this.#drop(other => other === cell)
    const result = new CellResult(this.#store.create(), name)
    this.#results.set(cell, result)
    return result
  }

  /** The latest that is named so, if it has come to its end without a failure. */
  named(notebook: NotebookDocument, name: string): CellResult | undefined {
    const latest = this.#of(notebook).findLast(result => result.name === name)
    return latest?.isWhole === true ? latest : undefined
  }

  /** `docs.Customer_Id`: the columns of all named results. */
  columns(notebook: NotebookDocument): string[] {
    return this.#of(notebook).flatMap(({ name, columns }) => name === undefined ? [] : columns.map(column => `${name}.${column.name}`))
  }

  dispose(): void {
    this.#listeners.dispose()
    this.#drop(() => true)
  }

  #of(notebook: NotebookDocument): CellResult[] {
    return [...this.#results].filter(([cell]) => cell.notebook === notebook).map(([, result]) => result)
  }

  #drop(isGone: (cell: NotebookCell, result: CellResult) => boolean): void {
    for (const [cell, result] of this.#results) {
      if (!isGone(cell, result)) continue
      this.#results.delete(cell)
      void result.drop()
    }
  }
}

/** The result of one cell. Its rows are in the store, as they came. */
export class CellResult {
  readonly name: string | undefined
  readonly #stored: StoredResult
  #columns: readonly ResultColumn[] | undefined
  #isEnded = false

  constructor(stored: StoredResult, name: string | undefined) {
    this.#stored = stored
    this.name = name
  }

  /** Known of whole results. */
  get columns(): readonly ResultColumn[] {
    return this.#columns ?? []
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  get isWhole(): boolean {
    return this.#columns !== undefined
  }

  /** See `StoredResult.append`. */
  append(batch: Batch): Promise<void> {
    return this.#stored.append(batch)
  }

  /** Nothing more comes; after a failure the columns are left out. */
  end(columns?: readonly ResultColumn[]): void {
    this.#columns ??= columns
    this.#isEnded = true
  }

  /** The values of a column, each once; undefined where there is none that is called so, or the rows go meanwhile. */
  async column(name: string): Promise<ColumnValues | undefined> {
    const column = this.columns.find(each => each.name === name)
    if (column === undefined) return undefined
    const { distinctValues } = await import('../../node/results/views.ts')
    try {
      return { type: column.type, values: await distinctValues(this.#stored, column) }
    } catch (error) {
      if (isErpError(error, 'cancelled')) return undefined
      throw error
    }
  }

  /** Removes its rows, from memory and disk. */
  async drop(): Promise<void> {
    await this.#stored.dispose()
  }
}
