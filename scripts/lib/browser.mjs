import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ensureInstalled, mayInstall, onDebian } from './debian.mjs'
import { StepError } from './run.mjs'

/** Names on the PATH, the best first. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].flatMap(path =>
    [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
      .filter(base => base !== undefined)
      .map(base => join(base, path))),
}

/** Good letters in the pictures, Cyrillic ones too. */
const FONTS = ['fonts-inter', 'fonts-noto-core']

/**
 * A browser of Chromium's family that tests can drive; on Debian installed with its fonts where we may.
 * @returns {Promise<string>} the program's path
 */
export async function ensureBrowser() {
  if (onDebian()) await ensureDebianPackages()
  const browser = findBrowser()
  if (browser === undefined) throw new StepError('No browser found: install Chromium, Google Chrome or Microsoft Edge.')
  return browser
}

async function ensureDebianPackages() {
  const browser = findBrowser() === undefined ? ['chromium'] : []
  // Fonts alone are no reason to stop: without them only the pictures look worse.
  if (browser.length > 0 || mayInstall()) await ensureInstalled([...browser, ...FONTS])
}

function findBrowser() {
  const onPath = (process.env.PATH ?? '').split(delimiter)
  const candidates = [...PROGRAMS.flatMap(name => onPath.map(dir => join(dir, name))), ...(PLACES[process.platform] ?? [])]
  return candidates.find(path => existsSync(path))
}
