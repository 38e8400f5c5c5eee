/**
 * The model of the sandbox: one definition from which database, Table API and Domain model are all made.
 * Names, types and filter abilities are those of the real model; each table keeps the columns that matter.
 */

/** What a column's filter can do (protocol sheet, sections 3 and 4). */
export type FilterKind = 'Equals' | 'EqualsIn' | 'GreaterThanOrLessThan' | 'Like'

export const SQL_TYPES = [
  'uniqueidentifier', 'nvarchar', 'char', 'bit', 'int', 'smallint', 'tinyint', 'bigint', 'decimal', 'float',
  'date', 'datetime', 'time', 'varbinary', 'timestamp',
] as const

export type SqlType = (typeof SQL_TYPES)[number]

/**
 * An entity with its table. `columns` has a line for each column: name, SQL type (`?`: may be null), filters
 * (`=` Equals, `i` EqualsIn, `<` GreaterThanOrLessThan, `~` Like, `-` none), and then what holds of
 * - `key`
 * - `-> Table`, `~> Table` (filters may go through it), `=> Table` (owner; filters may go through it as well);
 *   `Table.Name` says that the other side shows these rows as its child collection of that name
 * - `as Name`: the Domain name, where it isn't the column's without underscores (and a reference's without `Id`)
 * - `enum Type`, `amount`, `quantity`, `multilanguage`, `orderable`, `readonly`, `obsolete`
 */
export interface EntitySource {
  readonly entity: string
  readonly type: string
  readonly table: string
  readonly category: 'Definitions' | 'Documents' | 'Settings' | 'SystemData' | 'Views' | 'DynamicViews'
  readonly extends?: string
  readonly view?: true
  readonly display: string
  readonly columns: string
}

export interface Reference {
  readonly table: string
  /** The navigation property's name in the Table API, e.g. `Document_Reference`. */
  readonly navigation: string
  readonly owner: boolean
  /** Whether a `$filter` may go through it. */
  readonly filterable: boolean
  /** The name of the child collection that it makes in the entity it points to. */
  readonly collection: string | undefined
}

export interface Column {
  readonly name: string
  readonly type: SqlType
  /** `nvarchar(64)`: 64; `nvarchar(max)` and types without length: undefined. */
  readonly length: number | undefined
  readonly precision: number | undefined
  readonly scale: number | undefined
  readonly nullable: boolean
  readonly key: boolean
  readonly filters: ReadonlySet<FilterKind>
  readonly reference: Reference | undefined
  /** Its attribute or reference in the Domain model; undefined for what only the table has. */
  readonly attribute: string | undefined
  readonly enum: string | undefined
  readonly measure: 'Amount' | 'Quantity' | undefined
  readonly multilanguage: boolean
  /** Whether the Domain API orders by it. */
  readonly orderable?: boolean
  readonly readonly?: boolean
  readonly obsolete?: boolean
  /** Told by a model from files: the codes that it may hold, and the value that it has when none is given. */
  readonly allowed?: readonly string[]
  readonly default?: string
  /** What of its values differs from replica to replica (`replicas.ts`); undefined: nothing. */
  readonly varies?: Varying
}

export type Varying = 'key' | 'number' | 'version'

export interface Table {
  readonly name: string
  readonly view: boolean
  /** Made for an entity without a table; no API names it. */
  readonly hidden?: boolean
  /** It has as many rows as are asked for: it is read by replicas. */
  readonly grows?: boolean
  readonly columns: readonly Column[]
}

export interface Entity {
  /** Its repository, e.g. `Crm.Sales.SalesOrders`. */
  readonly repository: string
  /** `Crm_Sales_SalesOrders` */
  readonly set: string
  /** `Crm_Sales_SalesOrder` */
  readonly type: string
  readonly category: EntitySource['category']
  /** The repository that it derives from. */
  readonly base: string | undefined
  readonly display: string
  readonly table: Table
  /** Given by a model from files (`--model`); without it, the Domain side follows from the columns of the table. */
  readonly told?: ToldEntity
}

