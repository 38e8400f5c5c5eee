import assert from 'node:assert/strict'
import { errors } from 'undici'
import { ErpError, type ErrorCode } from '../../../src/core/base/errors.ts'
import { wayError } from '../../../src/node/wayError.ts'

/** As Node throws them: an error with a code. */
function nodeError(code: string, message = 'something'): Error {
  return Object.assign(new Error(message), { code })
}

describe('wayError', () => {
  const cases: readonly (readonly [error: Error, code: ErrorCode])[] = [
    [nodeError('ENOTFOUND'), 'host-not-found'],
    [nodeError('EAI_AGAIN'), 'host-not-found'],
    [nodeError('ECONNREFUSED'), 'connection-refused'],
    [Object.assign(new AggregateError([nodeError('ECONNREFUSED')]), { code: 'ECONNREFUSED' }), 'connection-refused'],
    [nodeError('ETIMEDOUT'), 'connection-timed-out'],
    [new errors.ConnectTimeoutError(), 'connection-timed-out'],
    [new errors.HeadersTimeoutError(), 'connection-timed-out'],
    [new errors.BodyTimeoutError(), 'connection-timed-out'],
    [nodeError('ECONNRESET'), 'connection-cut'],
    [new errors.SocketError('other side closed'), 'connection-cut'],
    [nodeError('DEPTH_ZERO_SELF_SIGNED_CERT'), 'certificate-invalid'],
    [nodeError('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'certificate-invalid'],
    [nodeError('CERT_HAS_EXPIRED'), 'certificate-invalid'],
    [nodeError('ERR_TLS_CERT_ALTNAME_INVALID'), 'certificate-invalid'],
    [nodeError('EPROTO'), 'network'],
    [nodeError('EHOSTUNREACH'), 'network'],
    [new Error('no code'), 'network'],
    [new ErpError('address-insecure'), 'address-insecure'],
  ]
  for (const [error, code] of cases) {
    it(`${error.name} ${'code' in error ? String(error.code) : ''} is ${code}`, () => {
      assert.equal(wayError(error, 'demo.example').code, code)
    })
  }

  it('keeps host and reason, on one line and without secrets', () => {
    const error = wayError(nodeError('CERT_UNTRUSTED', 'not\ntrusted enrt_0123ABC'), 'demo.example')
    assert.deepEqual(error.facts, { host: 'demo.example', reason: 'not trusted enrt_[hidden]' })
  })

  it('takes whatever was thrown', () => {
    assert.equal(wayError('text', 'demo.example').code, 'network')
  })

  it('is a cancellation once the signal says so, whatever the socket says', () => {
    assert.equal(wayError(nodeError('ECONNRESET'), 'demo.example', AbortSignal.abort()).code, 'cancelled')
  })
})
