import { type Disposable, env, l10n, Uri, window } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { type Instance, site } from '../../core/instance/instance.ts'
import { findEntity, findTable } from '../../core/model/find.ts'
import { documentationUrl } from '../../core/model/naming.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections, ModelTarget } from '../platform/contracts.ts'
import type { Messages } from '../platform/messages.ts'
import { calledConnection } from '../platform/target.ts'
import { type DomainFilter, filterDetail, FILTERS, filterTitle } from './domainFilter.ts'
import { pickModelItem, type SearchAction, type SearchModel } from './searchPick.ts'
import type { ModelService } from './service.ts'
import { ModelNode } from './treeNode.ts'

export interface ModelCommandsOptions {
  readonly connections: Connections
  readonly model: ModelService
  readonly search: SearchModel
  readonly messages: Messages
  readonly filter: DomainFilter
  /** Finds the instance without signing in to it. */
  readonly instance: (connection: Connection) => Promise<Instance>
  /** Shows an item in the trees. */
  readonly reveal: (item: FoundItem, connection: Connection) => Promise<void>
  /** Puts a query into a new cell: of the notebook that is open, else of a new one. */
  readonly openQuery: (query: { text: string; connection: Connection }) => Promise<unknown>
  /** Writes a text where the cursor is; false where there is no cell or editor to write into. */
  readonly insert: (text: string) => Promise<boolean>
}

/** The commands of the model trees and of the search, except those that make pages, types and comparisons. */
export function registerModelCommands(options: ModelCommandsOptions): Disposable[] {
  const { connections, model, messages, filter } = options
  const onTarget = (id: string, title: string, act: (target: ModelTarget, connection: Connection) => unknown): Disposable =>
    registerCommand(id, {
      interactive: async argument => {
        const chosen = await chosenTarget(options, argument, title)
        if (chosen !== undefined) await act(chosen.target, chosen.connection)
      },
    }, messages)
  return [
    registerCommand('erpnet.model.refresh', { interactive: () => model.reload(selected(connections)) }, messages),
    registerCommand('erpnet.model.search', { interactive: () => goTo(options) }, messages),
    registerCommand('erpnet.model.filter', { interactive: () => chooseFilter(filter) }, messages),
    registerCommand('erpnet.entity.query', {
      interactive: async argument => {
        const chosen = await chosenTarget(options, argument, l10n.t('Query which table or entity?'))
        if (chosen !== undefined) await query(options, chosen.target, chosen.connection)
      },
      called: args => queryByName(options, args),
    }, messages),
    onTarget('erpnet.model.copyName', l10n.t('Copy which name?'), target => env.clipboard.writeText(target.name)),
    onTarget('erpnet.model.insert', l10n.t('Insert which name?'), (target, connection) => insert(options, target, connection)),
    onTarget('erpnet.model.openDocumentation', l10n.t('Open the documentation of which entity?'), (target, connection) =>
      openDocumentation(options, target, connection)),
    onTarget('erpnet.model.openQueryBuilder', l10n.t('Open which entity in the query builder?'), (target, connection) =>
      openQueryBuilder(options, target, connection)),
    ...[true, false].map(mine => onTarget(
      mine ? 'erpnet.model.addToMine' : 'erpnet.model.removeFromMine',
      mine ? l10n.t('Add which entity to yours?') : l10n.t('Remove which entity from yours?'),
      async (target, connection) => filter.setMine(connection, await entitySetOf(model, target, connection), mine),
    )),
  ]
}

/** What the tree's line stands for, else what a person finds by typing. */
async function chosenTarget(
  { connections, search }: ModelCommandsOptions, argument: unknown, title: string,
): Promise<{ target: ModelTarget; connection: Connection } | undefined> {
  const { target } = argument instanceof ModelNode ? argument : { target: undefined }
  if (target !== undefined) return { target, connection: connections.get(target.connectionId) }
  const connection = selected(connections)
  const item = await pickModelItem({ connection, search, title })
  return item === undefined ? undefined : { target: toTarget(item, connection), connection }
}

function selected(connections: Connections): Connection {
  const connection = connections.selected()
  if (connection === undefined) throw new ErpError('no-connection')
  return connection
}

function toTarget({ kind, of, name }: FoundItem, { id: connectionId }: Connection): ModelTarget {
  return {
    connectionId,
    name: kind === 'entity' ? of : name,
    path: kind === 'entity' ? of : kind === 'enumValue' ? `'${name}'` : name,
    ...(kind === 'table' || kind === 'column' ? { of: 'table', table: of } : { of: 'entity', entitySet: of }),
  }
}

