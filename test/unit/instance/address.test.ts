import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { isLoopback, normaliseAddress } from '../../../src/core/instance/address.ts'

const GOOD: readonly (readonly [typed: string, root: string])[] = [
  // names and hosts
  ['demodb', 'https://demodb.my.erp.net'],
  ['DemoDB', 'https://demodb.my.erp.net'],
  ['demodb/', 'https://demodb.my.erp.net'],
  ['demodb/cl/orders', 'https://demodb.my.erp.net/cl/orders'],
  ['demodb?x=1', 'https://demodb.my.erp.net'],
  ['id', 'https://id.my.erp.net'],
  ['42', 'https://42.my.erp.net'],
  ['demodb.my.erp.net', 'https://demodb.my.erp.net'],
  ['demodb.my.erp.net.', 'https://demodb.my.erp.net'],
  ['demodb.my.erp.net:8443', 'https://demodb.my.erp.net:8443'],
  ['demodb.my.erp.net:443', 'https://demodb.my.erp.net'],
  ['erp:8443', 'https://erp:8443'],
  ['erp.acme.example', 'https://erp.acme.example'],
  ['фирма.бг', 'https://xn--80apmps.xn--90ae'],
  ['erp.фирма.example/път', 'https://erp.xn--80apmps.example/%D0%BF%D1%8A%D1%82'],
  ['10.0.0.7', 'https://10.0.0.7'],
  ['[2001:db8::1]:444', 'https://[2001:db8::1]:444'],
  // addresses
  ['https://demodb.my.erp.net', 'https://demodb.my.erp.net'],
  ['https://demodb.my.erp.net/', 'https://demodb.my.erp.net'],
  ['HTTPS://DemoDB.My.ERP.net/CL/Orders', 'https://demodb.my.erp.net/CL/Orders'],
  ['https://demodb.my.erp.net/cl/orders?x#y', 'https://demodb.my.erp.net/cl/orders'],
  ['https://demodb.my.erp.net/erp///', 'https://demodb.my.erp.net/erp'],
  ['https://demodb.my.erp.net/a/../b', 'https://demodb.my.erp.net/b'],
  ['//demodb.my.erp.net/cl', 'https://demodb.my.erp.net/cl'],
  ['https://demodb/', 'https://demodb'],
  ['https://not-id.erp.net', 'https://not-id.erp.net'],
  // what surrounds them
  ['  demodb\t', 'https://demodb.my.erp.net'],
  ['\u00a0\u200bhttps://demodb.my.erp.net\ufeff\n', 'https://demodb.my.erp.net'],
  ['<https://demodb.my.erp.net/cl>', 'https://demodb.my.erp.net/cl'],
  ['"https://demodb.my.erp.net"', 'https://demodb.my.erp.net'],
  ['\'demodb\'', 'https://demodb.my.erp.net'],
  ['`demodb`', 'https://demodb.my.erp.net'],
  ['„demodb“', 'https://demodb.my.erp.net'],
  [' "<https://demodb.my.erp.net>" ', 'https://demodb.my.erp.net'],
  // this machine
  ['localhost', 'http://localhost'],
  ['localhost:5000', 'http://localhost:5000'],
  ['LOCALHOST:5000/erp/', 'http://localhost:5000/erp'],
  ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
  ['127.0.0.2:5000/?x', 'http://127.0.0.2:5000'],
  ['[::1]:5000', 'http://[::1]:5000'],
  ['http://localhost:5000/', 'http://localhost:5000'],
  ['http://127.255.0.9', 'http://127.255.0.9'],
  ['http://2130706433:81', 'http://127.0.0.1:81'],
  ['https://localhost:5001', 'https://localhost:5001'],
]

const BAD: readonly (readonly [typed: string, code: string])[] = [
  ['', 'address-invalid'],
  ['   ', 'address-invalid'],
  ['""', 'address-invalid'],
  ['<>', 'address-invalid'],
  ['https://', 'address-invalid'],
  ['/cl/orders', 'address-invalid'],
  ['?x', 'address-invalid'],
  ['.', 'address-invalid'],
  ['..', 'address-invalid'],
  ['https://.my.erp.net', 'address-invalid'],
  ['https://demodb..erp.net', 'address-invalid'],
  ['demo db', 'address-invalid'],
  ['https://demo\ndb.my.erp.net', 'address-invalid'],
  ['https:\\\\demodb.my.erp.net', 'address-invalid'],
  ['https://demodb.my.erp.net\\@evil.example', 'address-invalid'],
  ['demodb.my.erp.net:port', 'address-invalid'],
  ['demodb.my.erp.net:99999', 'address-invalid'],
  ['https://exa%mple', 'address-invalid'],
  ['ftp://demodb.my.erp.net', 'address-invalid'],
  ['file:///etc/passwd', 'address-invalid'],
  ['javascript:alert(1)', 'address-invalid'],
  ['me@acme.example', 'address-invalid'],
  ['https://me:secret@demodb.my.erp.net', 'address-invalid'],
  ['https://me@demodb.my.erp.net', 'address-invalid'],
  ['localhost:5000@evil.example', 'address-invalid'],
  ['http://demodb.my.erp.net', 'address-insecure'],
  ['http://127.0.0.1.evil.example', 'address-insecure'],
  ['http://localhost.evil.example', 'address-insecure'],
  ['http://0.0.0.0', 'address-insecure'],
  ['http://10.0.0.7', 'address-insecure'],
  ['id.erp.net', 'address-global-identity'],
  ['ID.ERP.NET', 'address-global-identity'],
  ['https://id.erp.net/connect/authorize?client_id=x', 'address-global-identity'],
  ['https://id.erp.net./', 'address-global-identity'],
  ['http://id.erp.net', 'address-global-identity'],
]

describe('normaliseAddress', () => {
  for (const [typed, root] of GOOD) {
    it(`${JSON.stringify(typed)} gives ${root}`, () => {
      assert.equal(normaliseAddress(typed), root)
      assert.equal(normaliseAddress(root), root, 'what it gives is normal')
    })
  }

  for (const [typed, code] of BAD) {
    it(`${JSON.stringify(typed)} is ${code}`, () => {
      assert.throws(() => normaliseAddress(typed), error => isErpError(error) && error.code === code)
    })
  }

  it('does not repeat a password that was typed', () => {
    assert.throws(() => normaliseAddress('https://me:secret@demodb.my.erp.net'), error =>
      isErpError(error) && !JSON.stringify(error.facts).includes('secret') && !error.message.includes('secret'))
  })
})

describe('isLoopback', () => {
  const cases: readonly (readonly [string, boolean])[] = [
    ['localhost', true], ['127.0.0.1', true], ['127.9.9.9', true], ['[::1]', true],
    ['128.0.0.1', false], ['127.0.0.1.example', false], ['localhost.example', false], ['[::2]', false], ['', false],
  ]
  for (const [host, expected] of cases) it(`${host}: ${expected}`, () => assert.equal(isLoopback(host), expected))
})
