import { labelBeside } from '../model/naming.ts'
import { commentLines } from './comments.ts'
import { Identifiers, TYPESCRIPT_WORDS } from './identifiers.ts'
import {
  type ComplexType, type Names, namesOf, type Property, type PropertyType, sentProperties, type SentProperty,
  type TypedEntity, type TypedEnum, type TypeModel,
} from './typeModel.ts'

const LINKS = `/** A reference as it is read: its address (\`Set(id)\`), and what was asked for with \`$expand\`. */
export type EntityLink<T = object> = { readonly '@odata.id': string } & Partial<T>

/** A reference as it is sent: the address of what it leads to, \`Set(id)\`. */
export interface EntityBinding {
  '@odata.id': string
}
`

/** Numbers may come as texts where an instance keeps them exact. */
const COMPLEX: Record<ComplexType, string> = {
  Amount: `/** Money. To filter by it, use the name of the property with \`Value\` behind it. */
export interface Amount {
  Value: number | string
  Currency: string | null
}
`,
  Quantity: `/** To filter by it, use the name of the property with \`Value\` behind it. */
export interface Quantity {
  Value: number | string
  Unit: string | null
}
`,
  MultilanguageString: `/** A text by language, such as \`EN\` and \`BG\`. */
export interface MultilanguageString {
  [language: string]: string | null
}
`,
  Systems_Bpm_CustomPropertyValue: `export interface Systems_Bpm_CustomPropertyValue {
  Value: string | null
  Description?: MultilanguageString | string | null
  ValueId?: string | null
}
`,
  ValueTextPair: `export interface ValueTextPair {
  Value: string | null
  Text: string | null
}
`,
}

/** TypeScript that compiles under \`strict\`, with a line break at its end. */
export function printTypeScript(model: TypeModel): string {
  const complex = new Set<ComplexType>(model.complex)
  if (complex.has('Systems_Bpm_CustomPropertyValue')) complex.add('MultilanguageString')
  const names = namesOf(model, new Identifiers(TYPESCRIPT_WORDS, ['EntityLink', 'EntityBinding', ...Object.keys(COMPLEX)]))
  return [
    LINKS,
    ...(Object.keys(COMPLEX) as ComplexType[]).filter(name => complex.has(name)).map(name => COMPLEX[name]),
    ...model.enums.map(each => enumText(each, names.enums.get(each.name) ?? each.name)),
    ...model.entities.flatMap(entity => [readText(entity, names), writeText(entity, names)]),
  ].join('\n')
}

function enumText({ values }: TypedEnum, name: string): string {
  const members = values.map(value =>
    `${comment('  ', [labelBeside(value.name, value.label), value.value === undefined ? undefined : `In the model: ${value.value}`])}  ${key(value.name)}: ${literal(value.name)},`)
  return [
    `export const ${name} = {`, ...members, '} as const',
    `export type ${name} = (typeof ${name})[keyof typeof ${name}]`, '',
  ].join('\n')
}

function readText({ entity, typeName, properties }: TypedEntity, names: Names): string {
  const about = comment('', [
    entity.label, entity.description, `Entity set \`${entity.entitySet}\`${entity.table === undefined ? '' : `, table \`${entity.table}\``}.`,
    'As it is read: a property is there only where it was selected, a child collection only where it was expanded.',
  ])
  const lines = properties.map(property => `${propertyComment(property)}  ${readKey(property)}: ${readType(property, names)}`)
  const address = properties.some(property => property.name === '@odata.id') ? [] : ["  readonly '@odata.id'?: string"]
  return [`${about}export interface ${names.read.get(entity.entitySet) ?? typeName} {`, ...address, ...lines, '}', ''].join('\n')
}

function readKey({ name, type }: Property): string {
  return type.kind === 'children' ? `${key(name)}?` : key(name)
}

function readType({ type, nullable }: Pick<Property, 'type' | 'nullable'>, names: Names): string {
  const text = valueType(type, names)
  return nullable && text !== 'unknown' ? `${text} | null` : text
}

function writeText(typed: TypedEntity, names: Names): string {
  const { entity, typeName } = typed
  const about = comment('', [`\`${entity.entitySet}\` as it is sent: only what is given is set.`])
  const lines = sentProperties(typed, names).map(property =>
    `${sentComment(property)}  ${key(property.name)}?: ${sentType(property, names)}`)
  return [`${about}export interface ${names.write.get(entity.entitySet) ?? typeName} {`, ...lines, '}', ''].join('\n')
}

