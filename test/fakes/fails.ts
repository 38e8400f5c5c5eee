import assert from 'node:assert/strict'
import { isErpError, type ErpError, type ErrorCode, type Facts } from '../../src/core/base/errors.ts'

/** Waits for the failure and holds it to its code and to those of its facts that are named. */
export async function fails(attempt: Promise<unknown>, code: ErrorCode, facts: Facts = {}): Promise<ErpError> {
  const outcome: unknown = await attempt.then(value => ({ value }), (error: unknown) => error)
  assert.ok(isErpError(outcome), `should fail with ${code}, but was ${JSON.stringify(outcome)} ${String(outcome)}`)
  assert.equal(outcome.code, code, outcome.message)
  for (const [name, value] of Object.entries(facts)) assert.equal(outcome.facts[name], value, name)
  return outcome
}
