import {
  Provider, type AccessToken, type ClientCredentials, type ClientMetadata, type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider'

import type { Quirks } from '../quirks.ts'
import type { Accounts, Application, User } from './accounts.ts'
import { memoryAdapters } from './adapter.ts'
import type { SigningKey } from './keys.ts'
import { errorPage, logoutPage, signedOutPage } from './pages.ts'

const HOUR = 3600
const MONTH = 30 * 24 * HOUR
/** The names under which the APIs stand in `aud` (protocol sheet, section 2, "Access tokens"). */
export const AUDIENCES = ['DomainAPI', 'TableAPI', 'OLAP', 'AppServer'] as const
const SCOPES = ['openid', 'profile', 'read', 'update', 'offline_access']
/** Reserved by ERP.net, and allowed to nobody: asking for it is an error (protocol sheet, section 2, "Scopes"). */
const RESERVED_SCOPE = 'sec'

export interface IdentityParts {
  /** The ID site: `http://127.0.0.1:1234/id` */
  readonly issuer: string
  readonly database: string
  readonly accounts: Accounts
  readonly key: SigningKey
  readonly quirks: Quirks
  /** Told which API sessions a sign-out has ended, by their `sid`. */
  readonly onSignOut: (sids: readonly string[]) => void
}

/** The identity service, on a certified library, turned and bent to what ERP.net does (protocol sheet, section 2). */
export function createProvider(parts: IdentityParts): Provider {
  const provider = new Provider(parts.issuer, configuration(parts))
  provider.use(async (ctx, next) => {
    await next()
    const body: unknown = ctx.body
    if (ctx.path === '/connect/token') ctx.body = erpAnswer(body)
  })
  provider.on('end_session.success', ctx => {
    const authorizations = Object.values(ctx.oidc.session?.authorizations ?? {})
    parts.onSignOut(authorizations.flatMap(({ sid }) => (sid === undefined ? [] : [sid])))
  })
  // A failure of the provider itself is a bug of the sandbox: it must not pass silently.
  provider.on('server_error', (_ctx, error) => process.stderr.write(`identity: ${error.stack ?? error.message}\n`))
  return provider
}

function configuration(parts: IdentityParts): Configuration {
  const { issuer, accounts, key, quirks } = parts
  const resource = `${issuer}/resources`
  const userOf = (login: string) => accounts.users.find(user => user.login === login)
  return {
    adapter: memoryAdapters(),
    clients: accounts.applications.map(clientMetadata),
    jwks: { keys: [key.jwk] },
    routes: {
      authorization: '/connect/authorize', token: '/connect/token', end_session: '/connect/endsession',
      jwks: '/.well-known/openid-configuration/jwks',
    },
    responseTypes: ['code'],
    scopes: [...SCOPES, RESERVED_SCOPE],
    claims: { openid: ['sub', 'amr', 'idp'], profile: [] },
    cookies: {
      keys: [crypto.randomUUID()], long: { path: '/id', sameSite: 'lax' }, short: { path: '/id', sameSite: 'lax' },
    },
    // ERP.net takes any request of a client that knows the address; the browser's origin says nothing here.
    clientBasedCORS: () => false,
    pkce: { required: (_ctx, client) => client.tokenEndpointAuthMethod === 'none' },
    interactions: { url: (_ctx, interaction) => `/id/account/sign-in/${interaction.uid}` },
    findAccount: (_ctx, login) => {
      const user = userOf(login)
      return user && { accountId: login, claims: () => ({ sub: login, idp: 'local' }) }
    },
    loadExistingGrant: ctx => grantOf(ctx, resource),
    // Tokens end with the sign-in session; so a sign-out revokes the refresh token as well.
    expiresWithSession: () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: () => quirks.number('token-seconds') ?? HOUR,
      ClientCredentials: () => quirks.number('token-seconds') ?? HOUR,
      AuthorizationCode: 300, IdToken: 300, Interaction: HOUR, RefreshToken: MONTH, Session: MONTH, Grant: MONTH,
    },
    extraTokenClaims: (ctx, token) => extraClaims(parts, ctx, token, userOf),
    formats: { customizers: { jwt: (_ctx, _token, { payload }) => shapeAccessToken(payload, resource) } },
    renderError: (ctx, { error, error_description }) => {
      ctx.type = 'html'
      ctx.body = errorPage(error, error_description ?? '')
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      claimsParameter: { enabled: true },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES.join(' '), audience: resource, accessTokenFormat: 'jwt',
          accessTokenTTL: quirks.number('token-seconds') ?? HOUR,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = logoutPage(form)
        },
        postLogoutSuccessSource: ctx => {
          ctx.body = signedOutPage()
        },
      },
    },
  }
}

function clientMetadata(application: Application): ClientMetadata {
  const { clientId, name, secret, redirectUris, signedOutUris, scope } = application
  return {
    client_id: clientId,
    client_name: name,
    // `web`: as `native`, any loopback port would do; ERP.net compares the whole address.
    application_type: 'web',
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: [...signedOutUris],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    scope,
    ...(secret === undefined
      ? { token_endpoint_auth_method: 'none' }
      : { token_endpoint_auth_method: 'client_secret_post', client_secret: secret }),
  }
}

/** Signing in is all the consent there is: the grant holds what was asked, and is new when the old one was revoked. */
async function grantOf(ctx: KoaContextWithOIDC, resource: string) {
  const { client, session, provider, requestParamScopes } = ctx.oidc
  if (!client || session?.accountId === undefined) return undefined
  const grantId = session.grantIdFor(client.clientId)
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = known ?? new provider.Grant({ clientId: client.clientId, accountId: session.accountId })
  const scope = [...requestParamScopes].join(' ')
  grant.addOIDCScope(scope)
  grant.addResourceScope(resource, scope)
  await grant.save()
  return grant
}

/** What ERP.net says of the user in an access token, beside the standard claims. */
function extraClaims(
  { database }: IdentityParts, ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials,
  userOf: (login: string) => User | undefined,
) {
  const user = 'accountId' in token ? userOf(token.accountId) : undefined
  if (!user || token.kind === 'ClientCredentials') return undefined
  const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities
  return {
    id: user.id, sid: code?.sid ?? refresh?.sid ?? token.sessionUid, name: user.name, email: user.email,
    email_verified: 'true',
    locale: user.locale, user_type: user.type, is_admin: String(user.admin), db: database, idp: 'local',
    auth_time: code?.authTime ?? refresh?.authTime,
  }
}

/** `aud` and `scope` as lists; the APIs stand in `aud` only when a scope opens them. */
function shapeAccessToken(payload: Record<string, unknown>, resource: string): void {
  const scope = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : []
  const opensApis = scope.includes('read') || scope.includes('update')
  payload['scope'] = scope
  payload['aud'] = opensApis ? [...AUDIENCES, resource] : resource
  payload['nbf'] = payload['iat']
}

/** The provider answers `invalid_request` for a grant that the application may not use; ERP.net `unauthorized_client`. */
function erpAnswer(body: unknown): unknown {
  const known = typeof body === 'object' && body !== null && 'error' in body && 'error_description' in body
  if (!known || body.error_description !== 'requested grant type is not allowed for this client') return body
  return { ...body, error: 'unauthorized_client' }
}
