import { FLOWS } from '../../core/auth/flows.ts'
import type { TokenSession } from '../../core/auth/sessionStore.ts'
import { opensApis, type Client, type TokenSet } from '../../core/auth/tokens.ts'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { IdentityEngine } from './browser.ts'

export interface OpenSessionParts {
  readonly engine: IdentityEngine
  readonly connection: Connection
  readonly client: Client
  /** What the browser's sign-in has brought, where there was one. */
  readonly user: TokenSet | undefined
  readonly signal: AbortSignal
}

/**
 * Makes the session that calls the APIs: with the user's own tokens, or with the application's.
 *
 * @throws `no-api-access` when the token opens no API; what the identity service refuses the application
 */
export async function openSession({ engine, connection, client, user, signal }: OpenSessionParts): Promise<TokenSession> {
  const { issuer, clientId } = client
  const isService = FLOWS[connection.application].apis === 'service'
  const tokens = isService || user === undefined
    ? await engine.call('serviceTokens', { ...client, scopes: connection.scopes }, { signal })
    : user
  if (!opensApis(tokens)) {
    const reason = tokens.account?.external === true ? 'external' : 'scope'
    throw new ErpError('no-api-access', { account: tokens.account?.name ?? clientId, reason })
  }
  const session = { kind: 'tokens', issuer, clientId, tokens } as const
  if (!isService || user === undefined) return session
  const { account, idToken } = user
  if (account === undefined || idToken === undefined) throw new ErpError('internal', { reason: 'a sign-in without an ID token' })
  return { ...session, visitor: { account, idToken } }
}
