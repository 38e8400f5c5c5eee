import { l10n } from 'vscode'

/** The attribute of the Trusted Application to look at, by the identity service's error (protocol sheet, section 2). */
export function refusalCure(error: string): string | undefined {
  switch (error) {
    case 'invalid_redirect_uri':
      return l10n.t('Add the redirect address to ImpersonateLoginUrl of the Trusted Application; it must match to the letter, port included.')
    case 'invalid_client':
      return l10n.t('Check ApplicationUri (the client_id), ClientType, the secret and IsEnabled of the Trusted Application.')
    case 'unauthorized_client':
      return l10n.t('Check IsEnabled of the Trusted Application; ImpersonateAsInternalUserAllowed where a user signs in, SystemUserAllowed and SystemUser where it connects as itself.')
    case 'invalid_scope':
      return l10n.t('Check Scope of the Trusted Application: it must allow every scope of the connection.')
    case 'invalid_grant':
      return l10n.t('The code was used already or is too old. Sign in again.')
    default:
      return undefined
  }
}

/** Why a token that seemed valid is refused. */
export function refusedTokenCure(token: string | number | undefined): string {
  switch (token) {
    case 'reference':
      return l10n.t('It was revoked, has expired, or belongs to another instance: a reference token opens only the one that issued it. Make a new one on the Profile site of this instance, under Security, Tokens.')
    case 'service':
      return l10n.t('The application may have been disabled: check IsEnabled, SystemUserAllowed and SystemUser of the Trusted Application, and connect again.')
    case 'jwt':
      return l10n.t('It has not expired, so it was revoked: by a sign-out elsewhere, a new password or an administrator. Sign in again.')
    default:
      return l10n.t('It has expired or was revoked. Sign in again.')
  }
}
