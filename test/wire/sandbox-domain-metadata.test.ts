import assert from 'node:assert/strict'

import { useSandbox } from '../fakes/sandbox.ts'

describe('sandbox: Domain API metadata', () => {
  const sandbox = useSandbox()
  let text: string
  before(async () => {
    const response = await fetch(
      `${sandbox.url}/api/domain/odata/$metadata`, { headers: { 'x-api-key': sandbox.referenceToken } },
    )
    assert.match(response.headers.get('content-type') ?? '', /^application\/xml/)
    text = await response.text()
  })

  const type = (name: string) => new RegExp(`<EntityType Name="${name}"[^]*?</EntityType>`).exec(text)?.[0] ?? ''
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1] ?? '')

  it('one schema, Erp, which holds the container too', () => {
    assert.deepEqual(all(/<Schema Namespace="(.*?)"/g), ['Erp'])
    assert.match(text, /<Schema Namespace="Erp"[^]*<EntityContainer [^]*<\/EntityContainer>\n<\/Schema>/)
  })

  it('each entity type, base types included, has exactly one entity set', () => {
    const sets = all(/<EntitySet Name="\w+" EntityType="Erp\.(.*?)"/g)
    assert.deepEqual([...sets].sort(), all(/<EntityType Name="(.*?)"/g).sort())
    assert.equal(new Set(sets).size, sets.length)
  })

  it('what extends another type names it, and declares nothing again', () => {
    const order = type('Crm_Sales_SalesOrder')
    assert.match(order, /^<EntityType Name="Crm_Sales_SalesOrder" BaseType="Erp.General_Documents_Document">/)
    assert.doesNotMatch(order, /Name="DocumentNo"|<Key>/)
    assert.ok(all(/<EntityType Name="(\w+)" BaseType="Erp.General_Documents_Document">/g).length >= 5)
  })

  it('keys: Id, DocumentId, PartyId, ViewItemId', () => {
    const key = (name: string) => /<Key><PropertyRef Name="(\w+)"\/><\/Key>/.exec(type(name))?.[1]
    assert.deepEqual([
      key('General_Products_Product'), key('General_Documents_Document'), key('General_Contacts_Party'),
      key('Logistics_Inventory_CurrentBalance'),
    ], ['Id', 'DocumentId', 'PartyId', 'ViewItemId'])
  })

  it('types say their table, views do not', () => {
    assert.match(type('Crm_Sales_SalesOrder'), /<Annotation Term="Erp.EntityName" String="Crm_Sales_Orders"\/>/)
    assert.doesNotMatch(type('Logistics_Inventory_CurrentBalance'), /EntityName/)
  })

  it('an ownership reference has OnDelete, another has not', () => {
    const line = type('Crm_Sales_SalesOrderLine')
    assert.match(line, /Name="SalesOrder" Type="Erp.Crm_Sales_SalesOrder" Nullable="false"><OnDelete Action="Cascade"\/>/)
    assert.match(line, /<NavigationProperty Name="Product" Type="Erp.General_Products_Product" Nullable="false"\/>/)
  })

  it('dates are DateTimeOffset, never Date', () => {
    assert.match(type('General_Documents_Document'), /Name="DocumentDate" Type="Edm.DateTimeOffset"/)
    assert.doesNotMatch(text, /Edm\.Date"/)
  })

  it('enumerations have named members with whole numbers', () => {
    assert.match(text, /<EnumType Name="General_Documents_DocumentState">\n<Member Name="New" Value="0"\/>/)
    assert.ok(all(/<Member Name="\w+" Value="(.*?)"/g).every(value => /^-?\d+$/.test(value)))
  })

  it('complex types, the open one among them', () => {
    assert.deepEqual(all(/<ComplexType Name="(.*?)"/g), [
      'Amount', 'Quantity', 'MultilanguageString', 'OpenObject', 'Systems_Bpm_CustomPropertyValue', 'ValueTextPair',
    ])
    assert.match(text, /<ComplexType Name="OpenObject" OpenType="true"\/>/)
    assert.match(type('General_Products_Product'), /Name="CustomProperty_Colour" Type="Erp.Systems_Bpm_CustomPropertyValue"/)
  })

  it('each concrete type declares its bound operations, the binding parameter first', () => {
    for (const bound of ['Crm_Sales_SalesOrder', 'Crm_Invoicing_Invoice', 'Finance_Payments_PaymentOrder']) {
      assert.ok(text.includes(
        `<Action Name="ChangeState" IsBound="true">\n<Parameter Name="bindingParameter" Type="Erp.${bound}"/>`,
      ), bound)
    }
    assert.match(text, /<Function Name="GetPropertyAllowedValues" IsBound="true">\n<Parameter Name="bindingParameter"/)
    const firsts = all(/IsBound="true">\n<Parameter Name="(\w+)"/g)
    assert.ok(firsts.length > 100 && firsts.every(name => name === 'bindingParameter'))
  })

  it('optional parameters are annotated', () => {
    assert.match(text, /<Parameter Name="top" Type="Edm.Int32"><Annotation Term="Org.OData.Core.V1.OptionalParameter"\/>/)
    assert.match(text, /<Parameter Name="propertyName" Type="Edm.String"\/>/)
  })
})
