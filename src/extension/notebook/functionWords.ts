import { l10n } from 'vscode'
import type { FunctionName } from '../../core/query/types.ts'

/** What each function of the query language does. */
export function functionWords(): Readonly<Record<FunctionName, string>> {
  return {
    contains: l10n.t('True where the first text holds the second one.'),
    startswith: l10n.t('True where the first text begins with the second one.'),
    endswith: l10n.t('True where the first text ends with the second one.'),
    length: l10n.t('The number of characters.'),
    indexof: l10n.t('Where the second text begins in the first one, from 0; -1 where it does not occur.'),
    substring: l10n.t('The text from that place on, counted from 0: as many characters as the third argument says, or all that follow.'),
    tolower: l10n.t('The text in lower case.'),
    toupper: l10n.t('The text in upper case.'),
    trim: l10n.t('The text without white space around it.'),
    concat: l10n.t('Both texts, one behind the other.'),
    year: l10n.t('The year, in UTC.'),
    month: l10n.t('The month from 1 to 12, in UTC.'),
    day: l10n.t('The day of the month, in UTC.'),
    hour: l10n.t('The hour from 0 to 23, in UTC.'),
    minute: l10n.t('The minute, in UTC.'),
    second: l10n.t('The whole seconds of the minute, in UTC.'),
    date: l10n.t('The beginning of the day, in UTC.'),
    time: l10n.t('The time of the day, in UTC.'),
    now: l10n.t('The moment at which the query is planned.'),
    round: l10n.t('The nearest whole number, half away from zero.'),
    floor: l10n.t('The largest whole number that is not above it.'),
    ceiling: l10n.t('The smallest whole number that is not below it.'),
  }
}
