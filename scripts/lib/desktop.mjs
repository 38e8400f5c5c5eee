import { spawnSync } from 'node:child_process'
import { ensureInstalled, onDebian } from './debian.mjs'

const DOWNLOADS = 'https://update.code.visualstudio.com/api/releases/stable'
const PROBE_MS = 3000

/** Can desktop VS Code be downloaded from here? */
export async function canDownloadDesktop() {
  try {
    return (await fetch(DOWNLOADS, { signal: AbortSignal.timeout(PROBE_MS) })).ok
  } catch {
    return false
  }
}

/** Is VS Code installed here, with its command on the PATH? */
export function hasDesktop() {
  return spawnSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0
}

/** Only Linux may have none. */
export function hasScreen() {
  return process.platform !== 'linux' || 'DISPLAY' in process.env || 'WAYLAND_DISPLAY' in process.env
}

/**
 * A program as a command line that has a screen: where there is none, through `xvfb-run`.
 * @param {string} program
 * @returns {Promise<string[]>}
 */
export async function onScreen(program) {
  if (hasScreen()) return [program]
  if (onDebian()) await ensureInstalled(['xvfb', 'xauth'])
  return ['xvfb-run', '-a', program]
}
