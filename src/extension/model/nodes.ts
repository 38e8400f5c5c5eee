import { l10n, MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type {
  DomainAttribute, DomainEntity, DomainEntityDetails, DomainMethod, DomainReference,
} from '../../core/model/domain.ts'
import type { Column, Table } from '../../core/model/table.ts'
import type { ModelTarget } from '../platform/contracts.ts'

/** One line of a model tree. */
export class ModelNode {
  readonly item: TreeItem
  readonly children: () => Promise<ModelNode[]>

  constructor(item: TreeItem, children: () => ModelNode[] | Promise<ModelNode[]> = () => []) {
    this.item = item
    this.children = async () => children()
  }
}

/** A line that stands for an entity or a table; the menu's commands get it. */
export class NamedNode extends ModelNode implements ModelTarget {
  readonly connectionId: string
  readonly name: string
  readonly kind: ModelTarget['kind']

  constructor(item: TreeItem, children: () => ModelNode[] | Promise<ModelNode[]>, target: ModelTarget) {
    super(item, children)
    this.connectionId = target.connectionId
    this.name = target.name
    this.kind = target.kind
  }
}

/** One that can be queried. */
export class QueryableNode extends NamedNode {
  /** The table to query: an entity's own, or the table itself. */
  readonly table: string

  constructor(item: TreeItem, children: () => ModelNode[] | Promise<ModelNode[]>, target: ModelTarget, table: string) {
    super(item, children, target)
    this.table = table
  }
}

export type ReadEntity = (connection: Connection, entitySet: string) => Promise<DomainEntityDetails>

/** Entities by namespace: `Crm.Sales`, then `SalesOrders`. */
export function domainNodes(entities: readonly DomainEntity[], connection: Connection, read: ReadEntity): ModelNode[] {
  const namespaces = Map.groupBy(entities, entity => namespaceOf(entity.repository))
  return [...namespaces].map(([namespace, members]) => folder(namespace, 'symbol-namespace', String(members.length), () =>
    members.map(entity => entityNode(entity, connection, read))))
}

/** Tables and views, each with its columns and references. */
export function tableNodes(tables: readonly Table[], connection: Connection): ModelNode[] {
  return tables.map(table => {
    const item = new TreeItem(table.name, TreeItemCollapsibleState.Collapsed)
    item.iconPath = new ThemeIcon('table')
    item.contextValue = 'table'
    item.tooltip = l10n.t('{0}: {1} columns, {2} references', table.name, String(table.columns.length), String(table.references.length))
    const children = (): ModelNode[] => [
      ...table.columns.map(column => columnNode(column, table)),
      ...table.references.map(reference => leaf(reference.name, 'references', `→ ${reference.target}`, [reference.columns.join(', ')])),
    ]
    return new QueryableNode(item, children, { connectionId: connection.id, name: table.name, kind: 'table' }, table.name)
  })
}

function entityNode(entity: DomainEntity, connection: Connection, read: ReadEntity): ModelNode {
  const item = new TreeItem(lastPart(entity.repository), TreeItemCollapsibleState.Collapsed)
  item.iconPath = new ThemeIcon(entity.isAggregateRoot ? 'symbol-class' : 'symbol-structure')
  if (entity.label !== undefined && !saysTheSame(entity.label, lastPart(entity.repository))) item.description = entity.label
  item.tooltip = tooltip(entity.repository, [
    entity.entitySet,
    ...(entity.table === undefined ? [] : [l10n.t('Table: {0}', entity.table)]),
    ...(entity.isAggregateRoot ? [l10n.t('Aggregate root')] : []),
  ], entity.description)
  const children = async (): Promise<ModelNode[]> => memberFolders(await read(connection, entity.entitySet))
  const target: ModelTarget = { connectionId: connection.id, name: entity.entitySet, kind: 'entity' }
  item.contextValue = entity.table === undefined ? 'entity' : 'entity.withTable'
  return entity.table === undefined ? new NamedNode(item, children, target) : new QueryableNode(item, children, target, entity.table)
}

/** Attributes, references, child collections and methods; what an entity hasn't got is left out. */
function memberFolders(entity: DomainEntityDetails): ModelNode[] {
  const { attributes, references, childCollections, methods } = entity
  const folders: [title: string, icon: string, nodes: ModelNode[]][] = [
    [l10n.t('Attributes'), 'symbol-field', attributes.map(attributeNode)],
    [l10n.t('References'), 'references', references.map(referenceNode)],
    [l10n.t('Child collections'), 'list-tree', childCollections.map(({ name, target, label, description }) =>
      leaf(name, 'list-tree', `→ ${target}`, [label], description))],
    [l10n.t('Methods'), 'symbol-method', methods.map(methodNode)],
  ]
  return folders
    .filter(([, , nodes]) => nodes.length > 0)
    .map(([title, icon, nodes]) => folder(title, icon, String(nodes.length), () => nodes))
}

function attributeNode(attribute: DomainAttribute): ModelNode {
  const { name, label, type, nullable, readOnly, custom, calculated, enumValues, description } = attribute
  const icon = custom ? 'symbol-property' : calculated ? 'symbol-numeric' : enumValues.length > 0 ? 'symbol-enum' : iconOf(type)
  return leaf(name, icon, shortType(type, nullable), [
    label,
    ...(readOnly ? [l10n.t('read only')] : []),
    ...(custom ? [l10n.t('custom property')] : []),
    ...(calculated ? [l10n.t('calculated attribute')] : []),
    ...(enumValues.length > 0 ? [enumValues.map(value => value.name).join(', ')] : []),
  ], description)
}

function referenceNode({ name, label, target, nullable, readOnly, ownership, description }: DomainReference): ModelNode {
  return leaf(name, ownership ? 'type-hierarchy-super' : 'references', `→ ${target}${nullable ? '?' : ''}`, [
    label,
    ...(ownership ? [l10n.t('owner')] : []),
    ...(readOnly ? [l10n.t('read only')] : []),
  ], description)
}

function methodNode({ name, label, isAction, returnType, parameters, description }: DomainMethod): ModelNode {
  const signature = parameters.map(parameter => `${parameter.name}: ${shortType(parameter.type, false)}`).join(', ')
  return leaf(name, isAction ? 'symbol-method' : 'symbol-function', `(${signature}): ${shortType(returnType, false)}`, [
    label,
    isAction ? l10n.t('action') : l10n.t('function'),
  ], description)
}

function columnNode(column: Column, table: Table): ModelNode {
  const isKey = table.key.includes(column.name)
  const { precision, scale = 0, maxLength } = column
  const size = precision !== undefined ? `(${precision},${scale})` : maxLength !== undefined ? `(${maxLength})` : ''
  const type = shortType(column.type, false) + size + (column.nullable ? '?' : '')
  return leaf(column.name, isKey ? 'key' : iconOf(column.type), type, [column.type, ...(isKey ? [l10n.t('key')] : [])])
}

function folder(label: string, icon: string, description: string, nodes: () => ModelNode[]): ModelNode {
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed)
  item.iconPath = new ThemeIcon(icon)
  item.description = description
  return new ModelNode(item, nodes)
}

