import * as oidc from 'openid-client'
import { type Claims, claimsOf, EXTERNAL_USER, readClaims } from '../core/auth/claims.ts'
import type {
  Account, Client, RedeemParams, RenewParams, ServiceParams, SignInParams, SignInStart, SignOutParams, TokenSet,
} from '../core/auth/tokens.ts'
import { ErpError } from '../core/base/errors.ts'
import { plainLine } from '../core/base/redact.ts'
import { isLoopback, isSafe } from '../core/instance/address.ts'
import { askIdentity } from './http.ts'

/**
 * OpenID Connect with an instance's own identity service, on the certified client library `openid-client`. It runs in
 * the engine worker only. All requests go through `http.ts`, so that they fail like all others; what the service
 * refuses is `sign-in-refused` with OAuth's `error` and its `description`.
 */

/** Lifetime of an access token whose answer doesn't tell it (protocol sheet, "Access tokens"). */
const USUAL_LIFETIME_SECONDS = 3600

/** Makes the address of the sign-in page, with PKCE (RFC 7636), state and nonce. */
export async function startSignIn(params: SignInParams, signal?: AbortSignal): Promise<SignInStart> {
  return withIdentity(params, signal, async config => {
    const verifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const nonce = oidc.randomNonce()
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: params.redirectUri,
      scope: params.scopes.join(' '),
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    })
    return { url: forBrowser(url), state, nonce, verifier }
  })
}

/**
 * Redeems the code in the address that the browser was sent back to.
 *
 * @throws `sign-in-state` if it isn't an answer to this sign-in, `sign-in-denied` if the user said no
 */
export async function redeemCode(params: RedeemParams, signal?: AbortSignal): Promise<TokenSet> {
  const callback = new URL(params.callbackUrl)
  if (callback.searchParams.get('state') !== params.state) throw new ErpError('sign-in-state')
  return withIdentity(params, signal, async config => {
    // RFC 9207: an answer that names another service was mixed up
    const issuer = callback.searchParams.get('iss') ?? config.serverMetadata().issuer
    if (issuer !== config.serverMetadata().issuer) throw new ErpError('sign-in-state')
    const answer = await oidc.authorizationCodeGrant(config, callback, {
      expectedState: params.state,
      expectedNonce: params.nonce,
      pkceCodeVerifier: params.verifier,
      idTokenExpected: true,
    })
    return toTokenSet(answer, Date.now())
  })
}

/** Exchanges a refresh token. What the answer leaves out (refresh token, scopes) stays as it was. */
export async function renewTokens(params: RenewParams, signal?: AbortSignal): Promise<TokenSet> {
  return withIdentity(params, signal, async config =>
    toTokenSet(await oidc.refreshTokenGrant(config, params.refreshToken), Date.now()))
}

/** Gets a token for the application itself (client credentials); it comes without a refresh token. */
export async function serviceTokens(params: ServiceParams, signal?: AbortSignal): Promise<TokenSet> {
  return withIdentity(params, signal, async config =>
    toTokenSet(await oidc.clientCredentialsGrant(config, { scope: params.scopes.join(' ') }), Date.now()))
}

/** Revokes a refresh token where the service can do that; ERP.net documents no such endpoint, and needs none. */
export async function revokeToken(params: RenewParams, signal?: AbortSignal): Promise<void> {
  return withIdentity(params, signal, async config => {
    if (config.serverMetadata().revocation_endpoint === undefined) return
    await oidc.tokenRevocation(config, params.refreshToken, { token_type_hint: 'refresh_token' })
  })
}

/** Makes the address at which the browser ends the session; that frees the licence slot. */
export async function signOutUrl(params: SignOutParams, signal?: AbortSignal): Promise<string> {
  return withIdentity(params, signal, config => {
    const url = oidc.buildEndSessionUrl(config, {
      id_token_hint: params.idToken,
      post_logout_redirect_uri: params.redirectUri,
    })
    return Promise.resolve(forBrowser(url))
  })
}

async function withIdentity<T>(
  client: Client, signal: AbortSignal | undefined, act: (config: oidc.Configuration) => Promise<T>,
): Promise<T> {
  try {
    return await act(await discoverProvider(client, signal))
  } catch (error) {
    throw identityError(error, client.issuer)
  }
}

