import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { InsideHost } from './insideRun.ts'
import { root } from './places.ts'

const target = { platform: 'node', format: 'cjs', target: 'node22', bundle: true, logLevel: 'warning', logOverride: { 'empty-import-meta': 'silent' } } as const
const made = join(root, 'out/vscode') // inside the repository, so that `mocha` is found from there

/** Makes the bridge extension; gives its folder. */
export async function bundleBridge(): Promise<string> {
  const folder = join(made, 'bridge')
  writeManifest(folder, 'bridge', { main: './extension.cjs', extensionKind: ['workspace'], activationEvents: ['onStartupFinished'] })
  await build({
    ...target,
    entryPoints: [join(root, 'test/vscode/host/bridge/extension.ts')],
    outfile: join(folder, 'extension.cjs'),
    external: ['vscode'],
  })
  return folder
}

/** Makes an extension that does nothing; gives its folder. */
export function bundleEmpty(): string {
  const folder = join(made, 'empty')
  writeManifest(folder, 'empty', { main: './extension.cjs', extensionKind: ['workspace'], activationEvents: [] })
  writeFileSync(join(folder, 'extension.cjs'), 'exports.activate = () => undefined\n')
  return folder
}

/**
 * Makes an extension whose command `erpnet-test.keyring.lock` locks the editor's secret store: from then on it keeps nothing
 * for any extension of the window, as on a machine without a keyring.
 */
export function bundleKeyring(): string {
  const folder = join(made, 'keyring')
  const command = 'erpnet-test.keyring.lock'
  writeManifest(folder, 'keyring', { main: './extension.cjs', extensionKind: ['workspace'], activationEvents: [`onCommand:${command}`] })
  writeFileSync(join(folder, 'extension.cjs'), `exports.activate = ({ secrets, subscriptions }) => {
    const lock = () => { Object.getPrototypeOf(secrets).store = () => Promise.reject(new Error('no keyring')) }
    subscriptions.push(require('vscode').commands.registerCommand('${command}', lock))
  }\n`)
  return folder
}

/** Bundles `test/vscode/inside/*.test.ts`, each into a file of its own, and what runs them. */
export async function bundleInside(): Promise<Pick<InsideHost, 'developmentPath' | 'testsPath'>> {
  const folder = join(made, 'inside')
  rmSync(folder, { recursive: true, force: true }) // tests that were renamed or removed
  await build({
    ...target,
    entryPoints: globSync('test/vscode/inside/**/*.test.ts', { cwd: root }).map(file => join(root, file)),
    outdir: join(folder, 'tests'),
    outExtension: { '.js': '.cjs' },
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  })
  const testsPath = join(folder, 'runner.cjs')
  await build({ ...target, entryPoints: [join(root, 'test/vscode/host/runner.ts')], outfile: testsPath, external: ['vscode', 'mocha'] })
  return { developmentPath: bundleEmpty(), testsPath }
}

function writeManifest(folder: string, name: string, manifest: object): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({
    name, publisher: 'erpnet-test', version: '0.0.1', engines: { vscode: '^1.116.0' }, ...manifest,
  }))
}
