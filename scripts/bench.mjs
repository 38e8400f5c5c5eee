// npm run bench [-- NAME]
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from './lib/browser.mjs'
import { ensureEditor } from './lib/editor.mjs'
import { ensureNode24 } from './lib/node24.mjs'
import { pack, vsix } from './lib/product.mjs'
import { main, root, runHere, StepError } from './lib/run.mjs'

const ENDING = '.bench.ts'

/** Those that measure in a real VS Code; the others need nothing but Node. */
const IN_EDITOR = ['start']

await main(async () => {
  const there = readdirSync(join(root, 'test/bench')).filter(file => file.endsWith(ENDING)).map(file => file.slice(0, -ENDING.length))
  const asked = process.argv.slice(2)
  const unknown = asked.find(name => !there.includes(name))
  if (unknown !== undefined) throw new StepError(`No benchmark is called "${unknown}"; there are: ${there.join(', ')}`)
  const codes = []
  for (const name of asked.length > 0 ? asked : there) codes.push(await bench(name))
  return Math.max(...codes)
})

async function bench(name) {
  await pack()
  const env = IN_EDITOR.includes(name) ? { ERPNET_VSIX: vsix, ERPNET_EDITOR: await ensureEditor(), ERPNET_BROWSER: await ensureBrowser() } : {}
  return runHere(await ensureNode24(), [`test/bench/${name}${ENDING}`], { env: { ...process.env, ...env } })
}