function sentComment({ type }: SentProperty): string {
  return comment('  ', [type.kind === 'binding' ? `To \`${type.entitySet}\`.` : undefined])
}

function sentType({ type, nullable }: SentProperty, names: Names): string {
  const or = nullable ? ' | null' : ''
  switch (type.kind) {
    case 'binding': return `EntityBinding${or}`
    case 'address': return `string${or}`
    case 'children': return `${type.child}[]`
    default: return readType({ type, nullable }, names)
  }
}

function valueType(type: PropertyType, names: Names): string {
  switch (type.kind) {
    case 'primitive': return many(primitive(type.edm), type.list)
    case 'enum': return many(names.enums.get(type.name) ?? 'string', type.list)
    case 'complex': return many(type.name, type.list)
    case 'reference': return `EntityLink${inner(names.read, type.entitySet)}`
    case 'children': return `EntityLink${inner(names.read, type.entitySet)}[]`
  }
}

function inner(names: ReadonlyMap<string, string>, entitySet: string): string {
  const name = names.get(entitySet)
  return name === undefined ? '' : `<${name}>`
}

function many(type: string, list: boolean): string {
  return list ? `${type}[]` : type
}

function primitive(edm: string): string {
  switch (edm) {
    case 'Edm.Boolean': return 'boolean'
    case 'Edm.Byte': case 'Edm.SByte': case 'Edm.Int16': case 'Edm.Int32': case 'Edm.Int64': case 'Edm.Decimal':
    case 'Edm.Double': case 'Edm.Single': return 'number'
    case 'Edm.String': case 'Edm.Guid': case 'Edm.Date': case 'Edm.DateTimeOffset': case 'Edm.TimeOfDay':
    case 'Edm.Duration': case 'Edm.Binary': case 'Edm.Stream': return 'string'
    default: return 'unknown'
  }
}

function propertyComment({ name, label, description, type }: Property): string {
  return comment('  ', [labelBeside(name, label), description, typeNote(type)])
}

/** What the type alone doesn't say. */
function typeNote(type: PropertyType): string | undefined {
  if (type.kind === 'reference' || type.kind === 'children') return `To \`${type.entitySet}\`.`
  if (type.kind !== 'primitive') return undefined
  switch (type.edm) {
    case 'Edm.Decimal': case 'Edm.Int64': return `${type.edm}: \`JSON.parse\` rounds what has more than 15 digits.`
    case 'Edm.Boolean': case 'Edm.String': case 'Edm.Int32': return undefined
    default: return type.edm
  }
}

/** With its line break; nothing where there is nothing to say. */
function comment(indent: string, texts: readonly (string | undefined)[]): string {
  const lines = commentLines(texts)
  if (lines.length === 0) return ''
  if (lines.length === 1) return `${indent}/** ${lines[0] ?? ''} */\n`
  return `${indent}/**\n${lines.map(line => `${indent} * ${line}`).join('\n')}\n${indent} */\n`
}

/** A property's name as it is written in a type; `__proto__` in an object would be something else. */
function key(name: string): string {
  if (name === '__proto__') return `['__proto__']`
  return /^[\p{L}_$][\p{L}\p{Nd}_$]*$/u.test(name) ? name : literal(name)
}

function literal(text: string): string {
  const json = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${json.replaceAll(/[\u007f-\u009f\u2028\u2029]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`
}
