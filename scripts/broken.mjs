// npm run test:broken [-- NAME…] [-- --grep TEXT] [-- --random N] [-- --seed S]
// Shows that tests can fail: makes the mistakes of test/broken/NAME.broken.ts, one at a time, in a copy of the
// repository, and expects the test that is named beside each to fail by an assertion, and to pass without it.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureModules } from './lib/install.mjs'
import { ensureNode24 } from './lib/node24.mjs'
import { main, root, say, StepError } from './lib/run.mjs'

const ENDING = '.broken.ts'
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', '.mocharc.json']

/** Longer than the waits of the tests, so that a wait that fails tells why; a run that takes longer hangs. */
const TEST_MS = 60_000
const RUN_MS = 300_000

const { values, positionals } = parseArgs({
  options: { grep: { type: 'string', short: 'g' }, random: { type: 'string' }, seed: { type: 'string' } },
  allowPositionals: true,
})

await main(async () => {
  await ensureModules()
  const node = await ensureNode24()
  const breaks = choose(await readLists(node))
  const copy = await copyRepository()
  try {
    const stale = await findStale(breaks)
    const red = await unbrokenFailures(node, copy, breaks)
    let failed = 0
    for (const each of breaks) {
      const complaint = stale.get(each) ?? red.get(each) ?? (await noticed(node, copy, each))
      if (complaint !== undefined) failed += 1
      const { rule, test: { file, grep } } = each
      console.log(complaint === undefined ? `  ✔ ${rule}` : `  ✖ ${rule}\n      ${complaint}\n      ${each.file} · ${file}: ${grep}`)
    }
    console.log(`\n${breaks.length - failed} passed, ${failed} failed`)
    return failed === 0 ? 0 : 1
  } finally {
    await rm(copy, { recursive: true, force: true })
  }
})

/** @typedef {import('../test/broken/break.ts').Break} Break */

/** The lists are TypeScript, which an older Node can't import: the newer one reads them. */
async function readLists(node) {
  const there = readdirSync(join(root, 'test/broken')).filter(file => file.endsWith(ENDING)).map(file => file.slice(0, -ENDING.length))
  const unknown = positionals.find(name => !there.includes(name))
  if (unknown !== undefined) throw new StepError(`No list of breaks is called "${unknown}"; there are: ${there.join(', ')}`)
  const lists = []
  for (const name of positionals.length > 0 ? positionals : there) {
    const url = pathToFileURL(join(root, 'test/broken', name + ENDING)).href
    const script = `import(${JSON.stringify(url)}).then(list => process.stdout.write(JSON.stringify(list.default)))`
    const { code, output } = await run(node, ['-e', script], root)
    if (code !== 0) throw new StepError(`The list "${name}" can't be read:\n${output}`)
    lists.push(...JSON.parse(output))
  }
  return lists
}

/** @param {Break[]} breaks */
function choose(breaks) {
  const { grep, random } = values
  const found = grep === undefined ? breaks
    : breaks.filter(({ rule, file, test }) => [rule, file, test.file, test.grep].some(text => text.includes(grep)))
  if (found.length === 0) throw new StepError(`No break matches "${grep}".`)
  if (random === undefined) return found
  const seed = Number(values.seed ?? Date.now() % 1_000_000)
  const count = Number(random)
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(seed)) throw new StepError('--random and --seed want whole numbers.')
  console.log(`${Math.min(count, found.length)} of ${found.length} breaks, --seed ${seed}`)
  return shuffled(found, seed).slice(0, count)
}

/** Fisher and Yates with mulberry32: the same seed picks the same. */
function shuffled(list, seed) {
  const all = [...list]
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let value = Math.imul(state ^ (state >>> 15), 1 | state)
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1))
    ;[all[at], all[other]] = [all[other], all[at]]
  }
  return all
}

async function copyRepository() {
  const copy = await mkdtemp(join(tmpdir(), 'erpnet-broken-'))
  for (const part of COPIED) await cp(join(root, part), join(copy, part), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction')
  return copy
}

/** A break whose place is gone, or is no longer the only one, says nothing: the list has to be mended. */
async function findStale(breaks) {
  const stale = new Map()
  for (const each of breaks) {
    const text = await readFile(join(root, each.file), 'utf8').catch(() => '')
    const count = text.split(each.find).length - 1
    if (count !== 1) stale.set(each, `The list is stale: ${JSON.stringify(each.find)} stands there ${count} times, not once.`)
  }
  return stale
}

/** Each test file once, unbroken: what is red there already proves nothing. */
async function unbrokenFailures(node, copy, breaks) {
  const red = new Map()
  for (const [file, group] of grouped(breaks)) {
    say(`Without a break: ${file}`)
    const result = await mocha(node, copy, file, [...new Set(group.map(({ test }) => test.grep))])
    for (const each of group) {
      const own = result.tests.filter(({ fullTitle }) => fullTitle.includes(each.test.grep))
      const failure = own.find(test => !test.passed)
      if (own.length === 0) red.set(each, `Without the break no such test ran. ${result.output}`)
      else if (failure) red.set(each, `Without the break it fails too: ${failure.fullTitle}: ${failure.message}`)
    }
  }
  return red
}

/** By test file; `Map.groupBy` is newer than Node 20. */
function grouped(breaks) {
  const groups = new Map()
  for (const each of breaks) groups.set(each.test.file, [...(groups.get(each.test.file) ?? []), each])
  return groups
}

/** @returns {Promise<string | undefined>} what is wrong; nothing when the test has failed as it should */
async function noticed(node, copy, { file, find, replace, test }) {
  const path = join(copy, file)
  const text = await readFile(path, 'utf8')
  await writeFile(path, text.replace(find, () => replace))
  try {
    const { tests, output } = await mocha(node, copy, test.file, [test.grep])
    if (tests.length === 0) return `With the break nothing ran: ${output}`
    const failures = tests.filter(({ passed }) => !passed)
    if (failures.length === 0) return 'The test does not notice the break.'
    if (failures.some(({ asserted }) => asserted)) return undefined
    return `The test fails, but by no assertion: ${failures[0].message}`
  } finally {
    await writeFile(path, text)
  }
}

/** Runs the tests of a file whose full titles hold one of these texts. */
async function mocha(node, copy, file, texts) {
  const report = join(copy, 'report.json')
  await rm(report, { force: true })
  const grep = texts.map(text => text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')
  const { output } = await run(node, [
    'node_modules/mocha/bin/mocha.js', file, '--grep', grep, '--timeout', String(TEST_MS), '--reporter', 'json', '--reporter-option', `output=${report}`,
  ], copy)
  const { passes = [], failures = [] } = await readFile(report, 'utf8').then(JSON.parse, () => ({}))
  return {
    output: output.slice(-2000),
    tests: [...passes, ...failures].map(({ fullTitle, err }) => ({
      fullTitle, passed: passes.some(test => test.fullTitle === fullTitle),
      // What fails in a hook is no test that has noticed something.
      asserted: err.code === 'ERR_ASSERTION' && !/"(?:before|after) (?:all|each)" hook/.test(fullTitle),
      message: String(err.message ?? '').split('\n')[0],
    })),
  }
}

/** @returns {Promise<{ code: number, output: string }>} */
function run(command, args, cwd) {
  return new Promise(done => {
    execFile(command, args, { cwd, timeout: RUN_MS, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      done({ code: error ? 1 : 0, output: error ? `${stdout}\n${stderr}` : stdout })
    })
  })
}
