import { l10n } from 'vscode'
import type { Facts } from '../../core/base/errors.ts'
import { type Hint, hintOf } from '../../core/query/hint.ts'

/** A `query-syntax` error: what stands where, and how it is written. */
export function syntaxWords({ line, column, found, expected }: Facts): [title: string, cure: string | undefined] {
  const [text, due] = [String(found), String(expected)]
  const hint = hintOf({ found: text, expected: due })
  return [syntaxTitle([String(line), String(column)], text, due), hint === undefined ? undefined : hintText(hint)]
}

function syntaxTitle(place: readonly [line: string, column: string], found: string, expected: string): string {
  if (expected.startsWith('each ')) return l10n.t('Line {0}, column {1}: “{2}” stands there twice.', ...place, found)
  if (expected === '\'') return l10n.t('Line {0}, column {1}: the text that begins there does not end.', ...place)
  return l10n.t('Line {0}, column {1}: found {2}, expected {3}.', ...place, found === '' ? l10n.t('nothing') : quoted(found), expectedWords(expected))
}

/** A `query-type` error. */
export function typeFaultWords({ line, column, found, expected }: Facts): [title: string, cure: string | undefined] {
  const [type, due] = [String(found), String(expected)]
  const place = [String(line), String(column)] as const
  if (due.endsWith(')')) return [l10n.t('Line {0}, column {1}: this function is written {2}.', ...place, due), undefined]
  const title = l10n.t('Line {0}, column {1}: found {2}, expected {3}.', ...place, typeWords(type), typeWords(due))
  if (type === 'text' && due === 'number') {
    return [title, l10n.t('Numbers stand without quotes. In tables the values of an enumeration are codes: completion (Ctrl+Space) lists them.')]
  }
  return [title, due === 'text' ? hintText('quotes') : undefined]
}

/** What `readQuery` expects; marks such as `)` stand for themselves. */
function expectedWords(expected: string): string {
  switch (expected) {
    case 'the name of a table': return l10n.t('the name of a table')
    case 'the name of a column': return l10n.t('the name of a column')
    case 'a value': return l10n.t('a value')
    case 'a date': return l10n.t('a date of the calendar, such as 2026-01-31')
    case 'a guid': return l10n.t('a guid')
    case 'the end': return l10n.t('the end')
    case 'an operator': return l10n.t('an operator, such as eq, ne, gt, in, like, and, or')
    case 'at most 500 levels': return l10n.t('at most 500 levels')
    case '0 … 2147483647': return l10n.t('a whole number from 0 to 2147483647')
    default: return /^\S+$/.test(expected) ? quoted(expected) : expected
  }
}

/** So that one sees where a mark such as a comma begins and ends. */
function quoted(text: string): string {
  return l10n.t('“{0}”', text)
}

/** Types of values, as `Checker` names them. */
function typeWords(type: string): string {
  switch (type) {
    case 'text': return l10n.t('a text')
    case 'number': case 'double': return l10n.t('a number')
    case 'boolean': return l10n.t('true or false')
    case 'date': return l10n.t('a date')
    case 'time': return l10n.t('a time')
    case 'guid': return l10n.t('a guid')
    default: return type
  }
}

function hintText(hint: Hint): string {
  switch (hint) {
    case 'between': return l10n.t('A range has two ends: Document_Date ge 2026-01-01 and Document_Date le 2026-01-31')
    case 'comments': return l10n.t('Comments begin with # or //.')
    case 'count': return l10n.t('For the number of rows write ?$apply=aggregate($count as Rows), or add $count=true to a query.')
    case 'dates': return l10n.t('Dates are written 2026-01-31, with a time 2026-01-31T15:30:00Z.')
    case 'dots': return l10n.t('Entity sets have underscores: domain/Crm_Sales_SalesOrders')
    case 'equals': return l10n.t('Operators are words: eq, ne, gt, ge, lt, le, and, or, not.')
    case 'key': return l10n.t('A single row is found by a filter: Gen_Documents?$filter=Document_No eq \'1001\'')
    case 'lists': return l10n.t('A list stands in parentheses: State in (30,40)')
    case 'null': return l10n.t('What is empty is found with eq null, all else with ne null.')
    case 'one-query': return l10n.t('A cell holds one query. Put this one into a cell of its own.')
    case 'options': return l10n.t('A question mark leads to the options, & to each further one: Gen_Documents?$select=Id&$top=10')
    case 'order': return l10n.t('The order is asc or desc.')
    case 'quotes': return l10n.t('Texts stand between single quotes: \'ABC\'')
    case 'reads': return l10n.t('Queries only read. Paste the address alone.')
    case 'semicolon': return l10n.t('No semicolon is needed.')
    case 'sql': return l10n.t('This looks like SQL. A query here is Table?$select=…&$filter=…&$top=…, such as Gen_Documents?$select=Document_No&$filter=State eq 30&$top=10')
    case 'unclosed': return l10n.t('A text ends with a single quote; one inside of it is written twice: \'O\'\'Brien\'')
  }
}
