import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '../..')

describe('translations', () => {
  const used = globSync('src/extension/**/*.ts', { cwd: ROOT }).flatMap(translatedTexts)
  const bulgarian = readJson('l10n/bundle.l10n.bg.json')

  it('has Bulgarian for every text of the shell, and for no other', () => {
    assert.ok(used.length > 50)
    assert.deepEqual(used.filter(text => bulgarian[text] === undefined), [], 'missing in l10n/bundle.l10n.bg.json')
    assert.deepEqual(Object.keys(bulgarian).filter(text => !used.includes(text)), [], 'no longer used')
  })

  it('keeps the placeholders', () => {
    const differing = Object.entries(bulgarian).filter(([english, text]) => placeholders(english) !== placeholders(text))
    assert.deepEqual(differing, [])
  })

  it('has the texts of the manifest in both languages, and no others', () => {
    const manifest = readFileSync(join(ROOT, 'package.json'), 'utf8')
    const keys = [...new Set([...manifest.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key))].sort()
    assert.deepEqual(Object.keys(readJson('package.nls.json')).sort(), keys)
    assert.deepEqual(Object.keys(readJson('package.nls.bg.json')).sort(), keys)
  })
})

/** The first arguments of all calls of `l10n.t`, which must be literals so that they can be found. */
function translatedTexts(file: string): string[] {
  const texts: string[] = []
  const source = ts.createSourceFile(file, readFileSync(join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest)
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText(source))) {
      const [text] = node.arguments
      assert.ok(text !== undefined && ts.isStringLiteralLike(text), `${file}: l10n.t wants a literal, not ${text?.getText(source) ?? 'nothing'}`)
      texts.push(text.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return texts
}

function readJson(file: string): Record<string, string> {
  return JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as Record<string, string>
}

function placeholders(text: string): string {
  return [...new Set(text.match(/\{\d+\}/g))].sort().join(' ')
}
