import { escapeHtml } from '../http.ts'

/** The identity service's pages: small, for keyboard and screen reader, in light and dark. */

const STYLE = `
  :root {
    color-scheme: light dark;
    --ink: #1c2330; --soft: #5a6577; --page: #eef1f6; --card: #fff; --line: #c3cad6; --accent: #0b5cad; --on: #fff;
    --bad: #b3261e;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ink: #e8ecf3; --soft: #a5b0c2; --page: #12161d; --card: #1b212b; --line: #465063; --accent: #7db7f5;
      --on: #0c1622; --bad: #ff9c94;
    }
  }
  * { box-sizing: border-box }
  body {
    margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
    background: var(--page); color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", "Inter", "Noto Sans", sans-serif;
  }
  main {
    width: 100%; max-width: 25rem; padding: 2rem; background: var(--card);
    border: 1px solid var(--line); border-radius: 14px; box-shadow: 0 12px 32px rgb(0 0 0 / .12);
  }
  .brand { margin: 0 0 1.25rem; color: var(--soft); font-size: .875rem; letter-spacing: .02em }
  .brand b { color: var(--accent) }
  h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25 }
  p { margin: .5rem 0 }
  ul { margin: .25rem 0 1.25rem; padding-left: 1.2rem; color: var(--soft) }
  label { display: block; margin: 1rem 0 .3rem; font-weight: 600 }
  input, select, button {
    font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 8px;
  }
  input, select { width: 100%; padding: .65rem .75rem }
  button { padding: .65rem 1.4rem; font-weight: 600; cursor: pointer }
  button.main { background: var(--accent); border-color: var(--accent); color: var(--on) }
  .buttons { display: flex; flex-direction: row-reverse; justify-content: flex-start; gap: .75rem; margin-top: 1.5rem }
  :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
  .error {
    padding: .6rem .8rem; border-left: 4px solid var(--bad); color: var(--bad);
    background: color-mix(in srgb, var(--bad) 9%, transparent);
  }
  small { color: var(--soft) }`

const SCOPE_WORDS: Readonly<Record<string, string>> = {
  openid: 'know who you are', profile: 'see your name and e-mail address', read: 'read data in your name',
  update: 'change data in your name',
  offline_access: 'stay signed in after you close it',
}

/** @param body its first heading is the page's title as well */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · ERP.net sandbox</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand"><b>ERP.net</b> sandbox instance</p>
${body}
</main>
</body>
</html>`
}

export interface SignInPage {
  readonly application: string
  readonly scopes: readonly string[]
  /** What was typed before, when the answer was wrong. */
  readonly login?: string | undefined
  readonly error?: string | undefined
}

export function signInPage({ application, scopes, login = '', error }: SignInPage): string {
  const wishes = scopes.map(
    scope => `<li>${escapeHtml(SCOPE_WORDS[scope] ?? scope)} <small>(${escapeHtml(scope)})</small></li>`,
  ).join('')
  const message = error === undefined ? '' : `<p class="error" role="alert" id="error">${escapeHtml(error)}</p>`
  const invalid = error === undefined ? '' : ' aria-invalid="true" aria-describedby="error"'
  const [loginFocus, passwordFocus] = login === '' ? [' autofocus', ''] : ['', ' autofocus']
  return page('Sign in', `<h1>Sign in</h1>
<p><strong>${escapeHtml(application)}</strong> wants to</p>
<ul>${wishes}</ul>
${message}
<form method="post">
<label for="login">Login</label>
<input id="login" name="login" value="${escapeHtml(login)}" autocomplete="username" autocapitalize="none"
  spellcheck="false"${invalid}${loginFocus}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password"${invalid}${passwordFocus}>
<div class="buttons">
<button class="main" name="action" value="sign-in">Sign in</button>
<button name="action" value="cancel">Cancel</button>
</div>
</form>`)
}

export function errorPage(code: string, description: string): string {
  return page('Sign-in failed', `<h1>Sign-in failed</h1>
<p class="error" role="alert">${escapeHtml(description)}</p>
<p><small>${escapeHtml(code)}</small></p>`)
}

/** @param form the provider's form, which the button sends */
export function logoutPage(form: string): string {
  return page('Sign out', `<h1>Do you want to sign out?</h1>${form}
<div class="buttons">
<button class="main" form="op.logoutForm" name="logout" value="yes">Sign out</button>
</div>`)
}

export function signedOutPage(): string {
  return page('Signed out', '<h1>You are signed out</h1><p>You can close this page.</p>')
}

/** What a wrong address or a proxy answers where data was due. */
export function strayPage(): string {
  return page('Sign in', '<h1>Sign in</h1><p>Please sign in to go on.</p>')
}
