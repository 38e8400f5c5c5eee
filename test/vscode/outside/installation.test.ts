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
    assert.deepEqual(filesIn(installed).sort(), [...FILES, ...names, ...whole].sort())
  })

  it('is smaller than 3 MB, and its start bundle than 150 kB', () => {
    assert.ok(statSync(places.vsix).size < 3_000_000)
    assert.ok(statSync(join(installed, 'dist/extension.cjs')).size < 150_000)
  })

  it('gives the sandbox at most 1.5 MB of its size', () => {
    assert.ok(deflateRawSync(readFileSync(join(installed, 'dist/sandbox.cjs'))).length < 1_500_000)
  })

  it('has notices of every library in its bundles', () => {
    const notices = readFileSync(join(installed, 'dist/THIRD_PARTY_NOTICES.md'), 'utf8')
    for (const library of ['undici', 'openid-client', 'oauth4webapi', 'oidc-provider', 'koa']) assert.match(notices, new RegExp(`^## ${library} \\d`, 'm'))
  })

  it('has no HTTP client, OpenID Connect client, reader of models or sandbox in its start bundle', () => {
    const { outputs } = JSON.parse(readFileSync(join(root, 'dist/meta.json'), 'utf8')) as { outputs: Record<string, { inputs: object }> }
    const inputs = Object.keys(outputs['dist/extension.cjs']!.inputs)
    assert.ok(inputs.includes('src/extension/extension.ts'))
    assert.deepEqual(inputs.filter(path => /node_modules|src\/sandbox|src\/core\/model\/(xml|read)/.test(path)), [])
  })

  it('loads one file and starts no thread when it is activated', async () => {
    const seen = await workbench.evaluate(async (vscode, id, require) => {
      const extension = vscode.extensions.getExtension(id)!
      const threads = () => (process.report.getReport() as { workers: unknown[] }).workers.length
      const before = { active: extension.isActive, threads: threads() }
      await extension.activate()
      const loaded = Object.keys(require.cache).filter(file => file.startsWith(extension.extensionPath))
      return { before, after: { active: extension.isActive, threads: threads() }, loaded }
    }, EXTENSION_ID)
    assert.deepEqual(seen, {
      before: { active: false, threads: 0 },
      after: { active: true, threads: 0 },
      loaded: [join(installed, 'dist/extension.cjs')],
    })
  })
})

function filesIn(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
}
