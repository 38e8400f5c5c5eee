import { l10n } from 'vscode'
import type { LocalStep, PlanWarning, StepReason } from '../../core/plan/plan.ts'

/** `Filter: State ne 30` */
export function stepText({ step, detail }: LocalStep): string {
  const name = stepName(step)
  return detail === '' ? name : `${name}: ${detail}`
}

function stepName(step: LocalStep['step']): string {
  switch (step) {
    case 'filter': return l10n.t('Filter')
    case 'distinct': return l10n.t('Remove duplicates')
    case 'group': return l10n.t('Group')
    case 'sort': return l10n.t('Sort')
    case 'count': return l10n.t('Count')
    case 'slice': return l10n.t('Cut')
    case 'shape': return l10n.t('Columns')
    case 'lookup': return l10n.t('Look up')
  }
}

export function reasonText({ reason }: { readonly reason: StepReason }): string {
  switch (reason) {
    case 'not-sendable': return l10n.t('The server has no operator for it, or none that this column allows.')
    case 'widened': return l10n.t('The server was asked for a little more, since it cannot say just this.')
    case 'branches': return l10n.t('The same row may come with several requests.')
    case 'no-option': return l10n.t('The server has no such option.')
    case 'after-local': return l10n.t('Rows are dropped, put in order or made here before.')
    case 'hidden': return l10n.t('Other columns were only needed on the way.')
    case 'several': return l10n.t('The rows come with several requests.')
    case 'reference': return l10n.t('What the reference leads to is asked for by its key.')
  }
}

/** What one should know before a query is sent. */
export function warningText(warning: PlanWarning): string {
  switch (warning.code) {
    case 'text-local': return l10n.t('Texts of {0} are compared here, letter by letter, and not by the rules of the server’s database.', warning.facts.column)
    case 'whole-table': return l10n.t('No part of the filter can be sent: {0} is read as a whole.', warning.facts.table)
    case 'reads-all': return l10n.t('For {0} every row is read that the filter lets through, whatever $top says.', warning.facts.option)
    case 'guid-order': return l10n.t('{0} is put in the order of its text, which is not the order of the server’s database.', warning.facts.column)
    case 'whole-lookup': return l10n.t('{0} cannot be asked for by its key: it is read as a whole.', warning.facts.table)
    case 'scan': return l10n.t('Without a condition on {1} the server has to scan {0}.', warning.facts.table, warning.facts.column)
    case 'other-instance': return l10n.t('The address of the query begins with {0}, which is not this connection’s instance. What is asked is {1}.', warning.facts.written, warning.facts.asked)
    case 'standard-model': return l10n.t('Planned by the standard model: what “{0}” has added to it is not known before you sign in.', warning.facts.connection)
  }
}
