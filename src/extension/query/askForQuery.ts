import { l10n, window } from 'vscode'
import { type Cell, parseCell } from '../../core/query/cell.ts'

/**
 * Asks a person for a query, in one line. What is selected is offered, else the query cell in front; its variables and
 * its connection go with it. Gives the text of a cell; undefined where nothing is wanted.
 */
export async function askForQuery(title: string): Promise<string | undefined> {
  const text = textInFront()
  const cell = parseCell(text)
  const offered = oneLine(cell.query)
  const answer = await window.showInputBox({
    title,
    value: offered,
    placeHolder: 'Gen_Documents?$top=10',
    prompt: l10n.t('The same as in a cell of a notebook, in one line.'),
    ignoreFocusOut: true,
  })
  if (answer === undefined || answer.trim() === '') return undefined
  return answer === offered ? text : withQuery(cell, answer)
}

function textInFront(): string {
  const editor = window.activeTextEditor
  if (editor?.selection.isEmpty === false) return editor.document.getText(editor.selection)
  if (editor?.document.languageId === 'erpnet') return editor.document.getText()
  const { notebook, selection } = window.activeNotebookEditor ?? {}
  const document = notebook === undefined || selection?.isEmpty !== false ? undefined : notebook.cellAt(selection.start).document
  return document?.languageId === 'erpnet' ? document.getText() : ''
}

function oneLine(query: string): string {
  return query.split(/[\r\n]+/).map(line => line.trim()).filter(line => line !== '').join(' ')
}

function withQuery({ connection, variables }: Cell, query: string): string {
  return [
    ...(connection === undefined ? [] : [`# @connection ${connection}`]),
    ...variables.map(({ name, value }) => `@${name} = ${value}`),
    query,
  ].join('\n')
}
