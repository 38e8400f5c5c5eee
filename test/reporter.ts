import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'

/** What a finished run leaves behind. A run without it has crashed, whatever its exit code says. */
export interface TestRecord {
  readonly passes: number
  readonly failures: number
  readonly pending: number
}

/** Mocha's own report, and at the end a `TestRecord` as JSON in the file that `ERPNET_TEST_RECORD` names. */
export default class RecordReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options)
    runner.once('end', () => {
      const file = process.env['ERPNET_TEST_RECORD']
      if (file === undefined) return
      const { passes, failures, pending } = this.stats
      writeFileSync(file, JSON.stringify({ passes, failures, pending } satisfies TestRecord))
    })
  }
}