async function goTo(options: ModelCommandsOptions): Promise<void> {
  const { connections, search, reveal, messages } = options
  const connection = selected(connections)
  const action = (icon: string, tooltip: string, act: (target: ModelTarget) => Promise<unknown>): SearchAction => ({
    icon,
    tooltip,
    run: item => void act(toTarget(item, connection)).catch((error: unknown) => messages.showError(error)),
  })
  const item = await pickModelItem({
    connection,
    search,
    title: l10n.t('Go to in the model of {0}', connection.name),
    actions: [
      action('play', l10n.t('Query'), target => query(options, target, connection)),
      action('insert', l10n.t('Insert at the cursor'), target => insert(options, target, connection)),
    ],
  })
  if (item !== undefined) await reveal(item, connection)
}

async function chooseFilter(filter: DomainFilter): Promise<void> {
  const choices = FILTERS.map(name => ({
    label: filterTitle(name), detail: filterDetail(name), name,
    ...(name === filter.chosen && { description: l10n.t('shown now') }),
  }))
  const choice = await window.showQuickPick(choices, { title: l10n.t('Which entities does the tree show?') })
  if (choice !== undefined) await filter.choose(choice.name)
}

/** Where no cell is open, a new one is made. */
async function insert({ insert: write, openQuery }: ModelCommandsOptions, { path }: ModelTarget, connection: Connection): Promise<void> {
  if (!await write(path)) await openQuery({ text: path, connection })
}

async function openDocumentation({ model }: ModelCommandsOptions, target: ModelTarget, connection: Connection): Promise<void> {
  const entitySet = await entitySetOf(model, target, connection)
  const entity = (await model.entities(connection)).find(each => each.entitySet === entitySet)
  await env.openExternal(Uri.parse(documentationUrl(entity?.repository ?? entitySet.replaceAll('_', '.'))))
}

/** The set alone: VS Code would encode the query behind it. */
async function openQueryBuilder({ model, instance }: ModelCommandsOptions, target: ModelTarget, connection: Connection): Promise<void> {
  const { url } = site(await instance(connection), 'DomainAPI')
  await env.openExternal(Uri.parse(`${url}/domain/querybuilder#${await entitySetOf(model, target, connection)}`))
}

/** A table that no entity is known of has no pages either. */
async function entitySetOf(model: ModelService, { entitySet, table = '' }: ModelTarget, connection: Connection): Promise<string> {
  const known = entitySet ?? (await model.table(connection, table)).entitySet
  if (known === undefined) throw new ErpError('entity-unknown', { name: table })
  return known
}

async function query(options: ModelCommandsOptions, { table, entitySet = '' }: ModelTarget, connection: Connection): Promise<unknown> {
  if (table !== undefined) return queryTable(options, connection, table)
  const entity = (await options.model.entities(connection)).find(each => each.entitySet === entitySet)
  return entity?.table === undefined
    ? options.openQuery({ connection, text: `domain/${entitySet}\n  ?$top=100` })
    : queryTable(options, connection, entity.table)
}

/** `{ name, connection? }`: a table, an entity set (`Crm_Sales_SalesOrders`) or a repository (`Crm.Sales.SalesOrders`). */
async function queryByName(options: ModelCommandsOptions, args: JsonObject): Promise<unknown> {
  const { connections, model } = options
  const connection = calledConnection(connections, args)
  const name = textOf(args, 'name') ?? ''
  const tables = await model.tables(connection)
  if (tables.some(table => table.name === name)) return queryTable(options, connection, name)
  const entity = findEntity(await model.entities(connection), name)
  if (entity === undefined) return queryTable(options, connection, name)
  return query(options, { ...toTarget({ kind: 'entity', name, of: entity.entitySet }, connection), ...(entity.table && { table: entity.table }) }, connection)
}

/** A query that shows the first columns by name is easier to change than one that shows them all. */
const COLUMNS_SHOWN = 8

async function queryTable({ model, openQuery }: ModelCommandsOptions, connection: Connection, name: string): Promise<unknown> {
  const table = findTable(await model.tables(connection), name)
  const select = table.columns.slice(0, COLUMNS_SHOWN).map(column => column.name).join(',')
  return openQuery({ connection, text: `${table.name}\n  ?$select=${select}\n  &$top=100` })
}
