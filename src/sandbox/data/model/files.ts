import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { isJsonObject, isTrue, objectsOf, textOf, type JsonObject } from '../../../core/base/json.ts'
import { UsageError } from '../../options.ts'

/** What `tables.json` and `entities.json` of a model's folder say (see README.md, "A model from files"). */
export interface ModelFiles {
  readonly tables: ReadonlyMap<string, TableFacts>
  readonly entities: ReadonlyMap<string, EntityFacts>
}

export interface TableFacts {
  readonly name: string
  /** The repository of its entity. */
  readonly entity: string | undefined
  readonly view: boolean
  /** Not in the files, but made for an entity that has no table there. */
  readonly hidden?: boolean
  readonly columns: readonly ColumnFacts[]
}

export interface ColumnFacts {
  readonly name: string
  readonly type: string
  /** `64`, `max`, `18, 2` */
  readonly size: string | undefined
  readonly nullable: boolean
  readonly key: boolean
  /** The table that it leads to. */
  readonly ref: string | undefined
  readonly owner: boolean
  readonly filters: readonly string[]
  readonly allowed: readonly string[]
  readonly multilanguage: boolean
  readonly readonly: boolean
  readonly sortable: boolean
  readonly default: string | undefined
}

export interface EntityFacts {
  readonly repository: string
  readonly set: string
  readonly type: string
  readonly base: string | undefined
  readonly table: string | undefined
  readonly category: string | undefined
  readonly display: string
  readonly parent: string | undefined
  readonly root: string | undefined
  readonly attributes: readonly AttributeFacts[]
  readonly references: readonly ReferenceFacts[]
  readonly collections: readonly { readonly name: string; readonly target: string }[]
  readonly methods: readonly MethodFacts[]
}

interface MemberFacts {
  readonly name: string
  readonly nullable: boolean
  readonly filters: readonly string[]
  readonly readonly: boolean
  readonly obsolete: boolean
  /** `Sec_Users_Table.Email`: the column of another table that a view shows. */
  readonly baseColumn: string | undefined
}

export interface AttributeFacts extends MemberFacts {
  /** `string (64)`, `Amount (14, 2)`, `guid` …; an enumeration's short name */
  readonly type: string
  readonly category: string
  readonly orderable: boolean
  readonly enumType: string | undefined
  readonly members: readonly { readonly name: string; readonly value: number; readonly stored: string | undefined }[]
}

export interface ReferenceFacts extends MemberFacts {
  /** The repository that it leads to. */
  readonly target: string
  readonly filterable: boolean
  readonly owner: boolean
}

export interface MethodFacts {
  readonly name: string
  readonly returns: string
  readonly action: boolean
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[]
}

/** @throws UsageError when a file is missing, isn't JSON, or is of another form */
export function readModelFiles(folder: string): ModelFiles {
  const tables = readEntries(folder, 'tables.json', readTable)
  const entities = readEntries(folder, 'entities.json', readEntity)
  return { tables, entities }
}

/** Reads one entry of a file; it throws by `wrong`, which says where. */
type EntryReader<T> = (name: string, entry: JsonObject, wrong: (what: string) => UsageError) => T

function readEntries<T>(folder: string, file: string, read: EntryReader<T>): ReadonlyMap<string, T> {
  const content = parse(folder, file)
  const wrong = (what: string) => new UsageError(`--model: ${join(folder, file)} has another form: ${what}`)
  if (!isJsonObject(content) || Object.keys(content).length === 0) throw wrong('not an object with an entry for each')
  return new Map(Object.entries(content).map(([name, entry]) => {
    if (!/^[A-Za-z][\w.]*$/.test(name) || !isJsonObject(entry)) throw wrong(`the entry ${JSON.stringify(name)}`)
    return [name, read(name, entry, what => wrong(`${what} of ${name}`))]
  }))
}

function parse(folder: string, file: string): unknown {
  const path = join(folder, file)
  let text
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? error.code : error
    throw new UsageError(`--model: can't read ${path} (${String(why)})`)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`--model: ${path} is not JSON`)
  }
}

