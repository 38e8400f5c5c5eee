import { escapeHtml } from '../http.ts'
import type { Application } from '../identity/applications.ts'
import { page } from '../identity/pages.ts'
import type { ReferenceToken } from '../identity/referenceTokens.ts'

/** The pages of the profile site and the Instance Manager, in the style of the identity service's. */

/** Asks who it is, before anything is shown. */
export function personPage(title: string, form: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1>
<form method="post">${key(form)}
${PERSON}
<div class="buttons"><button class="main" name="action" value="sign-in">Sign in</button></div>
</form>`)
}

export interface TokensPage {
  readonly form: string
  readonly applications: readonly Application[]
  readonly tokens: readonly ReferenceToken[]
  /** A token that was made just now: this is the only time that it is shown. */
  readonly shown: string | undefined
}

export function tokensPage({ form, applications, tokens, shown }: TokensPage): string {
  const choices = applications.map(
    ({ clientId, name }) => `<option value="${escapeHtml(clientId)}">${escapeHtml(name)}</option>`,
  ).join('')
  const fresh = shown === undefined ? '' : `<p role="status">Your new token, shown only now:</p>
<p><code style="overflow-wrap: anywhere">${escapeHtml(shown)}</code></p>`
  return page('Tokens', `<h1>Tokens</h1>
${fresh}
<ul>${tokens.map((token, number) => `<li>${tokenLine(token, number)}</li>`).join('')}</ul>
<form method="post" id="tokens">${key(form)}
<label for="application">Application</label>
<select id="application" name="application">${choices}</select>
<label for="days">Lifetime in days</label>
<input id="days" name="days" type="number" min="1" max="365" value="30">
<div class="buttons"><button class="main" name="action" value="issue">New token</button></div>
</form>`)
}

function tokenLine({ clientId, user, expires, revoked }: ReferenceToken, number: number): string {
  const until = new Date(expires).toISOString().slice(0, 10)
  const text = `${escapeHtml(clientId)}, ${escapeHtml(user)}, until ${until}`
  return revoked ? `${text}, revoked` : `${text} <button form="tokens" name="revoke" value="${number}">Revoke</button>`
}

export function passwordPage(form: string): string {
  return page('Change password', `<h1>Change password</h1>
<form method="post">${key(form)}
${PERSON}
<label for="new-password">New password</label>
<input id="new-password" name="new-password" type="password" autocomplete="new-password">
<div class="buttons"><button class="main">Change password</button></div>
</form>`)
}

export function installPage(application: Application, form: string): string {
  const { clientId, clientType, impersonateLoginUrl, scope, accessTokens, systemUserAllowed } = application
  const { impersonateAsInternalUserAllowed: internal, impersonateAsCommunityUserAllowed: community } = application
  const facts = [
    ['ApplicationUri', clientId], ['ClientType', clientType], ['ImpersonateLoginUrl', impersonateLoginUrl],
    ['ImpersonateAsInternalUserAllowed', String(internal)], ['ImpersonateAsCommunityUserAllowed', String(community)],
    ['SystemUserAllowed', String(systemUserAllowed)], ['AccessTokens', accessTokens], ['Scope', scope],
  ]
  const lines = facts.map(
    ([name = '', value = '']) => `<li>${name}: <b>${escapeHtml(value || 'none')}</b></li>`,
  ).join('')
  return page('Register an application', `<h1>Register ${escapeHtml(application.name)}?</h1>
<ul>${lines}</ul>
<p>Sign in as an administrator to register it.</p>
<form method="post">${key(form)}
${PERSON}
<div class="buttons"><button class="main">Register</button></div>
</form>`)
}

export function donePage(title: string, text: string): string {
  return page(title, `<h1>${escapeHtml(title)}</h1><p role="status">${escapeHtml(text)}</p>`)
}

const PERSON = `<label for="login">Login</label>
<input id="login" name="login" autocomplete="username" autocapitalize="none" spellcheck="false">
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password">`

function key(form: string): string {
  return `<input type="hidden" name="form" value="${escapeHtml(form)}">`
}
