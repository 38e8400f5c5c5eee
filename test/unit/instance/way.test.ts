import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import {
  describeWay, editorMayKnow, NO_SETTINGS, readEnvironment, wayTo, type NetworkSettings, type Way,
} from '../../../src/core/instance/way.ts'

const TARGET = 'https://demodb.my.erp.net/x'

function way(settings: Partial<NetworkSettings>, target = TARGET): Way {
  return wayTo(new URL(target), { ...NO_SETTINGS, ...settings })
}

const environment = (variables: Record<string, string>): Pick<NetworkSettings, 'environment'> =>
  ({ environment: readEnvironment(variables) })

describe('The way to an address', () => {
  const cases: [what: string, settings: Partial<NetworkSettings>, way: string, target?: string][] = [
    ['nothing is set', {}, 'directly (unset)'],
    ['http.proxy', { proxy: 'http://proxy.acme:3128' }, 'through the proxy http://proxy.acme:3128 (http.proxy)'],
    ['an https proxy', { proxy: 'https://proxy.acme' }, 'through the proxy https://proxy.acme (http.proxy)'],
    ['a proxy by IPv6', { proxy: 'http://[2001:DB8::1]:3128/' }, 'through the proxy http://[2001:db8::1]:3128 (http.proxy)'],
    ['white space around it', { proxy: ' http://proxy.acme:3128 ' }, 'through the proxy http://proxy.acme:3128 (http.proxy)'],
    ['credentials are not shown', { proxy: 'http://ivan:pass@proxy.acme:3128' }, 'through the proxy http://proxy.acme:3128 (http.proxy)'],
    ['a proxy that only the editor can speak to', { proxy: 'socks5://proxy.acme:1080' }, 'through VS Code\'s fetch (socks)'],
    ['the person wants the editor’s way', { electronFetch: true, proxy: 'http://proxy.acme' }, 'through VS Code\'s fetch (electronFetch)'],
    ['HTTPS_PROXY', environment({ HTTPS_PROXY: 'http://env:1' }), 'through the proxy http://env:1 (HTTPS_PROXY)'],
    ['https_proxy', environment({ https_proxy: 'http://env:1' }), 'through the proxy http://env:1 (https_proxy)'],
    ['HTTP_PROXY alone', environment({ HTTP_PROXY: 'http://env:1' }), 'through the proxy http://env:1 (HTTP_PROXY)'],
    ['https before http, lower case before upper', environment({ HTTP_PROXY: 'http://c:1', HTTPS_PROXY: 'http://b:1', https_proxy: 'http://a:1' }), 'through the proxy http://a:1 (https_proxy)'],
    ['an empty variable', environment({ https_proxy: '', HTTPS_PROXY: 'http://env:1' }), 'through the proxy http://env:1 (HTTPS_PROXY)'],
    ['no scheme', environment({ HTTPS_PROXY: 'proxy.acme:3128' }), 'through the proxy http://proxy.acme:3128 (HTTPS_PROXY)'],
    ['the setting comes before the environment', { proxy: 'http://setting:1', ...environment({ HTTPS_PROXY: 'http://env:1' }) }, 'through the proxy http://setting:1 (http.proxy)'],
    ['http.noProxy', { proxy: 'http://proxy', noProxy: ['my.erp.net'] }, 'directly (noProxy)'],
    ['NO_PROXY', environment({ HTTPS_PROXY: 'http://env:1', NO_PROXY: 'a.example, my.erp.net' }), 'directly (noProxy)'],
    ['NO_PROXY under http.proxy', { proxy: 'http://proxy', ...environment({ no_proxy: 'my.erp.net' }) }, 'directly (noProxy)'],
    ['http.noProxy replaces NO_PROXY', { proxy: 'http://proxy', noProxy: ['other.example'], ...environment({ NO_PROXY: '*' }) }, 'through the proxy http://proxy (http.proxy)'],
    ['http.proxySupport off', { proxy: 'http://proxy', proxySupport: 'off', electronFetch: true }, 'directly (off)'],
    ['127.0.0.1', { proxy: 'http://proxy', electronFetch: true }, 'directly (loopback)', 'http://127.0.0.1:53177/'],
    ['another loopback address', { proxy: 'http://proxy' }, 'directly (loopback)', 'https://127.8.8.8/'],
    ['localhost', environment({ HTTPS_PROXY: 'http://env:1' }), 'directly (loopback)', 'http://localhost:80/'],
    ['::1', { proxy: 'http://proxy' }, 'directly (loopback)', 'http://[::1]/'],
  ]
  for (const [what, settings, expected, target] of cases) {
    it(`${what}: ${expected}`, () => assert.equal(describeWay(way(settings, target)), expected))
  }

  describe('leaves out the proxy where noProxy says', () => {
    const excluded: [entry: string, target: string, yes: boolean][] = [
      ['*', 'https://any.example/', true],
      ['demo.example', 'https://demo.example/', true],
      ['demo.example', 'https://DEMO.example/', true],
      ['Demo.Example', 'https://demo.example/', true],
      ['demo.example', 'https://demo.example./', true],
      ['demo.example', 'https://sub.demo.example/', true],
      ['demo.example', 'https://mydemo.example/', false],
      ['demo.example', 'https://demo.example.org/', false],
      ['.example', 'https://demo.example/', true],
      ['.demo.example', 'https://demo.example/', true],
      ['*.example', 'https://demo.example/', true],
      ['*.example', 'https://example.org/', false],
      ['demo.example:443', 'https://demo.example/', true],
      ['demo.example:8443', 'https://demo.example/', false],
      ['demo.example:8443', 'https://demo.example:8443/', true],
      ['.example:8443', 'https://demo.example:8443/', true],
      ['10.1.2.3', 'https://10.1.2.3/', true],
      ['10.1.2.3', 'https://110.1.2.3/', false],
      ['10.0.0.0/8', 'https://10.200.3.4/', true],
      ['10.0.0.0/8', 'https://11.0.0.1/', false],
      ['192.168.4.0/22', 'https://192.168.7.255/', true],
      ['192.168.4.0/22', 'https://192.168.8.0/', false],
      ['200.0.0.0/7', 'https://201.1.1.1/', true],
      ['0.0.0.0/0', 'https://9.9.9.9/', true],
      ['0.0.0.0/0', 'https://demo.example/', false],
      ['10.0.0.0/33', 'https://10.0.0.0/', false],
      ['10.0.0.0/', 'https://10.0.0.0/', false],
      ['[2001:db8::1]', 'https://[2001:db8::1]/', true],
      ['2001:DB8:0::1', 'https://[2001:db8::1]/', true],
      ['[2001:db8::1]:8443', 'https://[2001:db8::1]:8443/', true],
      ['[2001:db8::1]:8443', 'https://[2001:db8::1]/', false],
      ['2001:db8::2', 'https://[2001:db8::1]/', false],
      ['', 'https://demo.example/', false],
      ['.', 'https://demo.example/', false],
    ]
    for (const [entry, target, yes] of excluded) {
      it(`"${entry}" ${yes ? 'takes in' : 'does not mean'} ${target}`, () => {
        assert.equal(way({ proxy: 'http://proxy', noProxy: [entry] }, target).kind, yes ? 'direct' : 'proxy')
      })
    }
  })

  describe('authenticates to the proxy', () => {
    const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`
    const cases: [proxy: string, proxyAuthorization: string, header: string | undefined][] = [
      ['http://proxy', '', undefined],
      ['http://ivan:pass@proxy', '', basic('ivan:pass')],
      ['http://ivan@proxy', '', basic('ivan:')],
      ['http://%D0%98:p%40s%3As@proxy', '', basic('И:p@s:s')],
      ['http://proxy', 'Bearer abc', 'Bearer abc'],
      ['http://ivan:pass@proxy', 'Bearer abc', 'Bearer abc'],
    ]
    for (const [proxy, proxyAuthorization, header] of cases) {
      it(`${proxy} ${proxyAuthorization}`, () => {
        const found = way({ proxy, proxyAuthorization })
        assert.ok(found.kind === 'proxy')
        assert.equal(found.proxy.authorization, header)
      })
    }
  })

  for (const proxy of ['http://', 'ftp://proxy', 'http:///x', 'http://proxy:port', 'http://ivan:secret%@proxy', 'not an address']) {
    it(`refuses the proxy "${proxy}" without repeating it`, () => {
      assert.throws(() => way({ proxy }), error => isErpError(error, 'proxy-invalid') && error.message === 'proxy-invalid (setting: http.proxy)')
    })
  }

  it('lets the editor try where it may know more', () => {
    const may = (settings: Partial<NetworkSettings>, target = TARGET) => editorMayKnow(new URL(target), { ...NO_SETTINGS, ...settings })
    assert.deepEqual(
      [may({}), may({ proxy: 'http://proxy' }), may({ proxySupport: 'off' }), may({ fetchAdditionalSupport: false }), may({}, 'http://127.0.0.1/')],
      [true, true, false, false, false],
    )
  })
})
