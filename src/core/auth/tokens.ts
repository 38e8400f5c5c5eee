/** Shapes that pass between the sign-in in the shell and OpenID Connect in the engine worker. Memory only. */

export interface Client {
  /** Address of the instance's own identity service: the `ID` site. */
  readonly issuer: string
  readonly clientId: string
  /** Confidential applications only. */
  readonly clientSecret?: string
}

export interface SignInParams extends Client {
  readonly redirectUri: string
  readonly scopes: readonly string[]
}

/** Where to send the browser, and what its answer is checked against. */
export interface SignInStart {
  readonly url: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface RedeemParams extends Client {
  /** The whole address that the browser was sent back to. */
  readonly callbackUrl: string
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

export interface RenewParams extends Client {
  readonly refreshToken: string
}

export interface ServiceParams extends Client {
  readonly scopes: readonly string[]
}

export interface SignOutParams extends Client {
  readonly idToken: string
  readonly redirectUri: string
}

/** What the token endpoint granted. */
export interface TokenSet {
  readonly accessToken: string
  readonly refreshToken?: string
  readonly idToken?: string
  readonly scopes: readonly string[]
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  /** Whose they are, from the ID token and the access token's claims. */
  readonly account?: Account
  /** The APIs that the access token names (its `aud`); unknown of an opaque one. */
  readonly audiences?: readonly string[]
}

export interface Account {
  /** Of a service: the system user that its application acts as. */
  readonly login: string
  /** For people. */
  readonly name: string
  /** An external user, to whom no API opens (protocol sheet, "The five application types"). */
  readonly external?: boolean
}

/** The names under which the APIs stand in `aud` (protocol sheet, section 2, "Access tokens"). */
export const API_AUDIENCES = ['DomainAPI', 'TableAPI']

/** Can that token open an API? An opaque one may. */
export function opensApis({ audiences }: TokenSet): boolean {
  return audiences?.some(audience => API_AUDIENCES.includes(audience)) ?? true
}
