import type { Column, Schema } from '../data/schema.ts'
import type { DomainAttribute, DomainCollection, DomainEntity, DomainReference } from './entities.ts'
import type { Method } from './methods.ts'
import type { Language } from './culture.ts'
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

function repository({ entity, parent, root }: DomainEntity, language: Language) {
  return {
    Name: entity.set,
    TableName: entity.table.name,
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
  const { name, type, kind, table, column } = attribute
  const writable = kind === 'custom' || (kind === 'stored' && column?.readonly !== true)
  const category = CATEGORIES[kind]
  const members = column?.enum === undefined ? undefined : schema.enums.get(column.enum)
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
    CategoryId: category.replaceAll(' ', ''),
    CategoryLocalizedName: localName(category, language),
    IsBlob: column?.type === 'varbinary',
    SupportsSet: writable,
    ReadOnly: !writable || column?.key === true,
    IsPersistent: kind === 'stored' || kind === 'custom',
    BaseInfo: baseInfo(entity, attribute, column?.key !== true && !writable),
    ...(members && {
      enumValues: members.map(member => ({
        Value: member.value, Name: member.name, LocalizedName: localName(member.name, language),
        LocalizedDescription: null,
      })),
    }),
  }
}

const CATEGORIES: Readonly<Record<DomainAttribute['kind'], string>> = {
  stored: 'System', system: 'Extensible Data Object', custom: 'Custom Properties', calculated: 'Calculated Attributes',
}

/** All fields that ERP.net documents; what the sandbox knows nothing of has the value that says nothing. */
function baseInfo(
  { entity }: DomainEntity, { name, table, column, filters = column?.filters }: Omit<DomainAttribute, 'type' | 'kind'>,
  computed: boolean,
) {
  const multilanguage = column?.multilanguage === true
  return {
    RepositoryName: entity.repository,
    LogicalOrder: 0,
    Internal: false,
    Nullable: column?.nullable ?? true,
    IsDelayLoading: column?.type === 'varbinary',
    Orderable: column?.orderable ?? false,
    Indexed: column?.key ?? false,
    MaxLength: column?.length ?? null,
    Precision: column?.precision ?? null,
    Scale: column?.scale ?? null,
    DateTimeStorageType: column?.type === 'date' ? 'Date' : column?.type === 'datetime' ? 'DateTime' : null,
    DateTimeUtc: (column?.name ?? name).endsWith('Utc'),
    SupportedFilters: filters && filters.size > 0 ? [...filters].join(', ') : 'NotFilterable',
    IsFilterableReference: column?.reference?.filterable ?? false,
    SecurityCrucial: false,
    AllowTrackChanges: !computed,
    DefaultValueType: column?.key ? 'NewGuid' : 'None',
    BaseTableName: table ?? null,
    BaseColumnName: column?.name ?? null,
    Description: attributeDescription(name, 'en'),
    DisplayType: column?.type === 'nvarchar' && column.length === undefined ? 'InlineBlock' : 'Inline',
    SummaryType: column?.measure ? 'Sum' : 'None',
    WidthType: 'Default',
    RequiresUserInput: column?.nullable === false && !column.key && !computed,
    Obsolete: column?.obsolete ?? false,
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
  const { name, target, table, column } = reference
  const { owner, filterable } = column.reference ?? { owner: false, filterable: false }
  const fixed = owner || column.readonly === true
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
    ReadOnly: fixed,
    IsOwnership: owner,
    IsFilterable: filterable,
    IsAggregateParent: owner && target === entity.parent,
    BaseInfo: baseInfo(entity, reference, fixed),
  }
}

/** The column, where it lies in the entity's own table: what is inherited lies in the base's, which `BaseInfo` tells. */
function ownColumn({ entity }: DomainEntity, table: string | undefined, column: Column | undefined): string | null {
  return table === entity.table.name ? column?.name ?? null : null
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
