import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** What a request shows of its caller without giving anything away. */
export interface Credential {
  /** The scheme of `Authorization`, in lower case, or `key` for the headers of reference tokens. */
  readonly kind: string
  /** SHA-256 of the token in hexadecimal. */
  readonly hash: string
}

/** Undefined for a request without a credential. Whether it is a good one is for `identity/access.ts` to say. */
export function credentialOf({ headers }: IncomingMessage): Credential | undefined {
  const key = headers['x-api-key'] ?? headers['api-key']
  const [kind = '', token] = typeof key === 'string' ? ['key', key] : headers.authorization?.split(' ') ?? []
  if (token === undefined) return undefined
  return { kind: kind.toLowerCase(), hash: createHash('sha256').update(token).digest('hex') }
}
