import { ErpError } from '../base/errors.ts'
import { isJsonObject, isTrue, type JsonObject, objectsOf, textOf } from '../base/json.ts'
import type {
  DomainAttribute, DomainChildCollection, DomainEntity, DomainEntityDetails, DomainEnumValue, DomainMethod,
  DomainReference, FilterKind,
} from './domain.ts'

/**
 * Reads the answer of `standardmodel` or `currentmodel` (protocol sheet, section 3, "Model endpoints"), sorted by
 * repository. An entry without a name is passed over, as is the second of one name. Throws `unexpected-answer` where it is no list of repositories.
 */
export function readDomainEntities(json: unknown): DomainEntity[] {
  if (!Array.isArray(json)) throw new ErpError('unexpected-answer', { reason: 'the Domain model is not a list' })
  const entities = new Map<string, DomainEntity>()
  for (const repository of json.filter(isJsonObject)) {
    const name = textOf(repository, 'Name')
    if (name !== undefined && !entities.has(name)) entities.set(name, readEntity(repository))
  }
  return [...entities.values()].sort((a, b) => (a.repository < b.repository ? -1 : 1))
}

/** Reads one repository in full, bare or as a list of one. Throws `unexpected-answer`. */
export function readDomainEntity(json: unknown): DomainEntityDetails {
  const repository: unknown = Array.isArray(json) ? json[0] : json
  if (!isJsonObject(repository) || textOf(repository, 'Name') === undefined) {
    throw new ErpError('unexpected-answer', { reason: 'it does not describe an entity' })
  }
  const entity = readEntity(repository)
  return {
    ...entity,
    attributes: objectsOf(repository, 'Attributes').map(attribute => readAttribute(attribute, entity.table)),
    references: objectsOf(repository, 'References').map(reference => readReference(reference, entity.table)),
    childCollections: objectsOf(repository, 'ChildCollections').map(readChildCollection),
    methods: objectsOf(repository, 'Methods').map(readMethod),
  }
}

function readEntity(repository: JsonObject): DomainEntity {
  const entitySet = textOf(repository, 'Name') ?? ''
  return {
    entitySet,
    repository: textOf(repository, 'RepositoryName') ?? entitySet.replaceAll('_', '.'),
    ...optional('entityType', textOf(repository, 'ObjectType')),
    ...optional('table', textOf(repository, 'TableName')),
    ...labels(repository),
    ...optional('category', textOf(repository, 'Category')),
    isAggregateRoot: isTrue(repository, 'IsAggregateRoot'),
    ...optional('aggregateParent', textOf(repository, 'AggregateParent')),
    ...optional('aggregateRoot', textOf(repository, 'AggregateRoot')),
  }
}

function readAttribute(attribute: JsonObject, ownTable: string | undefined): DomainAttribute {
  return {
    ...storedMember(attribute, ownTable),
    type: textOf(attribute, 'Type') ?? '',
    ...sizes(attribute),
    custom: isTrue(attribute, 'IsCustomProperty'),
    calculated: isTrue(attribute, 'IsCalculatedDataAttribute'),
    ...(isTrue(attribute, 'IsBlob') ? { blob: true } : {}),
    enumValues: objectsOf(attribute, 'enumValues').map(readEnumValue),
  }
}

function readReference(reference: JsonObject, ownTable: string | undefined): DomainReference {
  return {
    ...storedMember(reference, ownTable),
    target: textOf(reference, 'ReferencedEntitySet') ?? '',
    ownership: isTrue(reference, 'IsOwnership'),
    ...(isTrue(reference, 'IsAggregateParent') ? { aggregateParent: true } : {}),
    filterable: isTrue(reference, 'IsFilterable'),
  }
}

function storedMember(member: JsonObject, ownTable: string | undefined) {
  const info = baseInfo(member)
  const table = textOf(info, 'BaseTableName')
  const ownColumn = textOf(member, 'ColumnName')
  const column = textOf(info, 'BaseColumnName') ?? ownColumn
  const filters = readFilters(textOf(info, 'SupportedFilters'))
  return {
    name: textOf(member, 'Name') ?? '',
    ...labels(member),
    // Without a word, null is to be expected.
    nullable: info['Nullable'] !== false,
    readOnly: isTrue(member, 'ReadOnly'),
    ...(filters === undefined ? {} : { filters }),
    ...(isTrue(info, 'Obsolete') ? { obsolete: true } : {}),
    ...optional('category', textOf(member, 'CategoryLocalizedName')),
    ...optional('table', table),
    ...optional('column', column),
    ...(table === undefined || table === ownTable ? {} : optional('ownColumn', ownColumn)),
  }
}

const FILTERS: readonly FilterKind[] = ['Equals', 'EqualsIn', 'GreaterThanOrLessThan', 'Like']

/** Comma-separated flags; those that are not known are passed over. */
function readFilters(flags: string | undefined): FilterKind[] | undefined {
  const written = flags?.split(',').map(flag => flag.trim())
  return written && FILTERS.filter(kind => written.includes(kind))
}

function sizes(attribute: JsonObject): Partial<Pick<DomainAttribute, 'maxLength' | 'precision' | 'scale' | 'orderable' | 'day'>> {
  const info = baseInfo(attribute)
  const { MaxLength: maxLength, Precision: precision, Scale: scale } = info
  return {
    ...(typeof maxLength === 'number' ? { maxLength } : {}),
    ...(typeof precision === 'number' ? { precision } : {}),
    ...(typeof scale === 'number' ? { scale } : {}),
    ...(isTrue(info, 'Orderable') ? { orderable: true } : {}),
    ...(info['DateTimeStorageType'] === 'Date' ? { day: true } : {}),
  }
}

function readEnumValue(member: JsonObject): DomainEnumValue {
  const value = member['Value']
  return {
    name: textOf(member, 'Name') ?? '',
    ...optional('value', typeof value === 'number' ? String(value) : textOf(member, 'Value')),
    ...optional('label', textOf(member, 'LocalizedName')),
  }
}

function readChildCollection(collection: JsonObject): DomainChildCollection {
  return {
    name: textOf(collection, 'Name') ?? '',
    ...labels(collection),
    target: textOf(collection, 'ChildEntitySet') ?? '',
  }
}

function readMethod(method: JsonObject): DomainMethod {
  return {
    name: textOf(method, 'Name') ?? '',
    ...labels(method),
    isAction: isTrue(method, 'IsAction'),
    returnType: textOf(method, 'ReturnType') ?? 'void',
    parameters: objectsOf(method, 'Parameters').map(parameter => ({
      name: textOf(parameter, 'Name') ?? '',
      type: textOf(parameter, 'Type') ?? '',
    })),
  }
}

function baseInfo(member: JsonObject): JsonObject {
  const info = member['BaseInfo']
  return isJsonObject(info) ? info : {}
}

function labels(object: JsonObject): { label?: string; description?: string } {
  return {
    ...optional('label', textOf(object, 'LocalizedName')),
    ...optional('description', textOf(object, 'LocalizedDescription')),
  }
}

/** An optional property, where there is a value. */
export function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>)
}
