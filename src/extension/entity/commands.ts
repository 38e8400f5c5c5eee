import { type Disposable, l10n, Uri, window, workspace } from 'vscode'
import { readTypesHead, TYPE_LANGUAGES, type TypeLanguage, type TypesHead } from '../../core/codegen/types.ts'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections, ModelReader } from '../platform/contracts.ts'
import type { Documents } from '../platform/documents.ts'
import type { Messages } from '../platform/messages.ts'
import { calledConnection, modelTarget, selectedConnection } from '../platform/target.ts'
import { showDescription } from './describe.ts'
import { calledTarget, chosenTarget } from './find.ts'
import { fileHead, pickEntities, pickLanguage, replaceTypes, typesText, writeTypes } from './types.ts'

export interface EntityCommandsOptions {
  readonly connections: Connections
  readonly models: ModelReader
  readonly documents: Documents
  readonly messages: Messages
}

/** The commands `erpnet.entity.describe` and `erpnet.entity.generateTypes`. */
export function registerEntityCommands(options: EntityCommandsOptions): Disposable[] {
  const { connections, models, documents, messages } = options
  return [
    registerCommand('erpnet.entity.describe', {
      interactive: async argument => {
        const found = await chosenTarget(connections, models, argument)
        if (found === undefined) return
        await messages.during(l10n.t('Describing {0}…', found.name), signal => showDescription(models, documents, found, signal))
      },
      called: async args => {
        const { uri, text } = await showDescription(models, documents, await calledTarget(connections, models, args))
        return { uri: uri.toString(), text }
      },
    }, messages),
    registerCommand('erpnet.entity.generateTypes', {
      interactive: argument => generateInteractively(options, argument),
      called: args => generateCalled(options, args),
    }, messages),
  ]
}

async function generateInteractively({ connections, models, messages }: EntityCommandsOptions, argument: unknown): Promise<void> {
  const target = modelTarget(argument)
  const connection = target === undefined
    ? await selectedConnection(connections, l10n.t('Types of which connection?'))
    : connections.get(target.connectionId)
  if (connection === undefined) return
  const open = window.activeTextEditor?.document
  const head = target === undefined && open !== undefined ? readTypesHead(open.getText()) : undefined
  if (open !== undefined && head !== undefined && await isToBeMadeAgain(open.uri, head)) {
    const from = madeFrom(connections, head) ?? connection
    const text = await messages.during(l10n.t('Making types…'), signal =>
      typesText(models, { connection: from, names: head.entitySets, language: head.language }, signal))
    return replaceTypes(open, text)
  }
  const names = target === undefined ? await pickEntities(models, connection) : [target.entitySet ?? target.name]
  const language = names === undefined ? undefined : await pickLanguage()
  if (names === undefined || language === undefined) return
  const content = await messages.during(l10n.t('Making types…'), signal => typesText(models, { connection, names, language }, signal))
  await window.showTextDocument(await workspace.openTextDocument({ language, content }))
}

/** Whether the file in front is meant. Throws `cancelled`. */
async function isToBeMadeAgain(uri: Uri, { entitySets }: TypesHead): Promise<boolean> {
  const items = [
    { label: l10n.t('Make {0} again', workspace.asRelativePath(uri)), description: entitySets.join(', '), again: true },
    { label: l10n.t('Make other types'), again: false },
  ]
  const chosen = await window.showQuickPick(items, { title: l10n.t('Which types?') })
  if (chosen === undefined) throw new ErpError('cancelled')
  return chosen.again
}

/** A file is made again from the instance that it was made from, while a connection leads there. */
function madeFrom(connections: Connections, { instance }: TypesHead): Connection | undefined {
  return [connections.selected(), ...connections.list()].find(each => each !== undefined && new URL(each.url).host === instance)
}

/**
 * `{ name or names, connection?, language?, uri? }` gives the text. With `uri` the file is written too: it may exist only
 * where this has made it, and what it holds already is made again.
 */
async function generateCalled({ connections, models }: EntityCommandsOptions, args: JsonObject): Promise<string> {
  const file = textOf(args, 'uri')
  const uri = file === undefined ? undefined : Uri.parse(file, true)
  const head = uri === undefined ? undefined : await fileHead(uri)
  const known = head === undefined || textOf(args, 'connection') !== undefined ? undefined : madeFrom(connections, head)
  const connection = known ?? calledConnection(connections, args)
  const names = [...namesOf(args), ...(head?.entitySets ?? [])]
  if (names.length === 0) throw new ErpError('entity-unknown', { name: '' })
  const language = languageOf(textOf(args, 'language') ?? head?.language ?? (file?.endsWith('.cs') ? 'csharp' : 'typescript'))
  const text = await typesText(models, { connection, names, language })
  if (uri !== undefined) await writeTypes(uri, text)
  return text
}

function namesOf(args: JsonObject): string[] {
  const name = textOf(args, 'name')
  const { names } = args
  return [...(name === undefined ? [] : [name]), ...(Array.isArray(names) ? names.filter(each => typeof each === 'string') : [])]
}

function languageOf(language: string): TypeLanguage {
  const known = TYPE_LANGUAGES.find(each => each === language)
  if (known === undefined) throw new ErpError('language-unknown', { language })
  return known
}
