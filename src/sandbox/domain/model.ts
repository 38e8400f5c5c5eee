import type { AttributeFacts, Column, MemberFacts, Method, ReferenceFacts, Schema } from '../data/schema.ts'
import type { Language } from './culture.ts'
import type { DomainAttribute, DomainCollection, DomainEntity, DomainReference } from './entities.ts'
import { attributeDescription, localName, repositoryDescription } from './words.ts'

/** The JSON of `standardmodel` and `currentmodel` (protocol sheet, section 3, "Model endpoints"). */

/** A repository in short; properties without a value are left out. */
export function compactRepository(entity: DomainEntity, language: Language): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(repository(entity, language)).filter(([, value]) => value !== null))
}

/** A repository in full; properties without a value stay, as null. */
export function detailedRepository(
  schema: Schema, entity: DomainEntity, language: Language,
): Readonly<Record<string, unknown>> {
  return {
    ...repository(entity, language),
    Attributes: entity.attributes.map(attribute => attributeJson(schema, entity, attribute, language)),
    References: entity.references.map(reference => referenceJson(entity, reference, language)),
    ChildCollections: entity.collections.map((collection, index) => collectionJson(collection, index, language)),
    Methods: entity.methods.map(method => methodJson(entity, method)),
  }
}

function repository(domainEntity: DomainEntity, language: Language) {
  const { entity, parent, root } = domainEntity
  return {
    Name: entity.set,
    TableName: isHidden(domainEntity) ? null : entity.table.name,
    RepositoryName: entity.repository,
    LocalizedName: localName(entity.repository.slice(entity.repository.lastIndexOf('.') + 1), language),
    LocalizedDescription: repositoryDescription(entity.repository, language),
    IsAggregateRoot: parent === undefined && !entity.table.view,
    AggregateParent: parent?.set ?? null,
    AggregateRoot: root?.set ?? null,
    ObjectType: `Erp.${entity.type}`,
    Category: entity.category,
    UIVisibility: 'Visible',
  }
}

function attributeJson(schema: Schema, entity: DomainEntity, attribute: DomainAttribute, language: Language) {
  const { name, type, kind, table, column, facts } = attribute
  const persistent = kind === 'stored' || kind === 'custom'
  // Of a new record the key is given.
  const writable = persistent && (!facts.readonly || column?.key === true)
  const members = schema.enums.get(facts.enum ?? '')
  return {
    Name: name,
    ColumnName: ownColumn(entity, table, column),
    Type: type,
    LocalizedName: localName(name, language),
    LocalizedDescription: attributeDescription(name, language),
    IsCustomProperty: kind === 'custom',
    IsCalculatedDataAttribute: kind === 'calculated',
    SupportsAllowedValues: kind === 'custom',
    LimitToAllowedValues: members !== undefined,
    CategoryId: facts.category.replaceAll(' ', ''),
    CategoryLocalizedName: localName(facts.category, language),
    IsBlob: column?.type === 'varbinary',
    SupportsSet: writable,
    ReadOnly: facts.readonly,
    IsPersistent: persistent,
    BaseInfo: baseInfo(entity, attribute, column?.key !== true && !writable),
    ...(members && {
      enumValues: members.map(member => ({
        Value: member.value, Name: member.name, LocalizedName: localName(member.name, language),
        LocalizedDescription: null,
      })),
    }),
  }
}

interface Member extends Pick<DomainAttribute, 'name' | 'table' | 'column'> {
  readonly facts: MemberFacts & Partial<AttributeFacts & ReferenceFacts>
}

