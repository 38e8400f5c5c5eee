import { l10n } from 'vscode'
import { diagram } from '../../core/model/describe/diagram.ts'
import { tableExamples } from '../../core/model/describe/examples.ts'
import type { Link } from '../../core/model/describe/neighbours.ts'
import type { Column, Table } from '../../core/model/table.ts'
import { sizedType } from '../../core/model/naming.ts'
import { code, codeBlock, plain } from '../platform/markdown.ts'
import { coded, factTable, filterCell, section, together } from './pageParts.ts'

/** Everything about one table of the Table API. */
export function tablePage(table: Table, tables: readonly Table[], connection: { readonly name: string }): string {
  const referrers = tables.flatMap(other => other.references.filter(reference => reference.target === table.name)
    .map((reference): Link => ({ from: other.name, to: table.name, name: reference.name, kind: 'reference' })))
  const own = table.references.map(({ name, target, owner }): Link =>
    ({ from: table.name, to: target, name, kind: owner === true ? 'owner' : 'reference' }))
  const examples = tableExamples(table)
  return [
    `# ${plain(table.name)}`,
    plain(l10n.t('A table of {0}.', connection.name)),
    factTable([
      [l10n.t('Key'), table.key.map(code).join(', ') || undefined],
      [l10n.t('Entity'), table.entitySet === undefined ? undefined : code(table.entitySet)],
      [l10n.t('Columns'), String(table.columns.length)],
    ]),
    ...columnSection(table),
    ...section(l10n.t('References'), [l10n.t('Name'), l10n.t('Leads to'), l10n.t('Columns'), l10n.t('In filters')], table.references.map(reference => [
      code(reference.name), code(reference.target), reference.columns.map(code).join(', '),
      together([
        reference.owner === true ? plain(l10n.t('owner')) : undefined,
        reference.filterable === undefined ? undefined : plain(reference.filterable || reference.owner === true ? l10n.t('yes') : l10n.t('no')),
      ]),
    ])),
    ...section(l10n.t('Referred to by'), [l10n.t('Table'), l10n.t('Reference')], referrers.map(({ from, name }) => [code(from), code(name)])),
    ...neighbourhood(table.name, [...own, ...referrers]),
    ...(examples.length === 0 ? [] : [`## ${plain(l10n.t('Queries to begin with'))}`, ...examples.map(text => codeBlock(text, 'erpnet'))]),
  ].join('\n\n')
}

/** The columns of a table, for its own page and for that of its entity. */
export function columnSection({ columns, key }: Table, title = l10n.t('Columns')): string[] {
  const head = [l10n.t('Column'), l10n.t('Type'), l10n.t('Filters'), l10n.t('Attribute'), '']
  return section(title, head, columns.map(column => [
    code(column.name), coded(sizedType(column)), filterCell(column.filters, 'table'), coded(column.attribute),
    together([
      key.includes(column.name) ? plain(l10n.t('key')) : undefined,
      column.label === undefined ? undefined : plain(column.label),
      column.obsolete === true ? plain(l10n.t('obsolete')) : undefined,
      codes(column),
    ]),
  ]))
}

/** What an enumeration's column holds: `30` Released. */
function codes({ enumValues = [] }: Column): string | undefined {
  const known = enumValues.filter(value => value.code !== undefined)
  return known.length === 0 ? undefined : known.map(value => `${code(value.code ?? '')} ${plain(value.name)}`).join(', ')
}

/** A picture of what is around; VS Code's preview draws it, and it can be read as it is. */
export function neighbourhood(centre: string, links: readonly Link[]): string[] {
  if (links.length === 0) return []
  const { text, omitted } = diagram(centre, links)
  return [
    `## ${plain(l10n.t('Neighbourhood'))}`,
    codeBlock(text, 'mermaid'),
    ...(omitted === 0 ? [] : [plain(l10n.t('And {0} more that have no room here.', String(omitted)))]),
  ]
}
