import { l10n, NotebookCellOutput, NotebookCellOutputItem } from 'vscode'
import { type ResultSnapshot, ROWS_SHOWN } from '../../core/execute/result.ts'
import type { Wait } from '../../core/execute/source.ts'
import { type OutputData, RESULT_MIME } from '../../core/notebook/output.ts'
import { textTable } from '../../core/notebook/textTable.ts'
import { numberText } from '../platform/numbers.ts'
import type { Words } from '../platform/words.ts'

/** A result as far as it has come: the table of the renderer, and plain text for everybody else. */
export function resultOutput(result: ResultSnapshot): NotebookCellOutput {
  const status = statusLine(result)
  const note = noteOf(result)
  return output({
    kind: 'result',
    result: { ...result, rows: result.rows.slice(0, ROWS_SHOWN), columns: isBlank(result) ? [] : result.columns },
    status,
    ...(note === undefined ? {} : { note }),
    labels: {
      table: l10n.t('Result of the query'),
      request: l10n.t('Request'),
      copy: l10n.t('Copy'),
      empty: l10n.t('No rows.'),
    },
  }, [...(isBlank(result) ? [] : [textTable(result)]), ...(note === undefined ? [] : [note]), status].join('\n'))
}

/** A failure in words. */
export function errorOutput({ title, cure, actions }: Words): NotebookCellOutput {
  const data: OutputData = { kind: 'error', title, ...(cure === undefined ? {} : { cure }), actions }
  return output(data, cure === undefined ? title : `${title}\n${cure}`)
}

function output(data: OutputData, text: string): NotebookCellOutput {
  return new NotebookCellOutput([
    NotebookCellOutputItem.json(data, RESULT_MIME),
    NotebookCellOutputItem.text(text, 'text/plain'),
  ])
}

/** `10 rows · 1,000 in all · 642 KB · 0.80 s · 0.8 MB/s` */
function statusLine({ stats, state, wait }: ResultSnapshot): string {
  const { rows, count, bytes, ms } = stats
  const parts = [
    rows === 1 ? l10n.t('1 row') : l10n.t('{0} rows', numberText(rows)),
    ...(count === undefined ? [] : [l10n.t('{0} in all', numberText(count))]),
    size(bytes),
    l10n.t('{0} s', numberText(ms / 1000, ms < 10_000 ? 2 : 0)),
    ...(bytes > 100_000 && ms > 0 ? [l10n.t('{0}/s', size(bytes / ms * 1000))] : []),
    ...(state === 'running' ? [wait === undefined ? l10n.t('running…') : waitText(wait)] : []),
  ]
  return parts.join(' · ')
}

function waitText({ reason, seconds = 0 }: Wait): string {
  switch (reason) {
    case 'turn': return l10n.t('waiting for other requests to this instance')
    case 'busy': return l10n.t('waiting {0} s, the server is busy', String(Math.ceil(seconds)))
    case 'connection': return l10n.t('the connection broke, trying again')
  }
}

/** What one must know to read the rows rightly; nothing where they are what was asked for, and all of it. */
function noteOf(result: ResultSnapshot): string | undefined {
  const notes = [result.note, partialNote(result)].filter(note => note !== undefined)
  return notes.length === 0 || isBlank(result) ? undefined : notes.join(' ')
}

/** What keeps this from being the whole result. */
function partialNote({ state, stats, limit, stoppedAt }: ResultSnapshot): string | undefined {
  if (state === 'failed') return l10n.t('Partial: these rows came before the failure.')
  if (state === 'cancelled') return l10n.t('Partial: cancelled.')
  if (limit !== undefined) return l10n.t('Cut at {0} rows: the query names no $top, so erpnet.query.defaultTop holds.', numberText(limit))
  if (stoppedAt !== undefined) return l10n.t('Partial: stopped at {0} rows (erpnet.query.maxRows).', numberText(stoppedAt))
  if (stats.rows > ROWS_SHOWN) return l10n.t('The first {0} rows are shown.', numberText(ROWS_SHOWN))
  return undefined
}

/** Nothing came before the end: no table is better than an empty one. */
function isBlank({ state, stats }: ResultSnapshot): boolean {
  return stats.rows === 0 && (state === 'failed' || state === 'cancelled')
}

function size(bytes: number): string {
  if (bytes < 1000) return l10n.t('{0} bytes', numberText(bytes))
  return bytes < 1_000_000 ? `${numberText(bytes / 1000)} KB` : `${numberText(bytes / 1_000_000, 1)} MB`
}
