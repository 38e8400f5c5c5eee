import assert from 'node:assert/strict'
import { changedLines } from '../../../src/core/codegen/changedLines.ts'
import { generateTypes, readTypesHead, TYPE_LANGUAGES } from '../../../src/core/codegen/types.ts'
import { cSharpErrors, hasCSharp, typeScriptErrors } from '../../fakes/compile.ts'
import { attributeOf, entityOf, ODD_NAMES, referenceOf } from '../../fakes/models.ts'

const SOURCE = { instance: 'demodb.my.erp.net', version: '26.2.0.76' }
const STATE = { enumValues: [{ name: 'New', value: '0' }, { name: 'Released', value: '30', label: 'Пусната' }] }

const ORDER = entityOf('Crm_Orders', {
  entityType: 'Erp.Crm_Order', table: 'Crm_Orders_Table', label: 'Orders', description: 'An order of a customer.',
  attributes: [
    attributeOf('Id', 'Edm.Guid', { readOnly: true }), attributeOf('State', 'Erp.State', STATE), attributeOf('Void', 'Edm.Boolean', { nullable: true }),
    attributeOf('Total', 'Erp.Amount'), attributeOf('Weight', 'Erp.Quantity', { nullable: true }), attributeOf('Name', 'Erp.MultilanguageString'),
    attributeOf('CustomProperty_Colour', 'Erp.Systems_Bpm_CustomPropertyValue', { custom: true, nullable: true }),
    attributeOf('CalculatedAttribute_Margin', 'Edm.Decimal', { calculated: true }),
    attributeOf('Date', 'Edm.DateTimeOffset'), attributeOf('Count', 'Edm.Int64'), attributeOf('Odd', 'Edm.GeographyPoint'),
    attributeOf('States', 'Collection(Erp.State)', STATE), attributeOf('Picture', 'Edm.Binary', { nullable: true }),
  ],
  references: [referenceOf('Customer', 'Crm_Customers'), referenceOf('Store', 'Inv_Stores', { nullable: true }), referenceOf('Made', 'Crm_Customers', { readOnly: true })],
  childCollections: [{ name: 'Lines', target: 'Crm_Lines' }, { name: 'Notes', target: 'Gen_Notes' }],
})
const CUSTOMER = entityOf('Crm_Customers', { entityType: 'Erp.Crm_Customer', attributes: [attributeOf('Name', 'Edm.String', { nullable: true })] })
const LINE = entityOf('Crm_Lines', { entityType: 'Erp.Crm_Line', references: [referenceOf('Order', 'Crm_Orders', { ownership: true })] })

/** Uses of the types that must compile, and, each marked, that must not. */
const USES = `
import { type Crm_Order, type Crm_OrderWrite, State } from './types'
declare const order: Crm_Order
export const number: number | string = order.Total.Value
export const name: string | null | undefined = order.Customer.Name
export const address: string = order.Customer['@odata.id']
export const listed: Pick<Crm_Order, 'State' | 'Void'> = { State: 'Released', Void: null }
export const released: Crm_Order['State'] = State.Released
export const lines = order.Lines?.[0]?.Order?.['@odata.id']
export const sent: Crm_OrderWrite = {
  State: 'New', Customer: { '@odata.id': 'Crm_Customers(1)' }, 'Store@odata.bind': null, Lines: [{ 'Order@odata.bind': 'Crm_Orders(1)' }],
}
// @ts-expect-error no such state
export const wrongState: Crm_Order['State'] = 'Closed'
// @ts-expect-error ids are given by the instance
export const wrongId: Crm_OrderWrite = { Id: '1' }
// @ts-expect-error calculated
export const wrongMargin: Crm_OrderWrite = { CalculatedAttribute_Margin: 1 }
// @ts-expect-error may not be empty
export const wrongCustomer: Crm_OrderWrite = { 'Customer@odata.bind': null }
// @ts-expect-error whoever wants it must look what it is
export const wrongOdd: number = order.Odd
`

