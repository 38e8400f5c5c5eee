import type { DomainAttribute, DomainEntityDetails, DomainReference } from './domain.ts'
import type { Column, ColumnEnumValue, Table, TableReference } from './table.ts'

/** What the Domain model says of one column. */
interface Told {
  readonly member: DomainAttribute | DomainReference
  /** Does the table's own entity say it? Else one that is derived from it, or shows it. */
  readonly own: boolean
  /** Of all references that lie in it: does one lead to the owner, may a filter follow one? */
  readonly owner: boolean
  readonly filterable: boolean
}

/**
 * Joins the tables of the Table API with the Domain model: a column with the attribute or reference that is stored in
 * it, by its `BaseTableName` and `BaseColumnName`, or by its `ColumnName` and the entity's `TableName` (protocol sheet,
 * section 4). The entities are added one by one, and needn't be kept.
 */
export class TableJoin {
  /** By table and column. */
  readonly #told = new Map<string, Told>()
  /** By table: the entity that is stored in it, and the tables that hold what it inherits. */
  readonly #entities = new Map<string, { readonly entitySet: string; readonly bases: ReadonlySet<string> }>()

  add(entity: DomainEntityDetails): void {
    const { table, entitySet, attributes, references } = entity
    for (const member of [...attributes, ...references]) {
      const { table: place = table, column, ownColumn } = member
      this.#tell(place, column, member, place === table)
      this.#tell(table, ownColumn, member, true)
    }
    if (table === undefined || this.#entities.has(table)) return
    const inherited = attributes.filter(({ ownColumn }) => ownColumn === undefined).flatMap(({ table: base }) => base ?? [])
    this.#entities.set(table, { entitySet, bases: new Set(inherited.filter(base => base !== table)) })
  }

  /** Several members may lie in one column, such as a reference to any document and one to the order. */
  #tell(table: string | undefined, column: string | undefined, member: DomainAttribute | DomainReference, own: boolean): void {
    if (table === undefined || column === undefined) return
    const key = keyOf(table, column)
    const known = this.#told.get(key)
    const isReference = 'target' in member
    this.#told.set(key, {
      ...(known === undefined || (own && !known.own) ? { member, own } : { member: known.member, own: known.own }),
      owner: known?.owner === true || (isReference && member.ownership),
      filterable: known?.filterable === true || (isReference && member.filterable),
    })
  }

  /** What an earlier join has told is replaced. */
  join(tables: readonly Table[]): Table[] {
    return tables.map(({ name, key, columns, references, problem }) => ({
      name,
      key,
      columns: columns.map(column => this.#column(name, column)),
      references: references.map(reference => this.#reference(name, reference)),
      ...optional('entitySet', this.#entities.get(name)?.entitySet),
      ...optional('problem', problem),
    }))
  }

  #column(table: string, { name, type, nullable, maxLength, precision, scale }: Column): Column {
    const member = this.#told.get(keyOf(table, name))?.member
    return {
      name,
      type,
      nullable,
      ...optional('maxLength', maxLength),
      ...optional('precision', precision),
      ...optional('scale', scale),
      ...(member === undefined ? {} : toldOf(member, type)),
    }
  }

  #reference(table: string, { name, target, columns }: TableReference): TableReference {
    const [column = name.replace(/_Reference$/, '_Id'), ...more] = columns
    const told = more.length > 0 ? undefined : this.#told.get(keyOf(table, column))
    if (told !== undefined) return { name, target, columns, owner: told.owner, filterable: told.owner || told.filterable }
    // what an entity inherits lies in the table that owns its own
    const inherits = this.#entities.get(table)?.bases.has(target) === true
    return inherits ? { name, target, columns, owner: true, filterable: true } : { name, target, columns }
  }
}

function toldOf(member: DomainAttribute | DomainReference, type: string): Partial<Column> {
  const { name, label, filters, obsolete } = member
  const isAttribute = 'enumValues' in member
  return {
    attribute: name,
    ...optional('label', label),
    ...optional('filters', filters),
    ...(obsolete === true ? { obsolete } : {}),
    ...(isAttribute && member.custom ? { custom: true } : {}),
    ...(isAttribute && member.enumValues.length > 0 ? { enumValues: enumValues(member, type) } : {}),
  }
}

const WHOLE_NUMBERS: readonly string[] = ['Edm.Byte', 'Edm.SByte', 'Edm.Int16', 'Edm.Int32', 'Edm.Int64']

/**
 * A column of numbers holds the values of the model (protocol sheet, section 4: `State`); what a column of text holds
 * in their place, the model doesn't tell.
 */
function enumValues({ enumValues: values }: DomainAttribute, type: string): ColumnEnumValue[] {
  const isNumber = WHOLE_NUMBERS.includes(type)
  return values.map(value => (isNumber ? { ...value, ...optional('code', value.value) } : value))
}

function keyOf(table: string, column: string): string {
  return `${table}\n${column}`
}

function optional<K extends string, T>(name: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<K, T>)
}
