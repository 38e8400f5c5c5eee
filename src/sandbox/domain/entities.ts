import type {
  AttributeFacts, Column, Entity, FilterKind, MemberFacts, Method, ReferenceFacts, Schema, ToldEntity,
} from '../data/schema.ts'
import { methodsOf } from './methods.ts'

/** An entity of the Domain model with what it inherits, from which the JSON models and the CSDL are written. */
export interface DomainEntity {
  readonly entity: Entity
  readonly base: DomainEntity | undefined
  /** The entity that owns it, and the uppermost one. */
  readonly parent: Entity | undefined
  readonly root: Entity | undefined
  readonly key: string
  /** Own and inherited. */
  readonly attributes: readonly DomainAttribute[]
  readonly references: readonly DomainReference[]
  readonly collections: readonly DomainCollection[]
  readonly methods: readonly Method[]
}

export interface DomainAttribute {
  readonly name: string
  /** `Edm.String`, `Erp.Amount`, `Erp.General_Documents_DocumentState` … */
  readonly type: string
  readonly kind: 'stored' | 'system' | 'custom' | 'calculated'
  /** Where its values lie; undefined for what is computed. */
  readonly table: string | undefined
  readonly column: Column | undefined
  readonly facts: AttributeFacts
  /** Of a calculated attribute: the two decimals whose difference it is. */
  readonly formula?: readonly [string, string]
}

export interface DomainReference {
  readonly name: string
  readonly target: Entity
  readonly table: string
  readonly column: Column
  readonly facts: ReferenceFacts
}

export interface DomainCollection {
  readonly name: string
  readonly child: Entity
}

/** When anything of an aggregate was last changed. */
export const LAST_UPDATE = 'AggregateLastUpdateTimeUtc'
const LAST_UPDATE_FILTERS: ReadonlySet<FilterKind> = new Set(['GreaterThanOrLessThan'])

const EDM: Readonly<Record<Column['type'], string>> = {
  uniqueidentifier: 'Edm.Guid', nvarchar: 'Edm.String', char: 'Edm.String', bit: 'Edm.Boolean', int: 'Edm.Int32',
  smallint: 'Edm.Int16',
  tinyint: 'Edm.Byte', bigint: 'Edm.Int64', decimal: 'Edm.Decimal', float: 'Edm.Double', date: 'Edm.DateTimeOffset',
  datetime: 'Edm.DateTimeOffset', time: 'Edm.Duration', varbinary: 'Edm.Stream', timestamp: 'Edm.Binary',
}

const CATEGORIES: Readonly<Record<DomainAttribute['kind'], string>> = {
  stored: 'System', system: 'Extensible Data Object', custom: 'Custom Properties', calculated: 'Calculated Attributes',
}

/** What an instance has added to the standard model, by repository. */
const CUSTOM: Readonly<Record<string, readonly DomainAttribute[]>> = {
  'General.Products.Products': [
    added('CustomProperty_Colour', 'custom'), added('CustomProperty_Eco_u002ELabel', 'custom'),
    { ...added('CalculatedAttribute_Margin', 'calculated'), formula: ['StandardPricePerLot', 'StandardCostPerLot'] },
  ],
  'Crm.Sales.SalesOrders': [
    added('CustomProperty_Priority', 'custom'),
  ],
  'Crm.Sales.SalesOrderLines': [
    { ...added('CalculatedAttribute_Discount', 'calculated'), formula: ['StandardUnitPrice', 'UnitPrice'] },
  ],
}

/** @param current with what this instance has added */
export function domainEntities(schema: Schema, current: boolean): readonly DomainEntity[] {
  const done = new Map<string, DomainEntity>()
  const find = (entity: Entity): DomainEntity => {
    const known = done.get(entity.repository)
    if (known) return known
    const base = entity.base === undefined ? undefined : schema.entities.get(entity.base)
    const more = current ? CUSTOM[entity.repository] ?? [] : []
    const made = entity.told
      ? asTold(schema, entity, entity.told, base && find(base), more)
      : build(schema, entity, base && find(base), more)
    done.set(entity.repository, made)
    return made
  }
  return [...schema.entities.values()].map(find)
}

export function enumType(name: string): string {
  return name.replaceAll('.', '_')
}

function build(
  schema: Schema, entity: Entity, base: DomainEntity | undefined, more: readonly DomainAttribute[],
): DomainEntity {
  const { name: table, columns, view } = entity.table
  const parent = parentOf(schema, entity)
  const plain = columns.filter(({ attribute, reference }) => attribute !== undefined && !reference)
  const own = [
    ...plain.map((column): DomainAttribute => ({
      name: column.attribute ?? '', type: typeOf(column), kind: 'stored', table, column,
      facts: attributeFacts('stored', column.filters, column),
    })),
    ...(base ? [] : systemAttributes(view, parent === undefined)),
    ...more,
  ]
  const references = columns.flatMap(column => {
    const target = column.reference && byTable(schema, column.reference.table)
    if (!target || column.attribute === undefined) return []
    return [{ name: column.attribute, target, table, column, facts: referenceFacts(column) }]
  })
  const collections = [...schema.entities.values()].flatMap(child => child.table.columns.flatMap(({ reference }) =>
    reference?.collection !== undefined && reference.table === table ? [{ name: reference.collection, child }] : []))
  return {
    entity, base, parent, root: rootOf(schema, entity),
    key: base?.key ?? (view ? 'ViewItemId' : columns.find(({ key }) => key)?.attribute ?? 'Id'),
    attributes: inherit(own, base?.attributes),
    references: inherit(references, base?.references),
    collections: inherit(collections, base?.collections),
    methods: methodsOf(entity, base !== undefined || entity.repository === 'General.Documents.Documents'),
  }
}

