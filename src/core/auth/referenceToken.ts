import { ErpError } from '../base/errors.ts'

/** A reference token that may be stored. */
export interface CheckedToken {
  readonly token: string
  /** `unusual-form`: it doesn't look like those that we know, which is no promise (protocol sheet, section 2). */
  readonly warning?: 'unusual-form'
}

/** Why a text can't be a reference token. */
export type TokenFault = 'empty' | 'jwt' | 'bearer' | 'spaces' | 'characters'

/**
 * Checks the form of a reference token (an API key) that a person pasted: `enrt_` and hexadecimal digits.
 * White space around it is taken off.
 *
 * @throws `reference-token-form` with the `reason`, a `TokenFault`
 */
export function checkReferenceToken(text: string): CheckedToken {
  const token = text.replace(/^[\s\p{Cf}]+|[\s\p{Cf}]+$/gu, '')
  const fault = faultOf(token)
  if (fault !== undefined) throw new ErpError('reference-token-form', { reason: fault })
  return /^enrt_[\da-f]+$/i.test(token) ? { token } : { token, warning: 'unusual-form' }
}

function faultOf(token: string): TokenFault | undefined {
  if (token === '') return 'empty'
  // a header was pasted: `Bearer enrt_…`, `Authorization: Bearer enrt_…`, `X-Api-Key: enrt_…`
  if (/^(authorization|x-api-key|api-key)\s*:|^bearer\b/i.test(token)) return 'bearer'
  if (/\s/.test(token)) return 'spaces'
  if (/^eyJ[\w-]*\./.test(token)) return 'jwt'
  // what may stand in a header (RFC 6750, section 2.1)
  return /^[\w.~+/-]+=*$/.test(token) ? undefined : 'characters'
}
