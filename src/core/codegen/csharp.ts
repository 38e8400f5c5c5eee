import { labelBeside } from '../model/naming.ts'
import { commentLines } from './comments.ts'
import { CSHARP_WORDS, Identifiers } from './identifiers.ts'
import {
  type ComplexType, type Names, namesOf, type PropertyType, sentProperties, type SentProperty, type TypedEntity,
  type TypedEnum, type TypeModel,
} from './typeModel.ts'

const LINK = `/// <summary>A reference as it is sent: the address of what it leads to, Set(id).</summary>
public sealed class EntityBinding
{
    [JsonPropertyName("@odata.id")]
    public string? ODataId { get; set; }
}
`

const COMPLEX: Record<ComplexType, string> = {
  Amount: valueClass('Money. To filter by it, use the name of the property with Value behind it.', 'Amount', [
    ['Value', 'decimal?'], ['Currency', 'string?'],
  ]),
  Quantity: valueClass('To filter by it, use the name of the property with Value behind it.', 'Quantity', [
    ['Value', 'decimal?'], ['Unit', 'string?'],
  ]),
  MultilanguageString: `/// <summary>A text by language, such as EN and BG.</summary>
public sealed class MultilanguageString : Dictionary<string, string?>
{
}
`,
  Systems_Bpm_CustomPropertyValue: valueClass('The value of a custom property.', 'Systems_Bpm_CustomPropertyValue', [
    ['Value', 'string?'], ['Description', 'JsonElement?'], ['ValueId', 'Guid?'],
  ]),
  ValueTextPair: valueClass('A value with its text.', 'ValueTextPair', [['Value', 'string?'], ['Text', 'string?']]),
}

/** Values may come as texts where an instance keeps them exact, so both are read. */
function valueClass(summary: string, name: string, members: readonly (readonly [name: string, type: string])[]): string {
  const lines = members.flatMap(([member, type]) => [
    `    [JsonPropertyName("${member}")]`,
    ...(type === 'decimal?' ? ['    [JsonNumberHandling(JsonNumberHandling.AllowReadingFromString)]'] : []),
    `    public ${type} ${member} { get; set; }`,
  ])
  return [`/// <summary>${summary}</summary>`, `public sealed class ${name}`, '{', ...lines, '}', ''].join('\n')
}

/**
 * C# for System.Text.Json, with nullable references on. Every property may be null, since what was not selected isn't
 * there. Names of enumeration members that C# doesn't take need .NET 9 or newer (`JsonStringEnumMemberName`).
 */
export function printCSharp(model: TypeModel): string {
  const names = namesOf(model, new Identifiers(CSHARP_WORDS, ['EntityBinding', ...Object.keys(COMPLEX)]))
  return [
    '#nullable enable\n',
    'using System;\nusing System.Collections.Generic;\nusing System.Text.Json;\nusing System.Text.Json.Serialization;\n',
    'namespace ErpNet;\n',
    LINK,
    ...model.complex.map(name => COMPLEX[name]),
    ...model.enums.map(each => enumText(each, names.enums.get(each.name) ?? each.name)),
    ...model.entities.flatMap(entity => [readText(entity, names), writeText(entity, names)]),
  ].join('\n')
}

function enumText({ values }: TypedEnum, name: string): string {
  const members = new Identifiers(CSHARP_WORDS)
  // the model's own numbers, where each member has another one
  const numbers = new Set(values.map(({ value }) => value))
  const numbered = numbers.size === values.length && values.every(({ value }) => value !== undefined && /^-?\d{1,9}$/.test(value))
  const lines = values.flatMap(value => {
    const member = members.add(value.name)
    return [
      ...summary('    ', [labelBeside(value.name, value.label)]),
      ...(member === value.name ? [] : [`    [JsonStringEnumMemberName(${literal(value.name)})]`]),
      `    ${member}${numbered ? ` = ${value.value ?? ''}` : ''},`,
    ]
  })
  return ['[JsonConverter(typeof(JsonStringEnumConverter))]', `public enum ${name}`, '{', ...lines, '}', ''].join('\n')
}

