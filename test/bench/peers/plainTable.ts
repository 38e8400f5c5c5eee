import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { sandboxSchema } from '../../../src/sandbox/data/company.ts'
import { seedDatabase } from '../../../src/sandbox/data/seed/seed.ts'
import { fromSql, valueSql } from '../../../src/sandbox/data/source.ts'
import { makeAccounts } from '../../../src/sandbox/identity/accounts.ts'

/**
 * The peer of the sandbox's Table API: a table of the same database as anybody would serve it, by objects and
 * `JSON.stringify`, row by row. `node plainTable.ts ROWS TABLE COLUMN,COLUMN…` prints its address and ends with its
 * input; `?top=N` says how many rows.
 */
const [rows = '', name = '', columns = ''] = process.argv.slice(2)
const schema = sandboxSchema()
const database = seedDatabase(schema, makeAccounts(1), { rows: Number(rows), seed: 1 })
const table = schema.tables.get(name)!
const source = { table, alias: 't' }
const wanted = columns.split(',').map(column => table.columns.find(candidate => candidate.name === column)!)
const values = wanted.map(column => `${valueSql(source, column)} AS "${column.name}"`)
const statement = database.prepare(`SELECT ${values.join(', ')} FROM ${fromSql(source)} LIMIT ?`)

const server = createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost')
  void answer(response, Number(searchParams.get('top')))
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
process.stdin.once('end', () => process.exit()).resume()

async function answer(response: ServerResponse, top: number): Promise<void> {
  response.setHeader('content-type', 'application/json')
  response.write('{"value":[')
  let first = true
  for (const row of statement.iterate(top)) {
    const taken = response.write(first ? JSON.stringify(row) : `,${JSON.stringify(row)}`)
    first = false
    if (!taken) await once(response, 'drain')
  }
  response.end(']}')
}
