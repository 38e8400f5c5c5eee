import { env, l10n } from 'vscode'
import type { Inspection, Visitor } from '../../core/auth/inspection.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { code, plain, table } from '../platform/markdown.ts'
import { findingWords } from './findings.ts'

/** The page that `erpnet.token.inspect` shows to a person. */
export function tokenPage(connection: Connection, inspection: Inspection): string {
  const { findings, visitor } = inspection
  return [
    `# ${plain(tokenTitle(connection))}`,
    plain(connection.url),
    inspection.kind === 'reference' ? referenceText() : table([l10n.t('Access token'), ''], tokenRows(inspection)),
    ...(visitor === undefined ? [] : [table([l10n.t('Who has signed in'), ''], visitorRows(visitor))]),
    `## ${l10n.t('What stands out')}`,
    findings.length === 0
      ? plain(l10n.t('Nothing: all is as it should be.'))
      : findings.map(finding => `- ${plain(findingWords(finding))}`).join('\n'),
    plain(l10n.t('The token itself is not shown, and nothing was sent for this page. Nobody has checked the signature: that is up to the APIs.')),
  ].join('\n\n')
}

export function tokenTitle({ name }: Connection): string {
  return l10n.t('Token of {0}', name)
}

function tokenRows({ issuer, audiences, scopes, expires, subject, userType, service }: Inspection): string[][] {
  const isService = service !== null
  const rows: [label: string, value: string | null | undefined][] = [
    [l10n.t('Issued by'), issuer],
    [l10n.t('Opens (aud)'), audiences?.join(', ')],
    [l10n.t('Scopes'), scopes?.join(', ')],
    [l10n.t('Expires'), expires === null ? null : time(expires)],
    ...(isService ? [[l10n.t('Application'), service.clientId], [l10n.t('Acts as'), service.systemUser]] satisfies [string, string | null][] : []),
    ...(isService ? [] : [[l10n.t('User'), subject]] satisfies [string, string | null][]),
    [l10n.t('Kind of user'), userType],
  ]
  return rows.map(([label, value]) => [plain(label), value === undefined || value === null || value === '' ? plain(l10n.t('not said')) : code(value)])
}

function visitorRows({ subject, name, external }: Visitor): string[][] {
  return [
    [plain(l10n.t('User')), code(subject)],
    [plain(l10n.t('Name')), plain(name)],
    [plain(l10n.t('External user')), plain(external ? l10n.t('yes') : l10n.t('not that we know'))],
  ]
}

function referenceText(): string {
  return plain(l10n.t('This is a reference token: a key that tells nothing about itself. Whose it is, what it may do and how long it lasts is shown where it was made: on the Profile site under Security, Tokens, or in the Instance Manager. There it can be revoked as well.'))
}

function time(iso: string): string {
  return new Intl.DateTimeFormat(env.language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso))
}
