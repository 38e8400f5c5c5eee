import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BrowserContext, FrameLocator, Page } from 'playwright-core'
import { type Bridge, connectBridge, type Evaluate, type InEditor } from './bridge/client.ts'
import { launchBrowser, setLanguage, workbenchUrl, type BrowserOptions } from './browser.ts'
import { bundleBridge } from './bundles.ts'
import { places, temporaryFolder } from './places.ts'
import { installExtensions, startServer, type Server } from './server.ts'

const READY_MS = 60_000

/** The themes that pictures are taken in, and the workbench's class that tells that one is on. */
const THEMES = { 'Light Modern': 'vs', 'Dark Modern': 'vs-dark', 'Default High Contrast': 'hc-black', 'Default High Contrast Light': 'hc-light' }

export type Theme = keyof typeof THEMES

/** Those of pictures, by the names that they have there. */
const PICTURED: Readonly<Record<string, Theme>> = { dark: 'Dark Modern', contrast: 'Default High Contrast', light: 'Light Modern' }

export interface WorkbenchOptions extends Pick<BrowserOptions, 'viewport' | 'scale'> {
  /** User settings beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly theme?: Theme
  /** The one that extensions speak; English when not said. */
  readonly language?: string
  /** A folder to open, as an absolute path; without it an empty window. */
  readonly folder?: string
  /** Addresses that may be opened without a question. */
  readonly trustedDomains?: readonly string[]
  /** Settings, secrets and the browser's storage are kept in this folder, for a later workbench to go on with. */
  readonly profile?: string
  /** Folders of more extensions, beside ours. */
  readonly extensions?: readonly string[]
  /** What the extension host finds in its environment. */
  readonly env?: Readonly<Record<string, string>>
}

/** One window of VS Code, with a hand inside. */
export interface Window {
  readonly page: Page
  /** Runs a function in the extension host: see `InEditor`. */
  readonly evaluate: Evaluate
  /** The document with the outputs of all cells; their order in it is not the cells' order. */
  readonly notebookOutput: () => FrameLocator
  readonly reload: () => Promise<void>
  /**
   * Ends it.
   * @throws when its extension host died on the way, or left a promise's failure unhandled
   */
  readonly close: () => Promise<void>
}

/** A real VS Code with the packed extension installed, in a real browser. */
export interface Workbench extends Window {
  /** Its other pages are what the extension opened in the browser, and other windows. */
  readonly context: BrowserContext
  /** Opens another window of the same VS Code. */
  readonly openWindow: () => Promise<Window>
  readonly setTheme: (theme: Theme) => Promise<void>
  /** Does something in each theme that pictures are taken in. */
  readonly inThemes: (action: (name: string) => Promise<unknown>) => Promise<void>
  /** @param file where the picture goes */
  readonly screenshot: (file: string) => Promise<void>
}

/** Opens VS Code; the workbench is there, and the bridge inside answers. */
export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const profile = options.profile ?? temporaryFolder()
  const bridgeFile = join(temporaryFolder(), 'bridge.json')
  const server = await start(profile, bridgeFile, options)
  const context = await launchBrowser(join(profile, 'browser'), options)
  if (options.language !== undefined) await setLanguage(context, options.language)
  const page = context.pages()[0] ?? await context.newPage()
  await page.goto(workbenchUrl(server.origin, options))
  await ready(page)
  const bridge = await connectBridge(bridgeFile)
  const setTheme = async (theme: Theme): Promise<void> => {
    await bridge.evaluate(setColorTheme, theme)
    await page.locator(`.monaco-workbench.${THEMES[theme]}`).waitFor()
  }

  return {
    ...windowOf(page, bridge, bridgeFile),
    context,
    openWindow: async () => {
      await rm(bridgeFile) // the next one to write it is the other window's
      const other = await context.newPage()
      await other.goto(workbenchUrl(server.origin, options))
      await ready(other)
      const otherBridge = await connectBridge(bridgeFile)
      return {
        ...windowOf(other, otherBridge, bridgeFile),
        close: () => otherBridge.verify().finally(() => other.close({ runBeforeUnload: true })),
      }
    },
    setTheme,
    inThemes: async action => {
      for (const [name, theme] of Object.entries(PICTURED)) {
        await setTheme(theme)
        await action(name)
      }
    },
    screenshot: async file => {
      await mkdir(dirname(file), { recursive: true })
      await page.screenshot({ path: file })
    },
    close: async () => {
      try {
        await bridge.verify()
      } finally {
        await context.close()
        await server.stop()
      }
    },
  }
}

function windowOf(page: Page, bridge: Bridge, bridgeFile: string): Omit<Window, 'close'> {
  return {
    page,
    evaluate: bridge.evaluate,
    notebookOutput: () => page.frameLocator('iframe.webview[src*="purpose=notebookRenderer"]').frameLocator('#active-frame'),
    reload: async () => {
      await bridge.verify()
      await rm(bridgeFile, { force: true }) // the next one to write it is this window's
      await page.reload()
      await ready(page)
      await bridge.reconnect()
    },
  }
}

/** A profile is bound to the page's origin, so a workbench that goes on with one takes the same port. */
async function start(profile: string, bridgeFile: string, options: WorkbenchOptions): Promise<Server> {
  const portFile = join(profile, 'port')
  const server = await startServer({
    userData: join(profile, 'data'),
    extensions: installExtensions([places.vsix], [await bundleBridge(), ...(options.extensions ?? [])]),
    settings: { 'workbench.colorTheme': options.theme ?? 'Dark Modern', ...options.settings },
    env: { ...options.env, ERPNET_BRIDGE: bridgeFile },
    ...(existsSync(portFile) ? { port: Number(readFileSync(portFile, 'utf8')) } : {}),
    ...(options.trustedDomains === undefined ? {} : { trustedDomains: options.trustedDomains }),
  })
  writeFileSync(portFile, new URL(server.origin).port)
  return server
}

function ready(page: Page): Promise<void> {
  return page.locator('.monaco-workbench').waitFor({ timeout: READY_MS })
}

const setColorTheme: InEditor<string, void> = async (vscode, theme) => {
  await vscode.workspace.getConfiguration('workbench').update('colorTheme', theme, vscode.ConfigurationTarget.Global)
}
