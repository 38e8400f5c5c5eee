import { type Disposable, l10n, window } from 'vscode'
import { FLOWS } from '../../core/auth/flows.ts'
import { checkReferenceToken } from '../../core/auth/referenceToken.ts'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import { Sequence } from '../../core/base/sequence.ts'
import { type Connection, connectionId, readConnection } from '../../core/instance/connection.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Messages } from '../platform/messages.ts'
import { chosenConnection, namedConnection } from '../platform/target.ts'
import type { ConnectionStore } from './store.ts'
import type { ConnectionTest } from './test.ts'

/** What a connection has that must not be in a setting. */
export interface ConnectionSecrets {
  keepReferenceToken(connection: Connection, token: string): Promise<void>
  keepClientSecret(connection: Connection, secret: string): Promise<void>
  /** Forgets everything of a connection, tokens included. */
  forget(connection: Connection): Promise<void>
}

export interface ConnectionCommandsOptions {
  readonly store: ConnectionStore
  readonly secrets: ConnectionSecrets
  readonly test: () => Promise<ConnectionTest>
  readonly messages: Messages
  /** Removes what else was kept of a connection that is no more. */
  readonly removed: (connection: Connection) => Promise<void>
  /** Signs in to a connection that was added by hand just now. */
  readonly signIn: (connection: Connection) => PromiseLike<unknown>
}

/** The commands `erpnet.connection.*`. */
export function registerConnectionCommands(options: ConnectionCommandsOptions): Disposable[] {
  const { store, messages } = options
  const changes = new Sequence()
  const rename = ({ id }: Connection, name: string) => changes.run(async () => store.save({ ...store.get(id), name }))
  const target = (argument: unknown, title: string) => chosenConnection(store, argument, title)
  return [
    registerCommand('erpnet.connection.add', {
      interactive: () => addByHand(options, changes),
      called: async args => ({ id: (await changes.run(() => add(options, args))).id }),
    }, messages),
    registerCommand('erpnet.connection.remove', {
      interactive: async argument => {
        const connection = await target(argument, l10n.t('Remove which connection?'))
        if (connection !== undefined && await confirmRemoval(connection)) await changes.run(() => remove(options, connection))
      },
      called: args => changes.run(() => remove(options, namedConnection(store, args))),
    }, messages),
    registerCommand('erpnet.connection.rename', {
      interactive: async argument => {
        const connection = await target(argument, l10n.t('Rename which connection?'))
        if (connection === undefined) return
        const name = await window.showInputBox({ title: l10n.t('New name'), value: connection.name })
        if (name !== undefined && name.trim() !== '') await rename(connection, name.trim())
      },
      called: args => rename(namedConnection(store, args), required(args, 'name')),
    }, messages),
    registerCommand('erpnet.connection.select', {
      interactive: async argument => {
        const connection = await target(argument, l10n.t('Which connection?'))
        if (connection !== undefined) await store.select(connection.id)
      },
      called: args => store.select(namedConnection(store, args).id),
    }, messages),
    registerCommand('erpnet.connection.test', {
      interactive: async argument => {
        const connection = await target(argument, l10n.t('Test which connection?'))
        if (connection !== undefined) await (await options.test()).show(connection)
      },
      called: async args => (await options.test()).run(namedConnection(store, args)),
    }, messages),
  ]
}

async function addByHand(options: ConnectionCommandsOptions, changes: Sequence): Promise<void> {
  const { askForConnection } = await import('./dialog.ts')
  const answers = await askForConnection()
  if (answers === undefined) return
  const connection = await changes.run(() => add(options, { ...answers }))
  await options.store.select(connection.id)
  if (FLOWS[connection.application].apis !== 'referenceToken') await options.signIn(connection)
}

/** Nothing is sent. The secrets are stored first, so that no connection stands in the settings without them. */
async function add({ store, secrets }: ConnectionCommandsOptions, args: JsonObject): Promise<Connection> {
  const taken = [...store.list(), ...store.broken()].flatMap(({ id }) => id ?? [])
  const draft = readConnection({ ...args, id: textOf(args, 'id') ?? 'new' })
  const id = textOf(args, 'id') ?? connectionId(textOf(args, 'name') ?? draft.name, taken)
  const connection = { ...draft, id }
  if (taken.includes(id) && args['replace'] !== true) throw new ErpError('connection-exists', { id })
  const keepSecret = secretKeeping(secrets, connection, args)
  const previous = store.find(id)
  if (previous !== undefined) await secrets.forget(previous)
  await keepSecret()
  await store.save(connection)
  return connection
}

/** Keeps the secret that the arguments hold, if any. Throws at once where it can't be one. */
function secretKeeping(secrets: ConnectionSecrets, connection: Connection, args: JsonObject): () => Promise<void> {
  const { apis, clientSecret } = FLOWS[connection.application]
  if (apis === 'referenceToken' && args['referenceToken'] !== undefined) {
    const { token } = checkReferenceToken(required(args, 'referenceToken'))
    return () => secrets.keepReferenceToken(connection, token)
  }
  if (clientSecret && args['clientSecret'] !== undefined) {
    const secret = required(args, 'clientSecret')
    return () => secrets.keepClientSecret(connection, secret)
  }
  return () => Promise.resolve()
}

/** The secrets go first: should that fail, the connection is still there to try again with. */
async function remove({ store, secrets, removed }: ConnectionCommandsOptions, connection: Connection): Promise<void> {
  await secrets.forget(connection)
  await store.remove(connection.id)
  await removed(connection)
}

async function confirmRemoval(connection: Connection): Promise<boolean> {
  const yes = l10n.t('Remove')
  const question = l10n.t('Remove the connection “{0}”?', connection.name)
  const detail = l10n.t('Its tokens and all else that is kept for it alone are removed too.')
  return await window.showWarningMessage(question, { modal: true, detail }, yes) === yes
}

function required(args: JsonObject, field: string): string {
  const value = textOf(args, field)
  if (value === undefined) throw new ErpError('connection-invalid', { field, reason: 'missing' })
  return value
}
