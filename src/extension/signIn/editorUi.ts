import { env, l10n, UIKind, Uri, window, workspace } from 'vscode'
import { checkReferenceToken } from '../../core/auth/referenceToken.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { ResultPage } from '../../node/resultPage.ts'
import type { Messages } from '../platform/messages.ts'
import { wordsFor } from '../platform/words.ts'
import type { PageEnd, SignInUi, SignOutEnd } from './ui.ts'
import type { SignInsUnderWay } from './underWay.ts'

/** Sign-in and sign-out in VS Code. */
export function editorUi(messages: Messages, signIns: SignInsUnderWay): SignInUi {
  return {
    settings,
    openBrowser: async url => env.openExternal(Uri.parse(url, true)),
    askReferenceToken,
    askClientSecret,
    whileSigningIn: (connection, action) => signIns.show(connection, action),
    askToSignInAgain,
    signedOut: (connection, end) => messages.showInfo(signOutWords(connection, end)),
    page,
  }
}

function settings(): ReturnType<SignInUi['settings']> {
  const section = workspace.getConfiguration('erpnet.auth')
  const ports = section.get<unknown>('redirectPorts')
  const seconds = section.get<unknown>('timeoutSeconds')
  return {
    ports: Array.isArray(ports) ? ports.filter(isPort) : [],
    timeoutSeconds: typeof seconds === 'number' && seconds > 0 ? seconds : 300,
  }
}

function isPort(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) > 0 && Number(value) < 65536
}

async function askReferenceToken(connection: Connection): Promise<string | undefined> {
  return window.showInputBox({
    title: l10n.t('Sign in to {0}', connection.name),
    prompt: l10n.t('Reference token, made on the Profile site of the instance under Security, Tokens'),
    password: true,
    ignoreFocusOut: true,
    validateInput: text => {
      try {
        checkReferenceToken(text)
        return undefined
      } catch (error) {
        return wordsFor(error).title
      }
    },
  })
}

async function askClientSecret(connection: Connection): Promise<string | undefined> {
  const secret = await window.showInputBox({
    title: l10n.t('Sign in to {0}', connection.name),
    prompt: l10n.t('Secret of the application {0}; it is kept in the editor’s secret store', connection.clientId ?? ''),
    password: true,
    ignoreFocusOut: true,
  })
  return secret === '' ? undefined : secret
}

async function askToSignInAgain({ name }: Connection): Promise<boolean> {
  const yes = l10n.t('Sign in')
  return await window.showWarningMessage(l10n.t('Your session at {0} has ended. Sign in, and the work goes on.', name), yes) === yes
}

function signOutWords({ name }: Connection, end: SignOutEnd): string {
  switch (end) {
    case 'freed':
      return l10n.t('Signed out of {0}, and its licence slot is free.', name)
    case 'unknown':
      return l10n.t('Signed out of {0} here, but the browser did not report the end of the session. Its licence slot becomes free after 20 idle minutes at the latest.', name)
    case 'idle':
      return l10n.t('Signed out of {0}. The tokens are forgotten here. Nobody can end such a session by hand: its licence slot becomes free after 20 idle minutes.', name)
    case 'local':
      return l10n.t('Signed out of {0}. The tokens are forgotten here.', name)
  }
}

function page(end: PageEnd, { name }: Connection): ResultPage {
  const { language } = env
  if (end === 'stray') {
    return {
      outcome: 'failed', language, title: l10n.t('Nothing is waiting for this page'),
      text: l10n.t('It belongs to no sign-in that is under way. You can close it.'),
    }
  }
  const link = linkBack()
  if (end === 'signedIn' || end === 'signedOut') {
    const title = end === 'signedIn' ? l10n.t('You are signed in to {0}', name) : l10n.t('You are signed out of {0}', name)
    return { outcome: 'done', language, title, text: l10n.t('You can close this page and go back to the editor.'), ...link }
  }
  const { title, cure } = wordsFor(end.failure)
  return { outcome: 'failed', language, title, text: cure ?? l10n.t('You can close this page and go back to the editor.'), ...link }
}

/** A desktop editor has an address of its own; in the browser it is just another tab. */
function linkBack(): Pick<ResultPage, 'link'> {
  if (env.uiKind === UIKind.Web) return {}
  return { link: { label: l10n.t('Back to {0}', env.appName), url: `${env.uriScheme}://` } }
}
