import { type Disposable, l10n } from 'vscode'
import { FLOWS } from '../../core/auth/flows.ts'
import { ErpError } from '../../core/base/errors.ts'
import { isJsonObject, type JsonObject, textOf } from '../../core/base/json.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Messages } from '../platform/messages.ts'
import type { Sessions } from './sessions.ts'

export interface SignInCommandsOptions {
  readonly connections: Connections
  readonly sessions: Sessions
  readonly messages: Messages
}

/** The commands `erpnet.signIn` and `erpnet.signOut`: for the connection that is named, else for the selected one. */
export function registerSignInCommands({ connections, sessions, messages }: SignInCommandsOptions): Disposable[] {
  const interactive = (action: (connection: Connection) => Promise<void>) => async (argument: unknown) => {
    const connection = find(connections, argument)
    try {
      await action(connection)
    } catch (error) {
      messages.showError(error, connection.id)
    }
  }
  return [
    registerCommand('erpnet.signIn', {
      interactive: interactive(async connection => {
        await sessions.signIn(connection)
        const { account, service } = await sessions.state(connection)
        const name = account ?? service
        messages.showInfo(name === undefined
          ? l10n.t('Signed in to {0}.', connection.name)
          : l10n.t('Signed in to {0} as {1}.', connection.name, name))
      }),
      called: async args => {
        const connection = named(connections, args)
        const hasToken = FLOWS[connection.application].apis === 'referenceToken' && (await sessions.state(connection)).signedIn
        if (!hasToken) await sessions.signIn(connection)
      },
    }, messages),
    registerCommand('erpnet.signOut', {
      interactive: interactive(connection => sessions.signOut(connection)),
      called: args => sessions.signOut(named(connections, args)),
    }, messages),
  ]
}

/** The connection of a tree item or a link, else the selected one. */
function find(connections: Connections, argument: unknown): Connection {
  const id = isJsonObject(argument) ? textOf(argument, 'id') : undefined
  const connection = id === undefined ? connections.selected() : connections.get(id)
  if (connection === undefined) throw new ErpError('no-connection')
  return connection
}

function named(connections: Connections, args: JsonObject): Connection {
  const id = textOf(args, 'id')
  if (id === undefined) throw new ErpError('connection-invalid', { field: 'id', reason: 'missing' })
  return connections.get(id)
}
