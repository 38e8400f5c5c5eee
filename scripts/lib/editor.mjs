import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureCached, installPackage } from './install.mjs'
import { npm, StepError } from './run.mjs'

const VERSION = '4.139.1' // of code-server; VS Code 1.139.1

/** A third of a gigabyte that no test needs. */
const SUPERFLUOUS = ['node_modules/@github', 'node_modules/@microsoft/mxc-sdk', 'extensions/copilot']

/**
 * VS Code in the browser: the real workbench and extension host, from the npm registry alone.
 * Nothing is compiled; what lacks without it is the log channels' output (`@vscode/spdlog`).
 * @returns {Promise<string>} the folder of the package `code-server`
 */
export async function ensureEditor() {
  if (process.platform === 'win32') {
    throw new StepError('VS Code in the browser (code-server) does not run on Windows itself: run this inside WSL.')
  }
  const dir = await ensureCached(`code-server-${VERSION}`, `VS Code in the browser (code-server ${VERSION})`, fill)
  return packageIn(dir)
}

async function fill(dir) {
  await installPackage(dir, `code-server@${VERSION}`)
  const vscode = join(packageIn(dir), 'lib/vscode')
  // What its install script would do, less the compiling; `npm ci` refuses its shrinkwrap files.
  for (const part of [vscode, join(vscode, 'extensions')]) {
    await npm('npm-install', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: part })
  }
  await Promise.all(SUPERFLUOUS.map(path => rm(join(vscode, path), { recursive: true, force: true })))
}

function packageIn(dir) {
  return join(dir, 'node_modules/code-server')
}
