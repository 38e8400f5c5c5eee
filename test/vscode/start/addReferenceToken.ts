import type { Bridge } from '../host/bridge/client.ts'
import type { Demo } from '../host/demo.ts'

/** A reference token belongs into the secret store, so this connection comes by command and not by settings. */
export async function addReferenceToken(bridge: Pick<Bridge, 'evaluate'>, { referenceToken }: Demo): Promise<void> {
  await bridge.evaluate((vscode, connection) => vscode.commands.executeCommand('erpnet.connection.add', connection), referenceToken)
}
