import type { AccessToken, ClientCredentials, KoaContextWithOIDC } from 'oidc-provider'

import type { Quirks } from '../quirks.ts'
import { applicationOf, userOf, type Accounts } from './accounts.ts'
import { API_SCOPES } from './applications.ts'

/** The names under which the APIs stand in `aud` (protocol sheet, section 2, "Access tokens"). */
const AUDIENCES = ['DomainAPI', 'TableAPI', 'OLAP', 'AppServer'] as const

export interface ClaimsParts {
  readonly database: string
  readonly accounts: Accounts
  readonly quirks: Quirks
}

/** What ERP.net says in an access token beside the standard claims: of the user, or of a service's system user. */
export function extraClaims(
  parts: ClaimsParts, ctx: KoaContextWithOIDC, token: AccessToken | ClientCredentials,
): Record<string, unknown> | undefined {
  return token.kind === 'AccessToken' ? userClaims(parts, ctx, token) : serviceClaims(parts, token.clientId)
}

function userClaims({ database, accounts, quirks }: ClaimsParts, ctx: KoaContextWithOIDC, token: AccessToken) {
  const user = userOf(accounts, token.accountId)
  if (!user) return undefined
  const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities
  const flag = (value: boolean) => quirks.has('claim-booleans') ? value : String(value)
  return {
    id: user.id, sid: code?.sid ?? refresh?.sid ?? token.sessionUid, name: user.name, email: user.email,
    email_verified: flag(true), locale: user.locale, user_type: user.type, is_admin: flag(user.admin), db: database,
    idp: 'local', auth_time: code?.authTime ?? refresh?.authTime,
  }
}

function serviceClaims({ database, accounts }: ClaimsParts, clientId: string | undefined) {
  const systemUser = applicationOf(accounts, clientId)?.systemUser
  return systemUser && {
    client_db: database, client_system_user: systemUser.login, client_system_user_type: 'SystemUserNoLogin',
    client_system_user_id: systemUser.id,
  }
}

/** `aud` and `scope` as lists; the APIs stand in `aud` only when a scope opens them. A service has no `sub`. */
export function shapeAccessToken(
  payload: Record<string, unknown>,
  { resource, service, quirks }: { resource: string; service: boolean; quirks: Quirks },
): void {
  const scope = typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : []
  const only = quirks.text('token-audience')
  payload['scope'] = scope
  payload['aud'] = scope.some(name => API_SCOPES.includes(name))
    ? [...only === undefined ? AUDIENCES : [only], resource]
    : resource
  payload['nbf'] = payload['iat']
  if (service) delete payload['sub']
}
