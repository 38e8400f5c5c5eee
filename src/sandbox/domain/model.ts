import type { Column, MemberFacts, Method, Schema } from '../data/schema.ts'
import type { DomainAttribute, DomainCollection, DomainEntity, DomainReference } from './entities.ts'
import { humanName } from './words.ts'

/** The JSON of `standardmodel` and `currentmodel` (protocol sheet, section 3, "Model endpoints"). */

/** A repository in short; properties without a value are left out. */
export function compactRepository(entity: DomainEntity): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(repository(entity)).filter(([, value]) => value !== null))
}

/** A repository in full; properties without a value stay, as null. */
export function detailedRepository(schema: Schema, entity: DomainEntity): Readonly<Record<string, unknown>> {
  return {
    ...repository(entity),
    Attributes: entity.attributes.map(attribute => attributeJson(schema, entity, attribute)),
    References: entity.references.map(reference => referenceJson(entity, reference)),
    ChildCollections: entity.collections.map(collectionJson),
    Methods: entity.methods.map(method => methodJson(entity, method)),
  }
}

function repository({ entity, parent, root }: DomainEntity) {
  return {
    Name: entity.set,
    TableName: entity.table.hidden === true ? null : entity.table.name,
    RepositoryName: entity.repository,
    LocalizedName: humanName(entity.repository.slice(entity.repository.lastIndexOf('.') + 1)),
    LocalizedDescription: null,
    IsAggregateRoot: parent === undefined && !entity.table.view,
    AggregateParent: parent?.repository ?? null,
    AggregateRoot: root?.repository ?? null,
    ObjectType: `Erp.${entity.type}`,
    Category: entity.category,
    UIVisibility: 'Visible',
  }
}

function attributeJson(
  schema: Schema, entity: DomainEntity, { name, type, kind, table, column, facts }: DomainAttribute,
) {
  const stored = kind === 'stored'
  const category = facts?.category ?? CATEGORIES[kind]
  const members = schema.enums.get((facts ? facts.enum : column?.enum) ?? '')
  return {
    Name: name,
    ColumnName: ownColumn(entity, table, column),
    Type: type,
    LocalizedName: humanName(name),
    LocalizedDescription: null,
    IsCustomProperty: kind === 'custom',
    IsCalculatedDataAttribute: kind === 'calculated',
    SupportsAllowedValues: kind === 'custom',
    LimitToAllowedValues: members !== undefined,
    CategoryId: category.replaceAll(' ', ''),
    CategoryLocalizedName: category,
    IsBlob: column?.type === 'varbinary',
    SupportsSet: stored || kind === 'custom',
    ReadOnly: facts?.readonly ?? column?.key ?? (kind !== 'custom'),
    IsPersistent: stored || kind === 'custom',
    BaseInfo: baseInfo(shown(entity, table), column, facts, kind === 'custom'),
    ...(members && {
      enumValues: members.map(member => ({
        Value: member.value, Name: member.name, LocalizedName: humanName(member.name), LocalizedDescription: null,
      })),
    }),
  }
}

const CATEGORIES: Readonly<Record<DomainAttribute['kind'], string>> = {
  stored: 'System', system: 'Extensible Data Object', custom: 'Custom Properties', calculated: 'Calculated Attributes',
}

/** @param custom custom properties can be compared by `eq`, although they have no column */
function baseInfo(
  table: string | undefined, column: Column | undefined, facts: MemberFacts | undefined, custom = false,
) {
  const filters = custom ? ['Equals'] : [...column?.filters ?? []]
  return {
    Nullable: facts?.nullable ?? column?.nullable ?? true,
    MaxLength: column?.length ?? null,
    Precision: column?.precision ?? null,
    Scale: column?.scale ?? null,
    Orderable: column?.orderable ?? (column !== undefined && filters.includes('GreaterThanOrLessThan')),
    Indexed: column?.key ?? false,
    SupportedFilters: filters.length === 0 ? 'NotFilterable' : filters.join(', '),
    IsFilterableReference: column?.reference ? column.reference.filterable : null,
    BaseTableName: facts?.shows?.table ?? table ?? null,
    BaseColumnName: facts?.shows?.column.name ?? (table === undefined ? null : column?.name ?? null),
    DateTimeUtc: column?.name.endsWith('_Utc') ?? false,
    Obsolete: facts?.obsolete ?? column?.obsolete ?? false,
    Subtype: null,
    Description: null,
  }
}

function referenceJson(entity: DomainEntity, { name, target, table, column, facts }: DomainReference) {
  const reference = facts ?? column.reference
  return {
    Name: name,
    ColumnName: ownColumn(entity, table, column),
    Type: `Erp.${target.type}`,
    LocalizedName: humanName(name),
    LocalizedDescription: null,
    ReferencedEntitySet: target.set,
    ReferencedType: `Erp.${target.type}`,
    CategoryId: 'System',
    CategoryLocalizedName: 'System',
    ReadOnly: facts?.readonly ?? reference?.owner ?? false,
    IsOwnership: reference?.owner ?? false,
    IsFilterable: reference?.filterable ?? false,
    IsAggregateParent: reference?.owner === true && target === entity.parent,
    BaseInfo: {
      ...baseInfo(shown(entity, table), column, facts), IsFilterableReference: reference?.filterable ?? null,
    },
  }
}

/** A table's name, unless no API names it. */
function shown({ entity }: DomainEntity, table: string | undefined): string | undefined {
  return entity.table.hidden === true ? undefined : table
}

/** The column, where it lies in the entity's own table: what is inherited lies in the base's, which `BaseInfo` tells. */
function ownColumn({ entity }: DomainEntity, table: string | undefined, column: Column | undefined): string | null {
  return table === entity.table.name && entity.table.hidden !== true ? column?.name ?? null : null
}

function collectionJson({ name, child }: DomainCollection) {
  return {
    Name: name, LocalizedName: humanName(name), LocalizedDescription: null, ReadOnly: false, DefaultVisibleIndex: 0,
    ChildObjectType: `Erp.${child.type}`, ChildEntitySet: child.set,
  }
}

function methodJson({ entity }: DomainEntity, { name, action, returns, parameters }: Method) {
  return {
    Name: name, Namespace: 'Erp', EntitySetPath: returns === `Erp.${entity.type}` ? 'bindingParameter' : null,
    ReturnType: returns ?? 'void',
    IsAction: action, Parameters: parameters.map(parameter => ({ Name: parameter.name, Type: parameter.type })),
  }
}
