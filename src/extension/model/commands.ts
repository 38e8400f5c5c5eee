import { type Disposable, l10n, window } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Table } from '../../core/model/table.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Messages } from '../platform/messages.ts'
import { QueryableNode } from './nodes.ts'
import type { ModelService } from './service.ts'

export interface ModelCommandsOptions {
  readonly connections: Connections
  readonly model: ModelService
  readonly messages: Messages
  /** Puts a query into a new cell: of the notebook that is open, else of a new one. */
  readonly openQuery: (query: { text: string; connection: Connection }) => Promise<unknown>
}

/** The commands `erpnet.model.refresh` and `erpnet.entity.query`. */
export function registerModelCommands(options: ModelCommandsOptions): Disposable[] {
  const { model, messages } = options
  return [
    registerCommand('erpnet.model.refresh', { interactive: () => model.reload() }, messages),
    registerCommand('erpnet.entity.query', {
      interactive: target => queryFromTree(options, target),
      called: args => queryByName(options, args),
    }, messages),
  ]
}

async function queryFromTree(options: ModelCommandsOptions, target: unknown): Promise<void> {
  const { connections, model } = options
  const connection = target instanceof QueryableNode ? connections.get(target.connectionId) : connections.selected()
  if (connection === undefined) throw new ErpError('no-connection')
  const tables = await model.tables(connection)
  const name = target instanceof QueryableNode ? target.table : await window.showQuickPick(tables.map(table => table.name), { title: l10n.t('Query which table?') })
  if (name !== undefined) await open(options, connection, tables, name)
}

/** `{ name, connection? }`: a table, an entity set (`Crm_Sales_SalesOrders`) or a repository (`Crm.Sales.SalesOrders`). */
async function queryByName(options: ModelCommandsOptions, args: JsonObject): Promise<unknown> {
  const { connections, model } = options
  const id = textOf(args, 'connection')
  const connection = id === undefined ? connections.selected() : connections.get(id)
  if (connection === undefined) throw new ErpError('no-connection')
  const name = textOf(args, 'name') ?? ''
  const tables = await model.tables(connection)
  if (tables.some(table => table.name === name)) return open(options, connection, tables, name)
  const entity = (await model.entities(connection)).find(({ entitySet, repository }) => [entitySet, repository].includes(name))
  return open(options, connection, tables, entity?.table ?? name)
}

/** A query that shows the first columns by name is easier to change than one that shows them all. */
const COLUMNS_SHOWN = 8

async function open(
  { openQuery }: ModelCommandsOptions, connection: Connection, tables: readonly Table[], name: string,
): Promise<unknown> {
  const table = tables.find(candidate => candidate.name === name)
  if (table === undefined) throw new ErpError('table-unknown', { table: name })
  const select = table.columns.slice(0, COLUMNS_SHOWN).map(column => column.name).join(',')
  return openQuery({ connection, text: `${table.name}\n  ?$select=${select}\n  &$top=100` })
}
