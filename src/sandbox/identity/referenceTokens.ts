/** An API key, issued by hand for one application (protocol sheet, section 2, "Reference tokens"). */
export interface ReferenceToken {
  readonly token: string
  /** A user's own, or the application's system user's. */
  readonly kind: 'PAT' | 'SAT'
  readonly clientId: string
  /** The login of the user or system user in whose name it calls. */
  readonly user: string
  /** Milliseconds since 1970. */
  readonly expires: number
  revoked: boolean
}

export const DAY = 86_400_000
export const LONGEST_LIFETIME_DAYS = 365

/** One in each state that a token can be in, by which application it is bound to and what has become of it. */
export function seedReferenceTokens(
  first: string, newToken: (purpose: string) => string, now: number,
): ReferenceToken[] {
  const personal = {
    kind: 'PAT', clientId: 'com.example/automation', user: 'admin', expires: now + LONGEST_LIFETIME_DAYS * DAY,
    revoked: false,
  } as const
  const system = { ...personal, kind: 'SAT', user: 'automation.service' } as const
  return [
    { ...personal, token: first },
    { ...personal, token: newToken('ivan'), user: 'ivan.petrov' },
    { ...system, token: newToken('system') },
    { ...system, token: newToken('system-read'), clientId: 'com.example/bi', user: 'bi.service' },
    { ...personal, token: newToken('read'), clientId: 'com.example/bi' },
    { ...personal, token: newToken('update'), clientId: 'com.example/importer' },
    { ...personal, token: newToken('expired'), expires: now - DAY },
    { ...personal, token: newToken('revoked'), revoked: true },
    { ...personal, token: newToken('disabled'), clientId: 'com.example/retired' },
  ]
}
