import type { ApplicationType, Connection } from '../instance/connection.ts'

/** What each application type asks of a person and of the identity service (protocol sheet, section 2). */
export interface Flow {
  /** How one signs in: in the browser, or by storing a token that was issued by hand. */
  readonly signIn: 'browser' | 'token'
  /** Does the application identify itself with a client secret? */
  readonly clientSecret: boolean
}

export const FLOWS: Readonly<Record<ApplicationType, Flow>> = {
  native: { signIn: 'browser', clientSecret: false },
  confidential: { signIn: 'browser', clientSecret: true },
  referenceToken: { signIn: 'token', clientSecret: false },
}

/**
 * The scopes to ask for when a person signs in: who they are, the connection's own ones, and a refresh token if they
 * want to stay signed in.
 */
export function requestedScopes({ scopes, staySignedIn }: Connection): string[] {
  return [...new Set(['openid', 'profile', ...scopes, ...(staySignedIn ? ['offline_access'] : [])])]
}
