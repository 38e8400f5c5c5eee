import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'

import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

interface Attribute {
  Name: string; ColumnName: string | null; Type: string; IsCustomProperty: boolean; IsCalculatedDataAttribute: boolean
  BaseInfo: { SupportedFilters: string; BaseTableName: string | null; BaseColumnName: string | null }
  enumValues?: { Value: number; Name: string; LocalizedName: string }[]
}
interface Repository {
  Name: string; TableName: string; RepositoryName: string; LocalizedName: string; IsAggregateRoot: boolean
  AggregateParent?: string; AggregateRoot?: string; ObjectType: string
  Attributes: Attribute[]
  References: { Name: string; ReferencedEntitySet: string; IsOwnership: boolean; IsFilterable: boolean }[]
  ChildCollections: { Name: string; ChildEntitySet: string }[]
  Methods: { Name: string; IsAction: boolean; ReturnType: string; Parameters: { Name: string; Type: string }[] }[]
}

describe('sandbox: instance and Domain model', () => {
  let sandbox: SandboxUnderTest
  before(async () => { sandbox = await startSandbox() })
  after(async () => sandbox.stop())

  const get = (path: string, token?: string) =>
    fetch(sandbox.url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } })
  const json = async (path: string): Promise<unknown> => (await get(path, sandbox.referenceToken)).json()

  describe('root tools', () => {
    it('version, server info, hash', async () => {
      const version = await (await get('/tools/ver')).text()
      assert.match(version, /^\d+\.\d+\.\d+\.\d+$/)
      assert.deepEqual(await (await get('/tools/server-info')).json(), { version })
      const sha256 = createHash('sha256').update('DEMO').digest('base64')
      assert.deepEqual(await (await get('/tools/sha256?secret=DEMO')).json(), { sha256 })
    })

    const nowhere = ['/', '/nix', '/tools/nix', '/idx', '/tableapi', '/api/nix', '/api/domain/nix', '/profile/nix']
    for (const path of nowhere) {
      it(`${path}: 404`, async () => assert.equal((await get(path, sandbox.referenceToken)).status, 404))
    }
    it('an address that is not well formed: 400', async () => {
      assert.equal((await get('/api/%E0%A4', sandbox.referenceToken)).status, 400)
    })
  })

  it('tells who calls', async () => {
    const me = await json('/profile/me') as Record<string, unknown>
    const { login, isAdmin, userType, preferredLanguage, instance } = me
    assert.deepEqual({ login, isAdmin, userType, preferredLanguage, instance }, {
      login: 'admin', isAdmin: true, userType: 'InternalUser', preferredLanguage: 'en',
      instance: { database: 'E1_SANDBOX', url: sandbox.url },
    })
    assert.equal((await get('/profile/me')).status, 401)
  })

  describe('model', () => {
    it('standard: for everybody, in short, and without a session', async () => {
      const before = (await sandbox.control.state()).sessions
      const model = await (await get('/api/domain/standardmodel')).json() as Repository[]
      assert.ok(model.length >= 30)
      const lines = model.find(({ Name }) => Name === 'Crm_Sales_SalesOrderLines')
      assert.deepEqual(lines, {
        Name: 'Crm_Sales_SalesOrderLines', TableName: 'Crm_Sales_Order_Lines',
        RepositoryName: 'Crm.Sales.SalesOrderLines', LocalizedName: 'Sales order lines', IsAggregateRoot: false,
        AggregateParent: 'Crm.Sales.SalesOrders',
        AggregateRoot: 'Crm.Sales.SalesOrders',
        ObjectType: 'Erp.Crm_Sales_SalesOrderLine', Category: 'Definitions', UIVisibility: 'Visible',
      })
      assert.equal((await sandbox.control.state()).sessions, before)
    })

    it('current: only with a token, with what the instance has added', async () => {
      assert.equal((await get('/api/domain/currentmodel')).status, 401)
      const added = async (model: string) => {
        const { Attributes } = await json(`/api/domain/${model}/General_Products_Products`) as Repository
        return Attributes.filter(one => one.IsCustomProperty || one.IsCalculatedDataAttribute).map(({ Name }) => Name)
      }
      assert.deepEqual(await added('standardmodel'), [])
      assert.deepEqual(await added('currentmodel'), [
        'CustomProperty_Colour', 'CustomProperty_Eco_u002ELabel', 'CalculatedAttribute_Margin',
      ])
    })

    it('one repository in full: own and inherited', async () => {
      const orders = await json('/api/domain/currentmodel/Crm_Sales_SalesOrders') as Repository
      assert.equal(orders.AggregateParent, null)
      const attribute = (name: string) => orders.Attributes.find(({ Name }) => Name === name)
      assert.deepEqual(attribute('DocumentNo')?.BaseInfo, {
        Nullable: false, MaxLength: 20, Precision: null, Scale: null, Orderable: false, Indexed: false,
        SupportedFilters: 'Equals, Like', IsFilterableReference: null, BaseTableName: 'Gen_Documents',
        BaseColumnName: 'Document_No', DateTimeUtc: false, Obsolete: false, Subtype: null, Description: null,
      })
      assert.equal(attribute('DocumentNo')?.ColumnName, null)
      assert.equal(attribute('Notes')?.ColumnName, 'Notes')
      assert.equal(attribute('Notes')?.BaseInfo.SupportedFilters, 'NotFilterable')
      const state = attribute('State')
      assert.equal(state?.Type, 'Erp.General_Documents_DocumentState')
      assert.deepEqual(state.enumValues?.map(({ Value, Name }) => `${Value} ${Name}`), [
        '0 New', '5 Adjustment', '10 Planned', '20 FirmPlanned', '30 Released', '40 Completed', '50 Closed',
      ])
      const customer = orders.References.find(({ Name }) => Name === 'Customer')
      const { ReferencedEntitySet, IsOwnership, IsFilterable } = customer!
      assert.deepEqual([ReferencedEntitySet, IsOwnership, IsFilterable], ['Crm_Sales_Customers', false, false])
      assert.ok(orders.References.some(({ Name }) => Name === 'DocumentType'), 'inherited reference')
      assert.ok(!orders.References.some(({ Name }) => Name === 'Document'), 'what links to the base is no reference')
      assert.deepEqual(orders.ChildCollections.map(({ Name, ChildEntitySet }) => [Name, ChildEntitySet]), [
        ['Lines', 'Crm_Sales_SalesOrderLines'], ['Comments', 'General_Documents_DocumentComments'],
      ])
      const change = orders.Methods.find(({ Name }) => Name === 'ChangeState')
      assert.deepEqual([change?.IsAction, change?.ReturnType], [true, 'void'])
      assert.equal(change?.Parameters[0]?.Type, 'Erp.General_Documents_DocumentState')
    })

    it('all in full: types, references and children lead to what is there', async () => {
      const model = await json('/api/domain/currentmodel?details=true') as Repository[]
      const sets = new Set(model.map(({ Name }) => Name))
      for (const { Name, References, ChildCollections, Attributes } of model) {
        const names = new Set(Attributes.map(attribute => attribute.Name))
        assert.equal(names.size, Attributes.length, `${Name} has an attribute twice`)
        for (const { ReferencedEntitySet } of References) assert.ok(sets.has(ReferencedEntitySet), ReferencedEntitySet)
        for (const { ChildEntitySet } of ChildCollections) assert.ok(sets.has(ChildEntitySet), ChildEntitySet)
      }
    })

    it('says the same of filters as the Table API does', async () => {
      const model = await json('/api/domain/standardmodel?details=true') as Repository[]
      let asked = 0
      for (const { Attributes } of model) {
        for (const { BaseInfo: { BaseTableName: table, BaseColumnName: column, SupportedFilters } } of Attributes) {
          if (table === null || column === null || !/_Name$|^Notes$/.test(column)) continue
          const query = `/tableapi/odata/${table}?$top=0&$filter=${column} like 'x'`
          const response = await get(query, sandbox.referenceToken)
          assert.equal(response.ok, SupportedFilters.includes('Like'), `${table}.${column}: ${SupportedFilters}`)
          await response.text()
          asked += 1
        }
      }
      assert.ok(asked > 20)
    })

    it('an unknown repository: 404', async () => assert.equal((await get('/api/domain/standardmodel/Nix')).status, 404))
  })

  it('CSDL: base types, keys, ownership, table names, methods', async () => {
    const text = await (await get('/api/domain/odata/$metadata', sandbox.referenceToken)).text()
    const type = (name: string) => new RegExp(`<EntityType Name="${name}"[^]*?</EntityType>`).exec(text)?.[0] ?? ''
    const order = type('Crm_Sales_SalesOrder')
    assert.match(order, /^<EntityType Name="Crm_Sales_SalesOrder" BaseType="Erp.General_Documents_Document">/)
    assert.match(order, /<Annotation Term="Erp.EntityName" String="Crm_Sales_Orders"\/>/)
    assert.doesNotMatch(order, /Name="DocumentNo"|<Key>/)
    assert.match(type('General_Documents_Document'), /<Key><PropertyRef Name="DocumentId"\/><\/Key>/)
    assert.match(type('General_Contacts_Party'), /<Key><PropertyRef Name="PartyId"\/><\/Key>/)
    assert.match(type('Logistics_Inventory_CurrentBalance'), /<Key><PropertyRef Name="ViewItemId"\/><\/Key>/)
    assert.doesNotMatch(type('Logistics_Inventory_CurrentBalance'), /EntityName/)
    const line = type('Crm_Sales_SalesOrderLine')
    assert.match(line, /Type="Erp.Crm_Sales_SalesOrder" Nullable="false"><OnDelete Action="Cascade"\/>/)
    const product = type('General_Products_Product')
    assert.match(product, /Name="CustomProperty_Colour" Type="Erp.Systems_Bpm_CustomPropertyValue"/)
    assert.match(text, /<EnumType Name="General_Documents_DocumentState">\n<Member Name="New" Value="0"\/>/)
    assert.match(text, /<Action Name="ChangeState" IsBound="true">\n<Parameter [^>]*Type="Erp.Crm_Sales_SalesOrder"\/>/)
    assert.match(text, /OptionalParameter/)
  })

  it('entity data is not there yet, and says so in ERP.net\'s form', async () => {
    const response = await get('/api/domain/odata/Crm_Sales_SalesOrders?$top=1', sandbox.referenceToken)
    assert.equal(response.status, 500)
    const body = await response.json() as { message: string; type: string }
    assert.match(body.message, /does not answer queries of entities yet/)
    assert.equal((await get('/api/domain/odata/Nix', sandbox.referenceToken)).status, 404)
    assert.equal((await get('/api/domain/odata/GetVersion', sandbox.referenceToken)).status, 200)
  })
})
