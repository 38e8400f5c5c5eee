import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { readDomainEntities, readDomainEntity } from '../../../src/core/model/readDomain.ts'
import { readTables } from '../../../src/core/model/readTables.ts'

describe('Domain model', () => {
  it('reads compact repositories, sorted, with null and missing properties alike', () => {
    const entities = readDomainEntities([
      { Name: 'Crm_Sales_SalesOrders', RepositoryName: 'Crm.Sales.SalesOrders', TableName: 'Crm_Sales_Orders', LocalizedName: 'Sales orders', IsAggregateRoot: true },
      { Name: 'Crm_Customers', RepositoryName: 'Crm.Customers', TableName: null, LocalizedName: null },
      { RepositoryName: 'No.Name' },
      'not an object',
    ])
    assert.deepEqual(entities, [
      { entitySet: 'Crm_Customers', repository: 'Crm.Customers', isAggregateRoot: false },
      { entitySet: 'Crm_Sales_SalesOrders', repository: 'Crm.Sales.SalesOrders', table: 'Crm_Sales_Orders', label: 'Sales orders', isAggregateRoot: true },
    ])
  })

  const full = {
    Name: 'Crm_Customers',
    RepositoryName: 'Crm.Customers',
    Attributes: [
      { Name: 'Active', Type: 'Edm.Boolean', ReadOnly: false, BaseInfo: { Nullable: false } },
      { Name: 'State', Type: 'Erp.State', enumValues: [{ Value: 0, Name: 'New' }, { Value: 30, Name: 'Released' }] },
      { Name: 'CustomProperty_x', Type: 'Edm.String', IsCustomProperty: true, LocalizedName: 'Цвят' },
    ],
    References: [{ Name: 'Party', ReferencedEntitySet: 'General_Parties', IsOwnership: true, BaseInfo: { Nullable: false } }],
    ChildCollections: [{ Name: 'Lines', ChildEntitySet: 'Crm_Lines' }],
    Methods: [{ Name: 'Copy', IsAction: true, ReturnType: null, Parameters: [{ Name: 'deep', Type: 'Edm.Boolean' }] }],
  }
  for (const [what, json] of [['bare', full], ['in a list', [full]]] as const) {
    it(`reads one repository, ${what}`, () => {
      const details = readDomainEntity(json)
      assert.deepEqual(details.attributes.map(a => [a.name, a.type, a.nullable, a.custom, a.enumValues.map(value => value.name), a.label]), [
        ['Active', 'Edm.Boolean', false, false, [], undefined],
        ['State', 'Erp.State', true, false, ['New', 'Released'], undefined],
        ['CustomProperty_x', 'Edm.String', true, true, [], 'Цвят'],
      ])
      assert.deepEqual(details.references, [
        { name: 'Party', target: 'General_Parties', nullable: false, readOnly: false, ownership: true, filterable: false },
      ])
      assert.deepEqual(details.childCollections, [{ name: 'Lines', target: 'Crm_Lines' }])
      assert.deepEqual(details.methods, [
        { name: 'Copy', isAction: true, returnType: 'void', parameters: [{ name: 'deep', type: 'Edm.Boolean' }] },
      ])
    })
  }

  for (const json of [null, {}, 'x', [], [1], [{}]]) {
    it(`refuses ${JSON.stringify(json)} as one repository`, () => {
      assert.throws(() => readDomainEntity(json), error => isErpError(error, 'unexpected-answer'))
    })
  }
})

const METADATA = `\ufeff<?xml version="1.0"?><!-- <EntityType Name="No"> -->
<edmx:Edmx Version="4.0" xmlns:edmx="x"><edmx:DataServices><Schema Namespace="Erp" xmlns="y">
<EntityType Name="Crm_Sales_Orders"><Key><PropertyRef Name="Sales_Order_Id"/></Key>
  <Property Name="Sales_Order_Id" Type="Edm.Guid" Nullable="false"/>
  <Property Name='Rate' Type='Edm.Decimal' Precision="18" Scale="6" />
  <Property Name="Notes &amp; &#x41;&#66;&lt;" Type="Edm.String" MaxLength="max"/>
  <NavigationProperty Name="Document_Reference" Type="Erp.Gen_Document" Nullable="false">
    <ReferentialConstraint Property="Document_Id" ReferencedProperty="Id"/></NavigationProperty>
</EntityType>
<EntityType Name="Gen_Document"/>
<EntityContainer Name="C"><EntitySet Name="Gen_Documents" EntityType="Erp.Gen_Document"/>
<EntitySet Name="Crm_Sales_Orders" EntityType="Erp.Crm_Sales_Orders"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

describe('Table model', () => {
  it('reads tables, keys, columns and references', () => {
    assert.deepEqual(readTables(bytes(METADATA)), [
      {
        name: 'Crm_Sales_Orders',
        key: ['Sales_Order_Id'],
        columns: [
          { name: 'Sales_Order_Id', type: 'Edm.Guid', nullable: false },
          { name: 'Rate', type: 'Edm.Decimal', nullable: true, precision: 18, scale: 6 },
          { name: 'Notes & AB<', type: 'Edm.String', nullable: true },
        ],
        references: [{ name: 'Document_Reference', target: 'Gen_Documents', columns: ['Document_Id'] }],
      },
      { name: 'Gen_Documents', key: [], columns: [], references: [] },
    ])
  })

  for (const xml of ['', '<html><body>Sign in</body></html>', METADATA.slice(0, -200)]) {
    it(`refuses ${JSON.stringify(xml.slice(0, 30))}… (${xml.length} characters)`, () => {
      assert.throws(() => readTables(bytes(xml)), error => isErpError(error, 'unexpected-answer'))
    })
  }
})

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
