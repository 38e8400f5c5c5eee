import assert from 'node:assert/strict'
import { hashSecret, newClientSecret } from '../../../src/node/clientSecret.ts'

describe('A secret for an application', () => {
  it('has 32 random bytes, and is hashed as ERP.net keeps it', () => {
    const [first, second] = [newClientSecret(), newClientSecret()]
    assert.match(first.secret, /^[\w-]{43}$/)
    assert.notEqual(first.secret, second.secret)
    assert.equal(first.hash, hashSecret(first.secret))
    assert.equal(Buffer.from(first.hash, 'base64').length, 32)
  })

  it('hashes the UTF-8 of a secret', () => {
    // printf 'DEMO' | openssl dgst -sha256 -binary | base64
    assert.equal(hashSecret('DEMO'), 'T/AGymuI51LwjLeIFxRQXOs9IHnupDKs/ajhWODR2C4=')
  })
})
