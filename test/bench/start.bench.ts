/** What the extension costs somebody who installs it: the time that its activation takes, and its size. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { bundleEmpty } from '../vscode/host/bundles.ts'
import { EMPTY_ID, EXTENSION_ID } from '../vscode/host/ids.ts'
import { places, root } from '../vscode/host/places.ts'
import { openWorkbench } from '../vscode/host/workbench.ts'
import { median, report } from './report.ts'

const STARTS = 7
const NOTEBOOKS_ID = 'vscode.ipynb' // VS Code's own extension for notebooks, as a grown-up peer

const ids = [EMPTY_ID, NOTEBOOKS_ID, EXTENSION_ID]
const runs: Record<string, number>[] = []
const workbench = await openWorkbench({ extensions: [bundleEmpty()] })
for (let start = 0; start < STARTS; start++) {
  if (start > 0) await workbench.reload()
  // Another one is first every time, so that none of them always pays for what all share.
  const order = ids.map((_, index) => ids[(index + start) % ids.length]!)
  const run: Record<string, number> = {}
  for (const id of order) run[id] = await activationMs(id)
  runs.push(run)
}
await workbench.close()

const medianOf = (id: string) => median(runs.map(run => run[id]!))
const activation = { name: 'activation', value: medianOf(EXTENSION_ID), unit: 'ms', bound: 30 }
const notebooks = join(places.editor, 'lib/vscode/extensions/ipynb/dist/ipynbMain.node.js')
const bundles = ['extension.cjs', 'engine.cjs', 'renderer.js', 'sandbox.cjs'].map(file => kilobytes(join(root, 'dist', file)))
report('start', [
  { ...activation, peer: { name: 'an empty extension', value: medianOf(EMPTY_ID) } },
  { ...activation, peer: { name: `VS Code's ${NOTEBOOKS_ID}`, value: medianOf(NOTEBOOKS_ID) } },
  {
    name: 'start bundle', value: bundles[0]!, unit: 'kB', bound: 150,
    peer: { name: `VS Code's ${NOTEBOOKS_ID}`, value: kilobytes(notebooks) },
  },
  {
    name: 'packed extension', value: kilobytes(places.vsix), unit: 'kB', bound: 3000,
    peer: { name: 'its bundles, not compressed', value: bundles.reduce((sum, size) => sum + size, 0) },
  },
])

/** Loading and activating, as the extension host sees it, on its way from "not active" to "active". */
function activationMs(id: string): Promise<number> {
  return workbench.evaluate(async (vscode, extensionId) => {
    const extension = vscode.extensions.getExtension(extensionId)
    if (extension === undefined || extension.isActive) throw new Error(`${extensionId} is missing or active already`)
    const before = performance.now()
    await extension.activate()
    return performance.now() - before
  }, id)
}

function kilobytes(file: string): number {
  return statSync(file).size / 1000
}
