import { commands, Disposable, EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode'

const SCHEME = 'erpnet-page'

/**
 * Pages to read: Markdown that lives in memory and is shown as the editor's own preview. They hold no secrets, since
 * VS Code may keep what it shows.
 */
export class Documents implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>()
  readonly #changed = new EventEmitter<Uri>()
  readonly #disposables: Disposable
  readonly onDidChange = this.#changed.event

  constructor() {
    this.#disposables = Disposable.from(this.#changed, workspace.registerTextDocumentContentProvider(SCHEME, this))
  }

  provideTextDocumentContent({ path }: Uri): string {
    return this.#texts.get(path) ?? ''
  }

  /** @param title also the name of the tab; a page of the same title is replaced */
  async show(title: string, markdown: string): Promise<void> {
    const uri = Uri.from({ scheme: SCHEME, path: `/${title.replaceAll(/[\\/]/g, '-')}.md` })
    this.#texts.set(uri.path, markdown)
    this.#changed.fire(uri)
    try {
      await commands.executeCommand('markdown.showPreview', uri)
    } catch {
      // somebody has switched off VS Code's Markdown features
      await window.showTextDocument(uri)
    }
  }

  dispose(): void {
    this.#disposables.dispose()
  }
}
