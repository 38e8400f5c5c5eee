import { l10n, NotebookEdit, type NotebookDocument, window, workspace, WorkspaceEdit } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Connections } from '../platform/contracts.ts'
import { connectionOf } from './serializer.ts'

/** The connection that a notebook runs on without asking; undefined where the one that it names isn't known. */
export function knownConnection(connections: Connections, notebook: NotebookDocument): Connection | undefined {
  const id = connectionOf(notebook.metadata)
  return id === undefined ? connections.selected() : connections.list().find(connection => connection.id === id)
}

/** As `knownConnection`; where that isn't known, asks and writes the answer into the notebook. Throws `no-connection`, `cancelled`. */
export async function chooseConnection(connections: Connections, notebook: NotebookDocument): Promise<Connection> {
  const known = knownConnection(connections, notebook)
  if (known !== undefined) return known
  if (connections.list().length === 0) throw new ErpError('no-connection')
  return pickConnection(connections, notebook)
}

/** Asks which connection the notebook is to run on, and writes it into the notebook. Throws `cancelled`. */
export async function pickConnection(connections: Connections, notebook: NotebookDocument): Promise<Connection> {
  const items = connections.list().map(connection => ({ label: connection.name, description: connection.url, connection }))
  const id = connectionOf(notebook.metadata)
  const title = id === undefined || connections.list().some(connection => connection.id === id)
    ? l10n.t('Which connection does this notebook run on?')
    : l10n.t('There is no connection “{0}” here. Which one does this notebook run on?', id)
  const chosen = await window.showQuickPick(items, { title })
  if (chosen === undefined) throw new ErpError('cancelled')
  const edit = new WorkspaceEdit()
  edit.set(notebook.uri, [NotebookEdit.updateNotebookMetadata({ ...notebook.metadata, connection: chosen.connection.id })])
  await workspace.applyEdit(edit)
  return chosen.connection
}
