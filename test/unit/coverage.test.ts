import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

import { FAULTS } from '../../src/sandbox/faults/list.ts'
import { QUIRKS } from '../../src/sandbox/quirks.ts'

const ROOT = join(import.meta.dirname, '../..')

/** How many statements at least the tables hold, so that none gets lost unseen. */
const LEAST = 300

/** A row of a table below "Coverage": what ERP.net does, and the tests that prove it of the sandbox. */
interface Row {
  readonly section: string
  readonly statement: string
  readonly proofs: readonly Proof[]
}

interface Proof {
  /** Without its folder and `.test.ts`. */
  readonly file: string
  readonly words: string
}

describe('the README of the sandbox', () => {
  const readme = readFileSync(join(ROOT, 'src/sandbox/README.md'), 'utf8')
  const rows = readCoverage(readme)

  it(`covers at least ${LEAST} statements, none of them twice`, () => {
    assert.ok(rows.length >= LEAST, `${rows.length} rows`)
    const statements = rows.map(({ section, statement }) => `${section}: ${statement}`)
    assert.deepEqual(statements.filter((one, index) => statements.indexOf(one) !== index), [])
  })

  it('names tests that there are', function () {
    this.timeout(60_000)
    const titles = titlesByFile()
    assert.ok(titles.size > 5)
    assert.deepEqual(rows.flatMap(row => complaints(row, titles)), [])
  })

  it('finds rows without a test', () => {
    const titles = new Map([['sandbox-x', ['sandbox: x answers | well']]])
    const table = (cell: string) => readCoverage(`## Coverage\n### S\n| a | test |\n| --- | --- |\n| one | ${cell} |\n`)
    const found = (cell: string) => table(cell).flatMap(row => complaints(row, titles))
    assert.deepEqual(found('`sandbox-x`: x answers; `sandbox-x`: answers \\| well'), [])
    assert.deepEqual(found('`sandbox-x`: x asks'), ['S: one: no test of sandbox-x is called "x asks"'])
    assert.deepEqual(found('`sandbox-x`: x answers; `sandbox-y`: x'), ['S: one: there is no test/wire/sandbox-y.test.ts'])
    assert.deepEqual(found(''), ['S: one: names no test'])
    assert.deepEqual(found('`sandbox-x`'), ['S: one: names no test'])
  })

  it('has every fault in its table of faults', () => {
    const faults = rows.filter(({ section }) => section === 'Faults').map(({ statement }) => statement).join()
    assert.deepEqual(Object.keys(FAULTS).filter(name => !faults.includes(`\`${name}\``)), [])
  })

  it('lists every quirk with its usual value and what it does', () => {
    const wanted = Object.entries(QUIRKS).map(([name, { value, about }]) => `| \`${name}\` | \`${value}\` | ${about} |`)
    const [, table = ''] = readme.split('## Quirks and faults')
    const listed = table.split('\n## ')[0]?.split('\n').filter(line => line.startsWith('| `'))
    assert.deepEqual(listed, wanted)
  })
})

function readCoverage(readme: string): readonly Row[] {
  const [, coverage = ''] = readme.split('## Coverage\n')
  const rows: Row[] = []
  let section = ''
  for (const line of coverage.split('\n')) {
    if (line.startsWith('## ')) break
    if (line.startsWith('### ')) section = line.slice(4)
    const [, statement = '', tests = ''] = line.split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'))
    if (!line.startsWith('|') || tests === 'test' || /^-+$/.test(tests)) continue
    rows.push({ section, statement, proofs: tests.split(/; (?=`)/).flatMap(readProof) })
  }
  return rows
}

function readProof(text: string): readonly Proof[] {
  const [, file, words] = /^`([\w-]+)`: (.+)$/.exec(text) ?? []
  return file === undefined || words === undefined ? [] : [{ file, words }]
}

function complaints({ section, statement, proofs }: Row, titles: ReadonlyMap<string, readonly string[]>): string[] {
  const row = `${section}: ${statement}`
  if (proofs.length === 0) return [`${row}: names no test`]
  return proofs.flatMap(({ file, words }) => {
    const known = titles.get(file)
    if (!known) return [`${row}: there is no test/wire/${file}.test.ts`]
    return known.some(title => title.includes(words)) ? [] : [`${row}: no test of ${file} is called "${words}"`]
  })
}

/** The full titles of all wire tests by file, as mocha itself finds them. */
function titlesByFile(): ReadonlyMap<string, readonly string[]> {
  const files = globSync('test/wire/*.test.ts', { cwd: ROOT })
  const report = execFileSync(
    process.execPath, ['node_modules/mocha/bin/mocha.js', '--dry-run', '--reporter', 'json', ...files],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  const { tests } = JSON.parse(report) as { tests: { file: string; fullTitle: string }[] }
  const titles = new Map(files.map((file): [string, string[]] => [basename(file, '.test.ts'), []]))
  for (const { file, fullTitle } of tests) titles.get(basename(file, '.test.ts'))?.push(fullTitle)
  return titles
}
