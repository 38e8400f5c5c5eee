import { l10n } from 'vscode'
import { entityExamples, methodExample, modelTypes, type ModelTypes, tableExamples } from '../../core/model/describe/examples.ts'
import { aggregateOf, type AggregateNode, linksFrom, referrers } from '../../core/model/describe/neighbours.ts'
import type { DomainAttribute, DomainEntity, DomainEntityDetails, DomainMethod, DomainReference } from '../../core/model/domain.ts'
import { documentationUrl, shortType, sizedType } from '../../core/model/naming.ts'
import type { Table } from '../../core/model/table.ts'
import { code, codeBlock, plain } from '../platform/markdown.ts'
import { coded, cut, factTable, filterCell, paragraph, section, together } from './pageParts.ts'
import { columnSection, neighbourhood } from './tablePage.ts'

/** What the page of an entity is made of. */
export interface EntityFacts {
  readonly entity: DomainEntityDetails
  /** All entities of the model, in short. */
  readonly entities: readonly DomainEntity[]
  /** In full; undefined where the instance doesn't give them: then it isn't known who refers to the entity. */
  readonly model?: readonly DomainEntityDetails[]
  /** The table behind it, where there is one and the instance tells it. */
  readonly table?: Table
  /** Of the Domain API, with a slash at its end. */
  readonly odataRoot: string
  /** Is it of the standard model, without what the instance has added? */
  readonly standard?: boolean
  /** The connection's name. */
  readonly connection: string
}

/** Everything about one entity. */
export function entityPage(facts: EntityFacts): string {
  const { entity, entities, model, table, odataRoot } = facts
  const others = model === undefined ? [] : referrers(model, entity.entitySet)
  return [
    `# ${plain(entity.repository)}`,
    plain(entity.label === undefined ? l10n.t('An entity of {0}.', facts.connection) : l10n.t('“{0}”, an entity of {1}.', cut(entity.label), facts.connection)),
    ...(facts.standard === true ? [plain(l10n.t('This is the standard model: sign in to see what this instance has added.'))] : []),
    ...paragraph(entity.description),
    factTable(overview(facts)),
    ...aggregateSection(aggregateOf(entities, entity), entity.entitySet),
    ...attributeSection(entity),
    ...enumSections(entity.attributes, table),
    ...referenceSection(entity),
    ...section(l10n.t('Child collections'), [l10n.t('Name'), l10n.t('Holds'), ''], entity.childCollections.map(({ name, target, label }) =>
      [code(name), coded(target), plain(cut(label ?? ''))])),
    ...(model === undefined ? [`## ${plain(l10n.t('Referred to by'))}`, plain(l10n.t('The instance did not give its whole model, so this is not known.'))] : []),
    ...section(l10n.t('Referred to by'), [l10n.t('Entity'), l10n.t('Reference'), ''], others.map(({ from, name, kind }) =>
      [code(from), code(name), kind === 'owner' ? plain(l10n.t('a part of it')) : ''])),
    ...neighbourhood(entity.entitySet, [...linksFrom(entity), ...others]),
    ...methodSection(entity, odataRoot, modelTypes(model ?? [entity])),
    ...(table === undefined ? [] : columnSection(table, l10n.t('The table {0}', table.name))),
    ...querySection(entity, table),
  ].join('\n\n')
}

function overview({ entity, table }: EntityFacts): [string, string | undefined][] {
  return [
    [l10n.t('Entity set'), code(entity.entitySet)],
    [l10n.t('Type'), entity.entityType === undefined ? undefined : code(entity.entityType)],
    [l10n.t('Key'), keyNames(entity, table).map(code).join(', ') || undefined],
    [l10n.t('Table'), entity.table === undefined ? undefined : code(entity.table)],
    [l10n.t('Category'), entity.category === undefined ? undefined : plain(cut(entity.category))],
    [l10n.t('Documentation'), documentation(entity.repository)],
  ]
}

/** Attributes that lie in the table's key; the Domain model itself doesn't mark them (protocol sheet, section 3). */
function keyNames({ attributes }: DomainEntityDetails, table: Table | undefined): string[] {
  const inKey = attributes.filter(attribute => attribute.column !== undefined && table?.key.includes(attribute.column)
    && (attribute.table ?? table.name) === table.name)
  return inKey.length > 0 ? inKey.map(attribute => attribute.name) : attributes.some(({ name }) => name === 'Id') ? ['Id'] : []
}

function documentation(repository: string): string | undefined {
  return /^[\w.]+$/.test(repository) ? `<${documentationUrl(repository)}>` : undefined
}

