import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { connectionId, readConnection, serialise } from '../../../src/core/instance/connection.ts'

const NATIVE = { id: 'demo', url: 'demodb', application: 'native', clientId: 'com.acme/erpnet-tools' }

describe('readConnection', () => {
  it('fills in what may be left out', () => {
    assert.deepEqual(readConnection(NATIVE), {
      id: 'demo',
      name: 'demodb.my.erp.net',
      url: 'https://demodb.my.erp.net',
      application: 'native',
      clientId: 'com.acme/erpnet-tools',
      scopes: ['read'],
      staySignedIn: false,
      production: false,
    })
  })

  it('keeps what is written, and ignores what it does not know', () => {
    const connection = readConnection({
      ...NATIVE, name: ' Demo (mine) ', scopes: ['read', 'update', 'read'], staySignedIn: true, production: true, colour: 'red',
    })
    assert.deepEqual(connection, {
      id: 'demo',
      name: 'Demo (mine)',
      url: 'https://demodb.my.erp.net',
      application: 'native',
      clientId: 'com.acme/erpnet-tools',
      scopes: ['read', 'update'],
      staySignedIn: true,
      production: true,
    })
    assert.deepEqual(readConnection(serialise(connection)), connection, 'it comes back from the settings')
  })

  it('needs no client for a reference token', () => {
    const connection = readConnection({ id: 'demo', url: 'localhost:5000', application: 'referenceToken' })
    assert.equal(connection.clientId, undefined)
    assert.equal(connection.name, 'localhost:5000')
    assert.deepEqual(serialise(connection), {
      id: 'demo', name: 'localhost:5000', url: 'http://localhost:5000', application: 'referenceToken', scopes: ['read'], production: false,
    })
  })

  const wrong: readonly (readonly [what: string, value: unknown, field: string, reason: string])[] = [
    ['not an object', 'demo', 'connection', 'form'],
    ['a list', [], 'connection', 'form'],
    ['nothing', null, 'connection', 'form'],
    ['no id', { ...NATIVE, id: undefined }, 'id', 'missing'],
    ['an empty id', { ...NATIVE, id: ' ' }, 'id', 'missing'],
    ['an id of two words', { ...NATIVE, id: 'a b' }, 'id', 'form'],
    ['an id with a slash', { ...NATIVE, id: 'a/b' }, 'id', 'form'],
    ['an id that begins with a dot', { ...NATIVE, id: '.a' }, 'id', 'form'],
    ['an id without end', { ...NATIVE, id: 'a'.repeat(65) }, 'id', 'form'],
    ['a number as id', { ...NATIVE, id: 5 }, 'id', 'text'],
    ['no url', { ...NATIVE, url: undefined }, 'url', 'missing'],
    ['a number as name', { ...NATIVE, name: 5 }, 'name', 'text'],
    ['a token as client', { ...NATIVE, clientId: 'enrt_0123abcd' }, 'clientId', 'token'],
    ['a JSON web token in the name', { ...NATIVE, name: 'Demo eyJhbGciOiJub25lIn0.e30.' }, 'name', 'token'],
    ['no application', { ...NATIVE, application: undefined }, 'application', 'missing'],
    ['an unknown application', { ...NATIVE, application: 'spa' }, 'application', 'unknown'],
    ['no client', { ...NATIVE, clientId: undefined }, 'clientId', 'missing'],
    ['a client of odd letters', { ...NATIVE, clientId: 'клиент' }, 'clientId', 'form'],
    ['scopes as text', { ...NATIVE, scopes: 'read update' }, 'scopes', 'list'],
    ['two scopes in one', { ...NATIVE, scopes: ['read update'] }, 'scopes', 'form'],
    ['a number as scope', { ...NATIVE, scopes: [1] }, 'scopes', 'form'],
    ['production as text', { ...NATIVE, production: 'yes' }, 'production', 'boolean'],
    ['staySignedIn as text', { ...NATIVE, staySignedIn: 'yes' }, 'staySignedIn', 'boolean'],
  ]
  for (const [what, value, field, reason] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(() => readConnection(value), error => isErpError(error, 'connection-invalid')
        && error.facts['field'] === field && error.facts['reason'] === reason)
    })
  }

  it('says what is wrong with the address', () => {
    assert.throws(() => readConnection({ ...NATIVE, url: 'id.erp.net' }), error => isErpError(error, 'address-global-identity'))
    assert.throws(() => readConnection({ ...NATIVE, url: 'http://x.example' }), error => isErpError(error, 'address-insecure'))
  })
})

describe('connectionId', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['demodb.my.erp.net', [], 'demodb'],
    ['erp.acme.example', [], 'erp.acme.example'],
    ['127.0.0.1:5000', [], '127.0.0.1-5000'],
    ['[::1]:5000', [], '1-5000'],
    ['Demo (mine)', [], 'demo-mine'],
    ['Demo (mine)', ['demo-mine'], 'demo-mine-2'],
    ['Demo (mine)', ['demo-mine', 'demo-mine-2'], 'demo-mine-3'],
    ['Демо база', [], 'демо-база'],
    ['  ***  ', [], 'connection'],
    ['', ['connection'], 'connection-2'],
    ['x'.repeat(100), [], 'x'.repeat(60)],
  ]
  for (const [name, taken, id] of cases) {
    it(`${name} with [${taken.join()}] gives ${id}`, () => {
      assert.equal(connectionId(name, taken), id)
      assert.equal(readConnection({ ...NATIVE, id }).id, id, 'it is a proper id')
    })
  }
})
