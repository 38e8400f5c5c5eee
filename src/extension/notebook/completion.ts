import { type Disposable, languages, type NotebookDocument, type TextDocument, workspace } from 'vscode'
import type { QueryCompletionOptions } from './completionItems.ts'

const TRIGGERS = ['?', '&', '$', '=', ',', '/', '{', '.', '(', ' ']

/** Completion in query cells. Nothing is sent for it but, once, the request for the model. */
export function registerCompletion(options: QueryCompletionOptions): Disposable {
  return languages.registerCompletionItemProvider({ language: 'erpnet' }, {
    async provideCompletionItems(document, position) {
      const notebook = notebookOf(document)
      if (notebook === undefined) return []
      const { completionItems } = await import('./completionItems.ts')
      return completionItems(document, position, notebook, options)
    },
  }, ...TRIGGERS)
}

function notebookOf(document: TextDocument): NotebookDocument | undefined {
  return workspace.notebookDocuments.find(notebook => notebook.getCells().some(cell => cell.document === document))
}
