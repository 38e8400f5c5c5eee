import type { Schema } from '../data/schema.ts'
import { enumType, type DomainAttribute, type DomainEntity, type DomainReference } from './entities.ts'

/** The Domain API's `$metadata` (protocol sheet, section 3, "`$metadata` in detail"). */
export function domainMetadata(schema: Schema, entities: readonly DomainEntity[]): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '<edmx:DataServices><Schema Namespace="Erp" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    ...entities.map(entityType),
    ...COMPLEX_TYPES,
    ...[...schema.enums].map(([name, members]) => [
      `<EnumType Name="${enumType(name)}">`,
      ...members.map(member => `<Member Name="${member.name}" Value="${member.value}"/>`), '</EnumType>',
    ].join('\n')),
    ...entities.flatMap(operations),
    '<Function Name="GetVersion"><ReturnType Type="Erp.OpenObject"/></Function>',
    '<Function Name="GetRenamedEntityTypes"><ReturnType Type="Collection(Erp.OpenObject)"/></Function>',
    '<EntityContainer Name="Container">',
    ...entities.map(entitySet),
    '<FunctionImport Name="GetVersion" Function="Erp.GetVersion"/>',
    '<FunctionImport Name="GetRenamedEntityTypes" Function="Erp.GetRenamedEntityTypes"/>',
    '</EntityContainer>',
    '</Schema></edmx:DataServices></edmx:Edmx>',
  ].join('\n')
}

const COMPLEX_TYPES = [
  complexType('Amount', 'Value Edm.Decimal', 'Currency Edm.String'),
  complexType('Quantity', 'Value Edm.Decimal', 'Unit Edm.String'),
  complexType('MultilanguageString', 'EN Edm.String', 'BG Edm.String'),
  '<ComplexType Name="OpenObject" OpenType="true"/>',
  complexType(
    'Systems_Bpm_CustomPropertyValue', 'Value Edm.String', 'Description Erp.MultilanguageString', 'ValueId Edm.Guid',
  ),
  complexType('ValueTextPair', 'Value Edm.String', 'Text Edm.String'),
]

/** @param properties as `Name Type` */
function complexType(name: string, ...properties: readonly string[]): string {
  const inner = properties.map(line => {
    const [property = '', type = ''] = line.split(' ')
    return `<Property Name="${property}" Type="${type}"${type === 'Edm.Decimal' ? ' Scale="variable"' : ''}/>`
  })
  return `<ComplexType Name="${name}">${inner.join('')}</ComplexType>`
}

function entityType({ entity, base, key, attributes, references, collections }: DomainEntity): string {
  // What the base type has already, a derived type must not declare again.
  const inherited = new Set(
    [...base?.attributes ?? [], ...base?.references ?? [], ...base?.collections ?? []].map(({ name }) => name),
  )
  const isOwn = ({ name }: { readonly name: string }) => !inherited.has(name)
  return [
    `<EntityType Name="${entity.type}"${base ? ` BaseType="Erp.${base.entity.type}"` : ''}>`,
    ...(base ? [] : [`<Key><PropertyRef Name="${key}"/></Key>`]),
    ...attributes.filter(isOwn).map(attribute => property(attribute, key)),
    ...references.filter(isOwn).map(navigation),
    ...collections.filter(isOwn).map(
      ({ name, child }) => `<NavigationProperty Name="${name}" Type="Collection(Erp.${child.type})"/>`,
    ),
    ...(entity.table.view ? [] : [`<Annotation Term="Erp.EntityName" String="${entity.table.name}"/>`]),
    '</EntityType>',
  ].join('\n')
}

function property({ name, type, column, facts }: DomainAttribute, key: string): string {
  const facets = [
    name === key || column && !facts.nullable ? ' Nullable="false"' : '',
    column?.length === undefined || !type.startsWith('Edm.') ? '' : ` MaxLength="${column.length}"`,
    type !== 'Edm.Decimal' ? ''
      : column?.precision === undefined ? ' Scale="variable"'
        : ` Precision="${column.precision}" Scale="${column.scale ?? 0}"`,
  ]
  return `<Property Name="${name}" Type="${type}"${facets.join('')}/>`
}

function navigation({ name, target, facts }: DomainReference): string {
  const nullable = facts.nullable ? '' : ' Nullable="false"'
  const start = `<NavigationProperty Name="${name}" Type="Erp.${target.type}"${nullable}`
  return facts.owner ? `${start}><OnDelete Action="Cascade"/></NavigationProperty>` : `${start}/>`
}

const OPTIONAL = '<Annotation Term="Org.OData.Core.V1.OptionalParameter"/>'

/** Each concrete type has its own, bound by the first parameter. */
function operations({ entity, methods }: DomainEntity): readonly string[] {
  return methods.map(({ name, action, returns, parameters }) => {
    const tag = action ? 'Action' : 'Function'
    return [
      `<${tag} Name="${name}" IsBound="true">`,
      `<Parameter Name="bindingParameter" Type="Erp.${entity.type}"/>`,
      ...parameters.map(parameter => {
        const start = `<Parameter Name="${parameter.name}" Type="${parameter.type}"`
        return parameter.optional ? `${start}>${OPTIONAL}</Parameter>` : `${start}/>`
      }),
      ...(returns === undefined ? [] : [`<ReturnType Type="${returns}"/>`]),
      `</${tag}>`,
    ].join('\n')
  })
}

function entitySet({ entity, references, collections }: DomainEntity): string {
  const bindings = [
    ...references.map(({ name, target }) => ({ name, set: target.set })),
    ...collections.map(({ name, child }) => ({ name, set: child.set })),
  ]
  return [
    `<EntitySet Name="${entity.set}" EntityType="Erp.${entity.type}">`,
    ...bindings.map(({ name, set }) => `<NavigationPropertyBinding Path="${name}" Target="${set}"/>`),
    '</EntitySet>',
  ].join('\n')
}
