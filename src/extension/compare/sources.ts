import { l10n, Uri, window, workspace } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { type Difference, compareModels, differingItems } from '../../core/model/compare.ts'
import { modelItems } from '../../core/model/facts.ts'
import { printSnapshot, readSnapshot, type Snapshot } from '../../core/model/snapshot.ts'
import type { ModelReader } from '../platform/contracts.ts'

/** Where a model is taken from. */
export type Source =
  | { readonly kind: 'instance'; readonly connection: Connection; readonly model: 'current' | 'standard' }
  | { readonly kind: 'file'; readonly uri: Uri }

/** Files with snapshots are named so. */
export const SNAPSHOT_EXTENSION = 'erpmodel'

/** Two models beside each other. */
export interface Comparison {
  /** For people. */
  readonly before: string
  readonly after: string
  readonly differences: readonly Difference[]
  /** What differs, whole, as text: for an editor of differences. */
  readonly texts: { readonly before: string; readonly after: string }
}

/** Reads both and compares them. Fails with what the models fail with, `snapshot-invalid` and `file-not-read`. */
export async function compare(models: ModelReader, before: Source, after: Source, signal?: AbortSignal): Promise<Comparison> {
  const [left, right] = await Promise.all([read(models, before, signal), read(models, after, signal)])
  const differences = compareModels(left.items, right.items)
  return {
    before: sourceName(before), after: sourceName(after), differences,
    texts: {
      before: printSnapshot({ ...left, items: differingItems(left.items, differences) }),
      after: printSnapshot({ ...right, items: differingItems(right.items, differences) }),
    },
  }
}

/** Fails with what the model fails with, `snapshot-invalid` and `file-not-read`. */
export async function read(models: ModelReader, source: Source, signal?: AbortSignal): Promise<Snapshot> {
  if (source.kind === 'file') return readSnapshot(await readFile(source.uri))
  const { connection, model } = source
  const [entities, { host, version }] = await Promise.all([models.model(connection, model, signal), models.about(connection, signal)])
  return { about: { instance: host, ...(version === undefined ? {} : { version }), model }, items: modelItems(entities) }
}

async function readFile(uri: Uri): Promise<string> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(uri))
  } catch (cause) {
    throw new ErpError('file-not-read', { file: workspace.asRelativePath(uri), reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

function sourceName(source: Source): string {
  if (source.kind === 'file') return workspace.asRelativePath(source.uri)
  const { connection: { name }, model } = source
  return model === 'standard' ? l10n.t('{0}, standard', name) : name
}

/** Keeps the current model of a connection in a file. */
export async function saveSnapshot(models: ModelReader, connection: Connection, uri: Uri, signal?: AbortSignal): Promise<string> {
  const text = printSnapshot(await read(models, { kind: 'instance', connection, model: 'current' }, signal))
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text))
  return text
}

/** Lets a person choose where a snapshot goes. */
export async function pickNewSnapshot({ id }: Connection): Promise<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri
  const name = `${id}.${SNAPSHOT_EXTENSION}`
  return window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }),
    filters: { [l10n.t('Model snapshot')]: [SNAPSHOT_EXTENSION] }, title: l10n.t('Save the model where?'),
  })
}

/** Lets a person choose a snapshot. */
export async function pickSnapshot(): Promise<Uri | undefined> {
  const found = await window.showOpenDialog({
    filters: { [l10n.t('Model snapshot')]: [SNAPSHOT_EXTENSION], [l10n.t('All files')]: ['*'] }, title: l10n.t('Compare with which snapshot?'),
  })
  return found?.[0]
}
