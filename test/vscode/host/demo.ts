import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startSandbox, type SandboxUnderTest } from '../../fakes/sandbox.ts'
import { root } from './places.ts'

/** An instance to try the extension on, two ways to connect to it, and a folder with notebooks. */
export interface Demo {
  readonly sandbox: SandboxUnderTest
  /** Browser sign-in: an entry of `erpnet.connections`, and also what `erpnet.connection.add` takes. */
  readonly native: Readonly<Record<string, unknown>> & { readonly id: string }
  /** By reference token: for `erpnet.connection.add` only, settings hold no secrets. */
  readonly referenceToken: Readonly<Record<string, unknown>> & { readonly id: string }
  /** The sample notebooks, copied so that they can be edited freely. */
  readonly folder: string
}

/**
 * VS Code in the browser rewrites addresses at 127.0.0.1 that it opens, to pass them through its own server;
 * another loopback address stays as it is. Only Linux has more than one.
 */
const HOST = process.platform === 'linux' ? '127.0.0.2' : '127.0.0.1'

/** @param name of the folder under `out/` */
export async function startDemo(name: string): Promise<Demo> {
  const folder = join(root, 'out', name, 'notebooks')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  cpSync(join(root, 'samples'), folder, { recursive: true })
  const sandbox = await startSandbox({ host: HOST, rows: 20_000 })
  const clientId = sandbox.applications.find(({ type }) => type === 'native')!.clientId
  const { url } = sandbox
  return {
    sandbox,
    folder,
    native: { id: 'sandbox', name: 'Sandbox', url, application: 'native', clientId, scopes: ['read'] },
    referenceToken: { id: 'sandbox-token', name: 'Sandbox (reference token)', url, application: 'referenceToken', referenceToken: sandbox.referenceToken },
  }
}
