import type { DatabaseSync } from 'node:sqlite'

import { FileSpill } from '../../../src/node/spill.ts'
import { sourceOf, tablesOfSchema, ROOT } from '../../fakes/tableApi.ts'
import { hardRows, hardSchema, hardDatabase } from '../../fakes/oracle/hardTables.ts'
import { judge } from '../../fakes/oracle/answer.ts'
import type { World } from '../../fakes/oracle/conditions.ts'
import { makeQuestion } from '../../fakes/oracle/queries.ts'
import { openOracle } from '../../fakes/oracle/sql.ts'
import { Random } from '../random.ts'

/** `ERPNET_ORACLE_QUERIES` for more of them. */
const QUERIES = Number(process.env['ERPNET_ORACLE_QUERIES'] ?? 4000)
const SEED = Number(process.env['ERPNET_ORACLE_SEED'] ?? 20_260_101)

/** Generated queries over tables with all the hard cases; the sandbox's Table API answers, SQLite judges. */
describe('the planned answer is what SQLite says', function () {
  this.timeout(300_000)
  const schema = hardSchema()
  const tables = tablesOfSchema(schema)
  const rows = hardRows(new Random(SEED))
  const world: World = { tables, rows }
  let api: DatabaseSync
  let oracle: DatabaseSync

  before(() => {
    api = hardDatabase(schema, rows)
    oracle = openOracle(tables, table => rows.get(table.name) ?? [])
  })

  after(() => {
    api.close()
    oracle.close()
  })

  for (const [maxUrlLength, everyOnDisk] of [[4000, Infinity], [700, 4]] as const) {
    it(`of ${QUERIES / 2} queries, with addresses of up to ${maxUrlLength} characters${everyOnDisk === Infinity ? '' : ', some on disk'}`, async () => {
      const random = new Random(SEED + maxUrlLength)
      const source = sourceOf(schema, api)
      for (let query = 0; query < QUERIES / 2; query++) {
        const spill = query % everyOnDisk === 1 ? new FileSpill() : undefined
        const options = { tables, tableRoot: ROOT, maxUrlLength, source, ...(spill === undefined ? {} : { spill, memoryBytes: 3000 }) }
        await judge(makeQuestion(world, random), oracle, options)
        await spill?.dispose()
      }
    })
  }
})
