/**
 * What all commands of the repository share: its folders, one line per step, child processes with a log.
 * Only Node's own modules, and nothing newer than Node 20: these files run before anything is installed.
 */
import { spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Downloads that outlive a run: Node 24, VS Code. Git ignores it; removing it costs time only. */
export const cacheDir = join(root, '.cache')

/** What a run leaves behind for people: logs, pictures, figures. */
export const outDir = join(root, 'out')

const TAIL_LINES = 30

/** A failure whose message alone tells the reader what to do; shown without a stack. */
export class StepError extends Error {}

/** Tells what is being done now. On stderr: a command's stdout belongs to its result. */
export function say(line) {
  process.stderr.write(`· ${line}\n`)
}

/** Runs a command's body; a failure is told in words and becomes the exit code. */
export async function main(body) {
  try {
    process.exitCode = (await body()) ?? 0
  } catch (error) {
    process.stderr.write(`${error instanceof StepError ? error.message : error.stack}\n`)
    process.exitCode = 1
  }
}

/**
 * Runs a program whose output nobody wants to see unless it fails: it goes to `out/logs/NAME.log`,
 * and the end of it into the error.
 * @param {string} name of the log
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean }} [options]
 */
export async function runLogged(name, command, args, options = {}) {
  const file = join(outDir, 'logs', `${name}.log`)
  mkdirSync(join(outDir, 'logs'), { recursive: true })
  const log = createWriteStream(file)
  const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const code = await exitCode(child)
  await new Promise(done => log.end(done))
  if (code === 0) return
  const tail = (await readFile(file, 'utf8')).trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
  throw new StepError(`${tail}\n\nFailed (${code}): ${command} ${args.join(' ')}\nThe whole log: ${file}`)
}

/**
 * Runs a program in this terminal, hands signals on to it, and gives its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>}
 */
export async function runHere(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, ...options, stdio: 'inherit' })
  // A terminal sends Ctrl+C to the child as well; what it makes of it decides, so we only wait.
  const forward = signal => child.kill(signal)
  const ignore = () => undefined
  process.on('SIGTERM', forward).on('SIGHUP', forward).on('SIGINT', ignore)
  try {
    return await exitCode(child)
  } finally {
    process.off('SIGTERM', forward).off('SIGHUP', forward).off('SIGINT', ignore)
  }
}

/**
 * Runs npm, the very one that runs this script where there is one.
 * @param {string} log
 * @param {string[]} args
 * @param {{ cwd?: string }} [options]
 */
export function npm(log, args, options = {}) {
  const cli = process.env.npm_execpath
  if (cli?.endsWith('npm-cli.js')) return runLogged(log, process.execPath, [cli, ...args], options)
  return runLogged(log, 'npm', args, { ...options, shell: process.platform === 'win32' })
}

/** As a shell counts it: 128 and the signal's number where a signal ended it. */
function exitCode(child) {
  return new Promise((done, fail) => {
    child.once('error', error => fail(new StepError(`Can't run ${child.spawnfile}: ${error.message}`)))
    child.once('close', (code, signal) => done(code ?? 128 + constants.signals[signal]))
  })
}
