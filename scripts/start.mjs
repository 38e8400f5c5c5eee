// npm start [-- --headless]
import { parseArgs } from 'node:util'
import { ensureBrowser } from './lib/browser.mjs'
import { canDownloadDesktop, hasDesktop, hasScreen } from './lib/desktop.mjs'
import { ensureEditor } from './lib/editor.mjs'
import { ensureNode24 } from './lib/node24.mjs'
import { pack, vsix } from './lib/product.mjs'
import { main, runHere } from './lib/run.mjs'

const CTRL_C = 130 // the ordinary end of a run that lasts until somebody ends it

const { values: { headless } } = parseArgs({ options: { headless: { type: 'boolean', default: false } } })

await main(async () => {
  await pack()
  const env = { ...process.env, ERPNET_VSIX: vsix }
  const run = async (script, more) => runHere(await ensureNode24(), [`test/vscode/start/${script}.ts`], { env: { ...env, ...more } })
  if (headless) return run('headless', { ERPNET_EDITOR: await ensureEditor(), ERPNET_BROWSER: await ensureBrowser() })
  const code = await ((await useDesktop()) ? run('desktop') : run('web', { ERPNET_EDITOR: await ensureEditor() }))
  return code === CTRL_C ? 0 : code
})

/** Desktop VS Code where there is one or one can be downloaded, and a screen to see it on. */
async function useDesktop() {
  return hasScreen() && (hasDesktop() || (await canDownloadDesktop()))
}
