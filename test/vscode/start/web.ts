/** `npm start` where there is no desktop VS Code: the extension in VS Code in the browser, until Ctrl+C. */
import { join } from 'node:path'
import { connectBridge } from '../host/bridge/client.ts'
import { bundleBridge } from '../host/bundles.ts'
import { startDemo } from '../host/demo.ts'
import { places, temporaryFolder } from '../host/places.ts'
import { installExtensions, startServer } from '../host/server.ts'
import { addReferenceToken } from './addReferenceToken.ts'
import { guide } from './guide.ts'

const demo = await startDemo('start')
const folder = temporaryFolder()
const bridgeFile = join(folder, 'bridge.json')
const server = await startServer({
  userData: join(folder, 'data'),
  extensions: installExtensions([places.vsix], [await bundleBridge()]),
  settings: { 'erpnet.connections': [demo.native] },
  env: { ERPNET_BRIDGE: bridgeFile },
  trustedDomains: [demo.sandbox.url],
})
console.log(guide(demo, `VS Code in the browser: open ${server.origin}/?folder=${encodeURI(demo.folder)}`))
await addReferenceToken(await connectBridge(bridgeFile, Infinity), demo) // once somebody has opened the page
