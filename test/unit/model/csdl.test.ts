import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { CsdlDocument } from '../../../src/core/model/csdl/document.ts'
import { scanCsdl } from '../../../src/core/model/csdl/scan.ts'
import { xmlElements } from '../../../src/core/model/csdl/xml.ts'
import { metadataSource, sourceOf } from '../../../src/core/model/domainSource.ts'
import { MetadataReader } from '../../../src/core/model/readMetadata.ts'
import { readTables } from '../../../src/core/model/readTables.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const edmx = (schema: string, attributes = 'Namespace="Erp"'): string =>
  `<edmx:Edmx Version="4.0"><edmx:DataServices><Schema ${attributes}>${schema}</Schema></edmx:DataServices></edmx:Edmx>`
const refused = (error: unknown): boolean => isErpError(error, 'unexpected-answer')

describe('index of CSDL', () => {
  const parts = (xml: string): string[] => {
    const all = bytes(xml)
    assert.doesNotThrow(() => scanCsdl(all))
    return scanCsdl(all).parts.map(({ element, name, at, length }) =>
      `${element} ${name} ${new TextDecoder().decode(all.subarray(at, at + length))}`)
  }
  const cases: readonly (readonly [what: string, schema: string, parts: readonly string[]])[] = [
    ['types that hold others and none', '<EntityType Name="A"><Key/></EntityType> <EnumType Name="B"/>', [
      'EntityType A <EntityType Name="A"><Key/></EntityType>', 'EnumType B <EnumType Name="B"/>',
    ]],
    ['an end in a comment', '<EntityType Name="A"><!-- </EntityType> --></EntityType>', [
      'EntityType A <EntityType Name="A"><!-- </EntityType> --></EntityType>',
    ]],
    ['an end in CDATA', '<EntityType Name="A"><![CDATA[</EntityType>]]></EntityType>', [
      'EntityType A <EntityType Name="A"><![CDATA[</EntityType>]]></EntityType>',
    ]],
    ['an end in an instruction', '<EntityType Name="A"><?x </EntityType>?></EntityType >', [
      'EntityType A <EntityType Name="A"><?x </EntityType>?></EntityType >',
    ]],
    ['a > in quotes', '<EntityType Name="A>/>"><P X=\'"/>\'/></EntityType>', [
      'EntityType A>/> <EntityType Name="A>/>"><P X=\'"/>\'/></EntityType>',
    ]],
    ['elements within their like', '<Annotation Name="A"><Annotation/><Annotation ><X/></Annotation></Annotation>', [
      'Annotation A <Annotation Name="A"><Annotation/><Annotation ><X/></Annotation></Annotation>',
    ]],
    ['names that begin alike', '<Type Name="A"><Types/><TypeX></TypeX></Type>', ['Type A <Type Name="A"><Types/><TypeX></TypeX></Type>']],
    ['prefixes', '<edm:EntityType Name="A"><EntityType/></edm:EntityType>', [
      'EntityType A <edm:EntityType Name="A"><EntityType/></edm:EntityType>',
    ]],
    ['every legal letter in names', '<EntityType Name="Поръчка_&#x41;&amp;·𝒜"/>', [
      'EntityType Поръчка_A&·𝒜 <EntityType Name="Поръчка_&#x41;&amp;·𝒜"/>',
    ]],
    ['line ends within a tag', '<EntityType\n\tName = "A"\r\n/>', ['EntityType A <EntityType\n\tName = "A"\r\n/>']],
    ['two of one name', '<EntityType Name="A"/><EntityType Name="A"/>', [
      'EntityType A <EntityType Name="A"/>', 'EntityType A <EntityType Name="A"/>',
    ]],
    ['what a type holds that is broken', '<EntityType Name="A"><Key></Kez></EntityType>', [
      'EntityType A <EntityType Name="A"><Key></Kez></EntityType>',
    ]],
  ]
  for (const [what, schema, expected] of cases) {
    it(`knows ${what}`, () => assert.deepEqual(parts(edmx(schema)), expected))
  }

  it('passes over a byte order mark, a declaration and references to other documents', () => {
    const xml = edmx('<EntityType Name="A"/>').replace('<edmx:DataServices', '<edmx:Reference Uri="x"><edmx:Include/></edmx:Reference><edmx:DataServices')
    assert.equal(scanCsdl(bytes(`\ufeff<?xml version="1.0"?><!DOCTYPE x>${xml}`)).parts.length, 1)
  })

  const whole = edmx('<EntityType Name="A"><Property Name="B"/></EntityType>')
  for (let length = 0; length < whole.length; length++) {
    const half = whole.slice(0, length)
    if (length % 7 === 0) it(`refuses the first ${length} letters of a document`, () => assert.throws(() => scanCsdl(bytes(half)), refused))
  }
  for (const xml of ['<html><body>Sign in</body></html>', '{"value":[]}', '<a>', edmx('<EntityType Name="A">'), edmx('</EntityType>'), edmx('<EntityType Name="A></EntityType>')]) {
    it(`refuses ${xml}`, () => assert.throws(() => scanCsdl(bytes(xml)), refused))
  }
})

