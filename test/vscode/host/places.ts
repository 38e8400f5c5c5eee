import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from './processes.ts'

/** The repository's root. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What the launcher scripts (`scripts/`) have prepared, and told in the environment. */
export const places = {
  /** The folder of the package `code-server`. */
  get editor() { return told('ERPNET_EDITOR') },
  /** A browser of Chromium's family. */
  get browser() { return told('ERPNET_BROWSER') },
  /** The packed extension. */
  get vsix() { return told('ERPNET_VSIX') },
}

/** A new folder that is gone when this process is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erpnet-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

function told(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run this through npm, for example npm run test:vscode`)
  return value
}
