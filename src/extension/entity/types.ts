import { FileSystemError, l10n, Range, type TextDocument, type Uri, window, workspace, WorkspaceEdit } from 'vscode'
import { changedLines } from '../../core/codegen/changedLines.ts'
import { generateTypes, readTypesHead, type TypeLanguage, type TypesHead } from '../../core/codegen/types.ts'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { DomainEntityDetails } from '../../core/model/domain.ts'
import { findEntity } from '../../core/model/find.ts'
import type { ModelReader } from '../platform/contracts.ts'
import { entityItem } from './find.ts'

export interface TypesWishes {
  readonly connection: Connection
  /** Entity sets, repositories or types. */
  readonly names: readonly string[]
  readonly language: TypeLanguage
}

/** The text of a file with types. Throws `entity-unknown`, and what the model fails with. */
export async function typesText(models: ModelReader, { connection, names, language }: TypesWishes, signal?: AbortSignal): Promise<string> {
  const [model, { host, version }] = await Promise.all([models.model(connection, 'current', signal), models.about(connection, signal)])
  return generateTypes(names.map(name => entityNamed(model, name)), language, { instance: host, ...(version === undefined ? {} : { version }) })
}

function entityNamed(model: readonly DomainEntityDetails[], name: string): DomainEntityDetails {
  const { entitySet } = findEntity(model, name) ?? {}
  const entity = model.find(candidate => candidate.entitySet === entitySet)
  if (entity === undefined) throw new ErpError('entity-unknown', { name })
  return entity
}

/** What a file holds that is to have types; undefined where there is none yet. Throws `types-other-file`. */
export async function fileHead(uri: Uri): Promise<TypesHead | undefined> {
  const text = await fileText(uri)
  if (text === undefined || text.trim() === '') return undefined
  const head = readTypesHead(text)
  if (head === undefined) throw new ErpError('types-other-file', { file: workspace.asRelativePath(uri) })
  return head
}

async function fileText(uri: Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri))
  } catch (error) {
    if (error instanceof FileSystemError && error.code === 'FileNotFound') return undefined
    throw new ErpError('file-not-read', { file: uri.path, reason: error instanceof Error ? error.message : String(error) }, { cause: error })
  }
}

/** Writes a file where its text differs. */
export async function writeTypes(uri: Uri, text: string): Promise<void> {
  if (await fileText(uri) !== text) await workspace.fs.writeFile(uri, new TextEncoder().encode(text))
}

/** Replaces the lines that differ of a document that is open. */
export async function replaceTypes(document: TextDocument, text: string): Promise<void> {
  const changed = changedLines(document.getText(), text)
  if (changed === undefined) return
  const edit = new WorkspaceEdit()
  edit.replace(document.uri, document.validateRange(new Range(changed.start, 0, changed.end, 0)), changed.text)
  await workspace.applyEdit(edit)
}

/** Lets a person choose entities; undefined where they gave up. */
export async function pickEntities(models: ModelReader, connection: Connection): Promise<string[] | undefined> {
  const items = models.entities(connection).then(entities => entities.map(entity => ({ ...entityItem(entity), entitySet: entity.entitySet })))
  const picked = await window.showQuickPick(items, {
    title: l10n.t('Types for which entities?'), canPickMany: true, matchOnDescription: true,
  })
  return picked === undefined || picked.length === 0 ? undefined : picked.map(({ entitySet }) => entitySet)
}

/** Lets a person choose the language. */
export async function pickLanguage(): Promise<TypeLanguage | undefined> {
  const items: { label: string; description: string; language: TypeLanguage }[] = [
    { label: 'TypeScript', description: l10n.t('interfaces, and unions for enumerations'), language: 'typescript' },
    { label: 'C#', description: l10n.t('classes for System.Text.Json'), language: 'csharp' },
  ]
  return (await window.showQuickPick(items, { title: l10n.t('Types in which language?') }))?.language
}
