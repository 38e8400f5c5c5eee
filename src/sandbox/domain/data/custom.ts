import type { Value } from '../../data/database.ts'
import type { Column, Schema, Table } from '../../data/schema.ts'
import { fromSql, keyEquals, referenceJoin, valueSql } from '../../data/source.ts'
import { keyColumn } from '../catalog.ts'
import type { Place, Scope } from './scope.ts'

/** Where the values of one custom property of one entity lie: they are rows of a table of their own. */
export interface CustomValues {
  /** Says which rows have a value; its last placeholder is that value. */
  readonly equals: string
  /** The value, its description and the id of the allowed value; its last placeholder is the entity's own id. */
  readonly select: string
  /** What the placeholders before the last one stand for. */
  readonly values: readonly Value[]
  /** The entity's own id, in the statement that the scope belongs to. */
  readonly own: string
}

export function customValues(schema: Schema, scope: Scope, place: Place, name: string): CustomValues {
  const { table } = place.entity.entity
  const key = keyColumn(place.entity)
  const own = key ? scope.value(place, table.name, key) : 'NULL'
  const values = schema.tables.get('Gen_Property_Values')
  const properties = schema.tables.get('Gen_Properties')
  if (!values || !properties) {
    const none = "SELECT NULL, NULL, NULL WHERE ? = ? AND ? = '' AND 0"
    return { equals: "(? = ? AND ? = '' AND 0)", select: none, values: [name, table.name], own }
  }
  const value = { table: values, alias: 'v' }
  const property = { table: properties, alias: 'p' }
  const of = `${fromSql(value)}${referenceJoin(value, column(values, 'Property_Id'), property)}`
    + ` WHERE ${valueSql(property, column(properties, 'Property_Code'))} = ?`
    + ` AND ${valueSql(property, column(properties, 'Entity_Name'))} = ?`
  const item = column(values, 'Entity_Item_Id')
  const short = valueSql(value, column(values, 'Property_Value'))
  const more = ['Description', 'Value_Id'].map(each => valueSql(value, column(values, each)))
  return {
    equals: `${own} IN (SELECT ${valueSql(value, item)} FROM ${of} AND ${short} = ?)`,
    select: `SELECT ${[short, ...more].join(', ')} FROM ${of} AND ${keyEquals(value, item, '?')}`,
    values: [propertyCode(name), table.name],
    own,
  }
}

/** `CustomProperty_Eco_u002ELabel` is the property `Eco.Label`: see the protocol sheet, section 3. */
function propertyCode(name: string): string {
  const bytes = (run: string) => Buffer.from(run.replaceAll('_u00', ''), 'hex').toString('utf8')
  return name.replace(/^(?:CustomProperty|CalculatedAttribute)_/, '').replaceAll(/(?:_u00[0-9A-F]{2})+/g, bytes)
}

function column({ name, columns }: Table, wanted: string): Column {
  const found = columns.find(candidate => candidate.name === wanted)
  if (!found) throw new Error(`no column ${wanted} in ${name}`)
  return found
}
