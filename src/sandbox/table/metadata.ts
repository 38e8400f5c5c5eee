import { referencedColumn, type Column, type Schema, type SqlType, type Table } from '../data/schema.ts'

type EdmTypes = Readonly<Record<SqlType, string>>

/** EDM types of SQL types; the mapping is assumed (protocol sheet, section 4). */
const EDM_TYPES: EdmTypes = {
  uniqueidentifier: 'Edm.Guid', nvarchar: 'Edm.String', char: 'Edm.String', bit: 'Edm.Boolean', int: 'Edm.Int32',
  smallint: 'Edm.Int16',
  tinyint: 'Edm.Byte', bigint: 'Edm.Int64', decimal: 'Edm.Decimal', float: 'Edm.Double', date: 'Edm.DateTimeOffset',
  datetime: 'Edm.DateTimeOffset', time: 'Edm.TimeOfDay', varbinary: 'Edm.Binary', timestamp: 'Edm.Binary',
}

/**
 * CSDL of the tables: keys, properties, and a navigation property with its constraint for each reference.
 * @param timeAsDuration `time` is Edm.Duration
 */
export function tableMetadata(schema: Schema, timeAsDuration: boolean): string {
  const types = timeAsDuration ? { ...EDM_TYPES, time: 'Edm.Duration' } : EDM_TYPES
  const tables = [...schema.tables.values()]
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '<edmx:DataServices><Schema Namespace="Erp" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    ...tables.map(table => entityType(schema, table, types)),
    '<EntityContainer Name="Container">',
    ...tables.map(entitySet),
    '</EntityContainer>',
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n')
}

function entityType(schema: Schema, { name, columns }: Table, types: EdmTypes): string {
  const keys = columns.filter(({ key }) => key).map(column => `<PropertyRef Name="${column.name}"/>`)
  return [
    `<EntityType Name="${name}">`,
    ...(keys.length > 0 ? [`<Key>${keys.join('')}</Key>`] : []),
    ...columns.map(column => property(column, types)),
    ...columns.map(column => navigation(schema, column)).filter(text => text !== ''),
    '</EntityType>',
  ].join('\n')
}

function property({ name, type, nullable, key, length, precision, scale }: Column, types: EdmTypes): string {
  const facets = [
    nullable && !key ? '' : ' Nullable="false"',
    length === undefined ? '' : ` MaxLength="${length}"`,
    precision === undefined ? '' : ` Precision="${precision}" Scale="${scale ?? 0}"`,
  ]
  return `<Property Name="${name}" Type="${types[type]}"${facets.join('')}/>`
}

function navigation(schema: Schema, column: Column): string {
  const { name, nullable, reference } = column
  if (!reference) return ''
  const key = referencedColumn(column, schema.tables.get(reference.table)?.columns ?? [])?.name ?? 'Id'
  const facets = nullable ? '' : ' Nullable="false"'
  return `<NavigationProperty Name="${reference.navigation}" Type="Erp.${reference.table}"${facets}>`
    + `<ReferentialConstraint Property="${name}" ReferencedProperty="${key}"/></NavigationProperty>`
}

function entitySet({ name, columns }: Table): string {
  const bindings = columns.map(({ reference }) =>
    reference ? `<NavigationPropertyBinding Path="${reference.navigation}" Target="${reference.table}"/>` : '')
  return `<EntitySet Name="${name}" EntityType="Erp.${name}">${bindings.join('')}</EntitySet>`
}
