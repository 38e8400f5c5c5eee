/**
 * A connection: how one reaches one instance. Kept in the setting `erpnet.connections`; it holds no secrets.
 */
export interface Connection {
  readonly id: string
  readonly name: string
  /** Root URL of the instance, normalised: no query, no fragment, no trailing slash. */
  readonly url: string
  readonly application: ApplicationType
  /** The Trusted Application's `client_id`; every type but `referenceToken` has one. */
  readonly clientId?: string
  readonly scopes: readonly string[]
  /** Ask for `offline_access`, so that the sign-in outlives the access token. */
  readonly staySignedIn: boolean
  readonly production: boolean
}

/** How the application of a connection signs in (protocol sheet, section 2); the other types are to come. */
export const APPLICATION_TYPES = ['native', 'confidential', 'referenceToken'] as const
export type ApplicationType = (typeof APPLICATION_TYPES)[number]
