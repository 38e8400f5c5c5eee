import { l10n } from 'vscode'
import type { FilterKind } from '../../core/model/domain.ts'
import { code, plain, table } from '../platform/markdown.ts'

/** What the pages of entities and of tables have in common. */

/** Longer texts of a server are cut. */
const CHARACTERS = 1000
/** Rows of one list; who needs more of them looks into a snapshot. */
const ROWS = 300

/** A text of the server in one paragraph; nothing where there is none. */
export function paragraph(text: string | undefined): string[] {
  return text === undefined || text.trim() === '' ? [] : [plain(cut(text))]
}

/** A text of the server that is not longer than can be read. */
export function cut(text: string): string {
  return text.length <= CHARACTERS ? text : `${text.slice(0, CHARACTERS).replace(/[\ud800-\udbff]$/, '')}…`
}

/** A heading with a table below it; nothing where there are no rows. */
export function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return []
  const rest = rows.length - ROWS
  return [
    `## ${plain(title)}`,
    table(head.map(plain), rows.slice(0, ROWS)),
    ...(rest > 0 ? [plain(l10n.t('And {0} more.', String(rest)))] : []),
  ]
}

/** A table of two columns: what, and the Markdown of it. */
export function factTable(rows: readonly (readonly [what: string, markdown: string | undefined])[]): string {
  const known = rows.flatMap(([what, markdown]) => markdown === undefined ? [] : [[plain(what), markdown]])
  return table(['', ''], known)
}

/** As code; nothing stays nothing. */
export function coded(text: string | undefined): string {
  return text === undefined || text === '' ? '' : code(cut(text))
}

/** What belongs together in one cell: what is there, parted. */
export function together(parts: readonly (string | undefined)[]): string {
  return parts.filter(part => part !== undefined && part !== '').join(', ')
}

const DOMAIN: Record<FilterKind, string> = { Equals: 'eq', EqualsIn: 'in', GreaterThanOrLessThan: 'ge, le', Like: 'contains, startswith, endswith' }
const TABLE: Record<FilterKind, string> = { Equals: 'eq', EqualsIn: 'in', GreaterThanOrLessThan: 'ge, le', Like: 'like' }

/** The operators that an API takes; nothing where the model doesn't tell. */
export function filterCell(filters: readonly FilterKind[] | undefined, api: 'domain' | 'table'): string {
  if (filters === undefined) return ''
  if (filters.length === 0) return plain(l10n.t('none'))
  return filters.map(kind => code((api === 'domain' ? DOMAIN : TABLE)[kind])).join(', ')
}
