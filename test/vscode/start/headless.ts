/** `npm start -- --headless`: the tour without a screen. Prints each step, leaves pictures in `out/tour/`. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startDemo } from '../host/demo.ts'
import { root } from '../host/places.ts'
import { openWorkbench } from '../host/workbench.ts'
import { step } from './steps.ts'
import { Tour } from './tour.ts'

const pictures = join(root, 'out/tour')
rmSync(pictures, { recursive: true, force: true })

const demo = await step('Start the sandbox instance', () => startDemo('tour'))
const workbench = await step('Open VS Code with the packed extension', () => openWorkbench({
  folder: demo.folder,
  theme: 'Light Modern',
  viewport: { width: 1280, height: 800 },
  scale: 2,
  trustedDomains: [demo.sandbox.url],
}))
try {
  await new Tour({ workbench, demo, pictures }).walk()
  await step('Close VS Code, where nothing was left unhandled', () => workbench.close())
  console.log(`\nThe pictures are in ${pictures}`)
} catch (error) {
  console.log(error)
  process.exitCode = 1
  await workbench.screenshot(join(pictures, 'failed.png')).catch(() => undefined) // it may be the workbench that failed
  await workbench.close().catch(() => undefined)
}
await demo.sandbox.stop()