/** The Domain side of an entity as the files of a model tell it, inherited members included. */
export interface ToldEntity {
  /** The repositories of the entity that owns it, and of the uppermost one. */
  readonly parent: string | undefined
  readonly root: string | undefined
  readonly attributes: readonly ToldAttribute[]
  readonly references: readonly ToldReference[]
  readonly collections: readonly { readonly name: string; readonly child: string }[]
  readonly methods: readonly Method[]
}

/** Where the values of an attribute or reference lie. */
export interface Place {
  readonly table: string
  readonly column: Column
}

/** What holds of an attribute or reference in the Domain model. */
export interface MemberFacts {
  readonly filters: ReadonlySet<FilterKind>
  readonly nullable: boolean
  readonly readonly: boolean
  readonly obsolete: boolean
  /** The column of another table that it shows, where it belongs to a view. */
  readonly shows: Place | undefined
}

export interface AttributeFacts extends MemberFacts {
  readonly orderable: boolean
  readonly category: string
  readonly enum: string | undefined
}

export interface ReferenceFacts extends MemberFacts {
  readonly owner: boolean
  /** Whether filters may go through it; through an owner they may. */
  readonly filterable: boolean
}

export interface ToldAttribute {
  readonly name: string
  /** `Edm.String`, `Erp.Amount`, `Erp.General_Documents_DocumentState` … */
  readonly type: string
  /** Undefined for what is calculated. */
  readonly place: Place | undefined
  readonly facts: AttributeFacts
}

export interface ToldReference {
  readonly name: string
  /** The repository that it leads to. */
  readonly target: string
  readonly place: Place
  readonly facts: ReferenceFacts
}

/** A method of an entity. An action changes something and is called by POST; a function only reads. */
export interface Method {
  readonly name: string
  readonly action: boolean
  /** `Edm.String`, `Erp.Type`, `Collection(…)`; undefined for nothing. */
  readonly returns: string | undefined
  readonly parameters: readonly { readonly name: string; readonly type: string; readonly optional: boolean }[]
}

export interface EnumMember {
  readonly name: string
  readonly value: number
  /** What the table holds: a code, a number or a string. */
  readonly stored: string
}

export interface Schema {
  /** What the Table API shows. */
  readonly tables: ReadonlyMap<string, Table>
  readonly entities: ReadonlyMap<string, Entity>
  readonly enums: ReadonlyMap<string, readonly EnumMember[]>
}

/** All that the database holds: the tables, and those that only an entity has. */
export function tablesOf(schema: Schema): ReadonlySet<Table> {
  return new Set([...schema.tables.values(), ...[...schema.entities.values()].map(({ table }) => table)])
}

/**
 * The column of a table whose values a reference holds: its key, or where that is of another type, its `Id`.
 * Undefined where there is neither.
 */
export function referencedColumn<T extends { readonly name: string; readonly type: string; readonly key: boolean }>(
  from: { readonly type: string }, columns: readonly T[],
): T | undefined {
  const key = columns.find(column => column.key)
  return key?.type === from.type ? key : columns.find(({ name, type }) => name === 'Id' && type === from.type)
}

const FILTER_LETTERS: Readonly<Record<string, FilterKind>> = {
  '=': 'Equals', i: 'EqualsIn', '<': 'GreaterThanOrLessThan', '~': 'Like',
}

/** @throws Error naming a line that it can't read, or a reference to an entity, table or enumeration that isn't there */
export function readSchema(sources: readonly EntitySource[], enumSource: string): Schema {
  const enums = readEnums(enumSource)
  const entities = new Map(sources.map(source => [source.entity, readEntity(source, sources)]))
  const tables = new Map([...entities.values()].map(({ table }) => [table.name, table]))
  for (const { table, base } of entities.values()) {
    if (base !== undefined && !entities.has(base)) throw new Error(`${table.name} extends ${base}, which isn't there`)
    for (const column of table.columns) {
      const { reference, enum: enumeration } = column
      const leads = reference ? tables.has(reference.table) : enumeration === undefined || enums.has(enumeration)
      if (!leads) throw new Error(`${table.name}.${column.name} points to what isn't there`)
    }
  }
  return { tables, entities, enums }
}

