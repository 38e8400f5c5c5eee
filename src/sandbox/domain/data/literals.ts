import type { Value } from '../../data/database.ts'
import type { Column, Schema } from '../../data/schema.ts'
import { enumType, LAST_UPDATE } from '../entities.ts'
import { DomainError } from '../problem.ts'
import type { Literal } from '../query/cursor.ts'
import type { AttributeProperty } from './paths.ts'

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** The three forms that ERP.net's documents show: `2020-01-01Z`, `2026-01-01`, `2019-02-01T00:00:00.000Z`. */
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:Z|T(\d\d:\d\d):\d\d(?:\.\d{1,7})?Z)?$/

export function isGuid(text: string): boolean {
  return GUID.test(text)
}

/** A literal as the database keeps such values. @throws DomainError when it isn't one of the property's type */
export function readLiteral(schema: Schema, property: AttributeProperty, literal: Literal): Value {
  const { name, attribute, column } = property
  const { kind, value } = literal
  const type = column?.type ?? (attribute.type === 'Edm.DateTimeOffset' ? 'datetime' : 'nvarchar')
  const wrong = () => new DomainError('literal', value, name, property.number ? 'Edm.Decimal' : attribute.type)
  if (kind === 'bare' && value === 'null') throw new DomainError('nullLiteral', name)
  if (column?.enum !== undefined) return readMember(schema, column, column.enum, literal) ?? fail(wrong)
  if (type === 'nvarchar' || type === 'char') return kind === 'text' ? value : fail(wrong)
  if (kind !== 'bare') throw wrong()
  switch (type) {
    case 'uniqueidentifier': return isGuid(value) ? value.toLowerCase() : fail(wrong)
    case 'bit': return value === 'true' || value === 'false' ? Number(value === 'true') : fail(wrong)
    case 'date': case 'datetime': return readMoment(name, value) ?? fail(wrong)
    case 'decimal': return /^-?\d+(?:\.\d+)?$/.test(value) ? value : fail(wrong)
    case 'float': return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(value) ? Number(value) : fail(wrong)
    case 'int': case 'smallint': case 'tinyint': case 'bigint':
      return /^-?\d{1,18}$/.test(value) ? BigInt(value) : fail(wrong)
    default: throw wrong()
  }
}

/** The short value of a custom property. */
export function readText(name: string, { kind, value }: Literal): string {
  if (kind === 'bare' && value === 'null') throw new DomainError('nullLiteral', name)
  if (kind !== 'text') throw new DomainError('literal', value, name, 'Edm.String')
  return value
}

/** Cut to the day, but where incremental reads need minutes. */
function readMoment(name: string, text: string): string | undefined {
  const [, day = '', minute = '00:00'] = MOMENT.exec(text) ?? []
  if (day === '' || Number.isNaN(Date.parse(text.replace(/^([\d-]+)Z$/, '$1')))) return undefined
  return `${day}T${name === LAST_UPDATE ? minute : '00:00'}:00Z`
}

function readMember(schema: Schema, column: Column, name: string, literal: Literal): Value | undefined {
  if (literal.kind === 'bare' || (literal.kind === 'enum' && literal.type !== enumType(name))) return undefined
  const stored = schema.enums.get(name)?.find(member => member.name === literal.value)?.stored
  return stored === undefined || column.type === 'char' || column.type === 'nvarchar' ? stored : Number(stored)
}

function fail(wrong: () => DomainError): never {
  throw wrong()
}
