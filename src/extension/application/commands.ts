import { type Disposable, env, l10n, Uri, window } from 'vscode'
import { FLOWS } from '../../core/auth/flows.ts'
import { inspectSession, type Inspection } from '../../core/auth/inspection.ts'
import { describeApplication, type TrustedApplication } from '../../core/auth/trustedApplication.ts'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { odataRoot, site } from '../../core/instance/instance.ts'
import { type ClientSecret, newClientSecret } from '../../node/clientSecret.ts'
import type { Engine } from '../../node/engine/client.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections, StoredSession } from '../platform/contracts.ts'
import type { Documents } from '../platform/documents.ts'
import type { Choice, Messages } from '../platform/messages.ts'
import { chosenConnection, namedConnection } from '../platform/target.ts'
import { applicationLetter, applicationPage, applicationTitle } from './applicationPage.ts'
import { findingWords } from './findings.ts'
import { tokenPage, tokenTitle } from './tokenPage.ts'

export interface ApplicationCommandsOptions {
  readonly connections: Connections
  readonly engine: Pick<Engine, 'call'>
  readonly stored: StoredSession
  readonly keepClientSecret: (connection: Connection, secret: string) => Promise<void>
  /** The loopback ports of the browser sign-in. */
  readonly ports: () => readonly number[]
  readonly messages: Messages
  readonly documents: Documents
}

/** What `erpnet.trustedApplication.describe` gives to programs. */
interface Description extends TrustedApplication {
  /** A new one; it is kept nowhere. */
  readonly secret?: string
  readonly secretHash?: string
  readonly letter: string
}

/** The commands `erpnet.token.inspect` and `erpnet.trustedApplication.describe`. */
export function registerApplicationCommands(options: ApplicationCommandsOptions): Disposable[] {
  const { connections, messages, documents } = options
  const interactive = (title: string, show: (connection: Connection) => Promise<unknown>) => async (argument: unknown) => {
    const connection = await chosenConnection(connections, argument, title)
    if (connection === undefined) return
    await show(connection).catch((error: unknown) => messages.showError(error, connection.id))
  }
  return [
    registerCommand('erpnet.token.inspect', {
      interactive: interactive(l10n.t('The token of which connection?'), async connection =>
        documents.show(tokenTitle(connection), tokenPage(connection, await inspect(options, connection)))),
      called: async args => {
        const inspection = await inspect(options, namedConnection(connections, args))
        return { ...inspection, findings: inspection.findings.map(finding => ({ code: finding.code, message: findingWords(finding) })) }
      },
    }, messages),
    registerCommand('erpnet.trustedApplication.describe', {
      interactive: interactive(l10n.t('The application of which connection?'), connection => showApplication(options, connection)),
      called: args => {
        const connection = namedConnection(connections, args)
        const isNew = FLOWS[connection.application].clientSecret && args['newSecret'] !== false
        return describe(options, connection, isNew ? newClientSecret() : undefined)
      },
    }, messages),
  ]
}

/** Throws `signed-out`. */
async function inspect({ stored }: ApplicationCommandsOptions, connection: Connection): Promise<Inspection> {
  const session = await stored(connection)
  if (session === undefined) throw new ErpError('signed-out', { connection: connection.name })
  return inspectSession(connection, session, Date.now())
}

async function describe(options: ApplicationCommandsOptions, connection: Connection, made?: ClientSecret): Promise<Description> {
  const places = await findPlaces(options, connection)
  const application = describeApplication({
    ...places, connection, ports: options.ports(), secretHash: made?.hash, systemUser: l10n.t('a user for the application, chosen by the administrator'),
  })
  return {
    ...application,
    ...(made === undefined ? {} : { secret: made.secret, secretHash: made.hash }),
    letter: applicationLetter(connection, places.root, application),
  }
}

/** As discovery tells them; without it, where they are by default (protocol sheet, section 1). */
async function findPlaces({ engine }: ApplicationCommandsOptions, { url }: Connection): Promise<{ root: string; odataRoot: string }> {
  try {
    const instance = await engine.call('discover', { address: url })
    return { root: instance.root, odataRoot: odataRoot(site(instance, 'DomainAPI')) }
  } catch {
    return { root: url, odataRoot: `${url}/api/domain/odata/` }
  }
}

async function showApplication(options: ApplicationCommandsOptions, connection: Connection): Promise<void> {
  const isNew = FLOWS[connection.application].clientSecret ? await askForSecret(connection) : false
  if (isNew === undefined) return
  const made = isNew ? newClientSecret() : undefined
  const description = await describe(options, connection, made)
  await options.documents.show(applicationTitle(connection), applicationPage(connection, description, description.letter))
  void offerNext(options, connection, description)
}

/** Undefined where the person gave up. */
async function askForSecret({ name }: Connection): Promise<boolean | undefined> {
  const items = [
    { label: l10n.t('Make a new secret'), detail: l10n.t('For a new application, or in place of a secret that is lost or known to others'), isNew: true },
    { label: l10n.t('Keep the secret'), detail: l10n.t('It is registered already'), isNew: false },
  ]
  return (await window.showQuickPick(items, { title: l10n.t('Which secret for {0}?', name) }))?.isNew
}

/** What a person may do next, each once, until they put the message away. The secret is forgotten with it. */
async function offerNext(options: ApplicationCommandsOptions, connection: Connection, description: Description): Promise<void> {
  const { messages } = options
  const { secret } = description
  let left: readonly Choice[] = [
    ...(secret === undefined ? [] : [
      { label: l10n.t('Store secret'), act: () => options.keepClientSecret(connection, secret) },
      { label: l10n.t('Copy secret'), act: () => env.clipboard.writeText(secret) },
    ]),
    { label: l10n.t('Copy letter'), act: () => env.clipboard.writeText(description.letter) },
    { label: l10n.t('Open link'), act: () => env.openExternal(Uri.parse(description.installLink, true)) },
  ]
  const text = secret === undefined
    ? l10n.t('An administrator registers this for {0}.', connection.name)
    : l10n.t('An administrator registers this for {0}. The new secret is shown nowhere else: store it in this connection or copy it before you close this message.', connection.name)
  while (left.length > 0) {
    const done = await messages.offer('info', text, left)
    if (done === undefined) return
    left = left.filter(choice => choice !== done)
  }
}