describe('XML', () => {
  const shown = (xml: string): string[] => [...xmlElements(xml)].map(event =>
    event.kind === 'close' ? `/${event.name}` : `${event.name} ${[...event.attributes].map(pair => pair.join('=')).join(' ')}${event.empty ? '/' : ''}`)

  it('reads quotes, references and prefixes', () => {
    assert.deepEqual(shown('<x:a b="&lt;&#66;&#x43;&unknown;" y:c=\'"\'><d/></x:a>'), ['a b=<BC&unknown; c="', 'd /', '/a'])
  })

  it('reads a text of a million characters', () => {
    const text = 'Ж>&amp;'.repeat(200_000)
    const [event] = xmlElements(`<a b="${text}"/>`)
    assert.equal(event?.kind === 'open' && event.attributes.get('b')?.length, 600_000)
  })

  for (const xml of ['<a', '<a>', '</a>', '<a></b>', '<a b>', '<a b=c>', '<a b="c>', '< a/>', '<!-- ', '<![CDATA[ ', '<a b="1"c/d>', '<a "b"/>', '<x:a></y:a>']) {
    it(`refuses ${xml}`, () => assert.throws(() => shown(xml), refused))
  }
})

describe('tables of a damaged model', () => {
  const tables = (schema: string) => readTables(bytes(edmx(schema, 'Namespace="Erp.Tables" Alias="T"')))

  it('has a problem for the one whose type is broken or missing; the others are whole', () => {
    const read = tables('<EntityType Name="A"><Key></Kez></EntityType><EntityType Name="B"><Property Name="X"/></EntityType>'
      + '<EntityContainer><EntitySet Name="As" EntityType="T.A"/><EntitySet Name="Bs" EntityType="T.B"/><EntitySet Name="Cs" EntityType="T.C"/></EntityContainer>')
    assert.deepEqual(read.map(({ name, columns, problem }) => [name, columns.length, problem]), [
      ['As', 0, '</Kez> closes <Key>'], ['Bs', 1, undefined], ['Cs', 0, 'the type Erp.Tables.C is missing'],
    ])
  })

  it('takes the first of several of one name, and knows unknown types and references to nowhere', () => {
    const [table] = tables('<EntityType Name="A"><Property Name="X" Type="Odd.Type"/><Property Name="X" Type="Edm.Guid"/>'
      + '<NavigationProperty Name="R" Type="T.Nowhere"/><NavigationProperty Name="R" Type="T.A"/></EntityType><EntityType Name="A"/>'
      + '<EntityContainer><EntitySet Name="As" EntityType="T.A"/><EntitySet Name="As" EntityType="T.B"/></EntityContainer>')
    assert.deepEqual(table, {
      name: 'As', key: [], columns: [{ name: 'X', type: 'Odd.Type', nullable: true }],
      references: [{ name: 'R', target: 'Nowhere', columns: [] }],
    })
  })
})

