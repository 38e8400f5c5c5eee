/** One window of the editor as a process of its own: what runs in its extension host of the sign-in. See `windows.ts`. */
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { SecretStore } from '../../src/core/base/effects.ts'
import { asErpError, ErpError } from '../../src/core/base/errors.ts'

import { Sessions } from '../../src/extension/signIn/sessions.ts'
import { Engine } from '../../src/node/engine/client.ts'
import { FileLock } from '../../src/node/fileLock.ts'
import { Person } from './person.ts'
import type { FromWindow, SecretCall, ToWindow, WindowCall, WindowSetting } from './windows.ts'

const setting = JSON.parse(process.argv[2] ?? '{}') as WindowSetting
const { connection, user, ports, locks } = setting
const answers = new Map<number, (value: string | undefined) => void>()
const emitter = new EventEmitter()
let lastId = 0

const secrets: SecretStore = {
  get: key => ask({ what: 'get', key }),
  store: async (key, value) => { await ask({ what: 'store', key, value }) },
  delete: async key => { await ask({ what: 'delete', key }) },
}
const sessions = new Sessions({
  engine: new Engine({ script: join(import.meta.dirname, '../../src/node/engine/worker.ts') }),
  secrets,
  ui: new Person({ ports, user }),
  clock: Date,
  lock: new FileLock(locks),
  changes: {
    event: listener => {
      emitter.on('change', listener)
      return { dispose: () => emitter.off('change', listener) }
    },
    fire: change => {
      emitter.emit('change', change)
      tell({ change: change.what })
    },
  },
})

const CALLS: Readonly<Record<WindowCall['call'], (refused?: string) => Promise<unknown>>> = {
  signIn: () => sessions.signIn(connection),
  signOut: () => sessions.signOut(connection),
  state: () => sessions.state(connection),
  access: async refused => (await sessions.access(connection, { refused })).token,
}

process.on('message', (message: ToWindow) => {
  if ('changed' in message) void sessions.secretChanged(message.changed, [connection])
  else if ('answer' in message) answers.get(message.answer)?.(message.value)
  else void run(message)
})
process.once('disconnect', () => process.exit(0))

async function run({ id, call, refused }: WindowCall): Promise<void> {
  try {
    tell({ done: id, result: await CALLS[call](refused) })
  } catch (error) {
    tell({ done: id, failure: asErpError(error).code })
  }
}

function ask(call: SecretCall): Promise<string | undefined> {
  const id = ++lastId
  const answer = new Promise<string | undefined>(resolve => answers.set(id, resolve))
  tell({ secret: id, ...call })
  return answer
}

function tell(message: FromWindow): void {
  if (process.send === undefined) throw new ErpError('internal', { reason: 'a window runs as a child only' })
  process.send(message)
}

