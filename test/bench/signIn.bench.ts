/**
 * How long somebody waits for a sign-in: from the command to the tables of the instance, in a window that has just
 * opened. The person is a script that answers at once; what its browser does counts.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConnection } from '../../src/core/instance/connection.ts'
import { site, tableRoot } from '../../src/core/instance/instance.ts'
import { Engine } from '../../src/node/engine/client.ts'
import { FormBrowser } from '../fakes/form-browser.ts'
import { Person } from '../fakes/person.ts'
import { startSandbox } from '../fakes/sandbox.ts'
import { MemorySecrets } from '../fakes/secrets.ts'
import { startSessions } from '../fakes/sessions.ts'
import { plainSignIn } from './peers/plainSignIn.ts'
import { median, report } from './report.ts'

const RUNS = 9

const sandbox = await startSandbox({ rows: 20_000, entry: join(import.meta.dirname, '../../dist/sandbox.cjs') })
const user = sandbox.users[0]!
const { clientId, redirectUris } = sandbox.applications.find(({ type }) => type === 'native')!
const [redirectUri = ''] = redirectUris
const connection = readConnection({ id: 'demo', url: sandbox.url, application: 'native', clientId })

const own: number[] = []
const peers: number[] = []
for (let run = 0; run < RUNS; run++) {
  own.push(await signInMs())
  const begun = performance.now()
  await plainSignIn({
    issuer: `${sandbox.url}/id`, clientId, redirectUri, tables: `${sandbox.url}/tableapi/odata/`,
    browse: url => new FormBrowser().signIn(url, user),
  })
  peers.push(performance.now() - begun)
}
await sandbox.stop()

report('signIn', [{
  name: 'sign-in to ready', value: median(own), unit: 'ms', bound: 1000,
  peer: { name: 'openid-client by itself, in a process that is warm', value: median(peers) },
}])

async function signInMs(): Promise<number> {
  const begun = performance.now()
  const engine = new Engine({ script: join(import.meta.dirname, '../../dist/engine.cjs') })
  const person = new Person({ ports: redirectUris.map(uri => Number(new URL(uri).port)), user })
  const sessions = startSessions({ engine, secrets: new MemorySecrets(), ui: person })
  await sessions.signIn(connection)
  const { token, instance } = await sessions.access(connection)
  const folder = mkdtempSync(join(tmpdir(), 'erpnet-bench-'))
  const api = { base: tableRoot(site(instance, 'TableAPI')), token }
  await engine.call('loadTables', { folder, root: connection.url, language: 'en', api })
  const ms = performance.now() - begun
  await person.browsed()
  sessions.dispose()
  await engine.dispose()
  rmSync(folder, { recursive: true })
  return ms
}
