import type { ReadyLine } from '../../fakes/sandbox.ts'

/** What the outside tells the runner in the extension host, through the environment. */
export interface InsideRun {
  /** File that gets the report: the extension host has no terminal. */
  readonly output: string
  readonly grep?: string
  readonly forbidOnly: boolean
  /** The instance that the tests may use: it runs outside, under Node 24, as desktop VS Code has another one. */
  readonly sandbox: ReadyLine
}

/** As environment of the extension host. */
export function writeInsideRun(run: InsideRun): { ERPNET_INSIDE: string } {
  return { ERPNET_INSIDE: JSON.stringify(run) }
}

/** In the extension host: for the runner, and for the tests. */
export function readInsideRun(): InsideRun {
  return JSON.parse(process.env['ERPNET_INSIDE'] ?? '{}') as InsideRun
}

/** What either kind of VS Code needs to run the tests inside. */
export interface InsideHost {
  /** An extension with nothing in it: the one under test is installed, as a user has it. */
  readonly developmentPath: string
  /** The module whose `run()` is the test run. */
  readonly testsPath: string
  /** The folder that is open. */
  readonly workspace: string
  /** What the extension host finds in its environment. */
  readonly env: Readonly<Record<string, string>>
}
