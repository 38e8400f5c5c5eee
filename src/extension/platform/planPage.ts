import { l10n } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { Plan } from '../../core/plan/plan.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import { code, codeBlock, plain, table } from './markdown.ts'
import { numberText } from './numbers.ts'
import { reasonText, stepText, warningText } from './planWords.ts'

/** Of a long list that is cut into many requests, these are enough to see how. */
const SHOWN = 10

export function planTitle({ name, resource }: ResolvedQuery): string {
  return l10n.t('Plan of {0}', name ?? resource)
}

/** The page that `erpnet.query.explain` shows: requests with their exact addresses, steps with their reasons, warnings. */
export function planPage(query: ResolvedQuery, connection: Connection, { requests, local, warnings, limit, run }: Plan): string {
  const shown = requests.slice(0, SHOWN)
  const notes = [
    ...warnings.map(warningText),
    ...(limit === undefined ? [] : [l10n.t('The query names no $top: {0} rows are shown at most (erpnet.query.defaultTop).', numberText(limit))]),
  ]
  return [
    `# ${plain(planTitle(query))}`,
    plain(connection.name),
    `## ${l10n.t('What the server is asked for')}`,
    ...(requests.length === 0 ? [plain(l10n.t('Nothing: no row can fulfil this filter.'))] : []),
    ...shown.map(({ url }) => codeBlock(`GET ${url}`)),
    ...(requests.length > SHOWN ? [plain(l10n.t('… and {0} more requests of this kind', numberText(requests.length - SHOWN)))] : []),
    ...(isPaged({ run }) ? [plain(l10n.t('Further pages follow as long as rows are wanted.'))] : []),
    `## ${l10n.t('What is done here')}`,
    local.length === 0
      ? plain(l10n.t('Nothing: the server does it all.'))
      : table([l10n.t('Step'), l10n.t('Why')], local.map(step => [code(stepText(step)), plain(reasonText(step))])),
    ...(notes.length === 0 ? [] : [`## ${l10n.t('Good to know')}`, notes.map(note => `- ${plain(note)}`).join('\n')]),
    plain(l10n.t('None of these requests was sent for this page.')),
  ].join('\n\n')
}

function isPaged({ run }: Pick<Plan, 'run'>): boolean {
  return run.requests.some(({ pages, top = 0 }) => pages !== undefined && (pages.enough ?? Infinity) > top)
}
