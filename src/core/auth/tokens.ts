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
  /** From the ID token and the access token's claims: login, and the name for people. */
  readonly account?: { readonly login: string; readonly name: string }
}
