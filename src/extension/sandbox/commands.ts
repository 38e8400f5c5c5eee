import { type Disposable, l10n, ProgressLocation, Uri, window, workspace } from 'vscode'
import { isJsonObject } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Messages } from '../platform/messages.ts'
import type { Sandbox } from './sandbox.ts'

export interface SandboxCommandsOptions {
  readonly sandbox: Sandbox
  readonly select: (id: string) => Promise<void>
  /** The notebook that is shown, as it was shipped. */
  readonly sample: Uri
  /** Where its copy goes: a folder that is another one for another version of the extension. */
  readonly copies: Uri
  readonly messages: Messages
}

/** The commands `erpnet.sandbox.open`, which gives `{ id, url }` of the connection, and `erpnet.sandbox.stop`. */
export function registerSandboxCommands(options: SandboxCommandsOptions): Disposable[] {
  const { sandbox, messages } = options
  const open = async (args: unknown): Promise<{ id: string; url: string }> => {
    const connection = await openWithProgress(sandbox)
    await options.select(connection.id)
    // who starts it again from a notebook of his own wants to stay there
    if (!isJsonObject(args) || args['notebook'] !== false) await showSample(options, connection)
    return { id: connection.id, url: connection.url }
  }
  return [
    registerCommand('erpnet.sandbox.open', { interactive: open, called: open }, messages),
    registerCommand('erpnet.sandbox.stop', { interactive: () => sandbox.stop(), called: () => sandbox.stop() }, messages),
  ]
}

/** The view has a row for it too, by which it can be cancelled. */
function openWithProgress(sandbox: Sandbox): Thenable<Connection> {
  const title = l10n.t('Starting the sandbox…')
  return window.withProgress({ location: ProgressLocation.Window, title }, () => sandbox.open())
}

/** A copy, so that nothing of the installed extension is edited; it is made once, and what one writes into it stays. */
async function showSample({ sample, copies }: SandboxCommandsOptions, { id }: Connection): Promise<void> {
  const copy = Uri.joinPath(copies, id, sample.path.slice(sample.path.lastIndexOf('/') + 1))
  try {
    await workspace.fs.stat(copy)
  } catch {
    const text = new TextDecoder().decode(await workspace.fs.readFile(sample))
    await workspace.fs.writeFile(copy, new TextEncoder().encode(text.replace(/^connection: .*$/m, `connection: ${id}`)))
  }
  await window.showNotebookDocument(await workspace.openNotebookDocument(copy))
}
