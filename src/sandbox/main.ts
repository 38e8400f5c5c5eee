import { redirectUris } from './identity/applications.ts'
import { stateOf, tokenScopes } from './identity/issuing.ts'
import { Lease } from './lease.ts'
import { readOptions, UsageError, type Options } from './options.ts'
import type { Sandbox } from './server.ts'

/**
 * The sandbox: an ERP.net instance in miniature, as a process of its own. See README.md.
 * Prints one line of JSON when it is ready (`product.md`: "Commands of the repository"), and nothing else.
 */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  // All else is loaded only now, so that a wrong option is told at once.
  const { startServer } = await import('./server.ts')
  const sandbox = await startServer(options)
  const stop = async () => {
    await lease?.close()
    sandbox.stop()
    process.exit(0)
  }
  const lease = await openLease(options, sandbox, () => void stop())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop())
  if (options.exitWithStdin) {
    for (const event of ['end', 'error']) process.stdin.once(event, () => void stop())
    process.stdin.resume()
  }
  process.stdout.write(`${readyLine(sandbox)}\n`)
}

async function openLease({ lease, grace }: Options, sandbox: Sandbox, onEnd: () => void): Promise<Lease | undefined> {
  if (lease === undefined) return undefined
  process.stderr.on('error', () => undefined) // who listened may be gone before we are
  return Lease.open({ file: lease, graceMs: grace * 1000, readyLine: readyLine(sandbox), onEnd })
}

function readyLine({ url, controlUrl, accounts }: Sandbox): string {
  return JSON.stringify({
    url,
    referenceToken: accounts.referenceToken,
    users: accounts.users.map(({ login, password, type, id }) => ({ login, password, type, id })),
    applications: accounts.applications.filter(({ isEnabled }) => isEnabled).map(application => {
      const { clientId, type, secret, scope, systemUser } = application
      return { clientId, type, secret, redirectUris: redirectUris(application), scope, systemUser }
    }),
    referenceTokens: [
      ...accounts.referenceTokens.map(token => ({
        token: token.token, kind: token.kind, clientId: token.clientId, user: token.user,
        state: stateOf(accounts, token), scope: tokenScopes(accounts, token).join(' '),
      })),
      {
        token: accounts.foreignToken, kind: 'PAT', clientId: 'com.example/automation', user: 'admin', state: 'foreign',
        scope: 'read update',
      },
    ],
    control: controlUrl,
  })
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`sandbox: ${message}\n`)
  process.exit(error instanceof UsageError ? 2 : 1)
})
