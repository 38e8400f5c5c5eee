import assert from 'node:assert/strict'
import { readPastedAddress, type PastedFault } from '../../../src/core/auth/pastedAddress.ts'
import { ErpError } from '../../../src/core/base/errors.ts'

const WAITING = { redirectUri: 'http://127.0.0.1:53177/callback', state: 's1' }

describe('readPastedAddress', () => {
  const right = [
    'http://127.0.0.1:53177/callback?code=c&state=s1',
    '  127.0.0.1:53177/callback?code=c&state=s1\n',
    'http://127.0.0.1:53177/callback?state=s1&error=access_denied',
  ]
  for (const text of right) {
    it(`takes ${JSON.stringify(text)}`, () => {
      assert.equal(readPastedAddress(text, WAITING), new URL(text.trim().replace(/^(?!http)/, 'http://')).href)
    })
  }

  const wrong: readonly (readonly [string, PastedFault])[] = [
    ['', 'no-address'],
    ['http://', 'no-address'],
    ['http://127.0.0.1:53178/callback?code=c&state=s1', 'other-page'],
    ['http://localhost:53177/callback?code=c&state=s1', 'other-page'],
    ['http://127.0.0.1:53177/result', 'other-page'],
    ['https://demodb.my.erp.net/id/connect/authorize?state=s1', 'other-page'],
    ['http://127.0.0.1:53177/callback?code=c', 'other-sign-in'],
    ['http://127.0.0.1:53177/callback?code=c&state=s2', 'other-sign-in'],
    ['http://127.0.0.1:53177/callback?code=c&state=s1&state=s2', 'other-sign-in'],
  ]
  for (const [text, reason] of wrong) {
    it(`refuses ${JSON.stringify(text)}: ${reason}, and repeats nothing of it`, () => {
      assert.throws(() => readPastedAddress(text, WAITING), (error: unknown) =>
        error instanceof ErpError && error.code === 'sign-in-pasted' && error.facts['reason'] === reason && !error.message.includes('code=c'))
    })
  }
})
