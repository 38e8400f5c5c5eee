import {
  CodeAction, CodeActionKind, commands, Diagnostic, DiagnosticSeverity, Disposable, l10n, languages, Range, type TextDocument,
  Uri, workspace, WorkspaceEdit,
} from 'vscode'
import { abortError } from '../../core/base/cancel.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { currentNames, findOldNames, type OldName, type RenamedEntity } from '../../core/model/renamed.ts'
import type { ModelReader } from '../platform/contracts.ts'
import type { Messages } from '../platform/messages.ts'

/** Files that may name entities. */
const FILES = '**/*.{erpnb,md,ts,tsx,mts,js,jsx,mjs,cjs,cs,vb,fs,py,ipynb,sql,json,jsonc,http,rest,pq,m,ps1,sh,java,kt,php,go,rb,rs,txt,xml,yaml,yml,html,razor,cshtml,vue,svelte}'
const NOT_IN = '**/{node_modules,.git,dist,out,bin,obj,.cache,vendor}/**'
const MOST_FILES = 5000
const MOST_BYTES = 2_000_000
const MOST_FINDS = 5000

/** An old name where it stands. */
interface Find extends OldName {
  readonly uri: Uri
  readonly range: Range
}

interface Finds {
  readonly finds: readonly Find[]
  /** Was something left out, because there is too much of it? */
  readonly partial: boolean
}

export interface RenamedNamesOptions {
  readonly models: ModelReader
  readonly messages: Messages
}

/**
 * Finds old names of entities in the files of the workspace, marks them, and offers to replace them. Open documents and
 * notebooks are looked at as they are in the editor; what is marked follows their changes.
 */
export class RenamedNames implements Disposable {
  readonly #options: RenamedNamesOptions
  readonly #marks = languages.createDiagnosticCollection('erpnet-renamed')
  readonly #disposables: Disposable
  #names: ReadonlyMap<string, RenamedEntity> = new Map()

  constructor(options: RenamedNamesOptions) {
    this.#options = options
    this.#disposables = Disposable.from(
      this.#marks,
      workspace.onDidChangeTextDocument(({ document }) => {
        if (this.#marks.has(document.uri)) this.#mark(document.uri, findsIn(document, this.#names))
      }),
      languages.registerCodeActionsProvider({ pattern: '**' }, {
        provideCodeActions: (document, range) => this.#marks.has(document.uri) ? this.#actions(document, range) : [],
      }, { providedCodeActionKinds: [CodeActionKind.QuickFix] }),
    )
  }

  /** For a person: tells what there is and offers to replace it. */
  async search(connection: Connection): Promise<void> {
    const { messages } = this.#options
    const { finds, partial } = await messages.during(l10n.t('Looking for renamed entities…'), signal => this.#search(connection, signal))
    if (finds.length === 0) {
      messages.showInfo(l10n.t('No file of this workspace uses a name that is no longer valid in {0}.', connection.name))
      return
    }
    const files = new Set(finds.map(({ uri }) => uri.toString())).size
    const text = l10n.t('Old names: {0}. Files or cells with them: {1}.', String(finds.length), String(files))
    await messages.offer('info', partial ? `${text} ${l10n.t('There may be more: only a part was looked at.')}` : text, [
      { label: l10n.t('Replace all…'), act: async () => replace((await this.#search(connection)).finds) },
      { label: l10n.t('Show problems'), act: () => commands.executeCommand('workbench.actions.view.problems') },
    ])
  }

  /** For programs: what there is, lines and columns from 1. */
  async find(connection: Connection): Promise<unknown> {
    const { finds, partial } = await this.#search(connection)
    return {
      partial,
      found: finds.map(({ uri, oldName, newName, range }) =>
        ({ uri: uri.toString(), oldName, newName, line: range.start.line + 1, column: range.start.character + 1 })),
    }
  }

  dispose(): void {
    this.#disposables.dispose()
  }

  async #search(connection: Connection, signal?: AbortSignal): Promise<Finds> {
    const { models } = this.#options
    const [renamed, entities] = await Promise.all([models.renamed(connection, signal), models.entities(connection)])
    this.#names = currentNames(renamed, new Set(entities.map(({ entitySet }) => entitySet)))
    this.#marks.clear()
    const files = this.#names.size === 0 ? [] : await workspace.findFiles(FILES, NOT_IN, MOST_FILES)
    const finds: Find[] = []
    let partial = files.length === MOST_FILES
    for (const uri of files) {
      if (signal?.aborted) throw abortError(signal)
      const found = await findsInFile(uri, this.#names)
      if (found === undefined) partial = true
      for (const [place, ofPlace] of Map.groupBy(found ?? [], find => find.uri.toString())) this.#mark(Uri.parse(place), ofPlace)
      finds.push(...found ?? [])
      if (finds.length > MOST_FINDS) return { finds, partial: true }
    }
    return { finds, partial }
  }

  #mark(uri: Uri, finds: readonly Find[]): void {
    this.#marks.set(uri, finds.map(({ range, oldName, newName, version }) => {
      const text = version === undefined
        ? l10n.t('{0} is called {1} now.', oldName, newName)
        : l10n.t('{0} is called {1} from version {2} on.', oldName, newName, version)
      const mark = new Diagnostic(range, text, DiagnosticSeverity.Warning)
      mark.source = 'ERP.net'
      mark.code = 'renamed-entity'
      return mark
    }))
  }