function readTable(name: string, entry: JsonObject, wrong: (what: string) => UsageError): TableFacts {
  const columns = listOf(entry, 'columns', wrong)
  if (columns.length === 0 || name.includes('.')) throw wrong('name or columns')
  return {
    name,
    entity: textOf(entry, 'entity'),
    view: isTrue(entry, 'view'),
    columns: columns.map(column => ({
      name: nameOf(column, wrong),
      type: textOf(column, 'type') ?? '',
      size: textOf(column, 'size'),
      nullable: isTrue(column, 'nullable'),
      key: isTrue(column, 'pk'),
      ref: textOf(column, 'ref'),
      owner: isTrue(column, 'owner'),
      filters: textsOf(column, 'filters'),
      allowed: textsOf(column, 'allowed'),
      multilanguage: isTrue(column, 'multilanguage'),
      readonly: isTrue(column, 'readonly'),
      sortable: isTrue(column, 'sortable'),
      default: textOf(column, 'default'),
    })),
  }
}

function readEntity(repository: string, entry: JsonObject, wrong: (what: string) => UsageError): EntityFacts {
  const set = textOf(entry, 'entitySet')
  const type = textOf(entry, 'entityType')
  if (set === undefined || type === undefined) throw wrong('entitySet or entityType')
  return {
    repository, set, type,
    base: textOf(entry, 'base'),
    table: textOf(entry, 'table'),
    category: textOf(entry, 'category'),
    display: textOf(entry, 'displayFormat') ?? '',
    parent: textOf(entry, 'aggregateParent'),
    root: textOf(entry, 'aggregateRoot'),
    attributes: listOf(entry, 'attributes', wrong).map(attribute => readAttribute(attribute, wrong)),
    references: listOf(entry, 'references', wrong).map(reference => ({
      ...readMember(reference, wrong),
      target: textOf(reference, 'target') ?? '',
      filterable: isTrue(reference, 'filterable'),
      owner: isTrue(reference, 'owner'),
    })),
    collections: objectsOf(entry, 'childCollections').map(
      collection => ({ name: nameOf(collection, wrong), target: textOf(collection, 'target') ?? '' }),
    ),
    methods: objectsOf(entry, 'methods').map(method => ({
      name: nameOf(method, wrong),
      returns: textOf(method, 'returns') ?? 'void',
      action: textOf(method, 'http') === 'POST',
      parameters: objectsOf(method, 'parameters').map(parameter => ({
        name: nameOf(parameter, wrong), type: textOf(parameter, 'type') ?? '', optional: isTrue(parameter, 'optional'),
      })),
    })),
  }
}

function readAttribute(attribute: JsonObject, wrong: (what: string) => UsageError): AttributeFacts {
  return {
    ...readMember(attribute, wrong),
    type: textOf(attribute, 'type') ?? '',
    category: textOf(attribute, 'category') ?? 'System',
    orderable: isTrue(attribute, 'orderBy'),
    enumType: textOf(attribute, 'enumType'),
    members: objectsOf(attribute, 'enum').map(member => ({
      name: memberName(member, wrong), value: Number(textOf(member, 'value') ?? NaN), stored: textOf(member, 'db'),
    })),
  }
}

function readMember(member: JsonObject, wrong: (what: string) => UsageError): MemberFacts {
  return {
    name: nameOf(member, wrong),
    nullable: isTrue(member, 'nullable'),
    filters: textsOf(member, 'filters'),
    readonly: isTrue(member, 'readonly'),
    obsolete: isTrue(member, 'obsolete'),
    baseColumn: textOf(member, 'baseColumn'),
  }
}

/** A list that must be there, of objects alone. */
function listOf(entry: JsonObject, name: string, wrong: (what: string) => UsageError): readonly JsonObject[] {
  const list = entry[name]
  if (!Array.isArray(list) || !list.every(isJsonObject)) throw wrong(name)
  return list
}

/** Names go into SQL, CSDL and addresses as they are, so they must be plain. */
function nameOf(object: JsonObject, wrong: (what: string) => UsageError): string {
  const name = textOf(object, 'name')
  if (name === undefined || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) throw wrong(`a name (${JSON.stringify(name)})`)
  return name
}

/** Long names of members are broken by `<br />` in the documentation that the files come from. */
function memberName(member: JsonObject, wrong: (what: string) => UsageError): string {
  return nameOf({ name: textOf(member, 'name')?.replaceAll(/<[^>]*>|\s/g, '') }, wrong)
}

function textsOf(object: JsonObject, name: string): readonly string[] {
  const list = object[name]
  return Array.isArray(list) ? list.filter(item => typeof item === 'string') : []
}
