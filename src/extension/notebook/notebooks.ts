import { Disposable, l10n, type NotebookCell, type NotebookDocument, workspace } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Table } from '../../core/model/table.ts'
import { FORMAT_VERSION } from '../../core/notebook/document.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { parseCell } from '../../core/query/cell.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import type { ResultStore } from '../../node/results/resultStore.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections, RunQuery } from '../platform/contracts.ts'
import type { Documents } from '../platform/documents.ts'
import type { Messages } from '../platform/messages.ts'
import { chooseConnection, knownConnection } from './choose.ts'
import { registerCompletion } from './completion.ts'
import { registerExplain } from './explain.ts'
import { NOTEBOOK_TYPE, QueryController } from './controller.ts'
import { listenToOutputs } from './outputLinks.ts'
import { newNotebook, readCells } from './open.ts'
import { CellResults } from './results.ts'
import { NotebookScopes } from './scopes.ts'
import { serializer, versionOf } from './serializer.ts'
import { registerConnectionStatus } from './status.ts'

export interface NotebooksOptions {
  readonly connections: Connections
  readonly messages: Messages
  readonly documents: Documents
  readonly run: RunQuery
  /** What running would send; sends none of it. */
  readonly plan: (query: ResolvedQuery, connection: Connection) => Promise<Plan>
  /** Where the rows of cells are kept. */
  readonly store: ResultStore
  /** The tables of a connection as far as they are known; never waits. */
  readonly tables: (connection: Connection) => readonly Table[] | undefined
}

/** Everything about query notebooks: the files, running, completion, and the command `erpnet.notebook.new`. */
export function registerNotebooks({ connections, messages, documents, run, plan, store, tables }: NotebooksOptions): Disposable {
  const results = new CellResults(store)
  const scopes = new NotebookScopes(results)
  const resolve = async (cell: NotebookCell): Promise<ResolvedQuery | undefined> => {
    const version = versionOf(cell.notebook.metadata)
    if (version > FORMAT_VERSION) throw new ErpError('notebook-newer', { version })
    const { resolveCell } = await import('../../core/query/resolve.ts')
    return resolveCell(parseCell(cell.document.getText()), scopes.of(cell))
  }
  const connectionFor = async (notebook: NotebookDocument, query: ResolvedQuery): Promise<Connection> =>
    query.connection === undefined ? chooseConnection(connections, notebook) : connections.get(query.connection)
  const connection = (notebook: NotebookDocument, named: string | undefined): Connection | undefined =>
    named === undefined ? knownConnection(connections, notebook) : connections.list().find(({ id }) => id === named)
  const controller = new QueryController({
    resolve: async cell => {
      scopes.touch(cell.document)
      return resolve(cell)
    },
    connection: connectionFor,
    run,
    results,
    onFailure: error => messages.record(error),
  })
  return Disposable.from(
    results,
    scopes,
    controller,
    workspace.registerNotebookSerializer(NOTEBOOK_TYPE, serializer, { transientOutputs: true }),
    listenToOutputs(),
    registerCompletion({ connection, tables, names: notebook => scopes.names(notebook) }),
    registerExplain({ messages, documents, resolve, connection: (cell, query) => connectionFor(cell.notebook, query), plan }),
    registerConnectionStatus({ connections, messages, connection }),
    registerCommand('erpnet.notebook.new', {
      interactive: () => newNotebook({ connection: connections.selected()?.id, cells: firstCells() }),
      called: args => newNotebook({ connection: textOf(args, 'connection') ?? connections.selected()?.id, cells: readCells(args) }),
    }, messages),
  )
}

/** An empty notebook explains itself. */
function firstCells(): Parameters<typeof newNotebook>[0]['cells'] {
  return [
    { kind: 'markdown', text: l10n.t('Write a query below, such as Gen_Documents?$top=10, and run it with Ctrl+Enter.') },
    { kind: 'query', text: '' },
  ]
}