  #actions(document: TextDocument, range: Range): CodeAction[] {
    return findsIn(document, this.#names).filter(find => find.range.intersection(range) !== undefined).map(find => {
      const action = new CodeAction(l10n.t('Write {0}', find.newName), CodeActionKind.QuickFix)
      action.diagnostics = (this.#marks.get(document.uri) ?? []).filter(mark => mark.range.isEqual(find.range))
      action.isPreferred = true
      action.edit = new WorkspaceEdit()
      action.edit.replace(find.uri, find.range, find.newName)
      return action
    })
  }
}

/** Undefined where the file could not be looked at: it is too large, or can't be read. */
async function findsInFile(uri: Uri, names: ReadonlyMap<string, RenamedEntity>): Promise<Find[] | undefined> {
  const notebook = workspace.notebookDocuments.find(open => open.uri.toString() === uri.toString())
  if (notebook !== undefined) return notebook.getCells().flatMap(({ document }) => findsIn(document, names))
  const open = workspace.textDocuments.find(document => document.uri.toString() === uri.toString())
  if (open !== undefined) return findsIn(open, names)
  try {
    if ((await workspace.fs.stat(uri)).size > MOST_BYTES) return undefined
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri))
    return placed(uri, text, findOldNames(text, names))
  } catch {
    return undefined
  }
}

function findsIn(document: TextDocument, names: ReadonlyMap<string, RenamedEntity>): Find[] {
  return findOldNames(document.getText(), names).map(found =>
    ({ ...found, uri: document.uri, range: new Range(document.positionAt(found.start), document.positionAt(found.end)) }))
}

/** Ranges without an open document. */
function placed(uri: Uri, text: string, found: readonly OldName[]): Find[] {
  let line = 0
  let lineStart = 0
  let read = 0
  return found.map(find => {
    for (const { index } of text.slice(read, find.start).matchAll(/\r\n|\r|\n/g)) {
      line++
      lineStart = read + index + (text.startsWith('\r\n', read + index) ? 2 : 1)
    }
    read = find.start
    return { ...find, uri, range: new Range(line, find.start - lineStart, line, find.end - lineStart) }
  })
}

/** All at once; VS Code shows them first. */
async function replace(finds: readonly Find[]): Promise<void> {
  const edit = new WorkspaceEdit()
  for (const { uri, range, newName, oldName } of finds) {
    edit.replace(uri, range, newName, { needsConfirmation: true, label: `${oldName} → ${newName}` })
  }
  await workspace.applyEdit(edit, { isRefactoring: true })
}
