// npm test [-- unit|wire|vscode] [-- --grep TEXT]
import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowser } from './lib/browser.mjs'
import { ensureInstalled, onDebian } from './lib/debian.mjs'
import { canDownloadDesktop, onScreen } from './lib/desktop.mjs'
import { ensureEditor } from './lib/editor.mjs'
import { ensureModules } from './lib/install.mjs'
import { ensureNode24 } from './lib/node24.mjs'
import { pack, vsix } from './lib/product.mjs'
import { main, outDir, runHere, StepError } from './lib/run.mjs'

/** Checks run a command that passes or fails as one; layers run tests. In this order. */
const CHECKS = { types, lint }
const LAYERS = { unit, wire, vscode }

const TYPE_PROJECTS = ['.', 'src/core', 'src/renderer']

const { values: { grep }, positionals } = parseArgs({ options: { grep: { type: 'string', short: 'g' } }, allowPositionals: true })
const filter = [...(grep === undefined ? [] : ['--grep', grep]), ...(process.env.CI === 'true' ? ['--forbid-only'] : [])]

await main(async () => {
  const chosen = chooseLayers()
  const totals = { passes: 0, failures: 0 }
  for (const [name, run] of chosen) {
    console.log(`\n── ${name}`)
    const { passes, failures } = await settle(name, run)
    totals.passes += passes
    totals.failures += failures
  }
  if (totals.passes + totals.failures === 0) {
    console.log(`No test matches "${grep}".`)
    totals.failures = 1
  }
  console.log(`\n${totals.passes} passed, ${totals.failures} failed`)
  return totals.failures === 0 ? 0 : 1
})

/** No argument means everything; with `--grep` only the layers have names to look in. */
function chooseLayers() {
  const all = grep === undefined ? { ...CHECKS, ...LAYERS } : LAYERS
  const unknown = positionals.find(name => !(name in LAYERS))
  if (unknown !== undefined) throw new StepError(`"${unknown}" is no layer of tests: ${Object.keys(LAYERS).join(', ')}`)
  return Object.entries(all).filter(([name]) => positionals.length === 0 || positionals.includes(name))
}

/** A layer that can't be prepared or dies counts as one failure, and the others still run. */
async function settle(name, run) {
  try {
    await ensureModules()
    return await run()
  } catch (error) {
    console.log(error instanceof StepError ? error.message : error)
    console.log(`The layer "${name}" did not run to its end.`)
    return { passes: 0, failures: 1 }
  }
}

async function types() {
  const codes = []
  for (const project of TYPE_PROJECTS) codes.push(await runHere(process.execPath, ['node_modules/typescript/bin/tsc', '-p', project]))
  return check('types', codes)
}

async function lint() {
  return check('lint', [await runHere(process.execPath, ['node_modules/eslint/bin/eslint.js', '.'])])
}

function check(name, codes) {
  const ok = codes.every(code => code === 0)
  console.log(`  ${ok ? '✔' : '✖'} ${name}`)
  return { passes: ok ? 1 : 0, failures: ok ? 0 : 1 }
}

async function unit() {
  return mocha(['test/unit/**/*.test.ts'])
}

async function wire() {
  await ensureProxy()
  return mocha(['test/wire/**/*.test.ts'])
}

/** Inside the extension host first, then the workbench as a user's hands and eyes have it. */
async function vscode() {
  await ensureProxy()
  await pack()
  const env = { ERPNET_VSIX: vsix, ERPNET_EDITOR: await ensureEditor(), ERPNET_BROWSER: await ensureBrowser() }
  const desktop = await useDesktop()
  const inside = await record({
    command: desktop ? await onScreen(await ensureNode24()) : [await ensureNode24()],
    args: ['test/vscode/host/inside.ts', ...filter],
    env: { ...env, ERPNET_TEST_HOST: desktop ? 'desktop' : 'web' },
  })
  const outside = await mocha(['test/vscode/outside/**/*.test.ts', '--timeout', '120000'], env)
  return { passes: inside.passes + outside.passes, failures: inside.failures + outside.failures }
}

/** For the tests of the network, which are pending without it where there is no Debian. */
async function ensureProxy() {
  if (onDebian()) await ensureInstalled(['tinyproxy-bin'])
}

/** `ERPNET_TEST_HOST=desktop|web` decides; without it desktop VS Code is taken where it can be downloaded. */
async function useDesktop() {
  const wish = process.env.ERPNET_TEST_HOST
  return wish === undefined ? canDownloadDesktop() : wish === 'desktop'
}

async function mocha(args, env = {}) {
  return record({ command: [await ensureNode24()], args: ['node_modules/mocha/bin/mocha.js', ...args, ...filter], env })
}

/**
 * Runs tests and reads the record that our reporter leaves at the end. None, or an exit code that
 * doesn't fit it, is a failure: a test runner that dies quietly must not look like success.
 */
async function record({ command, args, env }) {
  const file = join(outDir, 'logs', `record-${randomUUID()}.json`)
  await mkdir(join(outDir, 'logs'), { recursive: true })
  const code = await runHere(command[0], [...command.slice(1), ...args], { env: { ...process.env, ...env, ERPNET_TEST_RECORD: file } })
  const ended = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
  await rm(file, { force: true })
  if (ended === undefined) return unreported(`${args[0]} ended with code ${code} in the middle of its tests`)
  if (ended.failures === 0 && code !== 0) return unreported(`${args[0]} ended with code ${code}`, ended.passes)
  if (ended.passes + ended.failures === 0 && grep === undefined) return unreported(`${args[0]} has no tests`)
  return ended
}

function unreported(what, passes = 0) {
  console.log(`  ✖ ${what}`)
  return { passes, failures: 1 }
}
