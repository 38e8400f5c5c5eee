/**
 * Runs the tests of `test/vscode/inside` in an extension host, in desktop VS Code or in the browser
 * (`ERPNET_TEST_HOST`): node inside.ts [--grep TEXT] [--forbid-only]
 */
import { closeSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startSandbox } from '../../fakes/sandbox.ts'
import { bundleInside } from './bundles.ts'
import { insideDesktop } from './insideDesktop.ts'
import { insideWeb } from './insideWeb.ts'
import { writeInsideRun } from './insideRun.ts'
import { temporaryFolder } from './places.ts'

const LOOK_MS = 100

const { values } = parseArgs({ options: { 'grep': { type: 'string' }, 'forbid-only': { type: 'boolean', default: false } } })
const folder = temporaryFolder()
const output = join(folder, 'output.txt')
const workspace = join(folder, 'workspace')
mkdirSync(workspace)
writeFileSync(output, '')

const host = process.env['ERPNET_TEST_HOST'] === 'desktop' ? insideDesktop : insideWeb
const unfollow = follow(output)
const sandbox = await startSandbox()
try {
  await host({
    ...await bundleInside(),
    workspace,
    env: writeInsideRun({
      output,
      forbidOnly: values['forbid-only'],
      sandbox,
      ...(values.grep === undefined ? {} : { grep: values.grep }),
    }),
  })
} catch (error) {
  process.exitCode = 1
  console.log(error instanceof Error ? error.message : error)
} finally {
  unfollow()
  await sandbox.stop()
}

/** Prints what is added to a file; gives what prints the rest and ends it. */
function follow(file: string): () => void {
  const descriptor = openSync(file, 'r')
  const buffer = Buffer.alloc(65_536)
  const print = () => {
    for (let read = readSync(descriptor, buffer); read > 0; read = readSync(descriptor, buffer)) process.stdout.write(buffer.subarray(0, read))
  }
  const timer = setInterval(print, LOOK_MS)
  return () => {
    clearInterval(timer)
    print()
    closeSync(descriptor)
  }
}
