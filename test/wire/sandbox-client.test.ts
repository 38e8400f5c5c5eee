import assert from 'node:assert/strict'
import { EdmV4, OData } from '@odata/client'

import { useSandbox } from '../fakes/sandbox.ts'

interface Order { DocumentNo: string; State: string; Customer: { Number: string }; Lines: { LineNo: number }[] }
interface OrderRow { Document_Id: string; Is_Released: boolean }

/** A client that others wrote, for any OData service, gets on with both APIs. */
describe('sandbox: an OData client of others', () => {
  const sandbox = useSandbox()

  const client = (site: string) => OData.New4({
    serviceEndpoint: `${sandbox.url}/${site}/odata/`, commonHeaders: { 'X-Api-Key': sandbox.referenceToken },
  })

  it('Domain API: filters, selects, expands, orders and counts', async () => {
    const orders = client('api/domain').getEntitySet<Order>('Crm_Sales_SalesOrders')
    const options = OData.newOptions().filter("State eq 'Closed'").select(['DocumentNo', 'State'])
      .expand(['Customer($select=Number)', 'Lines($select=LineNo)']).orderby('DocumentNo', 'asc').top(3)
    const found = await orders.query(options)
    assert.equal(found.length, 3)
    assert.deepEqual(found.map(({ DocumentNo }) => DocumentNo), found.map(({ DocumentNo }) => DocumentNo).sort())
    for (const { State, Customer, Lines } of found) {
      assert.equal(State, 'Closed')
      assert.equal(typeof Customer.Number, 'string')
      assert.equal(Lines[0]?.LineNo, 10)
    }
    const count = await orders.count(OData.newFilter<Order>().property('State').eq('Closed'))
    assert.ok(count > 3)
  })

  it('Domain API: one entity by its key', async () => {
    const products = client('api/domain').getEntitySet<{ Id: string; PartNumber: string }>('General_Products_Products')
    const [first] = await products.query(OData.newOptions().select(['Id', 'PartNumber']).top(1))
    const again = await products.retrieve(EdmV4.Guid.from(first?.Id ?? ''))
    assert.equal(again.PartNumber, first?.PartNumber)
  })

  it('Table API: filters and selects', async () => {
    const orders = client('tableapi').getEntitySet<OrderRow>('Crm_Sales_Orders')
    const options = OData.newOptions<OrderRow>().filter('Is_Released eq true').select(['Document_Id', 'Is_Released']).top(4)
    const found = await orders.query(options)
    assert.equal(found.length, 4)
    assert.ok(found.every(row => row.Is_Released && Object.keys(row).length === 2))
  })
})
