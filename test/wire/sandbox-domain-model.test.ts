import assert from 'node:assert/strict'

import { useSandbox } from '../fakes/sandbox.ts'

interface Attribute {
  Name: string; ColumnName: string | null; Type: string; IsCustomProperty: boolean; IsCalculatedDataAttribute: boolean
  LocalizedName: string; LocalizedDescription: string | null; ReadOnly: boolean; CategoryLocalizedName: string
  BaseInfo: BaseInfo
  enumValues?: { Value: number; Name: string; LocalizedName: string }[]
}
interface BaseInfo {
  SupportedFilters: string; BaseTableName: string | null; BaseColumnName: string | null; Orderable: boolean
  Obsolete: boolean; DateTimeUtc: boolean; IsFilterableReference: boolean
}
interface Repository {
  Name: string; TableName: string; RepositoryName: string; LocalizedName: string; IsAggregateRoot: boolean
  LocalizedDescription?: string | null
  AggregateParent?: string | null; AggregateRoot?: string | null; ObjectType: string
  Attributes: Attribute[]
  References: {
    Name: string; ReferencedEntitySet: string; IsOwnership: boolean; IsFilterable: boolean; IsAggregateParent: boolean
    BaseInfo: BaseInfo
  }[]
  ChildCollections: { Name: string; ChildEntitySet: string }[]
  Methods: { Name: string; IsAction: boolean; ReturnType: string; Parameters: { Name: string; Type: string }[] }[]
}

