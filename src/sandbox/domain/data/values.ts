import { createHash } from 'node:crypto'

import type { Value } from '../../data/database.ts'
import type { Column, Schema } from '../../data/schema.ts'
import type { Language } from '../culture.ts'
import { languagesOf } from './functions.ts'

/** How values are written, after what the quirks and the request want. */
export interface Writing {
  readonly schema: Schema
  readonly language: Language
  readonly skipNulls: boolean
  readonly amountsAsStrings: boolean
  readonly lowerCaseLanguages: boolean
}

/** A stored value as JSON; numbers keep every digit, since they never become a double. */
export function valueText({ schema, lowerCaseLanguages }: Writing, column: Column, value: Value): string {
  if (value === null) return 'null'
  if (column.enum !== undefined) return JSON.stringify(memberName(schema, column.enum, value))
  if (column.multilanguage) return languagesText(String(value), lowerCaseLanguages)
  switch (column.type) {
    case 'bit': return String(Number(value) === 1)
    case 'decimal': case 'int': case 'smallint': case 'tinyint': case 'bigint': case 'float': return String(value)
    case 'time': return JSON.stringify(`PT${String(value).replace(':', 'H').replace(':', 'M')}S`)
    default: return JSON.stringify(String(value))
  }
}

/** `{"Value":12.50,"Currency":"EUR"}` */
export function measureText(
  { amountsAsStrings }: Writing, measure: 'Amount' | 'Quantity', value: Value, unit: Value,
): string {
  if (value === null) return 'null'
  const number = amountsAsStrings && measure === 'Amount' ? JSON.stringify(String(value)) : String(value)
  const name = measure === 'Amount' ? 'Currency' : 'Unit'
  return `{"Value":${number},"${name}":${unit === null ? 'null' : JSON.stringify(String(unit))}}`
}

export function memberName(schema: Schema, name: string, value: Value): string {
  const stored = String(value).trim()
  return schema.enums.get(name)?.find(member => member.stored === stored)?.name ?? stored
}

export function languagesText(text: string, lowerCase: boolean): string {
  const languages = languagesOf(text).map(([language, words]) => [lowerCase ? language.toLowerCase() : language, words])
  return JSON.stringify(Object.fromEntries(languages))
}

/** A stored value as people read it, within a display text. */
export function plainText({ schema, language }: Writing, column: Column, value: Value): string {
  if (value === null) return ''
  if (column.enum !== undefined) return memberName(schema, column.enum, value)
  if (!column.multilanguage) return String(value)
  const languages = languagesOf(String(value))
  return (languages.find(([name]) => name.toLowerCase() === language) ?? languages[0])?.[1] ?? ''
}

/** The id of a view's row, which has none: made of all that the row holds, so that it stays the same. */
export function viewItemId(values: readonly Value[]): string {
  const digits = createHash('md5').update(JSON.stringify(values.map(String))).digest('hex')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