describe('Domain model of $metadata', () => {
  const xml = edmx([
    '<EntityType Name="Base" BaseType="E.Order"><Key><PropertyRef Name="Id"/></Key><Property Name="Id" Type="Edm.Guid" Nullable="false"/></EntityType>',
    '<EntityType Name="Order" BaseType="E.Base"><Property Name="State" Type="E.State"/><Property Name="Tags" Type="Collection(E.State)"/>',
    '<Property Name="CustomProperty_x" Type="E.Value"/><NavigationProperty Name="Owner" Type="E.Base" Nullable="false"><OnDelete Action="Cascade"/></NavigationProperty>',
    '<NavigationProperty Name="Lost" Type="E.Nowhere"/><NavigationProperty Name="Lines" Type="Collection(E.Order)"/>',
    '<Annotation Term="Erp.EntityName" String="Orders_Table"/></EntityType>',
    '<EntityType Name="Broken"><Property Name="X"></EntityType>',
    '<EnumType Name="State"><Member Name="New" Value="0"/><Member Name="Done" Value="40"/></EnumType>',
    '<Action Name="Close" IsBound="true"><Parameter Name="it" Type="E.Order"/><Parameter Name="how" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.OptionalParameter"/></Parameter></Action>',
    '<Function Name="Free"/><Function Name="Bad" IsBound="true"><Parameter Name="it" Type="E.Order"/></Functio></Function>',
    '<EntityContainer><EntitySet Name="Bases" EntityType="E.Base"/><EntitySet Name="Crm_Orders" EntityType="Erp.Order"/><EntitySet Name="Brokens" EntityType="E.Broken"/></EntityContainer>',
  ].join(''), 'Namespace="Erp" Alias="E"')
  const source = metadataSource(new MetadataReader(new CsdlDocument(bytes(xml))))

  it('lists entities with their tables', () => {
    assert.deepEqual(new MetadataReader(new CsdlDocument(bytes(xml))).entities(), [
      { entitySet: 'Bases', repository: 'Bases', entityType: 'Erp.Base', isAggregateRoot: false },
      { entitySet: 'Brokens', repository: 'Brokens', entityType: 'Erp.Broken', isAggregateRoot: false },
      { entitySet: 'Crm_Orders', repository: 'Crm.Orders', entityType: 'Erp.Order', table: 'Orders_Table', isAggregateRoot: false },
    ])
  })

  it('reads what one inherits, has and can do; types that are derived from each other end somewhere', () => {
    const order = source.read('Crm_Orders')
    assert.ok(order)
    assert.deepEqual(order.attributes.map(({ name, type, custom, enumValues }) => [name, type, custom, enumValues.map(({ value }) => value)]), [
      ['Id', 'Edm.Guid', false, []], ['State', 'Erp.State', false, ['0', '40']],
      ['Tags', 'Collection(Erp.State)', false, ['0', '40']], ['CustomProperty_x', 'Erp.Value', true, []],
    ])
    assert.deepEqual(order.references, [
      { name: 'Owner', target: 'Bases', nullable: false, readOnly: false, ownership: true, filterable: true },
      { name: 'Lost', target: 'Nowhere', nullable: true, readOnly: false, ownership: false, filterable: false },
    ])
    assert.deepEqual(order.childCollections, [{ name: 'Lines', target: 'Crm_Orders' }])
    assert.deepEqual(order.methods, [
      { name: 'Close', isAction: true, returnType: 'void', parameters: [{ name: 'how', type: 'Edm.String', optional: true }] },
    ])
  })

  it('is broken where it is broken alone', () => {
    assert.throws(() => source.read('Brokens'), refused)
    assert.ok(source.read('Bases')?.attributes.some(({ name }) => name === 'Id'))
    assert.equal(source.read('None'), undefined)
  })

  it('is the same from its index', () => {
    const again = sourceOf(source.bytes, JSON.parse(JSON.stringify(source.index)) as typeof source.index)
    assert.deepEqual(again.read('Crm_Orders'), source.read('Crm_Orders'))
    assert.deepEqual(again.entitySets, source.entitySets)
  })
})