function readText({ entity, typeName, properties }: TypedEntity, names: Names): string {
  const className = names.read.get(entity.entitySet) ?? typeName
  const members = new Identifiers(CSHARP_WORDS, [className])
  const address = properties.some(property => property.name === '@odata.id') ? [] : member('@odata.id', 'string', members.add('ODataId'))
  const lines = properties.flatMap(property => [
    ...summary('    ', [labelBeside(property.name, property.label), property.description, note(property.type)]),
    ...member(property.name, valueType(property.type, names), members.add(property.name)),
  ])
  return [
    ...summary('', [
      entity.label, entity.description, `Entity set ${entity.entitySet}${entity.table === undefined ? '' : `, table ${entity.table}`}.`,
      'As it is read: what was not selected or expanded is null.',
    ]),
    `public class ${className}`, '{', ...address, ...lines, '}', '',
  ].join('\n')
}

function writeText(typed: TypedEntity, names: Names): string {
  const { entity, typeName } = typed
  const className = names.write.get(entity.entitySet) ?? typeName
  const members = new Identifiers(CSHARP_WORDS, [className])
  const lines = sentProperties(typed, names).flatMap(({ name, type }) =>
    member(name, sentType(type, names), members.add(name.replace('@odata.bind', 'Bind')), true))
  return [
    ...summary('', [`${entity.entitySet} as it is sent: only what is given is set.`]),
    `public class ${className}`, '{', ...lines, '}', '',
  ].join('\n')
}

function member(name: string, type: string, identifier: string, sent = false): string[] {
  return [
    `    [JsonPropertyName(${literal(name)})]`,
    ...(sent ? ['    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]'] : []),
    `    public ${type}? ${identifier} { get; set; }`,
  ]
}

function sentType(type: SentProperty['type'], names: Names): string {
  switch (type.kind) {
    case 'binding': return 'EntityBinding'
    case 'address': return 'string'
    case 'children': return `List<${type.child}>`
    default: return valueType(type, names)
  }
}

function valueType(type: PropertyType, names: Names): string {
  switch (type.kind) {
    case 'primitive': return many(primitive(type.edm), type.list)
    case 'enum': return many(names.enums.get(type.name) ?? 'string', type.list)
    case 'complex': return many(type.name, type.list)
    case 'reference': return named(names, type.entitySet)
    case 'children': return `List<${named(names, type.entitySet)}>`
  }
}

/** Of an entity that has no type here, the address is known alone. */
function named({ read }: Names, entitySet: string): string {
  return read.get(entitySet) ?? 'EntityBinding'
}

function many(type: string, list: boolean): string {
  return list ? `List<${type}>` : type
}

function primitive(edm: string): string {
  switch (edm) {
    case 'Edm.Boolean': return 'bool'
    case 'Edm.Byte': return 'byte'
    case 'Edm.SByte': return 'sbyte'
    case 'Edm.Int16': return 'short'
    case 'Edm.Int32': return 'int'
    case 'Edm.Int64': return 'long'
    case 'Edm.Decimal': return 'decimal'
    case 'Edm.Double': return 'double'
    case 'Edm.Single': return 'float'
    case 'Edm.Guid': return 'Guid'
    case 'Edm.Date': return 'DateOnly'
    case 'Edm.DateTimeOffset': return 'DateTimeOffset'
    case 'Edm.TimeOfDay': return 'TimeOnly'
    case 'Edm.Binary': return 'byte[]'
    // durations of ISO 8601, which System.Text.Json doesn't read, and addresses of streams
    case 'Edm.Duration': case 'Edm.Stream': case 'Edm.String': return 'string'
    default: return 'JsonElement'
  }
}

function note(type: PropertyType): string | undefined {
  if (type.kind === 'reference' || type.kind === 'children') return `To ${type.entitySet}.`
  return type.kind === 'primitive' && primitive(type.edm) === 'JsonElement' ? type.edm : undefined
}

function summary(indent: string, texts: readonly (string | undefined)[]): string[] {
  const lines = commentLines(texts).map(line => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'))
  if (lines.length === 0) return []
  if (lines.length === 1) return [`${indent}/// <summary>${lines[0] ?? ''}</summary>`]
  return [`${indent}/// <summary>`, ...lines.map(line => `${indent}/// ${line}`), `${indent}/// </summary>`]
}

/** JSON's escapes are C#'s as well, but for the slash, which JSON.stringify leaves alone. */
function literal(text: string): string {
  return JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\u0085]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
