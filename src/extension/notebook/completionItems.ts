import { CompletionItem, CompletionItemKind, type NotebookDocument, type Position, Range, type TextDocument } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { Table } from '../../core/model/table.ts'
import { parseCell } from '../../core/query/cell.ts'
import type { Completion } from '../../core/query/completion.ts'
import { completions } from '../../core/query/completions.ts'
import { functionWords } from './functionWords.ts'

export interface QueryCompletionOptions {
  /** What a cell with that text runs on, if it is known. */
  readonly connection: (notebook: NotebookDocument, named: string | undefined) => Connection | undefined
  /** The tables that are loaded; never waits. */
  readonly tables: (connection: Connection) => readonly Table[] | undefined
  /** Variables and columns of named results. */
  readonly names: (notebook: NotebookDocument) => readonly string[]
}

const KINDS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  table: CompletionItemKind.Struct,
  column: CompletionItemKind.Field,
  reference: CompletionItemKind.Reference,
  option: CompletionItemKind.Property,
  function: CompletionItemKind.Function,
  operator: CompletionItemKind.Operator,
  constant: CompletionItemKind.Constant,
  insertion: CompletionItemKind.Variable,
}

/** What can stand at that position of a query cell. */
export function completionItems(
  document: TextDocument, position: Position, notebook: NotebookDocument, options: QueryCompletionOptions,
): CompletionItem[] {
  const text = document.getText()
  const connection = options.connection(notebook, parseCell(text).connection)
  const tables = connection === undefined ? [] : options.tables(connection) ?? []
  const found = completions(text, document.offsetAt(position), { tables, names: options.names(notebook) })
  return found.map((completion, index) => toItem(document, completion, index))
}

function toItem(document: TextDocument, { kind, text, detail, range, goesOn, function: name }: Completion, index: number): CompletionItem {
  const item = new CompletionItem(text, KINDS[kind])
  item.range = new Range(document.positionAt(range.start), document.positionAt(range.end))
  item.sortText = String(index).padStart(5, '0')
  if (detail !== undefined && kind !== 'table') item.detail = detail
  if (name !== undefined) item.documentation = functionWords()[name]
  if (goesOn === true) item.command = { command: 'editor.action.triggerSuggest', title: '' }
  return item
}
