import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import ts from 'typescript'

/**
 * Who may import whom (ARCHITECTURE.md, "Rooms"): a file may import from its own room and from the rooms named here.
 * The room of a file is the longest of these names that its path begins with.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'core/base': [],
  'core/instance': ['core/base'],
  'core/auth': ['core/base', 'core/instance'],
  'core/model': ['core/base', 'core/instance'],
  'core/codegen': ['core/base', 'core/model'],
  'core/query': ['core/base', 'core/instance', 'core/auth', 'core/model'],
  'core/plan': ['core/base', 'core/instance', 'core/auth', 'core/model', 'core/query'],
  'core/execute': ['core/base', 'core/instance', 'core/auth', 'core/model', 'core/query', 'core/plan'],
  'core/notebook': ['core/base', 'core/instance', 'core/auth', 'core/model', 'core/query', 'core/plan', 'core/execute'],
  node: ['core'],
  renderer: ['core'],
  sandbox: ['core/base'],
  'extension/platform': ['core', 'node'],
  'extension/application': ['core', 'node', 'extension/platform'],
  'extension/compare': ['core', 'node', 'extension/platform'],
  'extension/connections': ['core', 'node', 'extension/platform'],
  'extension/entity': ['core', 'node', 'extension/platform'],
  'extension/model': ['core', 'node', 'extension/platform'],
  'extension/notebook': ['core', 'node', 'extension/platform'],
  'extension/query': ['core', 'node', 'extension/platform'],
  'extension/sandbox': ['core', 'node', 'extension/platform'],
  'extension/signIn': ['core', 'node', 'extension/platform'],
  extension: ['core', 'node', 'extension'],
}

/** Packages that a room may import; `node:` stands for all of Node. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  node: ['node:', 'undici', 'openid-client'],
  sandbox: ['node:', 'oidc-provider'],
  renderer: ['vscode-notebook-renderer'],
  extension: ['node:', 'vscode'],
}

const SOURCE = join(import.meta.dirname, '../../src')

describe('the house', () => {
  const files = globSync('**/*.ts', { cwd: SOURCE }).map(file => file.split(sep).join('/'))

  it('has a room for every file', () => {
    assert.ok(files.length > 20)
    assert.deepEqual(files.filter(file => roomOf(file) === undefined), [])
  })

  it('is imported in the right directions only', () => {
    const wrong = files.flatMap(file => importsOf(file).filter(target => !allowed(file, target)).map(target => `${file} imports ${target}`))
    assert.deepEqual(wrong, [])
  })

  it('has no cycles', () => {
    const graph = new Map(files.map(file => [file, importsOf(file).filter(target => target.endsWith('.ts'))]))
    assert.deepEqual([...graph.keys()].filter(file => reaches(graph, file, file)), [])
  })

  it('refuses a wrong import', () => {
    const wrong: [string, string][] = [
      ['core/base/errors.ts', 'core/model/table.ts'],
      ['core/query/cell.ts', 'core/plan/plan.ts'],
      ['core/base/errors.ts', 'node:fs'],
      ['core/base/errors.ts', 'vscode'],
      ['node/http.ts', 'vscode'],
      ['node/http.ts', 'extension/extension.ts'],
      ['sandbox/main.ts', 'core/query/cell.ts'],
      ['extension/model/view.ts', 'extension/query/runner.ts'],
      ['extension/model/view.ts', 'undici'],
      ['renderer/main.ts', 'vscode'],
    ]
    assert.deepEqual(wrong.filter(([file, target]) => allowed(file, target)), [])
  })
})

function roomOf(file: string): string | undefined {
  const candidates = Object.keys(ROOMS).filter(room => file.startsWith(`${room}/`))
  return candidates.sort((a, b) => b.length - a.length)[0]
}

function allowed(file: string, target: string): boolean {
  const room = roomOf(file)
  if (room === undefined) return false
  if (!target.endsWith('.ts')) {
    const [top = ''] = room.split('/')
    return (PACKAGES[top] ?? []).some(name => target === name || (name.endsWith(':') && target.startsWith(name)))
  }
  return roomOf(target) === room || (ROOMS[room] ?? []).some(other => target.startsWith(`${other}/`))
}

/** Files as paths below `src`, packages by name; type imports and dynamic ones count too. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(SOURCE, file), 'utf8'), true, true)
  return importedFiles.map(({ fileName }) => fileName.startsWith('.')
    ? relative(SOURCE, join(SOURCE, dirname(file), fileName)).split(sep).join('/')
    : fileName)
}

function reaches(graph: ReadonlyMap<string, readonly string[]>, from: string, goal: string): boolean {
  const seen = new Set<string>()
  const open = [...(graph.get(from) ?? [])]
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (file === goal) return true
    if (seen.has(file)) continue
    seen.add(file)
    open.push(...(graph.get(file) ?? []))
  }
  return false
}
