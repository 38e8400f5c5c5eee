import assert from 'node:assert/strict'
import { Company } from '../../fakes/company.ts'
import { proxyIsInstalled, type ProxyUnderTest } from '../../fakes/proxy.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

interface TestResult {
  readonly ok: boolean
  readonly steps: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[]
}

/** An instance that only a proxy leads to, with a certificate of a private authority, in a real VS Code. */
describe('network: behind a proxy, VS Code', () => {
  let company: Company
  let proxy: ProxyUnderTest
  let workbench: Workbench

  before(async function () {
    if (!proxyIsInstalled()) this.skip()
    company = await Company.start()
    proxy = await company.proxy()
    workbench = await openWorkbench({
      settings: { 'http.proxy': proxy.url },
      env: { NODE_EXTRA_CA_CERTS: company.authority },
    })
    const { world, sandbox: { referenceToken } } = company
    await workbench.evaluate(
      (vscode, args) => vscode.commands.executeCommand('erpnet.connection.add', args),
      { id: 'company', url: world.url, application: 'referenceToken', referenceToken },
    )
  })

  after(async () => {
    await (workbench as Workbench | undefined)?.close()
    await (company as Company | undefined)?.end()
    await (company as Company | undefined)?.stop()
  })

  it('reaches every API of the instance by http.proxy', async () => {
    const { ok, steps } = await testConnection()
    assert.ok(ok, JSON.stringify(steps))
    assert.deepEqual(steps.slice(-2).map(({ name }) => name), ['Domain API', 'Table API'])
    assert.ok((await proxy.connections(1)).every(target => target === 'instance.test:443'))
  })

  it('takes changed settings at once', async () => {
    await set('noProxy', ['instance.test'])
    const { steps } = await testConnection()
    assert.match(steps.find(({ ok }) => !ok)?.detail ?? '', /There is no host instance\.test/)
    await set('noProxy', undefined)
    assert.ok((await testConnection()).ok)
  })

  it('lends its own fetch to the engine', async () => {
    await set('systemCertificates', false) // else its fetch knows these alone, and not the one of the environment
    await set('electronFetch', true)
    const asked = await workbench.evaluate(async vscode => {
      const { fetch } = globalThis
      const urls: string[] = []
      globalThis.fetch = (input, init) => {
        urls.push(input instanceof Request ? input.url : String(input))
        return fetch(input, init)
      }
      const { ok } = await vscode.commands.executeCommand<{ ok: boolean }>('erpnet.connection.test', { id: 'company' })
      globalThis.fetch = fetch
      return { ok, urls }
    })
    assert.ok(asked.ok)
    assert.ok(asked.urls.some(url => url.endsWith('/tableapi/odata/')), asked.urls.join('\n'))
  })

  function testConnection(): Promise<TestResult> {
    return workbench.evaluate(vscode => vscode.commands.executeCommand<TestResult>('erpnet.connection.test', { id: 'company' }))
  }

  async function set(name: string, value: unknown): Promise<void> {
    await workbench.evaluate(
      (vscode, change) => vscode.workspace.getConfiguration('http').update(change.name, change.value, vscode.ConfigurationTarget.Global),
      { name, value },
    )
  }
})
