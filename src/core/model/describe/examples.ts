import type { DomainAttribute, DomainEntityDetails, DomainMethod } from '../domain.ts'
import type { Column, Table } from '../table.ts'

/** Queries and calls to begin with. Nothing here is ever sent. */

/** Columns of an example: enough to see what a row is, and few enough for a line. */
const COLUMNS = 5
const GUID = '00000000-0000-0000-0000-000000000000'

/** Texts of query cells on a table: all kinds of filters that its columns allow, one each. */
export function tableExamples(table: Table): string[] {
  const usable = table.columns.filter(column => isName(column.name) && column.type !== 'Edm.Binary')
  const select = usable.slice(0, COLUMNS).map(column => column.name)
  if (!isName(table.name) || select.length === 0) return []
  const filters = [
    firstOf(usable, column => codeFilter(column)),
    firstOf(usable, column => has(column, 'GreaterThanOrLessThan') && column.type === 'Edm.DateTimeOffset' ? `${column.name} ge 2026-01-01` : undefined),
    firstOf(usable, column => has(column, 'Like') && column.type === 'Edm.String' ? `${column.name} like 'A%'` : undefined),
  ].filter(filter => filter !== undefined)
  return [cell(table.name, [`$select=${select.join(',')}`, '$top=100']), ...filters.map(filter =>
    cell(table.name, [`$select=${select.join(',')}`, `$filter=${filter}`, '$top=100']))]
}

function codeFilter(column: Column): string | undefined {
  if (!has(column, 'Equals')) return undefined
  if (column.type === 'Edm.Boolean') return `${column.name} eq true`
  const code = column.enumValues?.find(value => value.code !== undefined)?.code
  if (code === undefined) return undefined
  return `${column.name} eq ${column.type === 'Edm.String' ? quoted(code) : code}`
}

/** Texts of query cells on an entity, `domain/Set?…`: its attributes, a reference with what it leads to, filters, a count. */
export function entityExamples(entity: DomainEntityDetails): string[] {
  const { entitySet, attributes, references } = entity
  const plain = attributes.filter(({ name, type, blob, obsolete }) => isName(name) && blob !== true && obsolete !== true && type !== 'Edm.Stream')
  const select = plain.slice(0, COLUMNS).map(attribute => attribute.name)
  if (!isName(entitySet) || select.length === 0) return []
  const [reference] = references.filter(({ name, obsolete }) => isName(name) && obsolete !== true).map(({ name }) => name)
  const state = plain.find(attribute => attribute.enumValues.length > 0 && has(attribute, 'Equals'))
  const filters = [
    firstOf(state === undefined ? plain : [state], codeFilterOf),
    firstOf(plain, attribute => has(attribute, 'GreaterThanOrLessThan') && attribute.type === 'Edm.DateTimeOffset' ? `${attribute.name} ge 2026-01-01Z` : undefined),
  ].filter(filter => filter !== undefined)
  const path = `domain/${entitySet}`
  return [
    cell(path, [`$select=${select.join(',')}`, '$top=10']),
    ...(reference === undefined ? [] : [cell(path, [`$select=${select.slice(0, 3).join(',')}`, `$expand=${reference}`, '$top=10'])]),
    ...filters.map(filter => cell(path, [`$select=${select.join(',')}`, `$filter=${filter}`, '$top=10'])),
    ...(state === undefined ? [] : [cell(path, [`$apply=groupby((${state.name}),aggregate($count as Count))`])]),
  ]
}

function codeFilterOf(attribute: DomainAttribute): string | undefined {
  const { name, type, enumValues: [first] } = attribute
  if (!has(attribute, 'Equals')) return undefined
  if (first !== undefined) return `${name} eq ${quoted(first.name)}`
  return type === 'Edm.Boolean' ? `${name} eq true` : undefined
}

/** What a call's parameters may be: entity sets by their entity types, and a member of each enumeration. */
export interface ModelTypes {
  readonly entitySets: ReadonlyMap<string, string>
  readonly members: ReadonlyMap<string, string>
}

export function modelTypes(all: readonly DomainEntityDetails[]): ModelTypes {
  const entitySets = new Map<string, string>()
  const members = new Map<string, string>()
  for (const { entitySet, entityType, attributes } of all) {
    if (entityType !== undefined) entitySets.set(entityType, entitySet)
    for (const { type, enumValues: [first] } of attributes) if (first !== undefined) members.set(type, first.name)
  }
  return { entitySets, members }
}

/**
 * How a bound method is called over HTTP (protocol sheet, section 3, "Model endpoints"; OData 4.01, part 1, sections
 * 11.5.4 and 11.5.5): an action with a JSON body, a function with its parameters in the address.
 *
 * @param root the OData root, with a slash at its end
 */
export function methodExample(root: string, entitySet: string, method: DomainMethod, types: ModelTypes): string {
  const address = `${root}${entitySet}(${GUID})/Erp.${method.name}`
  const needed = method.parameters.filter(parameter => parameter.optional !== true)
  if (!method.isAction) return `GET ${address}(${needed.map(({ name, type }) => `${name}=${literal(type, types)}`).join(',')})`
  if (method.parameters.length === 0) return `POST ${address}`
  const body = Object.fromEntries(method.parameters.map(({ name, type }): [string, unknown] => [name, sample(type, types)]))
  return `POST ${address}\nContent-Type: application/json\n\n${JSON.stringify(body, undefined, 2)}`
}

/** A value of that type, as JSON has it. */
function sample(type: string, { entitySets, members }: ModelTypes): unknown {
  if (type.startsWith('Collection(')) return []
  const entitySet = entitySets.get(type)
  if (entitySet !== undefined) return { '@odata.id': `${entitySet}(${GUID})` }
  switch (type) {
    case 'Edm.Boolean': return true
    case 'Edm.Byte': case 'Edm.SByte': case 'Edm.Int16': case 'Edm.Int32': case 'Edm.Int64': case 'Edm.Decimal':
    case 'Edm.Double': case 'Edm.Single': return 1
    case 'Edm.Guid': return GUID
    case 'Edm.Date': return '2026-01-01'
    case 'Edm.DateTimeOffset': return '2026-01-01T00:00:00Z'
    case 'Erp.Amount': return { Value: 1, Currency: 'EUR' }
    case 'Erp.Quantity': return { Value: 1, Unit: 'pcs' }
    case 'Erp.MultilanguageString': return { EN: '…' }
    default: return members.get(type) ?? '…'
  }
}

/** The same in an address. */
function literal(type: string, types: ModelTypes): string {
  const value = sample(type, types)
  if (typeof value === 'string') return ['Edm.Guid', 'Edm.Date', 'Edm.DateTimeOffset'].includes(type) ? value : quoted(value)
  return typeof value === 'object' ? quoted('…') : JSON.stringify(value)
}

function cell(resource: string, options: readonly string[]): string {
  return `${resource}\n${options.map((option, index) => `  ${index === 0 ? '?' : '&'}${option}`).join('\n')}`
}

function firstOf<T>(members: readonly T[], filter: (member: T) => string | undefined): string | undefined {
  for (const member of members) {
    const text = filter(member)
    if (text !== undefined) return text
  }
  return undefined
}

function has({ filters }: Pick<Column, 'filters'>, kind: NonNullable<Column['filters']>[number]): boolean {
  return filters?.includes(kind) ?? false
}

/** May it stand in a query as it is (OData 4.01, part 2, `odataIdentifier`)? */
function isName(text: string): boolean {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