async function discoverProvider(client: Client, signal: AbortSignal | undefined): Promise<oidc.Configuration> {
  const issuer = new URL(client.issuer)
  const execute = isLoopback(issuer.hostname) ? [oidc.allowInsecureRequests] : []
  let skew = 0
  const customFetch: oidc.CustomFetch = async (url, { method, headers, body }) => {
    const answer = await ask(url, { method, headers, body: body instanceof URLSearchParams ? body.toString() : undefined, signal })
    skew = secondsBehind(answer)
    return answer
  }
  const found = await oidc.discovery(issuer, client.clientId, undefined, undefined, { execute, [oidc.customFetch]: customFetch })
  const authentication = client.clientSecret === undefined ? oidc.None() : oidc.ClientSecretPost(client.clientSecret)
  const config = new oidc.Configuration(found.serverMetadata(), client.clientId, { [oidc.clockSkew]: skew }, authentication)
  config[oidc.customFetch] = customFetch
  for (const apply of execute) apply(config)
  return config
}

/** How far this machine's clock is behind the service's, by which the service dates its tokens. */
function secondsBehind(answer: Response): number {
  const date = Date.parse(answer.headers.get('date') ?? '')
  return Number.isNaN(date) ? 0 : Math.round((date - Date.now()) / 1000)
}

/** ERP.net's token answer may lack `token_type`, which RFC 6749 demands; its tokens are bearer tokens. */
async function ask(url: string, options: Parameters<typeof askIdentity>[1]): Promise<Response> {
  const answer = await askIdentity(url, options)
  if (options.method !== 'POST') return answer
  const body: unknown = await answer.clone().json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('access_token' in body) || 'token_type' in body) return answer
  return Response.json({ ...body, token_type: 'Bearer' }, { status: answer.status })
}

/** VS Code's `Uri` takes `+` literally, so white space must be `%20`. */
function forBrowser(url: URL): string {
  if (!isSafe(url)) throw new ErpError('address-insecure', { address: plainLine(url.origin) })
  url.search = url.search.replaceAll('+', '%20')
  return url.href
}

type TokenAnswer = oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers

function toTokenSet(answer: TokenAnswer, now: number): TokenSet {
  const access = readClaims(answer.access_token)
  const account = accountOf(access, claimsOf(answer.claims() ?? {}))
  const { audiences = [], scopes = [] } = access ?? {}
  return {
    accessToken: answer.access_token,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
    ...(answer.id_token === undefined ? {} : { idToken: answer.id_token }),
    scopes: answer.scope?.split(' ').filter(scope => scope !== '') ?? scopes,
    expiresAt: now + (answer.expires_in ?? lifetimeOf(access)) * 1000,
    ...(account === undefined ? {} : { account }),
    ...(audiences.length === 0 ? {} : { audiences }),
  }
}

/** In seconds, as the token itself says it. */
function lifetimeOf(access: Claims | undefined): number {
  const { issuedAt, expiresAt } = access ?? {}
  return issuedAt === undefined || expiresAt === undefined ? USUAL_LIFETIME_SECONDS : (expiresAt - issuedAt) / 1000
}

/** The user; of a service the system user that it acts as (protocol sheet, section 2, "Access tokens"). */
function accountOf(access: Claims | undefined, id: Claims): Account | undefined {
  const login = id.subject ?? access?.subject ?? access?.systemUser
  if (login === undefined) return undefined
  const name = access?.name ?? id.name ?? login
  return { login, name, ...(access?.userType === EXTERNAL_USER ? { external: true } : {}) }
}

function identityError(error: unknown, issuer: string): ErpError {
  const own = findOwn(error)
  if (own !== undefined) return own
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return new ErpError('sign-in-denied', {}, { cause: error })
    const description = plainLine(error.error_description ?? '')
    return new ErpError('sign-in-refused', { error: plainLine(error.error, 100), description })
  }
  const reason = plainLine(error instanceof Error ? error.message : String(error))
  return new ErpError('unexpected-answer', { url: issuer, status: 200, reason })
}

/** The library wraps what our own HTTP threw. */
function findOwn(error: unknown): ErpError | undefined {
  if (error instanceof ErpError) return error
  return error instanceof Error ? findOwn(error.cause) : undefined
}
