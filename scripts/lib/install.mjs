import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheDir, npm, root, say } from './run.mjs'

/**
 * Makes sure that `node_modules` is there and not older than the lock file.
 * npm writes `node_modules/.package-lock.json` last, so an install that was interrupted counts as none.
 */
export async function ensureModules() {
  const installed = await changed(join(root, 'node_modules/.package-lock.json'))
  if (installed >= (await changed(join(root, 'package-lock.json')))) return
  say('Installing the packages of package-lock.json (npm ci)')
  await npm('npm-ci', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'])
}

/**
 * Makes a folder of the cache, once: it is filled under another name and renamed when it is whole.
 * @param {string} name the folder's, with the version in it
 * @param {string} told what is being installed, for people
 * @param {(dir: string) => Promise<void>} fill
 * @returns {Promise<string>} the folder
 */
export async function ensureCached(name, told, fill) {
  const target = join(cacheDir, name)
  if (existsSync(target)) return target
  say(`Installing ${told} into .cache`)
  await mkdir(cacheDir, { recursive: true })
  const partial = await mkdtemp(join(cacheDir, 'partial-'))
  try {
    await fill(partial)
    await rename(partial, target)
  } catch (error) {
    // Another command may have been quicker with the same: then its folder serves.
    if (!existsSync(target)) throw error
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
  return target
}

/** Installs one package of the npm registry, its scripts not run, into a folder of its own. */
export async function installPackage(dir, spec) {
  await writeFile(join(dir, 'package.json'), '{ "private": true }\n')
  await npm('npm-install', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', spec], { cwd: dir })
}

/** When a file was last changed, in milliseconds since 1970; 0 where there is none. */
async function changed(file) {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return 0
  }
}
