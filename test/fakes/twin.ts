import type { DatabaseSync } from 'node:sqlite'
import { sandboxSchema } from '../../src/sandbox/data/company.ts'
import { seedDatabase } from '../../src/sandbox/data/seed/seed.ts'
import { makeAccounts } from '../../src/sandbox/identity/accounts.ts'

/**
 * The data of a sandbox of that size again, in this process, for the tests of one `describe`: what an answer should
 * hold is asked from it in words of its own.
 */
export function useTwin(rows: number): Pick<DatabaseSync, 'prepare'> {
  let twin: DatabaseSync
  before(() => { twin = seedDatabase(sandboxSchema(), makeAccounts(1), { rows, seed: 1 }) })
  after(() => twin.close())
  return { prepare: sql => twin.prepare(sql) }
}
