import { ErpError } from '../base/errors.ts'
import { isJsonObject, isTrue, type JsonObject, objectsOf, textOf } from '../base/json.ts'
import type {
  DomainAttribute, DomainChildCollection, DomainEntity, DomainEntityDetails, DomainMethod, DomainReference,
} from './domain.ts'

/**
 * Reads the answer of `standardmodel` or `currentmodel` (protocol sheet, section 3, "Model endpoints"), sorted by
 * repository. An entry without a name is passed over. Throws `unexpected-answer` where it is no list of repositories.
 */
export function readDomainEntities(json: unknown): DomainEntity[] {
  if (!Array.isArray(json)) throw new ErpError('unexpected-answer', { reason: 'the Domain model is not a list' })
  return json
    .filter(isJsonObject)
    .filter(repository => textOf(repository, 'Name') !== undefined)
    .map(readEntity)
    .sort((a, b) => (a.repository < b.repository ? -1 : 1))
}

/** Reads one repository in full, bare or as a list of one. Throws `unexpected-answer`. */
export function readDomainEntity(json: unknown): DomainEntityDetails {
  const repository: unknown = Array.isArray(json) ? json[0] : json
  if (!isJsonObject(repository) || textOf(repository, 'Name') === undefined) {
    throw new ErpError('unexpected-answer', { reason: 'it does not describe an entity' })
  }
  return {
    ...readEntity(repository),
    attributes: objectsOf(repository, 'Attributes').map(readAttribute),
    references: objectsOf(repository, 'References').map(readReference),
    childCollections: objectsOf(repository, 'ChildCollections').map(readChildCollection),
    methods: objectsOf(repository, 'Methods').map(readMethod),
  }
}

function readEntity(repository: JsonObject): DomainEntity {
  const entitySet = textOf(repository, 'Name') ?? ''
  return {
    entitySet,
    repository: textOf(repository, 'RepositoryName') ?? entitySet.replaceAll('_', '.'),
    ...optional('table', textOf(repository, 'TableName')),
    ...labels(repository),
    isAggregateRoot: isTrue(repository, 'IsAggregateRoot'),
  }
}

function readAttribute(attribute: JsonObject): DomainAttribute {
  return {
    name: textOf(attribute, 'Name') ?? '',
    ...labels(attribute),
    type: textOf(attribute, 'Type') ?? '',
    nullable: isNullable(attribute),
    readOnly: isTrue(attribute, 'ReadOnly'),
    custom: isTrue(attribute, 'IsCustomProperty'),
    calculated: isTrue(attribute, 'IsCalculatedDataAttribute'),
    enumNames: objectsOf(attribute, 'enumValues').map(value => textOf(value, 'Name') ?? ''),
  }
}

function readReference(reference: JsonObject): DomainReference {
  return {
    name: textOf(reference, 'Name') ?? '',
    ...labels(reference),
    target: textOf(reference, 'ReferencedEntitySet') ?? '',
    nullable: isNullable(reference),
    readOnly: isTrue(reference, 'ReadOnly'),
    ownership: isTrue(reference, 'IsOwnership'),
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

/** Without a word in `BaseInfo`, null is to be expected. */
function isNullable(member: JsonObject): boolean {
  const info = member['BaseInfo']
  return !isJsonObject(info) || info['Nullable'] !== false
}

function labels(object: JsonObject): { label?: string; description?: string } {
  return {
    ...optional('label', textOf(object, 'LocalizedName')),
    ...optional('description', textOf(object, 'LocalizedDescription')),
  }
}

function optional<K extends string>(name: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, string>)
}
