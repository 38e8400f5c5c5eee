import { l10n } from 'vscode'
import type { Finding, FindingCode } from '../../core/auth/inspection.ts'
import type { Facts } from '../../core/base/errors.ts'

/** What each finding means and what to do about it; the compiler sees to it that none is left out. */
const WORDS: Record<FindingCode, (facts: Facts) => string> = {
  'expired': ({ next }) => next === 'renewal'
    ? l10n.t('The token has expired. Nothing is to be done: the next request renews it.')
    : l10n.t('The token has expired. Sign in again; to stay signed in, set “staySignedIn” of the connection.'),
  'expires-soon': ({ minutes, next }) => next === 'renewal'
    ? l10n.t('The token expires within {0} min. Nothing is to be done: it is renewed in time.', text(minutes))
    : l10n.t('The token expires within {0} min. Sign in again before a long query.', text(minutes)),
  'clock-skew': ({ seconds }) => Number(seconds) > 0
    ? l10n.t('The clock of this machine is {0} s behind that of the server. Set it right: else tokens are refused for reasons that nobody sees.', text(seconds))
    : l10n.t('The clock of this machine is {0} s ahead of that of the server. Set it right: else tokens seem to expire too early.', String(-Number(seconds))),
  'external-user': () => l10n.t('This is an external user, and ERP.net opens its APIs to internal users alone. Sign in as an internal user, or connect as the portal’s application (“portal”), which calls the APIs in its own name.'),
  'no-api-audience': () => l10n.t('The audience (aud) names no API, so the token opens none. Ask for the scope “read” in “scopes” of the connection, have it allowed in Scope of the Trusted Application, and sign in again.'),
  'scope-read-missing': ({ place }) => place === 'connection'
    ? l10n.t('The scope “read” is missing. Add it to “scopes” of the connection, and sign in again.')
    : l10n.t('The scope “read” was asked for and not granted. Have it added to Scope of the Trusted Application, and sign in again.'),
  'scopes-not-granted': ({ scopes }) => l10n.t('Asked for and not granted: {0}. Have them added to Scope of the Trusted Application, or take them out of “scopes” of the connection.', text(scopes)),
  'update-not-asked': () => l10n.t('The scope “update” was granted although the connection does not ask for it. The extension only reads; have it taken out of Scope of the Trusted Application unless something else needs it.'),
  'update-on-production': () => l10n.t('This token may change production data. The extension only reads: take “update” out of “scopes” of the connection.'),
  'other-issuer': ({ issuer, expected }) => l10n.t('The token was issued by {0}, and not by {1}, where you signed in. Only the instance’s own identity service opens its APIs: test the connection.', text(issuer), text(expected)),
  'no-session': () => l10n.t('The token names no session (sid), so it cannot be told which licence slot it uses. If signing out does not free one, it becomes free after 20 idle minutes.'),
  'no-refresh-token': () => l10n.t('The connection is to stay signed in, but no refresh token came. Have “offline_access” added to Scope of the Trusted Application and sign in again; some instances give none to public clients.'),
  'no-system-user': () => l10n.t('The application acts as nobody. Have SystemUser set, and SystemUserAllowed set to true, in the Trusted Application.'),
  'opaque': () => l10n.t('The access token is not in the form of a JWT, so what is shown is only what came with it. If queries work, nothing is to be done.'),
  'unusual-form': () => l10n.t('This reference token does not look like others (enrt_ and hexadecimal digits). If queries fail, make a new one on the Profile site of the instance, under Security, Tokens.'),
}

export function findingWords({ code, facts }: Finding): string {
  return WORDS[code](facts)
}

function text(fact: string | number | undefined): string {
  return fact === undefined ? '?' : String(fact)
}
