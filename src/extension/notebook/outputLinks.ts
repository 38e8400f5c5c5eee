import { commands, type Disposable, notebooks } from 'vscode'
import type { OutputMessage } from '../../core/notebook/output.ts'
import { isJsonObject } from '../../core/base/json.ts'

/** What a link in an output may do; anything else that a webview posts is dropped. */
const OFFERED: ReadonlySet<unknown> = new Set([
  'erpnet.signIn', 'erpnet.connection.test', 'erpnet.connection.add', 'erpnet.trustedApplication.describe', 'erpnet.log.show',
  'erpnet.sandbox.open',
  'workbench.action.openSettings',
])

/** Runs the links of outputs. */
export function listenToOutputs(): Disposable {
  return notebooks.createRendererMessaging('erpnet-result').onDidReceiveMessage(({ message }) => {
    const action: unknown = isJsonObject(message) ? message['action' satisfies keyof OutputMessage] : undefined
    if (!isJsonObject(action) || !OFFERED.has(action['command'])) return
    const args: unknown[] = Array.isArray(action['args']) ? action['args'] : []
    // The commands show their own failures to people.
    void commands.executeCommand(String(action['command']), ...args)
  })
}
