import {
  Disposable, EventEmitter, l10n, type NotebookCell, NotebookCellKind, NotebookCellStatusBarAlignment, NotebookCellStatusBarItem,
  type NotebookDocument, notebooks, window, workspace,
} from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import { parseCell } from '../../core/query/cell.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Messages } from '../platform/messages.ts'
import { pickConnection } from './choose.ts'
import { NOTEBOOK_TYPE } from './controller.ts'
import { connectionOf } from './serializer.ts'

export interface ConnectionStatusOptions {
  readonly connections: Connections
  readonly messages: Messages
  /** What a cell runs on, if it is known. */
  readonly connection: (notebook: NotebookDocument, named: string | undefined) => Connection | undefined
}

const SELECT = 'erpnet.notebook.selectConnection'

/** Below every query cell: which connection it runs on. A click lets one choose another for the notebook. */
export function registerConnectionStatus({ connections, messages, connection }: ConnectionStatusOptions): Disposable {
  const changed = new EventEmitter<void>()
  return Disposable.from(
    changed,
    connections.onDidChange(() => changed.fire()),
    workspace.onDidChangeNotebookDocument(event => {
      if (event.notebook.notebookType === NOTEBOOK_TYPE && event.metadata !== undefined) changed.fire()
    }),
    notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, {
      onDidChangeCellStatusBarItems: changed.event,
      provideCellStatusBarItems: cell => cell.kind === NotebookCellKind.Code ? statusItem(cell, connection) : undefined,
    }),
    registerCommand(SELECT, {
      interactive: async () => {
        const notebook = window.activeNotebookEditor?.notebook
        if (notebook?.notebookType === NOTEBOOK_TYPE) await pickConnection(connections, notebook)
      },
    }, messages),
  )
}

function statusItem(cell: NotebookCell, connection: ConnectionStatusOptions['connection']): NotebookCellStatusBarItem {
  const named = parseCell(cell.document.getText()).connection
  const known = connection(cell.notebook, named)
  const unknown = named ?? connectionOf(cell.notebook.metadata)
  const name = known?.name ?? (unknown === undefined ? l10n.t('No connection') : l10n.t('{0} (not known here)', unknown))
  const item = new NotebookCellStatusBarItem(`$(plug) ${name}`, NotebookCellStatusBarAlignment.Right)
  item.tooltip = known === undefined ? l10n.t('Choose the connection of this notebook') : known.url
  // What the cell names itself is changed in its text.
  if (named === undefined) item.command = SELECT
  return item
}
