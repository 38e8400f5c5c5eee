import { l10n, MarkdownString } from 'vscode'
import type { FilterKind } from '../../core/model/domain.ts'

/** What the lines of the model trees say: types, filters, tooltips. */

/** Only what is there, with a dot between. */
export function joined(...parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join(' · ')
}

const BADGES: Readonly<Record<FilterKind, string>> = { Equals: '=', EqualsIn: 'in', GreaterThanOrLessThan: '≤ ≥', Like: 'like' }

/** The filters that a column allows, in the signs of a query; nothing where the model doesn't tell. */
export function filterBadges(filters: readonly FilterKind[] | undefined): string {
  return (filters ?? []).map(kind => BADGES[kind]).join(' ')
}

export function filterWords(filters: readonly FilterKind[] | undefined): string | undefined {
  if (filters === undefined) return undefined
  if (filters.length === 0) return l10n.t('The server can’t filter by it')
  return l10n.t('The server filters by it: {0}', filterBadges(filters))
}

export interface Tooltip {
  readonly title: string
  readonly label?: string | undefined
  readonly facts: readonly (string | undefined)[]
  readonly description?: string | undefined
  readonly links?: readonly { readonly title: string; readonly url: string }[]
}

const LONGEST_DESCRIPTION = 2000

/** What the server wrote goes in as text, never as Markdown; a description without end is cut. */
export function tooltip({ title, label, facts, description, links = [] }: Tooltip): MarkdownString {
  const text = new MarkdownString('', true)
  text.appendMarkdown('**').appendText(title).appendMarkdown('**')
  if (label !== undefined && label !== title) text.appendMarkdown(' — ').appendText(label)
  for (const fact of facts) if (fact !== undefined && fact !== '') text.appendMarkdown('\n\n').appendText(fact)
  if (description !== undefined && description !== label) {
    const cut = description.length > LONGEST_DESCRIPTION ? `${description.slice(0, LONGEST_DESCRIPTION)}…` : description
    text.appendMarkdown('\n\n---\n\n').appendText(cut)
  }
  for (const link of links) text.appendMarkdown(`\n\n[$(link-external) `).appendText(link.title).appendMarkdown(`](${link.url})`)
  return text
}

export function iconOf(type: string): string {
  switch (type) {
    case 'Edm.String': case 'Erp.MultilanguageString': return 'symbol-string'
    case 'Edm.Boolean': return 'symbol-boolean'
    case 'Edm.Guid': return 'symbol-misc'
    case 'Edm.Date': case 'Edm.DateTimeOffset': case 'Edm.TimeOfDay': case 'Edm.Duration': return 'calendar'
    case 'Edm.Byte': case 'Edm.Int16': case 'Edm.Int32': case 'Edm.Int64': case 'Edm.Decimal': case 'Edm.Double':
    case 'Erp.Amount': case 'Erp.Quantity': return 'symbol-number'
    case 'Edm.Binary': return 'file-binary'
    default: return 'symbol-field'
  }
}
