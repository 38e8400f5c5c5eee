import { randomBytes } from 'node:crypto'

import { Problem } from '../http.ts'
import { applicationOf, userOf, type Accounts, type User } from './accounts.ts'
import { API_SCOPES, words, type Application } from './applications.ts'
import { DAY, LONGEST_LIFETIME_DAYS, type ReferenceToken } from './referenceTokens.ts'

/** Who may issue reference tokens, and what they are worth (protocol sheet, section 2, "Reference tokens"). */

export type TokenState = 'valid' | 'expired' | 'revoked' | 'disabled'

export function stateOf(accounts: Accounts, { clientId, kind, user, expires, revoked }: ReferenceToken): TokenState {
  const application = applicationOf(accounts, clientId)
  if (revoked) return 'revoked'
  if (expires <= Date.now()) return 'expired'
  if (application?.isEnabled !== true) return 'disabled'
  if (kind === 'SAT' && !(application.systemUserAllowed && application.systemUser?.login === user)) return 'disabled'
  return kind === 'PAT' && !userOf(accounts, user) ? 'disabled' : 'valid'
}

/** Its scopes are those of its application, as far as they open APIs. */
export function tokenScopes(accounts: Accounts, { clientId }: ReferenceToken): readonly string[] {
  return words(applicationOf(accounts, clientId)?.scope ?? '').filter(scope => API_SCOPES.includes(scope))
}

/** May this user issue tokens of this kind for the application, by its AccessTokens policy? */
export function mayIssue(user: User, kind: ReferenceToken['kind'], application: Application): boolean {
  const { isEnabled, accessTokens, systemUserAllowed, systemUser } = application
  // An external user never gets an API token.
  if (!isEnabled || user.type !== 'InternalUser') return false
  if (kind === 'SAT' && !(user.admin && systemUserAllowed && systemUser)) return false
  return accessTokens === 'AuthenticatedUsers' || (accessTokens === 'AdministratorsOnly' && user.admin)
}

/**
 * Issues one; the answer is the only time that its text is shown.
 * @throws Problem 403 where the application's policy doesn't let this user, 400 for a lifetime out of bounds
 */
export function issueToken(
  accounts: Accounts, user: User,
  { kind, clientId, days }: { kind: ReferenceToken['kind']; clientId: string; days: number },
): ReferenceToken {
  const application = applicationOf(accounts, clientId)
  if (!application || !mayIssue(user, kind, application)) {
    throw new Problem(403, 'AuthorizationException', 'You may not issue tokens for this application.')
  }
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_LIFETIME_DAYS) {
    throw new Problem(400, 'BadRequestException', `A token lives for 1 to ${LONGEST_LIFETIME_DAYS} days.`)
  }
  const token = {
    token: `enrt_${randomBytes(32).toString('hex').toUpperCase()}`, kind, clientId,
    user: kind === 'PAT' ? user.login : (application.systemUser?.login ?? ''),
    expires: Date.now() + days * DAY, revoked: false,
  }
  accounts.referenceTokens.push(token)
  return token
}

/** The tokens that this user sees and may revoke: an own one, and an administrator those of system users. */
export function tokensOf({ referenceTokens }: Accounts, user: User, kind: ReferenceToken['kind']): ReferenceToken[] {
  const sees = (token: ReferenceToken) => kind === 'PAT' ? token.user === user.login : user.admin
  return referenceTokens.filter(token => token.kind === kind && sees(token))
}