function readEntity(source: EntitySource, sources: readonly EntitySource[]): Entity {
  const namespace = source.entity.slice(0, source.entity.lastIndexOf('.')).replaceAll('.', '_')
  const baseTable = sources.find(({ entity }) => entity === source.extends)?.table
  const lines = source.columns.split('\n').map(line => line.trim()).filter(line => line !== '')
  return {
    repository: source.entity,
    set: source.entity.replaceAll('.', '_'),
    type: `${namespace}_${source.type}`,
    category: source.category,
    base: source.extends,
    display: source.display,
    table: {
      name: source.table, view: source.view ?? false, columns: lines.map(line => readColumn(line, baseTable)),
    },
  }
}

function readColumn(line: string, baseTable: string | undefined): Column {
  const [name = '', type = '', letters = '', ...words] = line.split(/\s+/)
  const [, sqlType = '', size, nullable] = /^(\w+)(?:\(([\w,]+)\))?(\?)?$/.exec(type) ?? []
  if (!isSqlType(sqlType)) throw new Error(`no such type: ${line}`)
  const [first, second] = size?.split(',').map(Number) ?? []
  const decimal = sqlType === 'decimal'
  const reference = readReference(name, words)
  const linksToBase = reference?.owner === true && reference.table === baseTable && reference.collection === undefined
  const domainName = after(words, 'as') ?? (reference ? name.replace(/_Id$/, '') : name).replaceAll('_', '')
  return {
    name,
    type: sqlType,
    length: decimal || size === 'max' ? undefined : first,
    precision: decimal ? first : undefined,
    scale: decimal ? second : undefined,
    nullable: nullable === '?',
    key: words.includes('key'),
    filters: new Set(letters === '-' ? [] : Array.from(letters, letter => readFilter(letter, line))),
    reference,
    attribute: linksToBase || sqlType === 'timestamp' ? undefined : domainName,
    enum: after(words, 'enum'),
    measure: words.includes('amount') ? 'Amount' : words.includes('quantity') ? 'Quantity' : undefined,
    multilanguage: words.includes('multilanguage'),
    orderable: words.includes('orderable'),
    readonly: words.includes('readonly'),
    obsolete: words.includes('obsolete'),
  }
}

function readReference(column: string, words: readonly string[]): Reference | undefined {
  const arrow = words.find(word => word.endsWith('>'))
  const target = arrow && after(words, arrow)
  if (target === undefined || target === '') return undefined
  const [table = '', collection] = target.split('.')
  return {
    table,
    // Four foreign keys don't end in `_Id`; their navigation name is assumed (protocol sheet, section 4).
    navigation: `${column.replace(/_Id$/, '')}_Reference`,
    owner: arrow === '=>',
    filterable: arrow !== '->',
    collection,
  }
}

function readFilter(letter: string, line: string): FilterKind {
  const kind = FILTER_LETTERS[letter]
  if (kind === undefined) throw new Error(`no such filter letter: ${line}`)
  return kind
}

function readEnums(source: string): ReadonlyMap<string, readonly EnumMember[]> {
  const text = source.replaceAll(/\n {4}/g, '')
  const lines = text.split('\n').map(line => line.trim()).filter(line => line !== '')
  return new Map(lines.map(line => {
    const [name = '', members = ''] = line.split(': ')
    return [name, members.split(',').map(member => {
      const [memberName = '', value = '', stored = ''] = member.trim().split(' ')
      return { name: memberName, value: Number(value), stored }
    })]
  }))
}

function after(words: readonly string[], word: string): string | undefined {
  const at = words.indexOf(word)
  return at === -1 ? undefined : words[at + 1]
}

export function isSqlType(text: string): text is SqlType {
  return (SQL_TYPES as readonly string[]).includes(text)
}
