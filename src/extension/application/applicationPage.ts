import { l10n } from 'vscode'
import { FLOWS } from '../../core/auth/flows.ts'
import type { TrustedApplication } from '../../core/auth/trustedApplication.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { code, codeBlock, plain, table } from '../platform/markdown.ts'

/**
 * What `erpnet.trustedApplication.describe` shows to a person, and the letter to an administrator. No secret is in it.
 */

export function applicationTitle({ name }: Connection): string {
  return l10n.t('What to register for {0}', name)
}

export function applicationPage(connection: Connection, application: TrustedApplication, letter: string): string {
  const { attributes, redirectUris, installLink, request } = application
  const isNew = attributes['ApplicationSecretHash'] !== undefined
  return [
    `# ${plain(applicationTitle(connection))}`,
    plain(purpose(connection)),
    ...(FLOWS[connection.application].apis === 'referenceToken' ? tokenHelp() : []),
    `## ${l10n.t('Attributes of the Trusted Application')}`,
    table([l10n.t('Attribute'), l10n.t('Value')], Object.entries(attributes).map(([name, value]) => [code(name), valueCell(value)])),
    list(notes(connection, application)),
    ...(isNew ? [plain(l10n.t('The new secret is not on this page, only its hash. Keep it with the buttons of the message: it is shown nowhere again.'))] : []),
    ...(redirectUris.length === 0 ? [] : [`## ${l10n.t('Redirect addresses')}`, codeBlock(redirectUris.join('\n'))]),
    `## ${l10n.t('By link')}`,
    plain(l10n.t('An administrator of the instance opens it and looks over what it says. What it does not carry, such as the other redirect addresses or the hash of a secret, is added by hand.')),
    codeBlock(installLink),
    `## ${l10n.t('By request')}`,
    plain(l10n.t('A database administrator can send this to the Domain API. The extension never sends it.')),
    codeBlock(`${request.method} ${request.url}\nContent-Type: application/json\n\n${JSON.stringify(request.body, undefined, 2)}`, 'http'),
    `## ${l10n.t('Letter to an administrator')}`,
    codeBlock(letter),
  ].join('\n\n')
}

/** Plain text, ready to be sent. */
export function applicationLetter(connection: Connection, root: string, application: TrustedApplication): string {
  const { attributes, installLink } = application
  const values = Object.entries(attributes).filter(([, value]) => value !== '').map(([name, value]) => `  ${name}: ${String(value)}`)
  return [
    l10n.t('Please register a Trusted Application in {0}, so that I can use ERP.net Developer Tools, an extension of Visual Studio Code, with it.', root),
    purpose(connection),
    [l10n.t('Its attributes:'), ...values].join('\n'),
    notes(connection, application).map(note => `- ${note}`).join('\n'),
    [l10n.t('This link fills in most of it, for an administrator of the instance:'), installLink].join('\n'),
    l10n.t('Thank you!'),
  ].join('\n\n')
}

function purpose({ application, scopes }: Connection): string {
  const updates = scopes.includes('update')
    ? l10n.t('It asks for the scope “update” as well, by which data can be changed.')
    : l10n.t('It only reads.')
  return `${wayIn(application)} ${updates}`
}

function wayIn(application: Connection['application']): string {
  switch (application) {
    case 'native':
      return l10n.t('People sign in with their browser (authorization code with PKCE), and the APIs are called in their name. The application has no secret.')
    case 'confidential':
      return l10n.t('People sign in with their browser (authorization code with PKCE and a secret), and the APIs are called in their name.')
    case 'portal':
      return l10n.t('People, external users too, sign in with their browser so that it is known who they are; the APIs are called by the application itself, as its system user.')
    case 'service':
      return l10n.t('Nobody signs in: the application calls the APIs by itself (client credentials), as its system user.')
    case 'referenceToken':
      return l10n.t('Nobody signs in: the APIs are called with a reference token, which is issued for this application.')
  }
}

function notes({ application }: Connection, { attributes, redirectUris }: TrustedApplication): string[] {
  const { browser, apis, clientSecret } = FLOWS[application]
  return [
    ...(browser ? [
      l10n.t('The addresses in ImpersonateLoginUrl and ImpersonateLogoutUrl are compared to the letter, port included. They lead to the person’s own machine, so http is right.'),
      ...(clientSecret ? [] : [l10n.t('The link wants an https address for public clients: if it refuses {0}, add the addresses by hand.', redirectUris[0] ?? '')]),
    ] : []),
    ...(apis === 'service' ? [l10n.t('SystemUser: choose a user who may read what is needed, and nothing else. In the request, put that user’s Id in place of the zeros.')] : []),
    ...(clientSecret && attributes['ApplicationSecretHash'] !== undefined ? [
      l10n.t('ApplicationSecretHash is the SHA-256 of the secret, as base64. The secret itself stays with me.'),
    ] : []),
    ...(clientSecret && attributes['ApplicationSecretHash'] === undefined ? [
      l10n.t('ApplicationSecretHash stays as it is registered already.'),
    ] : []),
    ...(apis === 'referenceToken' ? [
      l10n.t('For a token of a system user instead of a person: SystemUserAllowed true, SystemUser a user who may only read, and AdministratorsOnly in place of AuthenticatedUsers.'),
    ] : []),
    l10n.t('AccessTokens is called ReferenceTokens from version 26.2 on: set the one that the instance has.'),
  ]
}

function tokenHelp(): string[] {
  return [
    `## ${l10n.t('The token')}`,
    list([
      l10n.t('Your own: on the Profile site of the instance, under Security, Tokens, for this application. It acts as you; restrict it to the scope “read”.'),
      l10n.t('One of a system user: an administrator issues it in the Instance Manager, restricted to “read”, and hands it to you on a safe way.'),
      l10n.t('It is shown once, begins with enrt_, and opens this instance alone. Give it a lifetime, and paste it when you sign in to this connection.'),
    ]),
  ]
}

/** Addresses that follow each other may stand on several lines; the letter and the request have them to the letter. */
function valueCell(value: string | boolean): string {
  return value === '' ? '–' : String(value).split(',').map(code).join(', ')
}

function list(items: readonly string[]): string {
  return items.map(item => `- ${plain(item)}`).join('\n')
}
