import assert from 'node:assert/strict'
import { plainLine, redact } from '../../../src/core/base/redact.ts'

describe('redact', () => {
  const hidden: readonly (readonly [string, string])[] = [
    ['token enrt_0123ABCDEF was refused', 'token enrt_[hidden] was refused'],
    ['ENRT_0123abcdef', 'enrt_[hidden]'],
    ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln-_x', '[hidden]'],
    ['Authorization: Bearer abcdefghij', 'Authorization: Bearer [hidden]'],
    ['authorization: bearer eyJhbGciOiJSUzI1NiJ9.e30.x', 'authorization: bearer [hidden]'],
    ['Basic dXNlcjpwYXNz', 'Basic [hidden]'],
    ['http://127.0.0.1:53177/callback?code=abc123&state=xyz', 'http://127.0.0.1:53177/callback?code=[hidden]&state=xyz'],
    ['client_secret=s3cret&grant_type=refresh_token&refresh_token=r', 'client_secret=[hidden]&grant_type=refresh_token&refresh_token=[hidden]'],
    ['{"access_token":"a\\"b","scope":"read"}', '{"access_token":"[hidden]","scope":"read"}'],
    ['{"refresh_token" : "abc"}', '{"refresh_token":"[hidden]"}'],
    ['https://me:secret@demodb.my.erp.net/x', 'https://[hidden]@demodb.my.erp.net/x'],
  ]
  for (const [text, expected] of hidden) it(text, () => assert.equal(redact(text), expected))

  const kept = [
    'Gen_Documents?$select=Id,Code&$filter=Postal_Code=5', 'The bearer was refused', 'country_code=BG', 'basic rights',
    'me@acme.example', 'https://demodb.my.erp.net/x@y', 'invalid_token', '{"code": 0, "message": "x"}',
  ]
  for (const text of kept) it(`keeps ${text}`, () => assert.equal(redact(text), text))
})

describe('plainLine', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ['a\r\nb\tc', 100, 'a b c'],
    ['  \u001b[31mred\u0000 ', 100, '[31mred'],
    ['right\u202eleft', 100, 'right left'],
    ['Цена 12 лв.', 100, 'Цена 12 лв.'],
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['enrt_0123456789ABCDEF', 12, 'enrt_[hidde…'],
  ]
  for (const [text, length, expected] of cases) {
    it(JSON.stringify(text), () => assert.equal(plainLine(text, length), expected))
  }
})
