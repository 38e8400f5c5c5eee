import { window } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { isJsonObject, type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Connections, ModelTarget } from './contracts.ts'

/** The connection that a command acts on. */

/** That of a tree item or a link, else the only one there is, else the one that a person picks; undefined if none. */
export async function chosenConnection(connections: Connections, argument: unknown, title: string): Promise<Connection | undefined> {
  const id = isJsonObject(argument) ? textOf(argument, 'id') : undefined
  if (id !== undefined) return connections.get(id)
  const [only, ...others] = connections.list()
  if (only === undefined) throw new ErpError('no-connection')
  return others.length === 0 ? only : pickConnection(connections.list(), title)
}

/** The one that a program has named. */
export function namedConnection(connections: Connections, args: JsonObject): Connection {
  const id = textOf(args, 'id')
  if (id === undefined) throw new ErpError('connection-invalid', { field: 'id', reason: 'missing' })
  return connections.get(id)
}

/** Lets a person choose one of the connections. */
export async function pickConnection(list: readonly Connection[], title: string): Promise<Connection | undefined> {
  const items = list.map(connection => ({ label: connection.name, description: connection.url, connection }))
  return (await window.showQuickPick(items, { title }))?.connection
}

/** That of a tree item, else the selected one, else one that a person picks. */
export async function selectedConnection(connections: Connections, title: string, argument?: unknown): Promise<Connection | undefined> {
  const id = isJsonObject(argument) ? textOf(argument, 'id') : undefined
  return id === undefined ? connections.selected() ?? chosenConnection(connections, undefined, title) : connections.get(id)
}

/** That of `{ connection? }`, as programs name it; else the selected one. Throws `connection-unknown`, `no-connection`. */
export function calledConnection(connections: Connections, args: JsonObject): Connection {
  const id = textOf(args, 'connection')
  const connection = id === undefined ? connections.selected() : connections.get(id)
  if (connection === undefined) throw new ErpError('no-connection')
  return connection
}

/** What a line of a model tree stands for. */
export function modelTarget(argument: unknown): ModelTarget | undefined {
  return isJsonObject(argument) && isJsonObject(argument['target']) ? argument['target'] as unknown as ModelTarget : undefined
}
