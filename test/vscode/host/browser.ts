import { chromium, type BrowserContext } from 'playwright-core'
import { places } from './places.ts'

const ARGUMENTS = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking']

export interface BrowserOptions {
  /** In CSS pixels. */
  readonly viewport?: { readonly width: number, readonly height: number }
  /** Dots per CSS pixel; 2 for pictures. */
  readonly scale?: number
}

/**
 * Starts Chromium; closing the context ends it.
 * @param profile folder of the browser's storage, with it the workbench's secrets
 */
export function launchBrowser(profile: string, { viewport, scale }: BrowserOptions = {}): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, {
    executablePath: places.browser,
    args: ARGUMENTS,
    viewport: viewport ?? { width: 1400, height: 900 },
    deviceScaleFactor: scale ?? 1,
  })
}

export interface PageAddress {
  /** A folder to open, as an absolute path. */
  readonly folder?: string
  /** Loaded from its folder, as when one develops it. */
  readonly developmentPath?: string
  /** The module whose `run()` is the test run. */
  readonly testsPath?: string
}

/** The workbench's address. */
export function workbenchUrl(origin: string, { folder, developmentPath, testsPath }: PageAddress): string {
  const remote = (path: string) => `vscode-remote://${new URL(origin).host}${path}`
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(developmentPath === undefined ? [] : [['extensionDevelopmentPath', remote(developmentPath)]]),
    ...(testsPath === undefined ? [] : [['extensionTestsPath', remote(testsPath)]]),
  ]
  const url = new URL(origin)
  url.searchParams.set(folder === undefined ? 'ew' : 'folder', folder ?? 'true')
  url.searchParams.set('payload', JSON.stringify(payload))
  return url.href
}

/** Tells the pages' extensions to speak a language; the workbench itself stays English without its language pack. */
export async function setLanguage(context: BrowserContext, language: string): Promise<void> {
  await context.addInitScript(`Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => ${JSON.stringify(language)}, set: () => undefined })`)
}

/**
 * Lets extensions use accounts without the consent dialog, which tests inside the extension host cannot answer.
 * The workbench's configuration is changed as the page reads it: a document that Playwright serves itself
 * loses its web socket.
 */
export async function allowAccounts(context: BrowserContext, extensionIds: readonly string[]): Promise<void> {
  await context.addInitScript(`{
    const read = Element.prototype.getAttribute
    Element.prototype.getAttribute = function (name) {
      const value = read.call(this, name)
      if (name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value
      const configuration = JSON.parse(value)
      configuration.productConfiguration = { ...configuration.productConfiguration, trustedExtensionAuthAccess: ${JSON.stringify(extensionIds)} }
      return JSON.stringify(configuration)
    }
  }`)
}
