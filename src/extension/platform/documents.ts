import { commands, Disposable, EventEmitter, type TextDocumentContentProvider, Uri, window, workspace } from 'vscode'

const SCHEME = 'erpnet-page'

/**
 * Pages to read: texts that live in memory; Markdown is shown as the editor's own preview. They hold no secrets, since
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
  async show(title: string, markdown: string): Promise<Uri> {
    const uri = this.put(`${title}.md`, markdown)
    try {
      await commands.executeCommand('markdown.showPreview', uri)
    } catch {
      // somebody has switched off VS Code's Markdown features
      await window.showTextDocument(uri)
    }
    return uri
  }

  /** Keeps a text and gives its address; one of the same name is replaced. @param name with its extension */
  put(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: SCHEME, path: `/${name.replaceAll(/[\\/]/g, '-')}` })
    this.#texts.set(uri.path, text)
    this.#changed.fire(uri)
    return uri
  }

  dispose(): void {
    this.#disposables.dispose()
  }
}
