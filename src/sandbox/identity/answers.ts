import type { ErrorOut, KoaContextWithOIDC } from 'oidc-provider'

import type { Quirks } from '../quirks.ts'
import { applicationOf, type Accounts } from './accounts.ts'
import type { SigningKey } from './keys.ts'
import { errorPage } from './pages.ts'

/** The provider library's answers, brought into the form of ERP.net's. */

interface AnswerParts {
  readonly accounts: Accounts
  readonly key: SigningKey
  readonly quirks: Quirks
}

type Body = Readonly<Record<string, unknown>>

/** The JSON to answer with: that of the library, or what is documented in its place. */
export function erpAnswer(ctx: KoaContextWithOIDC, body: Body, parts: AnswerParts): Body {
  if (ctx.path === '/.well-known/openid-configuration') return discovery(body, parts.quirks)
  return ctx.path === '/connect/token' ? tokenAnswer(ctx, body, parts) : body
}

/** An error where there is no address to send it to: a page for people, JSON for those who ask for it. */
export function renderError(
  ctx: KoaContextWithOIDC, { error, error_description: description = '' }: ErrorOut, parts: AnswerParts,
): void {
  const code = isDisabled(ctx.query['client_id'], parts) && error === 'invalid_client' ? disabledError(parts) : error
  if (ctx.accepts('html', 'json') === 'json') {
    ctx.body = { error: code, error_description: description }
  } else {
    ctx.type = 'html'
    ctx.body = errorPage(code, description)
  }
}

function tokenAnswer(ctx: KoaContextWithOIDC, body: Body, parts: AnswerParts): Body {
  const { error, error_description: description, token_type: type, refresh_token: refresh, ...rest } = body
  const { id_token: idToken, access_token: accessToken } = rest
  if (error !== undefined) {
    return { ...rest, error: tokenError(ctx, error, description, parts), error_description: description }
  }
  const keepsRefreshToken = parts.quirks.has('refresh-kept') && ctx.oidc.params?.['grant_type'] === 'refresh_token'
  return {
    ...rest,
    ...(typeof idToken === 'string' && typeof accessToken === 'string'
      ? { id_token: parts.key.withAccessTokenHash(idToken, accessToken) }
      : {}),
    ...(type === undefined || parts.quirks.has('no-token-type') ? {} : { token_type: type }),
    ...(refresh === undefined || keepsRefreshToken ? {} : { refresh_token: refresh }),
  }
}

/** The library says `invalid_request` of a grant that the application may not use; ERP.net `unauthorized_client`. */
function tokenError(ctx: KoaContextWithOIDC, error: unknown, description: unknown, parts: AnswerParts): unknown {
  if (description === 'requested grant type is not allowed for this client') return 'unauthorized_client'
  const disabled = error === 'invalid_client' && isDisabled(ctx.oidc.params?.['client_id'], parts)
  return disabled ? disabledError(parts) : error
}

function isDisabled(clientId: unknown, { accounts }: AnswerParts): boolean {
  return applicationOf(accounts, clientId)?.isEnabled === false
}

/** Both are documented for a disabled application. */
function disabledError({ quirks }: AnswerParts): string {
  return quirks.has('disabled-unauthorized') ? 'unauthorized_client' : 'invalid_client'
}

/** What ERP.net documents, and nothing more of what the library could do. */
function discovery(body: Body, quirks: Quirks): Body {
  const hidden = ['sec', ...quirks.has('discovery-without-read') ? ['read'] : []]
  const scopes = Array.isArray(body['scopes_supported']) ? body['scopes_supported'] as unknown[] : []
  return {
    ...body,
    claims_parameter_supported: false,
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_modes_supported: ['query', 'form_post'],
    scopes_supported: scopes.filter(scope => !hidden.includes(String(scope))),
    token_endpoint_auth_methods_supported: ['none', 'client_secret_post'],
  }
}
