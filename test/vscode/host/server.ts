import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { places, temporaryFolder } from './places.ts'
import { startGroup } from './processes.ts'
import { settings as quietSettings } from './settings.ts'

const START_MS = 30_000

export interface ServerOptions {
  /** Settings, memory and secrets of the user; made when it isn't there. */
  readonly userData: string
  /** Where `installExtensions` put them. */
  readonly extensions: string
  /** User settings beside the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>
  /** What the extension host finds in its environment. */
  readonly env?: NodeJS.ProcessEnv
  /** A fixed one keeps the page's origin, and with it the browser's storage; else any that is free. */
  readonly port?: number
  /** Lets the extension host end the run (`codeAutomationExit`); no toasts are shown then. */
  readonly smokeDriver?: boolean
  /** Addresses that may be opened without a question. */
  readonly trustedDomains?: readonly string[]
}

export interface Server {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly stop: () => Promise<void>
}

/**
 * Starts VS Code in the browser: code-server by its outer entry, which keeps secrets and serves `/proxy/PORT/`.
 * Every server has folders of its own and shares nothing with the machine's VS Code.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  writeSettings(options.userData, options.settings)
  const server = startGroup(process.execPath, [
    ...entry(options.userData, options.extensions),
    '--auth', 'none', '--bind-addr', `127.0.0.1:${options.port ?? 0}`,
    '--disable-update-check', '--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened',
    ...(options.trustedDomains ?? []).flatMap(domain => ['--link-protection-trusted-domains', domain]),
    ...(options.smokeDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ], { ...environment(), ...options.env })
  return new Promise((done, fail) => {
    const giveUp = (reason: string) => {
      void server.stop()
      fail(new Error(`VS Code in the browser ${reason}:\n${server.output()}`))
    }
    const timeout = setTimeout(() => giveUp('did not start'), START_MS)
    const exited = () => giveUp('ended at its start')
    server.child.once('exit', exited)
    server.child.stdout?.on('data', () => {
      const origin = /HTTP server listening on (http:\S+?)\/?\s/.exec(server.output())?.[1]
      if (origin === undefined) return
      clearTimeout(timeout)
      server.child.off('exit', exited)
      done({ origin, stop: server.stop })
    })
  })
}

/**
 * Makes a folder of installed extensions.
 * @param packed `.vsix` files, installed as a user does it
 * @param unpacked folders of extensions that are merely laid there
 */
export function installExtensions(packed: readonly string[], unpacked: readonly string[] = []): string {
  const folder = temporaryFolder()
  const extensions = join(folder, 'extensions')
  layExtensions(extensions, unpacked)
  const install = [...entry(join(folder, 'data'), extensions), '--force', ...packed.flatMap(file => ['--install-extension', file])]
  execFileSync(process.execPath, install, { env: environment(), stdio: 'pipe' })
  return extensions
}

/**
 * Lays unpacked extensions into a folder that has none yet: VS Code takes stock of it
 * when it installs the first packed one, and overlooks what is laid there later.
 */
export function layExtensions(extensions: string, unpacked: readonly string[]): void {
  for (const source of unpacked) {
    const { publisher, name, version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Record<string, string>
    cpSync(source, join(extensions, `${publisher}.${name}-${version}`), { recursive: true })
  }
}

function entry(userData: string, extensions: string): string[] {
  mkdirSync(userData, { recursive: true })
  const config = join(userData, 'config.yaml') // else it writes one into the user's home
  writeFileSync(config, '')
  return [join(places.editor, 'out/node/entry.js'), '--config', config, '--user-data-dir', userData, '--extensions-dir', extensions, '--disable-telemetry']
}

/** No extension gallery is asked, and a VS Code that we may have been started from is not meant. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, EXTENSIONS_GALLERY: '{}', VSCODE_IPC_HOOK_CLI: undefined }
}

/** Writes the user's settings before the start: the quiet ones, and more. */
export function writeSettings(userData: string, more: Readonly<Record<string, unknown>> = {}): void {
  const folder = join(userData, 'User')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, ...more }, null, 2))
}
