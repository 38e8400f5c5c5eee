import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { runLogged, say, StepError } from './run.mjs'

/** Debian and its kin. */
export function onDebian() {
  return existsSync('/usr/bin/apt-get')
}

/** Packages are installed without asking only where nobody sits in front of the machine, or as root. */
export function mayInstall() {
  return process.getuid() === 0 || process.env.CI === 'true'
}

/**
 * Makes sure that Debian packages are there.
 * @param {string[]} packages
 * @throws {StepError} naming them, where they may not be installed
 */
export async function ensureInstalled(packages) {
  const missing = packages.filter(isMissing)
  if (missing.length === 0) return
  if (!mayInstall()) {
    throw new StepError(`Debian packages are missing; install them and run this again:\n  sudo apt-get install ${missing.join(' ')}`)
  }
  say(`Installing Debian packages: ${missing.join(' ')}`)
  const sudo = process.getuid() === 0 ? [] : ['sudo']
  const [command, ...before] = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get']
  await runLogged('apt-get', command, [...before, 'update'])
  await runLogged('apt-get', command, [...before, 'install', '-y', '--no-install-recommends', ...missing])
}

function isMissing(name) {
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', '${db:Status-Status}', name], { encoding: 'utf8' })
  return stdout !== 'installed'
}
