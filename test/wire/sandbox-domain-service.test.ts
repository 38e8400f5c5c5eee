import assert from 'node:assert/strict'

import { at, DomainClient } from '../fakes/domain.ts'
import { useSandbox } from '../fakes/sandbox.ts'

const ORDERS = 'Crm_Sales_SalesOrders'
const PRODUCTS = 'General_Products_Products'

describe('sandbox: Domain API service', () => {
  const sandbox = useSandbox()
  const domain = new DomainClient(sandbox)
  afterEach(async () => sandbox.control.clearQuirks())

  it('GetVersion and GetRenamedEntityTypes answer open objects', async () => {
    const version = await domain.one('GetVersion')
    assert.match(String(version['version']), /^26\.2\./)
    const renamed = await domain.rows('GetRenamedEntityTypes')
    assert.ok(renamed.some(({ OldName, NewName, Version }) =>
      OldName === 'Crm_Customers' && NewName === 'Crm_Sales_Customers' && /^\d+\.\d+\.\d+\.\d+$/.test(String(Version))))
  })

  it('a renamed entity set is refused with its new name', async () => {
    const { message } = await domain.refused('Crm_Customers', { $top: '1' })
    assert.match(message, /'Crm_Customers' is no more supported\. The new name of this entity is 'Crm_Sales_Customers'/)
    assert.match(message, /odata\/GetRenamedEntityTypes/)
  })

  describe('refuses', () => {
    const cases: readonly (readonly [path: string, options: Record<string, string>, words: RegExp])[] = [
      [ORDERS, { $top: '-1' }, /Invalid value '-1' for the query option '\$top'/],
      [ORDERS, { $top: '' }, /Invalid value/],
      [ORDERS, { $count: 'yes' }, /\$count/],
      [ORDERS, { $nix: '1' }, /The query option '\$nix' is not supported/],
      [ORDERS, { $format: 'json' }, /\$format/],
      [ORDERS, { $compute: '1 as One' }, /\$compute/],
      [ORDERS, { top: '1' }, /'top'/],
      [ORDERS, { options: 'everything' }, /everything/],
      [ORDERS, { $select: 'Nix' }, /Could not find a property named 'Nix' on type 'Erp.Crm_Sales_SalesOrder'/],
      [ORDERS, { $select: 'documentno' }, /documentno/],
      [ORDERS, { $select: 'DocumentNo,' }, /Syntax error/],
      [ORDERS, { $search: '"' }, /\$search/],
      [ORDERS, { expandgroup: 'Customer' }, /expandgroup/],
      [`${ORDERS}/$count`, { $top: '1' }, /\$top/],
      [`${PRODUCTS}?$top=1&$top=2`, {}, /'\$top' is given more than once/],
    ]
    for (const [path, options, words] of cases) {
      it(`${path} ${JSON.stringify(options)}`, async () => {
        assert.match((await domain.refused(path, options)).message, words)
      })
    }

    it('in ERP.net\'s form: message, code, type, info, format and parameters; wrapped by quirk', async () => {
      const refusal = await domain.refused(ORDERS, { $select: 'Nix' })
      assert.equal(refusal.code, 0)
      assert.equal(refusal.type, 'ErpNet.ODataException')
      assert.equal(refusal.messageFormat, "Could not find a property named '{0}' on type 'Erp.{1}'.")
      assert.deepEqual(refusal.parameters, ['Nix', 'Crm_Sales_SalesOrder'])
      assert.match(refusal.info, /Nix/)
      await sandbox.control.quirks({ 'wrapped-errors': true })
      const wrapped = await (await domain.fetch(ORDERS, { $select: 'Nix' })).json()
      assert.deepEqual(at(wrapped, 'error', 'parameters'), ['Nix', 'Crm_Sales_SalesOrder'])
    })

    it('in the language of culture, else of the cookie, else of Accept-Language', async () => {
      const message = async (options: Record<string, string>, headers: Record<string, string>) =>
        (await domain.refused(ORDERS, { $select: 'Nix', ...options }, headers)).message
      const bulgarian = /^Няма свойство/
      const english = /^Could not find/
      assert.match(await message({}, { 'accept-language': 'fr, bg;q=0.9, en;q=0.8' }), bulgarian)
      assert.match(await message({}, { 'accept-language': 'bg;q=0.1, en' }), english)
      assert.match(await message({}, { 'accept-language': 'bg', cookie: 'a=b; .AspNetCore.Culture=en' }), english)
      assert.match(await message({}, { 'accept-language': 'en', cookie: '.AspNetCore.Culture=c%3Dbg%7Cuic%3Dbg' }), bulgarian)
      assert.match(await message({ culture: 'bg' }, { cookie: '.AspNetCore.Culture=en' }), bulgarian)
      assert.match(await message({ culture: 'en' }, { cookie: '.AspNetCore.Culture=bg' }), english)
    })

    for (const method of ['POST', 'PATCH', 'PUT', 'DELETE']) {
      it(`to write: ${method}`, async () => {
        const response = await fetch(
          `${domain.root}${ORDERS}`, { method, headers: { 'x-api-key': sandbox.referenceToken } },
        )
        assert.equal(response.status, 405)
        assert.match(await response.text(), /can only be read/)
      })
    }
    for (const path of ['ExecuteScript', 'Import', 'BeginTransaction']) {
      it(`to run: ${path}`, async () => assert.match((await domain.refused(path)).message, /can only be read/))
    }
    it('to run an action of an entity', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'DocumentNo' })
      assert.match((await domain.refused(`${String(order?.['@odata.id'])}/MakeVoid`)).message, /can only be read/)
    })
  })

  describe('functions that only read', () => {
    it('GetPropertyAllowedValues: the members of an enumeration', async () => {
      const [order] = await domain.rows(ORDERS, { $top: '1', $select: 'DocumentNo' })
      const call = `${String(order?.['@odata.id'])}/GetPropertyAllowedValues(propertyName='State',top=2)`
      assert.deepEqual(await domain.rows(call), [{ Value: 'New', Text: 'New' }, { Value: 'Adjustment', Text: 'Adjustment' }])
      const missing = `${String(order?.['@odata.id'])}/GetPropertyAllowedValues(top=2)`
      assert.match((await domain.refused(missing)).message, /propertyName/)
    })

    it('GetAllowedCustomPropertyValues: those in use', async () => {
      const [product] = await domain.rows(PRODUCTS, { $top: '1', $select: 'Id' })
      const call = `Erp.GetAllowedCustomPropertyValues(customPropertyCode='Colour',search='черв')`
      const values = await domain.rows(`${String(product?.['@odata.id'])}/${encodeURIComponent(call)}`)
      assert.deepEqual(values.map(({ Value }) => Value), ['червен'])
    })
  })

  it('reset forgets the model, for those who have signed in', async () => {
    const reset = `${sandbox.url}/api/domain/reset`
    assert.equal((await fetch(reset)).status, 401)
    assert.equal((await fetch(reset, { headers: { 'x-api-key': sandbox.referenceToken } })).status, 200)
  })

  for (const page of ['query', 'querybuilder']) {
    it(`a page for people at ${page}`, async () => {
      const response = await fetch(`${sandbox.url}/api/domain/${page}`, { headers: { 'accept-language': 'bg' } })
      assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
      assert.match(await response.text(), /Поръчки за продажба/)
    })
  }
})
