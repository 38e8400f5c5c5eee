import { l10n } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { Column, ColumnEnumValue, Table, TableReference } from '../../core/model/table.ts'
import { labelBeside, sizedType } from '../../core/model/naming.ts'
import type { ModelTarget } from '../platform/contracts.ts'
import { filterBadges, filterWords, iconOf, joined, tooltip } from './nodeText.ts'
import { ModelNode } from './treeNode.ts'

/** Tables and views as lines, each with its columns and references; references open onto the table that they lead to. */
export class TableTree {
  readonly #tables: readonly Table[]
  readonly #byName: ReadonlyMap<string, Table>
  readonly #connection: Connection

  constructor(tables: readonly Table[], connection: Connection) {
    this.#tables = tables
    this.#byName = new Map(tables.map(table => [table.name, table]))
    this.#connection = connection
  }

  roots(): ModelNode[] {
    return this.#tables.map(table => new ModelNode(table.name, {
      icon: 'table',
      tooltip: tooltip({
        title: table.name,
        facts: [
          l10n.t('Columns: {0}, references: {1}', String(table.columns.length), String(table.references.length)),
          table.key.length > 0 ? l10n.t('Key: {0}', table.key.join(', ')) : undefined,
          table.entitySet === undefined ? undefined : l10n.t('Entity: {0}', table.entitySet),
        ],
      }),
      target: this.#target(table, [], table.name),
      context: table.entitySet === undefined ? 'table' : 'table.withEntity',
      children: () => this.#members(table, []),
    }))
  }

  #members(table: Table, path: readonly string[]): ModelNode[] {
    return [
      ...(table.problem === undefined ? [] : [new ModelNode(l10n.t('Its description can’t be read'), { icon: 'warning', description: table.problem })]),
      ...table.columns.map(column => this.#columnNode(column, table, path)),
      ...table.references.map(reference => this.#referenceNode(reference, table, path)),
    ]
  }

  #columnNode(column: Column, table: Table, path: readonly string[]): ModelNode {
    const { name, filters, attribute, custom, obsolete, label, enumValues = [] } = column
    const isKey = table.key.includes(name)
    return new ModelNode(name, {
      icon: isKey ? 'key' : enumValues.length > 0 ? 'symbol-enum' : custom === true ? 'symbol-property' : iconOf(column.type),
      description: joined(
        sizedType(column), filterBadges(filters), obsolete === true ? l10n.t('obsolete') : undefined, labelBeside(attribute ?? name, label),
      ),
      tooltip: tooltip({
        title: name,
        label,
        facts: [
          `${column.type} ${sizedType(column)}`,
          isKey ? l10n.t('Key') : undefined,
          filterWords(filters),
          attribute === undefined ? undefined : l10n.t('Attribute: {0}', joined(table.entitySet, attribute)),
          obsolete === true ? l10n.t('Obsolete: not to be used any more') : undefined,
        ],
      }),
      target: this.#target(table, path, name),
      context: 'column',
      ...(enumValues.length > 0 && { children: () => enumValues.map(value => enumValueNode(value, column, this.#target(table, path, value.name))) }),
    })
  }

  #referenceNode({ name, target, columns, owner, filterable }: TableReference, table: Table, path: readonly string[]): ModelNode {
    const to = this.#byName.get(target)
    return new ModelNode(name, {
      icon: owner === true ? 'type-hierarchy-super' : 'references',
      description: `→ ${target}`,
      tooltip: tooltip({
        title: name,
        facts: [
          `${columns.join(', ')} → ${target}`,
          owner === true ? l10n.t('Owner: filters may always go through it')
            : filterable === true ? l10n.t('Filters may go through it') : filterable === false ? l10n.t('No filter may go through it') : undefined,
        ],
      }),
      target: this.#target(to ?? table, path, name),
      context: 'reference',
      ...(to !== undefined && { children: () => this.#members(to, [...path, name]) }),
    })
  }

  #target(table: Table, path: readonly string[], name: string): ModelTarget {
    return {
      connectionId: this.#connection.id,
      of: 'table',
      name,
      path: [...path, name].join('/'),
      table: table.name,
      ...(table.entitySet === undefined ? {} : { entitySet: table.entitySet }),
    }
  }
}

/** What the table holds for a value is written into queries; where the model doesn't tell it, its name is no help there. */
function enumValueNode({ name, value, code, label }: ColumnEnumValue, { type }: Column, target: ModelTarget): ModelNode {
  const literal = code === undefined || type !== 'Edm.String' ? code : `'${code}'`
  return new ModelNode(name, {
    icon: 'symbol-enum-member',
    description: joined(code ?? (value === undefined ? undefined : l10n.t('in the Domain API: {0}', value)), labelBeside(name, label)),
    target: { ...target, path: literal ?? name },
    context: 'enumValue',
  })
}
