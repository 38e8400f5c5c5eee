/** Runs in the extension host: VS Code calls `run()` and ends with what becomes of it. */
import { appendFileSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'node:util'
import Mocha from 'mocha'
import RecordReporter from '../../reporter.ts'
import { watchRejections } from './rejections.ts'
import { readInsideRun } from './insideRun.ts'

/** The report has told already what failed. */
const FAILED = new Error('Tests failed')

export async function run(): Promise<void> {
  const { output, grep, forbidOnly } = readInsideRun()
  const print = (...text: unknown[]) => appendFileSync(output, `${format(...text)}\n`)
  try {
    Mocha.reporters.Base.consoleLog = print
    const rejections = watchRejections()
    const mocha = new Mocha({ reporter: RecordReporter, timeout: 60_000, slow: 5_000, forbidOnly, ...(grep === undefined ? {} : { grep }) })
    for (const file of globSync('tests/**/*.test.cjs', { cwd: __dirname }).sort()) mocha.addFile(join(__dirname, file))
    const failures = await new Promise<number>(done => mocha.run(done))
    rejections().forEach(text => print(`Nobody handled in the extension host:\n${text}`))
    if (failures + rejections().length > 0) throw FAILED
  } catch (error) {
    if (error !== FAILED) print(error)
    throw error
  }
}
