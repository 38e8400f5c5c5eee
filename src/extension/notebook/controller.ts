import {
  Disposable, l10n, type NotebookCell, type NotebookCellExecution, type NotebookController, type NotebookDocument, notebooks, workspace,
} from 'vscode'
import { isErpError } from '../../core/base/errors.ts'
import { type ResultSnapshot, ROWS_SHOWN } from '../../core/execute/result.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import type { RunQuery } from '../platform/contracts.ts'
import { wordsFor } from '../platform/words.ts'
import { errorOutput, resultOutput } from './output.ts'
import type { CellResult, CellResults } from './results.ts'

export const NOTEBOOK_TYPE = 'erpnet-notebook'

export interface QueryControllerOptions {
  /** The cell's query with its variables put in; undefined where it has none (it may only define variables). */
  readonly resolve: (cell: NotebookCell) => Promise<ResolvedQuery | undefined>
  /** Which connection the cell runs on; asks where the notebook's own isn't known. Throws `no-connection`, `cancelled`. */
  readonly connection: (notebook: NotebookDocument, query: ResolvedQuery) => Promise<Connection>
  readonly run: RunQuery
  /** Keep the rows of every cell. */
  readonly results: CellResults
  /** Told of every failure that a cell shows. */
  readonly onFailure: (error: unknown) => void
}

/** Runs query cells: one after another, up to the first failure. */
export class QueryController {
  readonly #options: QueryControllerOptions
  readonly #controller: NotebookController
  #order = 0

  constructor(options: QueryControllerOptions) {
    this.#options = options
    this.#controller = notebooks.createNotebookController('erpnet-queries', NOTEBOOK_TYPE, 'ERP.net')
    this.#controller.description = l10n.t('runs queries against the Table API and the Domain API')
    this.#controller.supportedLanguages = ['erpnet']
    this.#controller.supportsExecutionOrder = true
    this.#controller.executeHandler = cells => this.#runAll(cells)
  }

  dispose(): void {
    this.#controller.dispose()
  }

  async #runAll(cells: readonly NotebookCell[]): Promise<void> {
    for (const cell of cells) {
      if (!await this.#run(cell)) return
    }
  }

  /** Whether it came to its end. */
  async #run(cell: NotebookCell): Promise<boolean> {
    const execution = this.#controller.createNotebookCellExecution(cell)
    execution.executionOrder = ++this.#order
    execution.start(Date.now())
    const shown = new CellOutput(execution)
    let result: CellResult | undefined
    const abort = new AbortController()
    const listeners = abortWith(abort, execution)
    let connection: Connection | undefined
    try {
      // with the output its result is gone; the query may use it for the last time
      const query = await this.#options.resolve(cell).finally(() => execution.clearOutput())
      if (query !== undefined) {
        const kept = result = this.#options.results.begin(cell, query.name)
        connection = await this.#options.connection(cell.notebook, query)
        const last = await this.#options.run(query, {
          connection,
          signal: abort.signal,
          ask: true,
          keep: ROWS_SHOWN,
          onRows: batch => kept.append(batch),
          onProgress: snapshot => shown.show(snapshot),
        })
        shown.show(last)
        await shown.settled()
        kept.end(last.columns)
      }
      execution.end(true, Date.now())
      return true
    } catch (error) {
      await shown.settled()
      if (!isErpError(error, 'cancelled')) {
        this.#options.onFailure(error)
        await execution.appendOutput(errorOutput(wordsFor(error, connection?.id)))
      }
      execution.end(false, Date.now())
      return false
    } finally {
      result?.end()
      listeners.dispose()
    }
  }
}

/** The result in a cell's output. While one state is on its way to the screen, only the latest of those after it waits. */
class CellOutput {
  readonly #execution: NotebookCellExecution
  #waiting: ResultSnapshot | undefined
  #showing: Promise<void> | undefined
  #output: ReturnType<typeof resultOutput> | undefined

  constructor(execution: NotebookCellExecution) {
    this.#execution = execution
  }

  show(result: ResultSnapshot): void {
    this.#waiting = result
    this.#showing ??= this.#drain()
  }

  /** When everything is on the screen. */
  async settled(): Promise<void> {
    await this.#showing
  }

  async #drain(): Promise<void> {
    while (this.#waiting !== undefined) {
      const next = resultOutput(this.#waiting)
      this.#waiting = undefined
      if (this.#output === undefined) {
        this.#output = next
        await this.#execution.appendOutput(next)
      } else await this.#execution.replaceOutputItems(next.items, this.#output)
    }
    this.#showing = undefined
  }
}

/** The user cancels the cell, or closes its notebook: VS Code tells nobody of the latter. */
function abortWith(abort: AbortController, { token, cell }: NotebookCellExecution): Disposable {
  if (token.isCancellationRequested) abort.abort()
  return Disposable.from(
    token.onCancellationRequested(() => abort.abort()),
    workspace.onDidCloseNotebookDocument(closed => {
      if (closed === cell.notebook) abort.abort()
    }),
  )
}
