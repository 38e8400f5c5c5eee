import assert from 'node:assert/strict'
import { checkReferenceToken, type TokenFault } from '../../../src/core/auth/referenceToken.ts'
import { isErpError } from '../../../src/core/base/errors.ts'

const GOOD = 'enrt_0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF'
const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'

describe('checkReferenceToken', () => {
  const right: readonly (readonly [string, string])[] = [
    [GOOD, GOOD], [`  ${GOOD}\r\n`, GOOD], [`\u200b${GOOD}\ufeff`, GOOD], ['enrt_0a', 'enrt_0a'], [GOOD.toLowerCase(), GOOD.toLowerCase()],
  ]
  for (const [text, token] of right) {
    it(`${JSON.stringify(text)} is right`, () => assert.deepEqual(checkReferenceToken(text), { token }))
  }

  for (const token of ['enrt_', 'enrt_xyz', 'ENRT0123', 'pat_0123456789', 'abc', 'YWJjZA==']) {
    it(`${token} is unusual, and taken`, () => {
      assert.deepEqual(checkReferenceToken(token), { token, warning: 'unusual-form' })
    })
  }

  const wrong: readonly (readonly [string, TokenFault])[] = [
    ['', 'empty'],
    [' \n', 'empty'],
    [JWT, 'jwt'],
    [` ${JWT} `, 'jwt'],
    [`Bearer ${GOOD}`, 'bearer'],
    [`bearer\t${GOOD}`, 'bearer'],
    ['Bearer', 'bearer'],
    [`Authorization: Bearer ${GOOD}`, 'bearer'],
    [`X-Api-Key: ${GOOD}`, 'bearer'],
    [`${GOOD} ${GOOD}`, 'spaces'],
    ['enrt_0123\n4567', 'spaces'],
    [`"${GOOD}"`, 'characters'],
    ['enrt_0123…', 'characters'],
    ['енрт_0123', 'characters'],
  ]
  for (const [text, reason] of wrong) {
    it(`${JSON.stringify(text)} is refused: ${reason}`, () => {
      assert.throws(() => checkReferenceToken(text), error => isErpError(error, 'reference-token-form')
        && error.facts['reason'] === reason && !error.message.includes('0123'))
    })
  }
})
