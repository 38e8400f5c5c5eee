import { l10n, QuickPickItemKind, type QuickPickItem, window } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { DomainEntity } from '../../core/model/domain.ts'
import { findEntity } from '../../core/model/find.ts'
import { calledConnection, modelTarget, selectedConnection } from '../platform/target.ts'
import type { Connections, ModelReader } from '../platform/contracts.ts'

/** An entity or a table of one connection. */
export interface Found {
  readonly connection: Connection
  /** Entity set, or table. */
  readonly name: string
  readonly kind: 'entity' | 'table'
}

interface Item extends QuickPickItem {
  readonly found?: Found
}

/** That of the tree's line, else the one that a person picks; undefined where they gave up. */
export async function chosenTarget(connections: Connections, models: ModelReader, argument: unknown): Promise<Found | undefined> {
  const target = modelTarget(argument)
  if (target !== undefined) {
    const { connectionId, of: kind, entitySet, table } = target
    return { connection: connections.get(connectionId), name: (kind === 'entity' ? entitySet : table) ?? target.name, kind }
  }
  const connection = await selectedConnection(connections, l10n.t('Of which connection?'))
  if (connection === undefined) return undefined
  const items = async (): Promise<Item[]> => {
    const [entities, tables] = await Promise.all([models.entities(connection), models.tables(connection).catch(() => [])])
    return [
      { label: l10n.t('Entities'), kind: QuickPickItemKind.Separator },
      ...entities.map((entity): Item => ({ ...entityItem(entity), found: { connection, name: entity.entitySet, kind: 'entity' } })),
      { label: l10n.t('Tables'), kind: QuickPickItemKind.Separator },
      ...tables.map(({ name }): Item => ({ label: name, found: { connection, name, kind: 'table' } })),
    ]
  }
  const title = l10n.t('Describe which entity or table?')
  return (await window.showQuickPick(items(), { title, matchOnDescription: true, matchOnDetail: true }))?.found
}

export function entityItem({ repository, label }: DomainEntity): { label: string; description?: string } {
  return label === undefined ? { label: repository } : { label: repository, description: label }
}

/** That of `{ name, connection? }`. Throws `entity-unknown`, and what the model fails with. */
export async function calledTarget(connections: Connections, models: ModelReader, args: JsonObject): Promise<Found> {
  const connection = calledConnection(connections, args)
  const name = textOf(args, 'name') ?? ''
  const entity = findEntity(await models.entities(connection), name)
  if (entity !== undefined) return { connection, name: entity.entitySet, kind: 'entity' }
  const tables = await models.tables(connection)
  if (tables.some(table => table.name === name)) return { connection, name, kind: 'table' }
  throw new ErpError('entity-unknown', { name })
}
