import { createHash, randomBytes } from 'node:crypto'

export interface ClientSecret {
  /** 32 random bytes, base64url. */
  readonly secret: string
  /** `ApplicationSecretHash` of the Trusted Application: base64 of the secret's SHA-256. */
  readonly hash: string
}

/** Makes a secret for an application and hashes it here: ERP.net's own hash tool would have to be sent the secret. */
export function newClientSecret(): ClientSecret {
  const secret = randomBytes(32).toString('base64url')
  return { secret, hash: hashSecret(secret) }
}

/** @returns base64 of the SHA-256 of its UTF-8 (protocol sheet, section 2: `ApplicationSecretHash`) */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('base64')
}
