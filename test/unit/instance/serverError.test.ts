import assert from 'node:assert/strict'
import { isHtml, serverError, type Answer } from '../../../src/core/instance/serverError.ts'

const URL = 'https://demodb.my.erp.net/tableapi/odata/Gen_Documents'
const NOW = Date.parse('2026-07-01T12:00:00Z')
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' }
const HTML_TYPE = { 'content-type': 'text/html' }
const ERP_BODY = { message: 'Column Foo is unknown.', code: 0, type: 'ODataException', info: '   at Erp.Secret.Stack()' }

const CASES: readonly (readonly [what: string, answer: Partial<Answer>, code: string, facts: Record<string, unknown>])[] = [
  ['401', { status: 401 }, 'unauthorized', {}],
  ['401 of a bearer token', { status: 401, text: '{"error":"invalid_token"}' }, 'unauthorized', {}],
  ['403', { status: 403 }, 'forbidden', {}],
  ['403 with a message', { status: 403, text: JSON.stringify({ message: 'Not yours.' }) }, 'forbidden', { message: 'Not yours.' }],
  ['403 as a page', { status: 403, headers: HTML_TYPE, text: '<html><title>No</title>' }, 'forbidden', { message: 'No' }],
  ['404', { status: 404 }, 'not-found', {}],
  ['404 with a wrapped message', { status: 404, text: JSON.stringify({ error: ERP_BODY }) }, 'not-found', { message: 'Column Foo is unknown.' }],
  ['404 of another framework', { status: 404, text: '{"status":404,"error":"Not Found"}' }, 'not-found', { message: 'Not Found' }],
  ['429', { status: 429 }, 'too-many-requests', {}],
  ['429 with seconds', { status: 429, headers: { 'retry-after': '7' } }, 'too-many-requests', { retryAfterSeconds: 7 }],
  ['429 with a date', { status: 429, headers: { 'retry-after': 'Wed, 01 Jul 2026 12:01:30 GMT' } }, 'too-many-requests', { retryAfterSeconds: 90 }],
  ['429 with a date gone by', { status: 429, headers: { 'retry-after': 'Wed, 01 Jul 2026 11:00:00 GMT' } }, 'too-many-requests', { retryAfterSeconds: 0 }],
  ['429 with nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, 'too-many-requests', {}],
  ['500 with ERP.net’s body', { status: 500, headers: JSON_TYPE, text: JSON.stringify(ERP_BODY) }, 'server-error', { status: 500, message: 'Column Foo is unknown.' }],
  ['500 with ERP.net’s body, wrapped', { status: 500, text: JSON.stringify({ error: ERP_BODY }) }, 'server-error', { status: 500, message: 'Column Foo is unknown.' }],
  ['500 with a trace in the message', { status: 500, text: JSON.stringify({ message: 'Bad.\r\n   at Erp.Secret.Stack()' }) }, 'server-error', { status: 500, message: 'Bad.' }],
  ['500 with nothing', { status: 500 }, 'server-error', { status: 500, message: 'HTTP 500' }],
  ['500 with half a body', { status: 500, headers: JSON_TYPE, text: '{"message":"Col' }, 'server-error', { status: 500, message: 'HTTP 500' }],
  ['500 with a number as message', { status: 500, text: '{"message":5}' }, 'server-error', { status: 500, message: 'HTTP 500' }],
  ['502 as a page', { status: 502, headers: HTML_TYPE, text: '<!doctype html><title>502 Bad Gateway</title><h1>x' }, 'server-error', { status: 502, message: '502 Bad Gateway' }],
  ['503 as text', { status: 503, text: 'Down for\nmaintenance' }, 'server-error', { status: 503, message: 'Down for maintenance' }],
  ['400 with ERP.net’s body', { status: 400, text: JSON.stringify(ERP_BODY) }, 'server-error', { status: 400, message: 'Column Foo is unknown.' }],
  ['no licence', { status: 500, text: JSON.stringify({ ...ERP_BODY, type: 'MaximumLicenseCountExceededException' }) }, 'no-licence', {}],
  ['no licence, as a 403', { status: 403, text: JSON.stringify({ error: { message: 'MaximumLicenseCountExceeded' } }) }, 'no-licence', {}],
  ['OAuth', { status: 400, text: '{"error":"invalid_grant","error_description":"code is used"}' }, 'sign-in-refused', { error: 'invalid_grant', description: 'code is used' }],
  ['OAuth without words', { status: 401, text: '{"error":"invalid_client"}' }, 'sign-in-refused', { error: 'invalid_client', description: '' }],
  ['a page with status 200', { status: 200, headers: HTML_TYPE, text: '<html>' }, 'html-instead-of-data', { status: 200 }],
  ['a page that says it is JSON', { status: 200, headers: JSON_TYPE, text: ' <!DOCTYPE html><p>' }, 'html-instead-of-data', { status: 200 }],
  ['other data with status 200', { status: 200, text: 'hello' }, 'unexpected-answer', { status: 200 }],
  ['a redirect to the sign-in page', { status: 302, headers: { location: '/id/connect/authorize?client_id=x' } }, 'html-instead-of-data', { status: 302 }],
  ['a redirect to a login page elsewhere', { status: 307, headers: { location: 'https://sso.example/Login' } }, 'html-instead-of-data', { status: 307 }],
  ['a redirect elsewhere', { status: 301, headers: { location: 'https://www.example/shop?code=abcdef' } }, 'unexpected-answer', { reason: 'redirect to https://www.example/shop' }],
  ['a redirect to nowhere', { status: 304 }, 'unexpected-answer', { reason: 'redirect to nowhere' }],
]

describe('serverError', () => {
  for (const [what, answer, code, facts] of CASES) {
    it(`${what} is ${code}`, () => {
      const error = serverError({ url: URL, status: 500, headers: {}, text: '', ...answer }, NOW)
      assert.equal(error.code, code)
      const { url, ...rest } = error.facts
      if (code !== 'sign-in-refused') assert.equal(url, URL)
      for (const [name, value] of Object.entries(facts)) assert.equal(rest[name], value, name)
      for (const name of ['message', 'retryAfterSeconds']) assert.equal(name in rest, name in facts, name)
      assert.doesNotMatch(error.message, /Stack/)
    })
  }

  it('hides secrets and cuts long texts', () => {
    const message = `Token enrt_ABCDEF0123456789 of\u0007 eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln is bad. ${'long '.repeat(500)}`
    const error = serverError({ url: `${URL}?access_token=abc`, status: 500, headers: {}, text: JSON.stringify({ message }) }, NOW)
    assert.doesNotMatch(JSON.stringify(error.facts), /ABCDEF|eyJ|=abc|\\u0007/)
    assert.ok(String(error.facts['message']).length <= 500)
  })
})

describe('isHtml', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['text/html; charset=utf-8', '', true], ['application/xhtml+xml', '', true], ['application/xml', '<?xml version="1.0"?>', false],
    ['', '<HTML>', true], ['', '<!DOCTYPE HTML PUBLIC>', true], ['application/json', '{"a":"<html>"}', false], ['', '', false],
  ]
  for (const [type, text, expected] of cases) {
    it(`${type} ${text}`, () => assert.equal(isHtml({ 'content-type': type }, text), expected))
  }
})
