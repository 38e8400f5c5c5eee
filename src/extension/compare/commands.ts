import { commands, Disposable, l10n, type QuickPickItem, Uri, window } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { printDifferences } from '../../core/model/compare.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections, ModelReader } from '../platform/contracts.ts'
import type { Documents } from '../platform/documents.ts'
import type { Messages } from '../platform/messages.ts'
import { calledConnection, pickConnection, selectedConnection } from '../platform/target.ts'
import { RenamedNames } from './renamed.ts'
import { compare, type Comparison, pickNewSnapshot, pickSnapshot, saveSnapshot, SNAPSHOT_EXTENSION, type Source } from './sources.ts'
import { ComparisonView, summary } from './view.ts'

export interface CompareOptions {
  readonly connections: Connections
  readonly models: ModelReader
  readonly documents: Documents
  readonly messages: Messages
}

/** The command `erpnet.model.compare` and its view, and `erpnet.model.findRenamed`. */
export function registerCompare(options: CompareOptions): Disposable {
  const { connections, models, messages } = options
  const view = new ComparisonView()
  const renamed = new RenamedNames({ models, messages })
  return Disposable.from(
    view, renamed,
    registerCommand('erpnet.model.compare', {
      interactive: argument => compareInteractively(options, view, renamed, argument),
      called: args => compareCalled(options, view, args),
    }, messages),
    registerCommand('erpnet.model.findRenamed', {
      interactive: async () => {
        const connection = await selectedConnection(connections, l10n.t('The names of which connection?'))
        if (connection !== undefined) await renamed.search(connection)
      },
      called: args => renamed.find(calledConnection(connections, args)),
    }, messages),
    registerCommand('erpnet.comparison.showText', { interactive: () => showTexts(options, view.comparison) }, messages),
    registerCommand('erpnet.comparison.close', { interactive: () => view.show(undefined) }, messages),
  )
}

interface Choice extends QuickPickItem {
  readonly act: () => Promise<unknown>
}

async function compareInteractively(options: CompareOptions, view: ComparisonView, renamed: RenamedNames, argument: unknown): Promise<void> {
  const { connections, models, messages } = options
  const connection = await selectedConnection(connections, l10n.t('The model of which connection?'), argument)
  if (connection === undefined) return
  const after: Source = { kind: 'instance', connection, model: 'current' }
  const show = async (before: Source | undefined): Promise<void> => {
    if (before === undefined) return
    await open(options, view, await messages.during(l10n.t('Comparing models…'), signal => compare(models, before, after, signal)))
  }
  const others = connections.list().filter(other => other.id !== connection.id)
  const choices: Choice[] = [
    { label: l10n.t('With the standard model'), detail: l10n.t('What this instance has added'), act: () => show({ kind: 'instance', connection, model: 'standard' }) },
    ...(others.length === 0 ? [] : [{
      label: l10n.t('With another connection…'), detail: l10n.t('Such as test against production'), act: async () => show(await otherConnection(others)),
    }]),
    { label: l10n.t('With a snapshot…'), detail: l10n.t('What has changed since the file was saved'), act: async () => show(await snapshotSource()) },
    { label: l10n.t('Save a snapshot…'), detail: l10n.t('A text file for your repository'), act: () => save(options, connection) },
    { label: l10n.t('Find renamed entities…'), detail: l10n.t('Old names in the files of this workspace'), act: () => renamed.search(connection) },
  ]
  await (await window.showQuickPick(choices, { title: l10n.t('Compare the model of {0}', connection.name) }))?.act()
}

async function otherConnection(others: readonly Connection[]): Promise<Source | undefined> {
  const connection = await pickConnection(others, l10n.t('Compare with which connection?'))
  return connection === undefined ? undefined : { kind: 'instance', connection, model: 'current' }
}

async function snapshotSource(): Promise<Source | undefined> {
  const uri = await pickSnapshot()
  return uri === undefined ? undefined : { kind: 'file', uri }
}

async function save({ models, messages }: CompareOptions, connection: Connection): Promise<void> {
  const uri = await pickNewSnapshot(connection)
  if (uri === undefined) return
  await messages.during(l10n.t('Saving the model…'), signal => saveSnapshot(models, connection, uri, signal))
  await messages.offer('info', l10n.t('The model of {0} is saved.', connection.name), [{ label: l10n.t('Open'), act: () => window.showTextDocument(uri) }])
}

async function open(options: CompareOptions, view: ComparisonView, comparison: Comparison): Promise<void> {
  if (comparison.differences.length === 0) {
    await view.show(undefined)
    options.messages.showInfo(l10n.t('{0} and {1} have the same model.', comparison.before, comparison.after))
    return
  }
  await view.show(comparison)
  await showTexts(options, comparison)
}

/** Both texts in the editor of differences. */
async function showTexts({ documents }: CompareOptions, comparison: Comparison | undefined): Promise<void> {
  if (comparison === undefined) return
  const { before, after, texts } = comparison
  const left = documents.put(`${l10n.t('Before')} ${before}.${SNAPSHOT_EXTENSION}`, texts.before)
  const right = documents.put(`${l10n.t('After')} ${after}.${SNAPSHOT_EXTENSION}`, texts.after)
  await commands.executeCommand('vscode.diff', left, right, l10n.t('Models: {0} → {1}', before, after))
}

/**
 * `{ connection?, with: "standard" }`, `{ connection?, with: ID of a connection }`, `{ connection?, snapshot: URI }` give
 * `{ summary, differences, text }` and open the view; `{ connection?, saveTo: URI }` saves a snapshot and gives its text.
 */
async function compareCalled(options: CompareOptions, view: ComparisonView, args: JsonObject): Promise<unknown> {
  const { connections, models } = options
  const connection = calledConnection(connections, args)
  const saveTo = textOf(args, 'saveTo')
  if (saveTo !== undefined) return saveSnapshot(models, connection, Uri.parse(saveTo, true))
  const comparison = await compare(models, sourceOf(connections, connection, args), { kind: 'instance', connection, model: 'current' })
  await open(options, view, comparison)
  const { differences } = comparison
  return { summary: summary(differences), differences, text: printDifferences(differences) }
}

function sourceOf(connections: Connections, connection: Connection, args: JsonObject): Source {
  const snapshot = textOf(args, 'snapshot')
  if (snapshot !== undefined) return { kind: 'file', uri: Uri.parse(snapshot, true) }
  const other = textOf(args, 'with')
  if (other === undefined) throw new ErpError('connection-invalid', { field: 'with', reason: 'missing' })
  return other === 'standard'
    ? { kind: 'instance', connection, model: 'standard' }
    : { kind: 'instance', connection: connections.get(other), model: 'current' }
}
