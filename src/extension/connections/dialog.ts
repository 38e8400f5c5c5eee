import { l10n, type QuickPickItem, window } from 'vscode'
import { FLOWS } from '../../core/auth/flows.ts'
import { checkReferenceToken } from '../../core/auth/referenceToken.ts'
import { type ApplicationType, refuseToken } from '../../core/instance/connection.ts'
import { normaliseAddress } from '../../core/instance/address.ts'
import { wordsFor } from '../platform/words.ts'

/** What a person has said of a new connection; the fields are those of `erpnet.connection.add`. */
export interface NewConnection {
  readonly url: string
  readonly application: ApplicationType
  readonly clientId?: string
  readonly clientSecret?: string
  readonly referenceToken?: string
}

/** Asks for a new connection, step by step. Undefined where the person gave up. */
export async function askForConnection(): Promise<NewConnection | undefined> {
  const url = await ask(l10n.t('Which instance?'), {
    prompt: l10n.t('Its name or address, for example demodb or https://demodb.my.erp.net'),
    check: normaliseAddress,
  })
  if (url === undefined) return undefined
  const application = await askForApplication()
  if (application === undefined) return undefined
  if (application === 'referenceToken') {
    const referenceToken = await ask(l10n.t('Reference token'), {
      prompt: l10n.t('Made on the Profile site of the instance, under Security, Tokens. It is kept in the editor’s secret store.'),
      password: true,
      check: checkReferenceToken,
    })
    return referenceToken === undefined ? undefined : { url, application, referenceToken }
  }
  const clientId = await ask(l10n.t('Application URI'), {
    prompt: l10n.t('ApplicationUri (client_id) of the Trusted Application in this instance, for example com.acme/erpnet-tools'),
    check: text => refuseToken('clientId', text),
  })
  if (clientId === undefined) return undefined
  if (!FLOWS[application].clientSecret) return { url, application, clientId }
  const clientSecret = await ask(l10n.t('Application secret'), {
    prompt: l10n.t('It is kept in the editor’s secret store.'),
    password: true,
  })
  return clientSecret === undefined ? undefined : { url, application, clientId, clientSecret }
}

async function askForApplication(): Promise<ApplicationType | undefined> {
  const items: (QuickPickItem & { application: ApplicationType })[] = [
    { application: 'native', label: l10n.t('Sign in with the browser'), detail: l10n.t('As yourself, through a public Trusted Application (PKCE, no secret)') },
    { application: 'referenceToken', label: l10n.t('Use a reference token'), detail: l10n.t('An API key (enrt_…) that you made in your profile or got from an administrator') },
    { application: 'confidential', label: l10n.t('Sign in with the browser and a secret'), detail: l10n.t('As yourself, through a confidential Trusted Application') },
    { application: 'service', label: l10n.t('Connect as a service'), detail: l10n.t('As the application itself, with its secret; nobody signs in') },
    { application: 'portal', label: l10n.t('Connect as a web portal'), detail: l10n.t('Somebody signs in with the browser, and the application itself calls the APIs') },
  ]
  return (await window.showQuickPick(items, { title: l10n.t('How to connect?') }))?.application
}

interface Question {
  readonly prompt: string
  readonly password?: boolean
  /** Throws an `ErpError` where the text is not right. */
  readonly check?: (text: string) => unknown
}

function ask(title: string, { prompt, password = false, check = () => undefined }: Question): Thenable<string | undefined> {
  return window.showInputBox({
    title,
    prompt,
    password,
    ignoreFocusOut: true,
    validateInput: text => {
      if (text.trim() === '') return l10n.t('Something is needed here.')
      try {
        check(text)
        return undefined
      } catch (error) {
        const { title: what, cure } = wordsFor(error)
        return cure === undefined ? what : `${what} ${cure}`
      }
    },
  })
}
