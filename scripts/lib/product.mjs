import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureModules } from './install.mjs'
import { root, runLogged, say } from './run.mjs'

/** The packed extension. */
export const vsix = join(root, 'erpnet-tools.vsix')

/** Bundles everything into `dist/`. */
export async function build() {
  await ensureModules()
  say('Bundling into dist/')
  await runLogged('build', process.execPath, ['esbuild.mjs'])
}

/** Bundles the sandbox alone; gives the bundle. */
export async function buildSandbox() {
  await ensureModules()
  await runLogged('build', process.execPath, ['esbuild.mjs', 'sandbox'])
  return join(root, 'dist/sandbox.cjs')
}

/** Bundles, and packs the bundles into `erpnet-tools.vsix`. */
export async function pack() {
  await build()
  say('Packing erpnet-tools.vsix')
  await rm(vsix, { force: true })
  await runLogged('package', process.execPath, [
    'node_modules/@vscode/vsce/vsce', 'package', '--no-dependencies', '--out', vsix,
    // Links in the README stay as they are: they hold in any checkout.
    '--allow-missing-repository', '--no-rewrite-relative-links',
  ])
}
