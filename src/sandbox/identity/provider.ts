import { errors, Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'

import type { Quirks } from '../quirks.ts'
import { applicationOf, userOf, type Accounts, type User } from './accounts.ts'
import type { IdentityStore } from './adapter.ts'
import { erpAnswer, renderError } from './answers.ts'
import { API_SCOPES, hashOf, SCOPES, type Application } from './applications.ts'
import { extraClaims, shapeAccessToken } from './claims.ts'
import type { SigningKey } from './keys.ts'
import { logoutPage, signedOutPage } from './pages.ts'
import { REFUSAL, refuse } from './requests.ts'
import { answerClientCredentials } from './service.ts'
import { endedSids, signOutAtOnce } from './signOut.ts'

const HOUR = 3600
const DAY = 24 * HOUR
const MONTH = 30 * DAY
const YEAR = 365 * DAY
/** Reserved by ERP.net, and allowed to nobody: asking for it is an error (protocol sheet, section 2, "Scopes"). */
const RESERVED_SCOPE = 'sec'

export interface IdentityParts {
  /** The ID site: `http://127.0.0.1:1234/id` */
  readonly issuer: string
  readonly database: string
  readonly accounts: Accounts
  readonly key: SigningKey
  readonly quirks: Quirks
  readonly store: IdentityStore
  /** Told which API sessions a sign-out has ended, by their `sid`. */
  readonly onSignOut: (sids: readonly string[]) => void
}

/** The identity service, on a certified library, turned and bent to what ERP.net does (protocol sheet, section 2). */
export function createProvider(parts: IdentityParts): Provider {
  const { issuer, quirks } = parts
  const resource = `${issuer}/resources`
  const provider = new Provider(issuer, configuration(parts, resource))
  // The instance knows the hash of a secret alone; the secret itself goes on the wire.
  provider.Client.prototype.compareClientSecret = function compare(secret: string) {
    return this.clientSecret === hashOf(secret)
  }
  // By metadata the library would let only HTTPS addresses have it, and `http://127.0.0.1` is a documented one.
  provider.Client.prototype.responseTypeAllowed = function allowed(type: string) {
    return this.responseTypes?.includes('code') === true && (type === 'code' || this.clientAuthMethod !== 'none')
  }
  provider.registerGrantType(
    'client_credentials',
    async ctx => answerClientCredentials(ctx, { ...parts, resource, info: resourceInfo(quirks, resource) }),
    ['scope'],
  )
  provider.use(async (ctx, next) => {
    await next()
    const body: unknown = ctx.body
    if (ctx.path === '/connect/endsession' && ctx.status === 200 && !quirks.has('sign-out-page')) {
      await signOutAtOnce(ctx as KoaContextWithOIDC, parts)
    } else if (typeof body === 'object' && body !== null) {
      ctx.body = erpAnswer(ctx as KoaContextWithOIDC, { ...body }, parts)
    }
  })
  provider.on('end_session.success', ctx => parts.onSignOut(endedSids(ctx)))
  // A failure of the provider itself is a bug of the sandbox: it must not pass silently.
  provider.on('server_error', (_ctx, error) => process.stderr.write(`identity: ${error.stack ?? error.message}\n`))
  return provider
}

function configuration(parts: IdentityParts, resource: string): Configuration {
  const { accounts, key, quirks, store } = parts
  const accessTokenSeconds = () => quirks.number('token-seconds') ?? HOUR
  const isPublic = (clientId: string) => applicationOf(accounts, clientId)?.clientType === 'Public'
  return {
    adapter: store.adapters(),
    jwks: { keys: [key.jwk] },
    routes: {
      authorization: '/connect/authorize', token: '/connect/token', end_session: '/connect/endsession',
      jwks: '/.well-known/openid-configuration/jwks',
    },
    responseTypes: ['code', 'code id_token'],
    clientAuthMethods: ['none', 'client_secret_post'],
    scopes: [...SCOPES, RESERVED_SCOPE],
    claims: { openid: ['sub', 'amr', 'idp'], profile: [] },
    cookies: {
      keys: [crypto.randomUUID()], long: { path: '/id', sameSite: 'lax' }, short: { path: '/id', sameSite: 'lax' },
    },
    // ERP.net takes any request of a client that knows the address; the browser's origin says nothing here.
    clientBasedCORS: () => false,
    pkce: { required: (_ctx, client) => client.tokenEndpointAuthMethod === 'none' },
    extraParams: { [REFUSAL]: (_ctx, refusal) => refuse(refusal) },
    interactions: { url: (_ctx, interaction) => `/id/account/sign-in/${interaction.uid}` },
    findAccount: (_ctx, login) =>
      userOf(accounts, login) && { accountId: login, claims: () => ({ sub: login, idp: 'local' }) },
    loadExistingGrant: ctx => grantOf(ctx, accounts, resource),
    // Tokens end with the sign-in session; so a sign-out revokes the refresh token as well.
    expiresWithSession: () => true,
    // Both readings of a public client's refresh token, and an answer that leaves the old one as it is.
    issueRefreshToken: (_ctx, client, code) => code.scopes.has('offline_access')
      && !(isPublic(client.clientId) && quirks.text('refresh-public') === 'none'),
    rotateRefreshToken: () => !quirks.has('refresh-kept'),
    ttl: {
      AccessToken: accessTokenSeconds, ClientCredentials: accessTokenSeconds, AuthorizationCode: 300, IdToken: 300,
      RefreshToken: (_ctx, { clientId = '' }) => isPublic(clientId) ? DAY : MONTH,
      Interaction: HOUR, Session: YEAR, Grant: YEAR,
    },
    extraTokenClaims: (ctx, token) => extraClaims(parts, ctx, token),
    formats: {
      customizers: {
        jwt: (_ctx, { kind }, { payload }) =>
          shapeAccessToken(payload, { resource, service: kind === 'ClientCredentials', quirks }),
      },
    },
    renderError: (ctx, error) => renderError(ctx, error, parts),
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      claimsParameter: { enabled: true },
      resourceIndicators: {
        enabled: true, defaultResource: () => resource, useGrantedResource: () => true,
        getResourceServerInfo: () => resourceInfo(quirks, resource),
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

/** The one resource for which tokens are made; the APIs join it in `aud` when the token is shaped. */
function resourceInfo(quirks: Quirks, resource: string) {
  return {
    scope: SCOPES.join(' '), audience: resource, accessTokenFormat: 'jwt',
    accessTokenTTL: quirks.number('token-seconds') ?? HOUR, jwt: { sign: { alg: 'RS256' } },
  } as const
}

/** Signing in is all the consent there is: the grant holds what was asked, and is new when the old one was revoked. */
async function grantOf(ctx: KoaContextWithOIDC, accounts: Accounts, resource: string) {
  const { client, session, provider, requestParamScopes } = ctx.oidc
  const application = applicationOf(accounts, client?.clientId)
  const user = userOf(accounts, session?.accountId ?? '')
  if (!client || !session || !application || !user) return undefined
  admit(user, application)
  const grantId = session.grantIdFor(client.clientId)
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const grant = known ?? new provider.Grant({ clientId: client.clientId, accountId: user.login })
  const scope = [...requestParamScopes].join(' ')
  grant.addOIDCScope(scope)
  grant.addResourceScope(resource, scope)
  // An external user never gets an API token (protocol sheet, section 2, "The five application types").
  if (user.type !== 'InternalUser') grant.rejectResourceScope(resource, API_SCOPES.join(' '))
  await grant.save()
  return grant
}

/** @throws AccessDenied for a kind of user that the application doesn't take */
function admit({ type }: User, application: Application): void {
  const admitted = type === 'InternalUser'
    ? application.impersonateAsInternalUserAllowed
    : application.impersonateAsCommunityUserAllowed
  if (!admitted) throw new errors.AccessDenied(`the application does not admit users of the type ${type}`)
}
