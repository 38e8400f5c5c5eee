import type { ApplicationType, Connection } from '../instance/connection.ts'

/** How each application type connects (protocol sheet, section 2, "The five application types"). */
export interface Flow {
  /** Does somebody sign in, in the browser? */
  readonly browser: boolean
  /** Whose token the APIs are called with: the user's own, one of the application itself, or one issued by hand. */
  readonly apis: 'user' | 'service' | 'referenceToken'
  /** Does the application identify itself with a client secret? */
  readonly clientSecret: boolean
}

export const FLOWS: Readonly<Record<ApplicationType, Flow>> = {
  native: { browser: true, apis: 'user', clientSecret: false },
  confidential: { browser: true, apis: 'user', clientSecret: true },
  portal: { browser: true, apis: 'service', clientSecret: true },
  service: { browser: false, apis: 'service', clientSecret: true },
  referenceToken: { browser: false, apis: 'referenceToken', clientSecret: false },
}

/**
 * The scopes to ask for when a person signs in: who they are, and, where the APIs are called in their name, the
 * connection's own ones and a refresh token if they want to stay signed in.
 */
export function requestedScopes({ application, scopes, staySignedIn }: Connection): string[] {
  const own = FLOWS[application].apis === 'user' ? [...scopes, ...(staySignedIn ? ['offline_access'] : [])] : []
  return [...new Set(['openid', 'profile', ...own])]
}

/** The scopes that the tokens for the APIs may have: nothing else is ever asked for. */
export function sessionScopes(connection: Connection): readonly string[] {
  return FLOWS[connection.application].apis === 'user' ? requestedScopes(connection) : connection.scopes
}
