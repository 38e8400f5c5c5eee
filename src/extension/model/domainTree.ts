import { l10n } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type {
  DomainAttribute, DomainChildCollection, DomainEntity, DomainEntityDetails, DomainEnumValue, DomainMethod,
  DomainReference,
} from '../../core/model/domain.ts'
import { compareText } from '../../core/model/describe/neighbours.ts'
import { documentationUrl, labelBeside, lastPart, namespaceOf, shortType, sizedType } from '../../core/model/naming.ts'
import type { ModelTarget } from '../platform/contracts.ts'
import { filterBadges, filterWords, iconOf, joined, tooltip } from './nodeText.ts'
import { ModelNode } from './treeNode.ts'

export interface DomainTreeOptions {
  readonly connection: Connection
  readonly entities: readonly DomainEntity[]
  readonly read: (entitySet: string) => Promise<DomainEntityDetails>
  /** Is the entity one of those that a person has marked as theirs? */
  readonly isMine: (entity: DomainEntity) => boolean
  readonly shows: (entity: DomainEntity) => boolean
  /** Only what this instance has added to the standard model. */
  readonly customOnly: boolean
}

/** Where a member stands: its entity, and the references that were followed to it. */
interface Place {
  readonly entity: DomainEntity
  readonly path: readonly string[]
}

/**
 * The Domain model as lines: namespaces, entities, then attributes, references, child collections and methods.
 * References and child collections open onto the entity that they lead to, to any depth.
 */
export class DomainTree {
  readonly #options: DomainTreeOptions
  readonly #bySet: ReadonlyMap<string, DomainEntity>

  constructor(options: DomainTreeOptions) {
    this.#options = options
    this.#bySet = new Map(options.entities.map(entity => [entity.entitySet, entity]))
  }