/** All fields that ERP.net documents; what the sandbox knows nothing of has the value that says nothing. */
function baseInfo(entity: DomainEntity, { name, table, column, facts }: Member, computed: boolean) {
  const { filters, nullable, obsolete, shows, orderable = false, filterable = false } = facts
  const multilanguage = column?.multilanguage === true
  const base = shows ?? (isHidden(entity) ? undefined : { table, column })
  return {
    RepositoryName: entity.entity.repository,
    LogicalOrder: 0,
    Internal: false,
    Nullable: nullable,
    IsDelayLoading: column?.type === 'varbinary',
    Orderable: orderable,
    Indexed: column?.key ?? false,
    MaxLength: column?.length ?? null,
    Precision: column?.precision ?? null,
    Scale: column?.scale ?? null,
    DateTimeStorageType: column?.type === 'date' ? 'Date' : column?.type === 'datetime' ? 'DateTime' : null,
    DateTimeUtc: (column?.name ?? name).endsWith('Utc'),
    SupportedFilters: filters.size > 0 ? [...filters].join(', ') : 'NotFilterable',
    IsFilterableReference: filterable,
    SecurityCrucial: false,
    AllowTrackChanges: !computed,
    DefaultValueType: column?.key ? 'NewGuid' : 'None',
    BaseTableName: base?.table ?? null,
    BaseColumnName: base?.column?.name ?? null,
    Description: attributeDescription(name, 'en'),
    DisplayType: column?.type === 'nvarchar' && column.length === undefined ? 'InlineBlock' : 'Inline',
    SummaryType: column?.measure ? 'Sum' : 'None',
    WidthType: 'Default',
    RequiresUserInput: column?.key === false && !nullable && !computed,
    Obsolete: obsolete,
    DefaultFormat: null,
    UIVisibility: 'Visible',
    Options: 'None',
    Subtype: multilanguage ? 'String_MultilanguageString' : subtype(column),
    UnitExpression: column?.measure ? `${column.measure === 'Amount' ? 'Currency' : 'Unit'}Of${name}` : null,
    OpenExchangeAttributeName: null,
    ExportInOpenExchange: true,
  }
}

function subtype(column: Column | undefined): string {
  if (column?.measure) return `Decimal_${column.measure}`
  if (column?.type === 'varbinary') return 'Binary_Picture'
  return column?.type === 'datetime' && column.name.endsWith('_Utc') ? 'DateTime_Utc' : 'NonSpecific'
}

function referenceJson(entity: DomainEntity, reference: DomainReference, language: Language) {
  const { name, target, table, column, facts } = reference
  return {
    Name: name,
    ColumnName: ownColumn(entity, table, column),
    Type: `Erp.${target.type}`,
    LocalizedName: localName(name, language),
    LocalizedDescription: attributeDescription(name, language),
    ReferencedEntitySet: target.set,
    ReferencedType: `Erp.${target.type}`,
    CategoryId: 'System',
    CategoryLocalizedName: localName('System', language),
    ReadOnly: facts.readonly,
    IsOwnership: facts.owner,
    IsFilterable: facts.filterable,
    IsAggregateParent: facts.owner && target === entity.parent,
    BaseInfo: baseInfo(entity, reference, facts.readonly),
  }
}

/** Whether no API names the entity's table. */
function isHidden({ entity }: DomainEntity): boolean {
  return entity.table.hidden === true
}

/** The column, where it lies in the entity's own table: what is inherited lies in the base's, which `BaseInfo` tells. */
function ownColumn(entity: DomainEntity, table: string | undefined, column: Column | undefined): string | null {
  return table === entity.entity.table.name && !isHidden(entity) ? column?.name ?? null : null
}

function collectionJson({ name, child }: DomainCollection, index: number, language: Language) {
  return {
    Name: name, LocalizedName: localName(name, language), LocalizedDescription: null, ReadOnly: false,
    DefaultVisibleIndex: index, ChildObjectType: `Erp.${child.type}`, ChildEntitySet: child.set,
  }
}

function methodJson({ entity }: DomainEntity, { name, action, returns, parameters }: Method) {
  return {
    Name: name, Namespace: 'Erp', EntitySetPath: returns === `Erp.${entity.type}` ? 'bindingParameter' : null,
    ReturnType: returns ?? 'void',
    IsAction: action, Parameters: parameters.map(parameter => ({ Name: parameter.name, Type: parameter.type })),
  }
}
