/** What the outside tells the runner in the extension host, through the environment. */
export interface InsideRun {
  /** File that gets the report: the extension host has no terminal. */
  readonly output: string
  readonly grep?: string
  readonly forbidOnly: boolean
}

export function writeInsideRun(run: InsideRun): { ERPNET_INSIDE: string } {
  return { ERPNET_INSIDE: JSON.stringify(run) }
}

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