  roots(): ModelNode[] {
    const namespaces = Map.groupBy(this.#options.entities.filter(this.#options.shows), entity => namespaceOf(entity.repository))
    const sorted = [...namespaces].sort(([a], [b]) => compareText(a, b))
    return sorted.map(([namespace, members]) => new ModelNode(namespace, {
      icon: 'symbol-namespace',
      description: String(members.length),
      children: () => members.map(entity => this.#entityNode(entity)),
    }))
  }

  #entityNode(entity: DomainEntity): ModelNode {
    const { entitySet, repository, table, label, category, isAggregateRoot, aggregateRoot } = entity
    const name = lastPart(repository)
    const isMine = this.#options.isMine(entity)
    return new ModelNode(name, {
      icon: isMine ? 'star-full' : isAggregateRoot ? 'symbol-class' : 'symbol-structure',
      description: joined(labelBeside(name, label)),
      tooltip: tooltip({
        title: repository,
        label,
        facts: [
          l10n.t('Entity set: {0}', entitySet),
          table === undefined ? undefined : l10n.t('Table: {0}', table),
          isAggregateRoot ? l10n.t('Aggregate root') : aggregateRoot && l10n.t('Part of the aggregate {0}', aggregateRoot),
          category,
        ],
        description: entity.description,
        links: [{ title: l10n.t('Documentation'), url: documentationUrl(repository) }],
      }),
      target: this.#target({ entity, path: [] }, entitySet),
      context: `entity${table === undefined ? '' : '.withTable'}${isMine ? '.mine' : ''}`,
      children: () => this.#members({ entity, path: [] }),
    })
  }

  /** Folders of members; what an entity hasn't got is left out. */
  async #members({ entity, path }: Place): Promise<ModelNode[]> {
    const { attributes, references, childCollections, methods } = await this.#options.read(entity.entitySet)
    const at = { entity, path }
    if (this.#options.customOnly) return attributes.filter(isAdded).map(attribute => this.#attributeNode(attribute, at))
    const folders: [title: string, icon: string, nodes: ModelNode[]][] = [
      [l10n.t('Attributes'), 'symbol-field', attributes.map(attribute => this.#attributeNode(attribute, at))],
      [l10n.t('References'), 'references', references.map(reference => this.#referenceNode(reference, at))],
      [l10n.t('Child collections'), 'list-tree', childCollections.map(collection => this.#collectionNode(collection, at))],
      [l10n.t('Methods'), 'symbol-method', methods.map(method => this.#methodNode(method, at))],
    ]
    return folders
      .filter(([, , nodes]) => nodes.length > 0)
      .map(([title, icon, nodes]) => new ModelNode(title, { icon, description: String(nodes.length), children: () => nodes }))
  }

  #attributeNode(attribute: DomainAttribute, at: Place): ModelNode {
    const { name, label, filters, readOnly, custom, calculated, obsolete, enumValues, category, table, column } = attribute
    return new ModelNode(name, {
      icon: custom ? 'symbol-property' : calculated ? 'symbol-numeric' : enumValues.length > 0 ? 'symbol-enum' : iconOf(attribute.type),
      description: joined(sizedType(attribute), filterBadges(filters), ...flags(attribute), labelBeside(name, label)),
      tooltip: tooltip({
        title: name,
        label,
        facts: [
          sizedType(attribute),
          filterWords(filters),
          column === undefined ? undefined : l10n.t('Column: {0}', table === undefined ? column : `${table}.${column}`),
          custom ? l10n.t('Custom property of this instance') : calculated ? l10n.t('Calculated attribute of this instance') : undefined,
          readOnly ? l10n.t('Read only') : undefined,
          obsolete === true ? l10n.t('Obsolete: not to be used any more') : undefined,
          category,
        ],
        description: attribute.description,
      }),
      target: this.#target(at, name),
      context: 'attribute',
      ...(enumValues.length > 0 && { children: () => enumValues.map(value => enumValueNode(value, this.#target(at, value.name))) }),
    })
  }

  #referenceNode(reference: DomainReference, at: Place): ModelNode {
    const { name, label, target, nullable, readOnly, ownership, filterable, filters } = reference
    return new ModelNode(name, {
      icon: ownership ? 'type-hierarchy-super' : 'references',
      description: joined(`→ ${target}${nullable ? '?' : ''}`, filterBadges(filters), ...flags(reference), labelBeside(name, label)),
      tooltip: tooltip({
        title: name,
        label,
        facts: [
          `→ ${target}`,
          ownership ? l10n.t('Owner: filters may always go through it') : filterable ? l10n.t('Filters may go through it') : l10n.t('No filter may go through it'),
          filterWords(filters),
          readOnly ? l10n.t('Read only') : undefined,
        ],
        description: reference.description,
      }),
      context: 'reference',
      ...this.#leadsTo(target, at, name),
    })
  }

  #collectionNode({ name, label, target, description }: DomainChildCollection, at: Place): ModelNode {
    return new ModelNode(name, {
      icon: 'list-tree',
      description: joined(`→ ${target}`, labelBeside(name, label)),
      tooltip: tooltip({ title: name, label, facts: [`→ ${target}`], description }),
      context: 'collection',
      ...this.#leadsTo(target, at, name),
    })
  }

  #methodNode({ name, label, isAction, returnType, parameters, description }: DomainMethod, at: Place): ModelNode {
    const signature = parameters.map(each => `${each.name}${each.optional === true ? '?' : ''}: ${shortType(each.type)}`).join(', ')
    return new ModelNode(name, {
      icon: isAction ? 'symbol-method' : 'symbol-function',
      description: `(${signature}): ${shortType(returnType)}`,
      tooltip: tooltip({ title: name, label, facts: [`${name}(${signature}): ${shortType(returnType)}`, isAction ? l10n.t('Action') : l10n.t('Function')], description }),
      target: this.#target(at, name),
      context: 'method',
      ...(parameters.length > 0 && {
        children: () => parameters.map(each => new ModelNode(each.name, {
          icon: 'symbol-parameter',
          description: joined(shortType(each.type), each.optional === true ? l10n.t('optional') : undefined),
        })),
      }),
    })
  }

  /** A reference into nowhere can't be opened. */
  #leadsTo(entitySet: string, { entity: from, path }: Place, name: string): { target: ModelTarget; children?: () => Promise<ModelNode[]> } {
    const entity = this.#bySet.get(entitySet)
    const way = [...path, name]
    if (entity === undefined) return { target: this.#target({ entity: from, path }, name) }
    return {
      target: { ...this.#target({ entity, path }, name), path: way.join('/') },
      children: () => this.#members({ entity, path: way }),
    }
  }

  #target({ entity, path }: Place, name: string): ModelTarget {
    return {
      connectionId: this.#options.connection.id,
      of: 'entity',
      name,
      path: [...path, name].join('/'),
      entitySet: entity.entitySet,
      ...(entity.table === undefined ? {} : { table: entity.table }),
    }
  }
}

function isAdded({ custom, calculated }: DomainAttribute): boolean {
  return custom || calculated
}

/** What one should know before one uses it, in words. */
function flags({ readOnly, obsolete, custom, calculated }: { readOnly: boolean; obsolete?: boolean; custom?: boolean; calculated?: boolean }): string[] {
  return [
    ...(custom === true ? [l10n.t('custom')] : []),
    ...(calculated === true ? [l10n.t('calculated')] : []),
    ...(obsolete === true ? [l10n.t('obsolete')] : []),
    ...(readOnly ? [l10n.t('read only')] : []),
  ]
}

function enumValueNode({ name, value, label }: DomainEnumValue, target: ModelTarget): ModelNode {
  return new ModelNode(name, {
    icon: 'symbol-enum-member',
    description: joined(value, labelBeside(name, label)),
    target: { ...target, path: `'${name}'` },
    context: 'enumValue',
  })
}