/** What a model from files tells has its inherited members already; only a key may be missing. */
function asTold(
  schema: Schema, entity: Entity, told: ToldEntity, base: DomainEntity | undefined, more: readonly DomainAttribute[],
): DomainEntity {
  const { table } = entity
  const find = (repository: string | undefined) =>
    repository === undefined ? undefined : schema.entities.get(repository)
  const attributes = told.attributes.map(({ name, type, place, facts }): DomainAttribute => ({
    name, type, kind: place ? 'stored' : 'system', table: place?.table, column: place?.column,
    // The files don't say that this one filters, which holds of every root.
    facts: name === LAST_UPDATE ? { ...facts, filters: LAST_UPDATE_FILTERS } : facts,
  }))
  const column = table.columns.find(({ key }) => key)
  const key = base?.key ?? attributes.find(attribute => column && attribute.column === column)?.name
    ?? (table.view ? 'ViewItemId' : 'Id')
  // The files tell neither the key of a view, nor that an entity has the key of its base.
  const inherited = base?.attributes.filter(({ name }) => name === key)
  const keys: readonly DomainAttribute[] = attributes.some(({ name }) => name === key) ? [] : inherited
    ?? (table.view ? systemAttributes(true, false)
      : [{
        name: key, type: 'Edm.Guid', kind: 'system', table: column && table.name, column,
        facts: attributeFacts('system', column?.filters, column),
      }])
  return {
    entity, base, key,
    parent: find(told.parent), root: find(told.root),
    attributes: [...attributes, ...keys, ...more],
    references: told.references.flatMap(({ name, target, place, facts }) => {
      const entity = find(target)
      return entity ? [{ name, target: entity, ...place, facts }] : []
    }),
    collections: told.collections.flatMap(({ name, child }) => {
      const entity = find(child)
      return entity ? [{ name, child: entity }] : []
    }),
    methods: told.methods,
  }
}

/** Own ones first; an inherited one of the same name is hidden. */
function inherit<T extends { readonly name: string }>(own: readonly T[], inherited: readonly T[] = []): readonly T[] {
  const names = new Set(own.map(({ name }) => name))
  return [...own, ...inherited.filter(({ name }) => !names.has(name))]
}

function typeOf(column: Column): string {
  if (column.enum !== undefined) return `Erp.${enumType(column.enum)}`
  if (column.measure) return `Erp.${column.measure}`
  return column.multilanguage ? 'Erp.MultilanguageString' : EDM[column.type]
}

/** What every entity has, and what only the roots of aggregates have. */
function systemAttributes(view: boolean, root: boolean): readonly DomainAttribute[] {
  const system = (name: string, type: string, filters?: ReadonlySet<FilterKind>): DomainAttribute => ({
    name, type, kind: 'system', table: undefined, column: undefined, facts: attributeFacts('system', filters),
  })
  if (view) return [system('ViewItemId', 'Edm.Guid')]
  return [
    system('ObjectVersion', 'Edm.Int32'), system('DisplayText', 'Edm.String'),
    ...(root ? [
      system('ExternalId', 'Edm.String'), system('ExternalSystem', 'Edm.String'),
      system(LAST_UPDATE, 'Edm.DateTimeOffset', LAST_UPDATE_FILTERS),
    ] : []),
  ]
}

function added(name: string, kind: 'custom' | 'calculated'): DomainAttribute {
  return {
    name, kind, type: kind === 'custom' ? 'Erp.Systems_Bpm_CustomPropertyValue' : 'Edm.Decimal', table: undefined,
    column: undefined, facts: attributeFacts(kind, kind === 'custom' ? new Set(['Equals']) : undefined),
  }
}

function attributeFacts(
  kind: DomainAttribute['kind'], filters: ReadonlySet<FilterKind> = new Set(), column?: Column,
): AttributeFacts {
  const writable = kind === 'custom' || (kind === 'stored' && column?.readonly !== true && column?.key !== true)
  return {
    ...memberFacts(column), filters, readonly: !writable, orderable: column?.orderable ?? false,
    category: CATEGORIES[kind], enum: column?.enum,
  }
}

function referenceFacts(column: Column): ReferenceFacts {
  const { owner = false, filterable = false } = column.reference ?? {}
  const readonly = owner || column.readonly === true
  return { ...memberFacts(column), filters: column.filters, readonly, owner, filterable }
}

function memberFacts(column: Column | undefined): Pick<MemberFacts, 'nullable' | 'obsolete' | 'shows'> {
  return { nullable: column?.nullable ?? true, obsolete: column?.obsolete ?? false, shows: undefined }
}

function byTable(schema: Schema, table: string): Entity | undefined {
  return [...schema.entities.values()].find(entity => entity.table.name === table)
}

/** The owner whose child collection it is in; an owner that it merely extends is no parent. */
function parentOf(schema: Schema, entity: Entity): Entity | undefined {
  const owner = entity.table.columns.find(
    ({ reference }) => reference?.owner === true && reference.collection !== undefined,
  )
  return owner?.reference && byTable(schema, owner.reference.table)
}

function rootOf(schema: Schema, entity: Entity): Entity | undefined {
  const parent = parentOf(schema, entity)
  return parent && (rootOf(schema, parent) ?? parent)
}
