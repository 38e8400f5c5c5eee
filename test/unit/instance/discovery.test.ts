import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { possibleRoots, readDiscovery } from '../../../src/core/instance/discovery.ts'
import { odataRoot, site, tableRoot, type Instance, type Site } from '../../../src/core/instance/instance.ts'

const ROOT = 'https://demodb.my.erp.net'

function answer(...sites: unknown[]): unknown {
  return { Host: 'demodb.my.erp.net', DbName: 'E1_DEMO', WebSites: sites }
}

function entry(type: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { Type: type, Status: 'Working', Url: `${ROOT}/${type.toLowerCase()}`, ...more }
}

describe('possibleRoots', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [ROOT, [ROOT]],
    [`${ROOT}/erp`, [`${ROOT}/erp`, ROOT]],
    [`${ROOT}/a/b`, [`${ROOT}/a/b`, `${ROOT}/a`, ROOT]],
    [`${ROOT}/a/b/c/d/e`, [`${ROOT}/a/b/c`, `${ROOT}/a/b`, `${ROOT}/a`, ROOT]],
    ['http://127.0.0.1:5000/x', ['http://127.0.0.1:5000/x', 'http://127.0.0.1:5000']],
  ]
  for (const [address, roots] of cases) it(address, () => assert.deepEqual(possibleRoots(address), roots))
})

describe('readDiscovery', () => {
  it('reads what the protocol sheet shows', () => {
    const instance = readDiscovery(answer(
      entry('ID', { StatusDescription: 'fine', System: true }),
      entry('DomainAPI', { AdditionalProperties: { ODataServiceRoot: `${ROOT}/api/domain/odata` } }),
      entry('TableAPI', { Url: `${ROOT}/tableapi/` }),
    ), ROOT)
    assert.deepEqual(instance, {
      root: ROOT,
      host: 'demodb.my.erp.net',
      database: 'E1_DEMO',
      sites: [
        { type: 'ID', status: 'Working', url: `${ROOT}/id`, statusDescription: 'fine' },
        { type: 'DomainAPI', status: 'Working', url: `${ROOT}/domainapi`, odataRoot: `${ROOT}/api/domain/odata/` },
        { type: 'TableAPI', status: 'Working', url: `${ROOT}/tableapi` },
      ],
    } satisfies Instance)
  })

  it('takes unknown types and fields, and leaves out what is broken and of no use', () => {
    const { sites } = readDiscovery(
      answer(entry('Teleporter', { Colour: 'red' }), entry('OLAP', { Url: '/olap' }), 17, null, { Type: 4 }), ROOT)
    assert.deepEqual(sites.map(({ type }) => type), ['Teleporter'])
  })

  const statuses: readonly (readonly [unknown, string])[] = [
    ['Working', 'Working'], ['NotWorking', 'NotWorking'], ['Unknown', 'Unknown'], ['Sleeping', 'Unknown'], [undefined, 'Unknown'], [1, 'Unknown'],
  ]
  for (const [status, expected] of statuses) {
    it(`status ${String(status)} is ${expected}`, () => {
      assert.equal(readDiscovery(answer(entry('ID', { Status: status })), ROOT).sites[0]?.status, expected)
    })
  }

  it('says the root’s host where the instance tells none, and no database', () => {
    assert.deepEqual(readDiscovery({ WebSites: [] }, 'http://127.0.0.1:5000'),
      { root: 'http://127.0.0.1:5000', host: '127.0.0.1:5000', sites: [] })
  })

  for (const json of [null, 7, 'x', [], {}, { WebSites: 'none' }, { error: 'no' }]) {
    it(`${JSON.stringify(json)} is no instance`, () => {
      assert.throws(() => readDiscovery(json, ROOT), error =>
        isErpError(error, 'instance-not-found') && error.facts['address'] === ROOT)
    })
  }

  const wrongSites: readonly (readonly [string, Record<string, unknown>])[] = [
    ['a relative address', { Url: '/api' }],
    ['no address', { Url: null }],
    ['http', { Url: 'http://demodb.my.erp.net/api' }],
    ['http on this machine, told by a remote instance', { Url: 'http://127.0.0.1/api' }],
    ['another scheme', { Url: 'ftp://demodb.my.erp.net/api' }],
    ['a user in the address', { Url: 'https://a:b@demodb.my.erp.net/api' }],
    ['a wrong OData root', { AdditionalProperties: { ODataServiceRoot: '/api/domain/odata/' } }],
  ]
  for (const [what, fields] of wrongSites) {
    it(`refuses a Domain API with ${what}`, () => {
      assert.throws(() => readDiscovery(answer(entry('DomainAPI', fields)), ROOT), error =>
        isErpError(error, 'unexpected-answer') && String(error.facts['reason']).includes('DomainAPI'))
    })
  }

  it('takes http on this machine, and https elsewhere for an instance on this machine', () => {
    const { sites } = readDiscovery(answer(
      entry('ID', { Url: 'http://127.0.0.1:5000/id' }), entry('DomainAPI'),
    ), 'http://127.0.0.1:5000')
    assert.deepEqual(sites.map(({ url }) => url), ['http://127.0.0.1:5000/id', `${ROOT}/domainapi`])
  })

  it('forgives a site that is down its missing address', () => {
    assert.deepEqual(readDiscovery(answer(entry('TableAPI', { Status: 'NotWorking', Url: null })), ROOT).sites, [])
  })

  it('takes a site elsewhere, without query and fragment', () => {
    const { sites } = readDiscovery(answer(entry('TableAPI', { Url: 'https://bi.acme.example/t?x#y' })), ROOT)
    assert.equal(sites[0]?.url, 'https://bi.acme.example/t')
  })
})

describe('site', () => {
  function instance(...sites: Partial<Site>[]): Instance {
    return {
      root: ROOT,
      host: 'demodb',
      sites: sites.map((more, index) => ({ type: 'TableAPI', status: 'Working', url: `${ROOT}/${index}`, ...more })),
    }
  }

  const chosen: readonly (readonly [string, Instance, string])[] = [
    ['the only one', instance({}), '/0'],
    ['by type', instance({ type: 'ID' }, {}), '/1'],
    ['the first that works', instance({ status: 'NotWorking' }, { status: 'Unknown' }, {}, {}), '/2'],
    ['one of which it isn’t known', instance({ status: 'NotWorking' }, { status: 'Unknown' }), '/1'],
  ]
  for (const [what, of, path] of chosen) it(what, () => assert.equal(site(of, 'TableAPI').url, ROOT + path))

  it('is missing', () => {
    assert.throws(() => site(instance({ type: 'ID' }), 'TableAPI'), error =>
      isErpError(error, 'site-missing') && error.facts['site'] === 'TableAPI' && error.facts['address'] === ROOT)
  })

  it('does not work', () => {
    assert.throws(() => site(instance({ status: 'NotWorking', statusDescription: 'pool stopped' }), 'TableAPI'), error =>
      isErpError(error, 'site-not-working') && error.facts['description'] === 'pool stopped')
  })

  it('has the sheet’s default roots', () => {
    const api: Site = { type: 'DomainAPI', status: 'Working', url: `${ROOT}/api` }
    assert.equal(odataRoot(api), `${ROOT}/api/domain/odata/`)
    assert.equal(odataRoot({ ...api, odataRoot: `${ROOT}/x/` }), `${ROOT}/x/`)
    assert.equal(tableRoot({ ...api, url: `${ROOT}/tableapi` }), `${ROOT}/tableapi/odata/`)
  })
})