/** Only where it is a part of something, or has parts. */
function aggregateSection(root: AggregateNode, entitySet: string): string[] {
  if (root.parts.length === 0) return []
  const lines = (node: AggregateNode, indent: string): string[] =>
    [`${indent}${node.entitySet}${node.entitySet === entitySet ? ' ←' : ''}`, ...node.parts.flatMap(part => lines(part, `${indent}  `))]
  return [`## ${plain(l10n.t('Aggregate'))}`, codeBlock(lines(root, '').map(line => line.replaceAll(/[\r\n]/g, ' ')).join('\n'))]
}

function attributeSection({ attributes, table }: DomainEntityDetails): string[] {
  return section(l10n.t('Attributes'), [l10n.t('Attribute'), l10n.t('Type'), l10n.t('Filters'), '', l10n.t('Column')], attributes.map(attribute => [
    code(attribute.name), coded(sizedType(attribute)), filterCell(attribute.filters, 'domain'),
    together([
      attribute.label === undefined ? undefined : plain(cut(attribute.label)),
      ...flags(attribute),
      attribute.custom ? plain(l10n.t('custom property')) : undefined,
      attribute.calculated ? plain(l10n.t('calculated attribute')) : undefined,
      attribute.orderable === true ? plain(l10n.t('can be ordered by')) : undefined,
      attribute.description === undefined ? undefined : plain(cut(attribute.description)),
    ]),
    columnCell(attribute, table),
  ]))
}

/** With its table, where that isn't the entity's own: then it is inherited. */
function columnCell({ table, column }: DomainAttribute | DomainReference, own: string | undefined): string {
  return column === undefined ? '' : code(table === undefined || table === own ? column : `${table}.${column}`)
}

function flags({ readOnly, obsolete }: DomainAttribute | DomainReference): (string | undefined)[] {
  return [readOnly ? plain(l10n.t('read only')) : undefined, obsolete === true ? plain(l10n.t('obsolete')) : undefined]
}

/** What an enumeration's members are in the Domain API, in the model and in the table. */
function enumSections(attributes: readonly DomainAttribute[], table: Table | undefined): string[] {
  return attributes.filter(attribute => attribute.enumValues.length > 0).flatMap(attribute => {
    const stored = table?.columns.find(column => column.attribute === attribute.name)?.enumValues ?? []
    const head = [l10n.t('Name'), l10n.t('In the model'), l10n.t('In the table'), '']
    return section(l10n.t('Values of {0}', attribute.name), head, attribute.enumValues.map(({ name, value, label }) =>
      [code(name), coded(value), coded(stored.find(member => member.name === name)?.code), plain(cut(label ?? ''))]))
  })
}

function referenceSection({ references, table }: DomainEntityDetails): string[] {
  return section(l10n.t('References'), [l10n.t('Reference'), l10n.t('Leads to'), l10n.t('Filters'), '', l10n.t('Column')], references.map(reference => [
    code(reference.name), coded(reference.target + (reference.nullable ? '?' : '')), filterCell(reference.filters, 'domain'),
    together([
      reference.label === undefined ? undefined : plain(cut(reference.label)),
      reference.ownership ? plain(l10n.t('owner')) : undefined,
      ...flags(reference),
      reference.filterable || reference.ownership ? plain(l10n.t('filters may go through it')) : undefined,
      reference.description === undefined ? undefined : plain(cut(reference.description)),
    ]),
    columnCell(reference, table),
  ]))
}

function methodSection({ entitySet, methods }: DomainEntityDetails, root: string, types: ModelTypes): string[] {
  if (methods.length === 0) return []
  return [
    `## ${plain(l10n.t('Methods'))}`,
    plain(l10n.t('How they are called over HTTP. The extension never sends any of this; actions change data.')),
    ...methods.flatMap(method => [
      `### ${plain(method.name)}`,
      together([code(signature(method)), plain(method.isAction ? l10n.t('action') : l10n.t('function'))]),
      ...paragraph(method.description),
      codeBlock(methodExample(root, entitySet, method, types), 'http'),
    ]),
  ]
}

function signature({ name, parameters, returnType }: DomainMethod): string {
  const typed = parameters.map(parameter => `${parameter.name}${parameter.optional === true ? '?' : ''}: ${shortType(parameter.type)}`)
  return `${name}(${typed.join(', ')}): ${shortType(returnType)}`
}

function querySection(entity: DomainEntityDetails, table: Table | undefined): string[] {
  const examples = [...(table === undefined ? [] : tableExamples(table)), ...entityExamples(entity)]
  return examples.length === 0 ? [] : [`## ${plain(l10n.t('Queries to begin with'))}`, ...examples.map(text => codeBlock(text, 'erpnet'))]
}