describe('sandbox: Domain model', () => {
  const sandbox = useSandbox()

  const get = (path: string, headers: Record<string, string> = { 'x-api-key': sandbox.referenceToken }) =>
    fetch(`${sandbox.url}/api/domain/${path}`, { headers })
  const models = async (path: string, headers?: Record<string, string>) =>
    await (await get(path, headers)).json() as Repository[]
  const model = async (path: string, headers?: Record<string, string>) =>
    await (await get(path, headers)).json() as Repository

  it('standard: for everybody, in short, without a session, and without nulls', async () => {
    const before = (await sandbox.control.state()).sessions
    const all = await models('standardmodel', {})
    assert.ok(all.length >= 30)
    assert.deepEqual(all.find(({ Name }) => Name === 'Crm_Sales_SalesOrderLines'), {
      Name: 'Crm_Sales_SalesOrderLines', TableName: 'Crm_Sales_Order_Lines',
      RepositoryName: 'Crm.Sales.SalesOrderLines', LocalizedName: 'Sales order lines',
      LocalizedDescription: 'The products of a sales order.', IsAggregateRoot: false,
      AggregateParent: 'Crm_Sales_SalesOrders', AggregateRoot: 'Crm_Sales_SalesOrders',
      ObjectType: 'Erp.Crm_Sales_SalesOrderLine', Category: 'Definitions', UIVisibility: 'Visible',
    })
    assert.ok(all.every(repository => !Object.values(repository).includes(null)))
    assert.ok(all.every(repository => !('Attributes' in repository)))
    assert.equal((await sandbox.control.state()).sessions, before)
  })

  it('one repository is always in full, with its nulls', async () => {
    const products = await model('standardmodel/General_Products_Products', {})
    assert.equal(products.AggregateParent, null)
    assert.ok(products.Attributes.length > 20)
  })

  it('current: only with a token, with what the instance has added', async () => {
    assert.equal((await get('currentmodel', {})).status, 401)
    const added = async (which: string) => (await model(`${which}/General_Products_Products`)).Attributes
      .filter(one => one.IsCustomProperty || one.IsCalculatedDataAttribute).map(({ Name }) => Name)
    assert.deepEqual(await added('standardmodel'), [])
    assert.deepEqual(await added('currentmodel'), [
      'CustomProperty_Colour', 'CustomProperty_Eco_u002ELabel', 'CalculatedAttribute_Margin',
    ])
  })

  it('custom properties: characters beyond letters, digits and _ are their bytes', async () => {
    const { Attributes } = await model('currentmodel/General_Products_Products')
    const label = Attributes.find(({ Name }) => Name === 'CustomProperty_Eco_u002ELabel')
    assert.deepEqual([label?.LocalizedName, label?.Type], ['Eco.Label', 'Erp.Systems_Bpm_CustomPropertyValue'])
    assert.equal(label?.BaseInfo.SupportedFilters, 'Equals')
  })

  it('attributes: own and inherited, with all that is documented', async () => {
    const orders = await model('currentmodel/Crm_Sales_SalesOrders')
    const attribute = (name: string) => orders.Attributes.find(({ Name }) => Name === name)
    assert.deepEqual(Object.keys(attribute('DocumentNo') ?? {}), [
      'Name', 'ColumnName', 'Type', 'LocalizedName', 'LocalizedDescription', 'IsCustomProperty',
      'IsCalculatedDataAttribute', 'SupportsAllowedValues', 'LimitToAllowedValues', 'CategoryId',
      'CategoryLocalizedName', 'IsBlob', 'SupportsSet', 'ReadOnly', 'IsPersistent', 'BaseInfo',
    ])
    assert.deepEqual(attribute('DocumentNo')?.BaseInfo, {
      RepositoryName: 'Crm.Sales.SalesOrders', LogicalOrder: 0, Internal: false, Nullable: false,
      IsDelayLoading: false, Orderable: true, Indexed: false, MaxLength: 20, Precision: null, Scale: null,
      DateTimeStorageType: null, DateTimeUtc: false, SupportedFilters: 'Equals, Like', IsFilterableReference: false,
      SecurityCrucial: false, AllowTrackChanges: true, DefaultValueType: 'None', BaseTableName: 'Gen_Documents',
      BaseColumnName: 'Document_No', Description: 'The number, unique among documents of the type.',
      DisplayType: 'Inline', SummaryType: 'None', WidthType: 'Default', RequiresUserInput: true, Obsolete: false,
      DefaultFormat: null, UIVisibility: 'Visible', Options: 'None', Subtype: 'NonSpecific', UnitExpression: null,
      OpenExchangeAttributeName: null, ExportInOpenExchange: true,
    })
    assert.equal(attribute('DocumentNo')?.ColumnName, null)
    assert.equal(attribute('Notes')?.ColumnName, 'Notes')
    assert.equal(attribute('Notes')?.BaseInfo.SupportedFilters, 'NotFilterable')
  })

  it('some attributes are obsolete, some are read-only, some hold UTC', async () => {
    const { Attributes } = await model('standardmodel/Crm_Sales_SalesOrders')
    const names = (fits: (attribute: Attribute) => boolean) => Attributes.filter(fits).map(({ Name }) => Name)
    assert.deepEqual(names(({ BaseInfo }) => BaseInfo.Obsolete), ['IsReleased', 'Notes', 'DocumentVersion'])
    const readOnly = names(({ ReadOnly }) => ReadOnly)
    for (const name of ['State', 'Void', 'CreationTime', 'Id']) assert.ok(readOnly.includes(name), name)
    for (const name of ['DocumentNo', 'DocumentDate']) assert.ok(!readOnly.includes(name), name)
    const utc = (await model('standardmodel/Systems_Security_Users')).Attributes
      .filter(({ BaseInfo }) => BaseInfo.DateTimeUtc).map(({ Name }) => Name)
    assert.deepEqual(utc, ['CreationTimeUtc', 'AggregateLastUpdateTimeUtc'])
  })

  it('enumerations list their values', async () => {
    const { Attributes } = await model('standardmodel/Crm_Sales_SalesOrders')
    const state = Attributes.find(({ Name }) => Name === 'State')
    assert.equal(state?.Type, 'Erp.General_Documents_DocumentState')
    assert.deepEqual(state.enumValues?.map(({ Value, Name }) => `${Value} ${Name}`), [
      '0 New', '5 Adjustment', '10 Planned', '20 FirmPlanned', '30 Released', '40 Completed', '50 Closed',
    ])
  })

  it('references: targets, ownership, filterable ones, the aggregate\'s parent', async () => {
    const orders = await model('currentmodel/Crm_Sales_SalesOrders')
    const customer = orders.References.find(({ Name }) => Name === 'Customer')!
    assert.deepEqual(Object.keys(customer), [
      'Name', 'ColumnName', 'Type', 'LocalizedName', 'LocalizedDescription', 'ReferencedEntitySet', 'ReferencedType',
      'CategoryId', 'CategoryLocalizedName', 'ReadOnly', 'IsOwnership', 'IsFilterable', 'IsAggregateParent', 'BaseInfo',
    ])
    const { ReferencedEntitySet, IsOwnership, IsFilterable } = customer
    assert.deepEqual([ReferencedEntitySet, IsOwnership, IsFilterable], ['Crm_Sales_Customers', false, false])
    assert.ok(orders.References.some(({ Name }) => Name === 'DocumentType'), 'inherited reference')
    assert.ok(!orders.References.some(({ Name }) => Name === 'Document'), 'what links to the base is no reference')
    const order = (await model('standardmodel/Crm_Sales_SalesOrderLines')).References
      .find(({ Name }) => Name === 'SalesOrder')!
    assert.deepEqual([order.IsOwnership, order.IsFilterable, order.IsAggregateParent], [true, true, true])
    assert.equal(order.BaseInfo.IsFilterableReference, true)
  })

  it('child collections and methods', async () => {
    const orders = await model('currentmodel/Crm_Sales_SalesOrders')
    assert.deepEqual(orders.ChildCollections.map(({ Name, ChildEntitySet }) => [Name, ChildEntitySet]), [
      ['Lines', 'Crm_Sales_SalesOrderLines'], ['Comments', 'General_Documents_DocumentComments'],
    ])
    assert.deepEqual(Object.keys(orders.ChildCollections[0] ?? {}), [
      'Name', 'LocalizedName', 'LocalizedDescription', 'ReadOnly', 'DefaultVisibleIndex', 'ChildObjectType',
      'ChildEntitySet',
    ])
    const change = orders.Methods.find(({ Name }) => Name === 'ChangeState')
    assert.deepEqual(Object.keys(change ?? {}), [
      'Name', 'Namespace', 'EntitySetPath', 'ReturnType', 'IsAction', 'Parameters',
    ])
    assert.deepEqual([change?.IsAction, change?.ReturnType], [true, 'void'])
    assert.equal(change?.Parameters[0]?.Type, 'Erp.General_Documents_DocumentState')
  })

  it('all in full: types, references and children lead to what is there', async () => {
    const all = await models('currentmodel?details=true')
    const sets = new Set(all.map(({ Name }) => Name))
    for (const { Name, References, ChildCollections, Attributes } of all) {
      const names = new Set(Attributes.map(attribute => attribute.Name))
      assert.equal(names.size, Attributes.length, `${Name} has an attribute twice`)
      for (const { ReferencedEntitySet } of References) assert.ok(sets.has(ReferencedEntitySet), ReferencedEntitySet)
      for (const { ChildEntitySet } of ChildCollections) assert.ok(sets.has(ChildEntitySet), ChildEntitySet)
    }
  })

  it('says the same of filters as the Table API does', async () => {
    let asked = 0
    for (const { Attributes } of await models('standardmodel?details=true')) {
      for (const { BaseInfo: { BaseTableName: table, BaseColumnName: column, SupportedFilters } } of Attributes) {
        if (table === null || column === null || !/_Name$|^Notes$/.test(column)) continue
        const query = `${sandbox.url}/tableapi/odata/${table}?$top=0&$filter=${column} like 'x'`
        const response = await fetch(query, { headers: { 'x-api-key': sandbox.referenceToken } })
        assert.equal(response.ok, SupportedFilters.includes('Like'), `${table}.${column}: ${SupportedFilters}`)
        await response.text()
        asked += 1
      }
    }
    assert.ok(asked > 20)
  })

  it('names and descriptions in the language of culture, else of the cookie, else of Accept-Language', async () => {
    const name = async (query: string, headers: Record<string, string>) => {
      const orders = await model(`standardmodel/Crm_Sales_SalesOrders${query}`, headers)
      return `${orders.LocalizedName}: ${orders.LocalizedDescription ?? ''}`
    }
    const [english, bulgarian] = ['Sales orders: What customers order.', 'Поръчки за продажба: Заявеното от клиентите.']
    assert.equal(await name('', {}), english)
    assert.equal(await name('', { 'accept-language': 'bg-BG,bg;q=0.9' }), bulgarian)
    assert.equal(await name('', { 'accept-language': 'de' }), english)
    assert.equal(await name('', { 'accept-language': 'bg', cookie: '.AspNetCore.Culture=en' }), english)
    assert.equal(await name('?culture=bg', { 'accept-language': 'en' }), bulgarian)
  })

  it('Bulgarian: every repository, attribute, reference, list and enumeration value has a name', async () => {
    const latin = (text: string) => !/[А-я]/.test(text) && text !== 'GLN'
    const missing = (await models('currentmodel?details=true&culture=bg')).flatMap(repository => {
      const members = repository.Attributes.flatMap(({ enumValues = [] }) => enumValues)
      const named = [repository, ...repository.Attributes, ...repository.References, ...repository.ChildCollections, ...members]
      return (named as { Name: string; LocalizedName: string }[])
        .filter(({ Name, LocalizedName }) => latin(LocalizedName) && !/^[ABC]$/.test(Name)).map(({ Name }) => Name)
    })
    assert.deepEqual([...new Set(missing)], [])
    const { Attributes } = await model('standardmodel/Crm_Sales_SalesOrders', { 'accept-language': 'bg' })
    const state = Attributes.find(({ Name }) => Name === 'State')
    assert.deepEqual(
      [state?.LocalizedName, state?.LocalizedDescription, state?.CategoryLocalizedName, state?.enumValues?.[4]?.LocalizedName],
      ['Състояние', 'Докъде е стигнал документът.', 'Системни', 'Пуснат'],
    )
  })

  it('an unknown repository: 404', async () => assert.equal((await get('standardmodel/Nix')).status, 404))
})
