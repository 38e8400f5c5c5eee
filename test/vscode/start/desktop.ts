/** `npm start` with desktop VS Code: the one that is installed, else the newest, downloaded. Until it is closed, or Ctrl+C. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron'
import { connectBridge } from '../host/bridge/client.ts'
import { bundleBridge } from '../host/bundles.ts'
import { startDemo } from '../host/demo.ts'
import { places, root, temporaryFolder } from '../host/places.ts'
import { layExtensions, writeSettings } from '../host/server.ts'
import { addReferenceToken } from './addReferenceToken.ts'
import { guide } from './guide.ts'

const shell = process.platform === 'win32' // `code` is a script there
const [code = 'code', ...codeArguments] = await findCode()
const demo = await startDemo('start')
const folder = temporaryFolder() // the user's own VS Code is left alone
const [userData, extensions, bridgeFile] = [join(folder, 'data'), join(folder, 'extensions'), join(folder, 'bridge.json')]
const folders = [...codeArguments, '--user-data-dir', userData, '--extensions-dir', extensions]
writeSettings(userData, { 'erpnet.connections': [demo.native] })
layExtensions(extensions, [await bundleBridge()])
const { status } = spawnSync(code, [...folders, '--install-extension', places.vsix], { shell, stdio: ['ignore', 'ignore', 'inherit'] })
if (status !== 0) throw new Error('VS Code did not install the extension')

const editor = spawn(code, [...folders, '--new-window', '--wait', '--disable-workspace-trust', demo.folder], {
  shell,
  stdio: ['ignore', 'ignore', 'inherit'],
  env: { ...process.env, ERPNET_BRIDGE: bridgeFile },
})
const closed = once(editor, 'exit')
console.log(guide(demo, 'the window that opens now'))
await Promise.race([closed, connectBridge(bridgeFile, Infinity).then(bridge => addReferenceToken(bridge, demo))])
await closed
await demo.sandbox.stop()
process.exit() // a window that was closed at once never gave the bridge

async function findCode(): Promise<string[]> {
  if (spawnSync('code', ['--version'], { shell }).status === 0) return ['code']
  const executable = await downloadAndUnzipVSCode({ version: 'stable', cachePath: join(root, '.cache/desktop') })
  return resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true })
}
