import assert from 'node:assert/strict'

import { at, DomainClient } from '../fakes/domain.ts'
import { useSandbox } from '../fakes/sandbox.ts'

const ORDERS = 'Crm_Sales_SalesOrders'
const LINES = 'Crm_Sales_SalesOrderLines'
const PRODUCTS = 'General_Products_Products'

describe('sandbox: Domain API order, pages and counts', () => {
  const sandbox = useSandbox({ rows: 6000 })
  const domain = new DomainClient(sandbox)
  afterEach(async () => sandbox.control.clearQuirks())

  /** How many rows the Table API has of it. */
  async function tableRows(table: string, filter?: string): Promise<number> {
    const where = filter === undefined ? '' : `?$filter=${filter}`
    const response = await domain.fetch(`${sandbox.url}/tableapi/odata/${table}${where}`)
    return (await response.json() as { value: unknown[] }).value.length
  }

  it('$orderby: by what is orderable, both ways, several, through owners', async () => {
    const options = { $top: '300', $select: 'DocumentDate,DocumentNo', $orderby: 'DocumentDate desc,DocumentNo' }
    const keys = (await domain.rows(ORDERS, options)).map(
      row => `${10_000_000_000_000 - Date.parse(String(row['DocumentDate']))} ${String(row['DocumentNo'])}`,
    )
    assert.deepEqual(keys, [...keys].sort())
    const lines = await domain.rows(
      LINES, { $top: '50', $orderby: 'SalesOrder/DocumentNo desc', $expand: 'SalesOrder($select=DocumentNo)' },
    )
    const numbers = lines.map(line => String(at(line, 'SalesOrder', 'DocumentNo')))
    assert.deepEqual(numbers, [...numbers].sort().reverse())
    const [largest] = await domain.rows('Systems_Monitoring_TableInfo', { $top: '1', $orderby: 'SizeMB desc' })
    assert.equal(largest?.['TableName'], 'Sys_Attribute_Changes')
  })

  for (const order of ['Notes', 'Customer', 'Nix', 'DocumentNo sideways', 'Customer/Number', 'Lines/LineNo']) {
    it(`refuses to order by ${order}`, async () => { await domain.refused(ORDERS, { $top: '1', $orderby: order }) })
  }

  it('$top and $skip cut, $count=true tells how many there are in all', async () => {
    const all = await domain.rows(ORDERS, { $top: '12', $select: 'DocumentNo' })
    const page = await domain.page(ORDERS, { $top: '5', $skip: '5', $count: 'true', $select: 'DocumentNo' })
    assert.deepEqual(page.value, all.slice(5, 10))
    assert.equal(Number(page['@odata.count']), await tableRows('Crm_Sales_Orders'))
    assert.equal((await domain.page(ORDERS, { $top: '0' })).value.length, 0)
  })

  it('$count as a resource counts what a filter leaves', async () => {
    const text = await (await domain.fetch(`${ORDERS}/$count`, { $filter: 'Void eq true' })).text()
    assert.equal(text, String(await tableRows('Crm_Sales_Orders', 'Document_Reference/Void eq true')))
  })

  it('with $top, links lead from page to page to the end', async () => {
    const seen = new Set<unknown>()
    let pages = 0
    let next: string | undefined = `${ORDERS}?$top=400&$select=DocumentNo&$filter=Void eq false`
    while (next !== undefined) {
      const page: Awaited<ReturnType<DomainClient['page']>> = await domain.page(next)
      for (const { DocumentNo } of page.value) seen.add(DocumentNo)
      pages += 1
      next = page['@odata.nextLink']
      if (next !== undefined) assert.ok(next.startsWith(`${domain.root}${ORDERS}?`) && next.includes('skiptoken='), next)
    }
    assert.equal(seen.size, await domain.count(ORDERS, 'Void eq false'))
    assert.equal(pages, Math.ceil(seen.size / 400))
  })

  it('a page holds at most 1,000 rows; without $top no link follows', async () => {
    const asked = await domain.page(LINES, { $top: '5000', $select: 'LineNo' })
    assert.equal(asked.value.length, 1000)
    assert.notEqual(asked['@odata.nextLink'], undefined)
    const unasked = await domain.page(LINES, { $select: 'LineNo' })
    assert.equal(unasked.value.length, 1000)
    assert.equal(unasked['@odata.nextLink'], undefined)
  })

  it('quirk: the link to the next page is relative to the service root', async () => {
    await sandbox.control.quirks({ 'nextlink-relative': true })
    const first = await domain.page(ORDERS, { $top: '2', $select: 'DocumentNo' })
    assert.match(first['@odata.nextLink'] ?? '', /^Crm_Sales_SalesOrders\?/)
    const second = await domain.page(first['@odata.nextLink'] ?? '')
    assert.notDeepEqual(second.value, first.value)
  })

  it('quirk: the link to the next page has $skip', async () => {
    await sandbox.control.quirks({ 'nextlink-skip': true })
    const link = (await domain.page(ORDERS, { $top: '2', $skip: '4' }))['@odata.nextLink'] ?? ''
    assert.equal(new URL(link).searchParams.get('$skip'), '6')
  })

  it('quirk: an older version has no links to the next page, and says its version', async () => {
    await sandbox.control.quirks({ 'nextlink-none': true })
    assert.deepEqual(Object.keys(await domain.page(ORDERS, { $top: '2' })), ['@odata.context', 'value'])
    assert.match(String((await domain.one('GetVersion'))['version']), /^26\.1\./)
  })

  it('a $skiptoken of one\'s own is refused', async () => {
    await domain.refused(ORDERS, { $top: '2', $skiptoken: '5' })
  })

  it('$search looks into names, codes and the display text, in every language', async () => {
    const english = await domain.rows(PRODUCTS, { $search: '"office chair"', $select: 'Name' })
    assert.ok(english.length > 0 && english.every(row => String(at(row, 'Name', 'EN')).includes('Office chair')))
    const bulgarian = await domain.rows(PRODUCTS, { $search: '"офис стол"', $select: 'Name' })
    assert.equal(bulgarian.length, english.length)
    assert.equal((await domain.rows(ORDERS, { $search: 'S00000002' })).length, 1)
    assert.equal((await domain.rows(PRODUCTS, { $search: '"nowhere"' })).length, 0)
  })
})