function leaf(name: string, icon: string, description: string, facts: readonly (string | undefined)[], text?: string): ModelNode {
  const item = new TreeItem(name)
  item.iconPath = new ThemeIcon(icon)
  item.description = description
  item.tooltip = tooltip(name, [description, ...facts.filter(fact => fact !== undefined && fact !== '')] as string[], text)
  return new ModelNode(item)
}

/** What the server wrote goes in as text, never as Markdown. */
function tooltip(title: string, facts: readonly string[], description?: string): MarkdownString {
  const text = new MarkdownString()
  text.appendText(title)
  for (const fact of facts) text.appendMarkdown('\n\n').appendText(fact)
  if (description !== undefined) text.appendMarkdown('\n\n---\n\n').appendText(description)
  return text
}

function iconOf(type: string): string {
  switch (type) {
    case 'Edm.String': return 'symbol-string'
    case 'Edm.Boolean': return 'symbol-boolean'
    case 'Edm.Guid': return 'symbol-misc'
    case 'Edm.Date': case 'Edm.DateTimeOffset': case 'Edm.TimeOfDay': case 'Edm.Duration': return 'calendar'
    case 'Edm.Byte': case 'Edm.Int16': case 'Edm.Int32': case 'Edm.Int64': case 'Edm.Decimal': case 'Edm.Double': return 'symbol-number'
    case 'Edm.Binary': return 'file-binary'
    default: return 'symbol-field'
  }
}

/** `Edm.Guid` is `Guid`, and may be null: `Guid?`. */
function shortType(type: string, nullable: boolean): string {
  return type.replace(/\b(Edm|Erp)\./g, '') + (nullable ? '?' : '')
}

/** `Sales orders` adds nothing to `SalesOrders`. */
function saysTheSame(label: string, name: string): boolean {
  return label.replace(/\s/g, '').toLowerCase() === name.toLowerCase()
}

function namespaceOf(repository: string): string {
  const dot = repository.lastIndexOf('.')
  return dot < 0 ? repository : repository.slice(0, dot)
}

function lastPart(repository: string): string {
  return repository.slice(repository.lastIndexOf('.') + 1)
}
