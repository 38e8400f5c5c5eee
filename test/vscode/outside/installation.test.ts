import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { EXTENSION_ID } from '../host/ids.ts'
import { places, root } from '../host/places.ts'
import { openWorkbench, type Workbench } from '../host/workbench.ts'

/** Beside what lies in the folders that are shipped whole. */
const FILES = [
  '.vsixmanifest', // VS Code's own
  'LICENSE.txt',
  'changelog.md',
  'dist/THIRD_PARTY_NOTICES.md',
  'dist/engine.cjs',
  'dist/extension.cjs',
  'dist/renderer.js',
  'dist/sandbox.cjs',
  'package.json',
  'readme.md',
]

/** The files of the extension host: what it starts with, and what is loaded when a feature is first used. */
interface Meta {
  readonly outputs: Record<string, { readonly inputs: object; readonly imports: readonly { readonly path: string; readonly kind: string }[] }>
}

const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as Meta
const later = Object.keys(outputs).filter(file => file.startsWith('dist/later/'))
/** What `extension.cjs` imports at once, and what that imports. */
const start = [...function* reach(file: string): Generator<string> {
  yield file
  for (const { path, kind } of outputs[file]?.imports ?? []) if (kind === 'import-statement' && path in outputs) yield* reach(path)
}('dist/extension.cjs')]

describe('The packed extension, installed', () => {
  let workbench: Workbench
  let installed: string

  before(async () => {
    workbench = await openWorkbench()
    installed = await workbench.evaluate((vscode, id) => vscode.extensions.getExtension(id)?.extensionPath ?? '', EXTENSION_ID)
  })

  after(() => workbench.close())

  it('holds what is needed, and nothing else', () => {
    const whole = ['l10n', 'media', 'samples'].flatMap(folder => filesIn(join(root, folder)).map(file => `${folder}/${file}`))
    const names = readdirSync(root).filter(file => /^package\.nls.*\.json$/.test(file))
    assert.deepEqual(filesIn(installed).sort(), [...FILES, ...later, ...names, ...whole].sort())
  })

  it('is smaller than 3 MB, and its start bundle than 150 kB', () => {
    assert.ok(statSync(places.vsix).size < 3_000_000)
    const size = [...new Set(start)].reduce((sum, file) => sum + statSync(join(installed, file)).size, 0)
    assert.ok(size < 150_000, `${size}`)
  })

  it('gives the sandbox at most 1.5 MB of its size', () => {
    assert.ok(deflateRawSync(readFileSync(join(installed, 'dist/sandbox.cjs'))).length < 1_500_000)
  })

  it('has notices of every library in its bundles', () => {
    const notices = readFileSync(join(installed, 'dist/THIRD_PARTY_NOTICES.md'), 'utf8')
    for (const library of ['undici', 'openid-client', 'oauth4webapi', 'oidc-provider', 'koa']) assert.match(notices, new RegExp(`^## ${library} \\d`, 'm'))
  })

  it('has no HTTP client, OpenID Connect client, reader of models or sandbox in its start bundle', () => {
    const inputs = start.flatMap(file => Object.keys(outputs[file]!.inputs))
    assert.ok(inputs.includes('src/extension/extension.ts'))
    assert.deepEqual(inputs.filter(path => /node_modules|src\/sandbox|src\/core\/model\/(xml|read)/.test(path)), [])
  })

  it('loads its start bundle alone and starts no thread when it is activated', async () => {
    const seen = await workbench.evaluate(async (vscode, id, require) => {
      const extension = vscode.extensions.getExtension(id)!
      const threads = () => (process.report.getReport() as { workers: unknown[] }).workers.length
      const before = { active: extension.isActive, threads: threads() }
      await extension.activate()
      const loaded = Object.keys(require.cache).filter(file => file.startsWith(extension.extensionPath)).sort()
      return { before, after: { active: extension.isActive, threads: threads() }, loaded }
    }, EXTENSION_ID)
    assert.deepEqual(seen, {
      before: { active: false, threads: 0 },
      after: { active: true, threads: 0 },
      loaded: [...new Set(start)].map(file => join(installed, file)).sort(),
    })
  })
})

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
