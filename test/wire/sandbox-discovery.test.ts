import assert from 'node:assert/strict'

import { useSandbox } from '../fakes/sandbox.ts'

interface Discovery {
  readonly Host: string
  readonly DbName: string
  readonly WebSites: readonly {
    readonly Type: string
    readonly Status: string
    readonly StatusDescription?: string
    readonly Url: string
    readonly System: boolean
    readonly AdditionalProperties?: { readonly ODataServiceRoot?: string }
  }[]
}

/** Protocol sheet, section 1. */
describe('sandbox: discovery', () => {
  const sandbox = useSandbox({ rows: 10 })
  afterEach(async () => sandbox.control.clearQuirks())

  const get = (path: string) => fetch(sandbox.url + path, { headers: { 'x-api-key': sandbox.referenceToken } })
  const status = async (path: string) => (await get(path)).status
  const discover = async (path = '/tools/auto-discovery') =>
    await (await fetch(sandbox.url + path)).json() as Discovery
  const sites = async () => (await discover()).WebSites.map(({ Type, Status }) => `${Type} ${Status}`)
  const usual = ['ID Working', 'DomainAPI Working', 'TableAPI Working', 'UserProfile Working']

  for (const path of ['/tools/auto-discovery', '/sys/auto-discovery']) {
    it(`answers everybody at ${path}`, async () => {
      const { url } = sandbox
      const { Host, DbName, WebSites } = await discover(path)
      assert.deepEqual([Host, DbName], [new URL(url).host, 'E1_SANDBOX'])
      assert.deepEqual(WebSites.map(({ Type, Status, Url, System }) => [Type, Status, Url, System]), [
        ['ID', 'Working', `${url}/id`, true], ['DomainAPI', 'Working', `${url}/api`, false],
        ['TableAPI', 'Working', `${url}/tableapi`, false], ['UserProfile', 'Working', `${url}/profile`, true],
      ])
    })
  }

  it('names the root of OData for the Domain API alone', async () => {
    const { WebSites } = await discover()
    assert.deepEqual(
      WebSites.map(({ AdditionalProperties }) => AdditionalProperties),
      [undefined, { ODataServiceRoot: `${sandbox.url}/api/domain/odata/` }, undefined, undefined],
    )
    assert.equal(await status('/api/domain/odata/GetVersion'), 200)
  })

  it('no-odata-root: is silent about it; it is where it is', async () => {
    await sandbox.control.quirks({ 'no-odata-root': true })
    assert.ok((await discover()).WebSites.every(({ AdditionalProperties }) => AdditionalProperties === undefined))
    assert.equal(await status('/api/domain/odata/GetVersion'), 200)
  })

  it('discovery-at-sys: only at the other address', async () => {
    await sandbox.control.quirks({ 'discovery-at-sys': true })
    assert.equal(await status('/tools/auto-discovery'), 404)
    assert.equal((await discover('/sys/auto-discovery')).WebSites.length, 4)
  })

  it('site-missing: not listed, not there', async () => {
    await sandbox.control.quirks({ 'site-missing': 'TableAPI' })
    assert.deepEqual(await sites(), usual.filter(site => !site.startsWith('TableAPI')))
    assert.deepEqual([await status('/tableapi/odata/'), await status('/profile/me')], [404, 200])
    await sandbox.control.quirks({ 'site-missing': 'ID' })
    assert.equal(await status('/id/.well-known/openid-configuration'), 404)
  })

  it('site-unlisted: not listed, but there', async () => {
    await sandbox.control.quirks({ 'site-unlisted': 'DomainAPI' })
    assert.deepEqual(await sites(), usual.filter(site => !site.startsWith('DomainAPI')))
    assert.equal(await status('/api/domain/odata/GetVersion'), 200)
  })

  it('site-not-working: NotWorking with a description, and 503', async () => {
    await sandbox.control.quirks({ 'site-not-working': true })
    const site = (await discover()).WebSites.find(({ Type }) => Type === 'TableAPI')
    assert.deepEqual([site?.Status, site?.StatusDescription], ['NotWorking', 'The site is stopped.'])
    const response = await get('/tableapi/odata/')
    assert.equal(response.status, 503)
    assert.match(await response.text(), /The site is stopped/)
    assert.equal(await status('/profile/me'), 200)
  })

  it('site-status-unknown: Unknown, and it works', async () => {
    await sandbox.control.quirks({ 'site-status-unknown': 'UserProfile' })
    assert.deepEqual(await sites(), [...usual.slice(0, 3), 'UserProfile Unknown'])
    assert.equal(await status('/profile/me'), 200)
  })

  it('site-twice: two sites of one type, both there', async () => {
    await sandbox.control.quirks({ 'site-twice': true })
    const urls = (await discover()).WebSites.filter(({ Type }) => Type === 'TableAPI').map(({ Url }) => Url)
    assert.deepEqual(urls, [`${sandbox.url}/tableapi`, `${sandbox.url}/tableapi2`])
    for (const url of urls) assert.equal(await status(`${url.slice(sandbox.url.length)}/odata/`), 200)
    await sandbox.control.clearQuirks()
    assert.equal(await status('/tableapi2/odata/'), 404)
  })

  it('site-address: a site elsewhere, and everything that names it', async () => {
    await sandbox.control.quirks({ 'site-address': true })
    assert.equal((await discover()).WebSites[2]?.Url, `${sandbox.url}/custom/table`)
    const answer = await (await get('/custom/table/odata/Gen_Currencies?$top=1')).json() as Record<string, unknown>
    assert.equal(answer['@odata.context'], `${sandbox.url}/custom/table/odata/$metadata#Gen_Currencies`)
    assert.equal(await status('/tableapi/odata/'), 404)
    await sandbox.control.quirks({ 'site-address': 'DomainAPI:/erp/v2' })
    const root = (await discover()).WebSites[1]?.AdditionalProperties?.ODataServiceRoot
    assert.equal(root, `${sandbox.url}/erp/v2/domain/odata/`)
    assert.equal(await status('/erp/v2/domain/odata/GetVersion'), 200)
  })

  it('unknown-sites: every documented type at its default address, and types that nobody knows', async () => {
    await sandbox.control.quirks({ 'unknown-sites': true })
    const { WebSites } = await discover()
    const paths = Object.fromEntries(WebSites.map(({ Type, Url }) => [Type, Url.slice(sandbox.url.length)]))
    assert.deepEqual(paths, {
      ID: '/id', DomainAPI: '/api', TableAPI: '/tableapi', UserProfile: '/profile', WebClient: '/cl',
      ClientCenter: '/cc', ECommerce: '/shop', SocialInteractions: '/social', DigitalMarketplace: '/marketplace',
      DataAccessAPI: '/dataaccessapi', InstanceManager: '/instancemanager', LegalBG: '/legalbg', LegalUK: '/legaluk',
      OLAP: '/olap', MicrosoftSync: '/microsoftsync', VideoConferencing: '/videoconferencing',
      AIServer: '/aiserver', QuantumLedger: '/quantumledger', 'Нов-тип': '/нов-тип',
    })
  })
})
