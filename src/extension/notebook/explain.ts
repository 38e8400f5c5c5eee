import {
  Disposable, l10n, type NotebookCell, NotebookCellKind, NotebookCellStatusBarAlignment, NotebookCellStatusBarItem, notebooks, window,
} from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { parseCell } from '../../core/query/cell.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Documents } from '../platform/documents.ts'
import type { Messages } from '../platform/messages.ts'
import { NOTEBOOK_TYPE } from './controller.ts'

export interface ExplainOptions {
  readonly messages: Messages
  readonly documents: Documents
  /** The cell's query with its variables put in; undefined where it has none. */
  readonly resolve: (cell: NotebookCell) => Promise<ResolvedQuery | undefined>
  readonly connection: (cell: NotebookCell, query: ResolvedQuery) => Promise<Connection>
  readonly plan: (query: ResolvedQuery, connection: Connection) => Promise<Plan>
}

const EXPLAIN = 'erpnet.query.explain'

/** Below every query: what it asks the server for, and what is done here. */
export function registerExplain(options: ExplainOptions): Disposable {
  return Disposable.from(
    notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, {
      provideCellStatusBarItems: cell => isQuery(cell) ? explainItem(cell) : undefined,
    }),
    registerCommand(EXPLAIN, { interactive: target => explain(options, isCell(target) ? target : activeCell()) }, options.messages),
  )
}

function isQuery({ kind, document }: NotebookCell): boolean {
  return kind === NotebookCellKind.Code && parseCell(document.getText()).query.trim() !== ''
}

function explainItem(cell: NotebookCell): NotebookCellStatusBarItem {
  const item = new NotebookCellStatusBarItem(`$(list-tree) ${l10n.t('Explain')}`, NotebookCellStatusBarAlignment.Right)
  item.tooltip = l10n.t('What is sent, and what is done here')
  item.command = { command: EXPLAIN, title: l10n.t('Explain'), arguments: [cell] }
  // left of the connection
  item.priority = 1
  return item
}

/** Cells have no class of their own that could be asked. */
function isCell(target: unknown): target is NotebookCell {
  return typeof target === 'object' && target !== null && 'notebook' in target && 'document' in target && 'index' in target
}

function activeCell(): NotebookCell | undefined {
  const editor = window.activeNotebookEditor
  if (editor?.notebook.notebookType !== NOTEBOOK_TYPE || editor.selection.isEmpty) return undefined
  return editor.notebook.cellAt(editor.selection.start)
}

async function explain({ documents, resolve, connection, plan }: ExplainOptions, cell: NotebookCell | undefined): Promise<void> {
  const { planPage, planTitle } = await import('../platform/planPage.ts')
  const query = cell === undefined ? undefined : await resolve(cell)
  if (cell === undefined || query === undefined) throw new ErpError('query-empty')
  const on = await connection(cell, query)
  await documents.show(planTitle(query), planPage(query, on, await plan(query, on)))
}