describe('generated types', () => {
  it('TypeScript says what can be read and what can be sent', function () {
    this.timeout(60_000)
    assert.deepEqual(typeScriptErrors({ 'types.ts': generateTypes([ORDER, CUSTOMER, LINE], 'typescript', SOURCE), 'uses.ts': USES }), [])
  })

  it('C# has a class for what is read and one for what is sent', () => {
    const text = generateTypes([ORDER, CUSTOMER], 'csharp', SOURCE)
    const [, read = '', write = ''] = /public class Crm_Order\n\{([^]*?)\n\}[^]*public class Crm_OrderWrite\n\{([^]*?)\n\}/.exec(text) ?? []
    const members = (body: string) => [...body.matchAll(/public (\S+) (\w+) \{/g)].map(([, type, name]) => `${type} ${name}`)
    assert.deepEqual(members(read), [
      'string? ODataId', 'decimal? CalculatedAttribute_Margin', 'long? Count', 'Systems_Bpm_CustomPropertyValue? CustomProperty_Colour',
      'DateTimeOffset? Date', 'Guid? Id', 'MultilanguageString? Name', 'JsonElement? Odd', 'byte[]? Picture', 'State? State',
      'List<State>? States', 'Amount? Total', 'bool? Void', 'Quantity? Weight', 'Crm_Customer? Customer', 'Crm_Customer? Made',
      'EntityBinding? Store', 'List<EntityBinding>? Lines', 'List<EntityBinding>? Notes',
    ])
    assert.deepEqual(members(write).slice(-4), ['EntityBinding? Customer', 'string? CustomerBind', 'EntityBinding? Store', 'string? StoreBind'])
    assert.match(text, /Released = 30,/)
  })

  const odd = entityOf('Odd', {
    entityType: 'Erp.class', label: '*/ evil', description: 'long '.repeat(200_000),
    attributes: [
      ...ODD_NAMES.map(name => attributeOf(name, 'Edm.String', { label: name, description: name })),
      attributeOf('Same'), attributeOf('Same', 'Edm.Int32'),
      attributeOf('Choice', 'Erp.enum', { enumValues: [...ODD_NAMES, 'Same', 'Same'].map(name => ({ name, label: name })) }),
    ],
    references: [referenceOf('Dangling', 'No_Such_Set'), referenceOf('Self', 'Odd'), referenceOf('Same', 'Odd'), referenceOf('', '')],
    childCollections: [{ name: 'Children', target: 'Odd' }],
  })
  const others = ODD_NAMES.map(name => entityOf(`Set ${name}`, { entityType: `Erp.${name}`, attributes: [attributeOf('Kind', `Erp.${name}`, { enumValues: [{ name: 'A' }] })] }))

  it('TypeScript of odd names compiles', function () {
    this.timeout(60_000)
    const text = generateTypes([odd, ...others], 'typescript', { instance: 'a\n*/ b' })
    assert.deepEqual(typeScriptErrors({ 'types.ts': text }), [])
    assert.ok(text.length < 200_000)
  })

  it('C# of odd names has identifiers, each once', () => {
    const text = generateTypes([odd, ...others], 'csharp', SOURCE)
    const bodies = [...text.matchAll(/public class class_\w*\n\{([^]*?)\n\}/g)].map(([, body = '']) => body)
    const body = bodies.sort((a, b) => b.length - a.length)[0]!
    const names = [...body.matchAll(/public \S+ (.+) \{ get/g)].map(([, name = '']) => name)
    assert.ok(names.length > ODD_NAMES.length)
    assert.deepEqual(names.filter(name => !/^[\p{L}_][\p{L}\p{Nd}_]*$/u.test(name)), [])
    assert.equal(new Set(names).size, names.length)
    assert.ok(['GetType_', 'class_', 'Eco_Label', 'Eco_Label_2', 'Eco_Label_3', '_2nd'].every(name => names.includes(name)))
  })

  it('C# compiles', function () {
    if (!hasCSharp()) this.skip()
    this.timeout(60_000)
    assert.deepEqual(cSharpErrors(generateTypes([ORDER, CUSTOMER, LINE], 'csharp', SOURCE)), [])
    assert.deepEqual(cSharpErrors(generateTypes([odd, ...others], 'csharp', SOURCE)), [])
  })

  for (const language of TYPE_LANGUAGES) {
    it(`${language}: the head tells how to make it again, whatever the order`, () => {
      const text = generateTypes([ORDER, CUSTOMER], language, SOURCE)
      assert.equal(generateTypes([CUSTOMER, ORDER, ORDER], language, SOURCE), text)
      assert.deepEqual(readTypesHead(text), { language, instance: 'demodb.my.erp.net', entitySets: ['Crm_Customers', 'Crm_Orders'] })
      assert.deepEqual(readTypesHead(text.replaceAll('\n', '\r\n')), { language, instance: 'demodb.my.erp.net', entitySets: ['Crm_Customers', 'Crm_Orders'] })
      assert.match(text.slice(0, 400), /demodb\.my\.erp\.net[^]*26\.2\.0\.76[^]*[0-9a-f]{16}/)
    })

    it(`${language}: only what changed changes`, () => {
      const lines = (attributes: typeof ORDER.attributes) => generateTypes([{ ...ORDER, attributes }, CUSTOMER, LINE], language, SOURCE).split('\n')
      const before = lines(ORDER.attributes)
      const after = lines([attributeOf('Added'), ...ORDER.attributes.toReversed()])
      const gone = before.filter(line => !after.includes(line))
      assert.deepEqual(gone.map(line => line.slice(0, 9)), ['// model:'])
      assert.equal(after.length - before.length, language === 'typescript' ? 2 : 5)
    })
  }

  for (const text of ['', 'export interface X {}', '// ERP.net types', '// ERP.net types (COBOL), made by']) {
    it(`${JSON.stringify(text)} is no such file`, () => assert.equal(readTypesHead(text), undefined))
  }
})

describe('changed lines', () => {
  const texts = ['', 'a', 'a\n', 'b\n', 'a\nb\n', 'b\na\n', 'a\nb\nc\n', 'a\nx\nc\n', 'a\nb\nc\nd\n', 'a\r\nb\r\nc\r\n', 'a\nb']
  for (const old of texts) {
    for (const now of texts.filter(text => text.endsWith('\n') && !text.includes('\r'))) {
      it(`${JSON.stringify(old)} becomes ${JSON.stringify(now)}`, () => assert.equal(apply(old, now), now))
    }
  }

  it('leaves alone what is the same', () => {
    assert.equal(changedLines('a\nb\n', 'a\nb\n'), undefined)
    assert.deepEqual(changedLines('a\nb\nc\n', 'a\nx\nc\n'), { start: 1, end: 2, text: 'x\n' })
  })

  /** As an editor does: what lies behind the last line is the end of the text. */
  function apply(old: string, now: string): string {
    const lines = old.split(/\r?\n/)
    const text = lines.join('\n')
    const offset = (line: number) => line >= lines.length ? text.length : lines.slice(0, line).join('\n').length + (line === 0 ? 0 : 1)
    const changed = changedLines(old, now)
    return changed === undefined ? text : text.slice(0, offset(changed.start)) + changed.text + text.slice(offset(changed.end))
  }
})
