import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { startClock } from './clock.ts'
import { Control, LIMITS } from './control.ts'
import { sandboxSchema } from './data/company.ts'
import { readModel } from './data/model/readModel.ts'
import { seedDatabase } from './data/seed/seed.ts'
import { DomainApi } from './domain/api.ts'
import { notFound, Problem, sendJson, sendPage, sendProblem, type Exchange } from './http.ts'
import { Access } from './identity/access.ts'
import { applicationOf, makeAccounts, type Accounts } from './identity/accounts.ts'
import { IdentityStore } from './identity/adapter.ts'
import { AccountChanges } from './identity/changes.ts'
import { clientMetadata } from './identity/clients.ts'
import { SigningKey } from './identity/keys.ts'
import { strayPage } from './identity/pages.ts'
import { createProvider } from './identity/provider.ts'
import { Sessions } from './identity/sessions.ts'
import { IdentitySite } from './identity/site.ts'
import { PeoplePages } from './instance/people.ts'
import { whoAmI } from './instance/profile.ts'
import { DATABASE, RootTools, SITES, type SiteType } from './instance/tools.ts'
import { Monitor } from './monitor.ts'
import type { Options } from './options.ts'
import type { Quirks } from './quirks.ts'
import { TableApi } from './table/api.ts'
import { Turns } from './turns.ts'

export interface Sandbox {
  readonly url: string
  readonly accounts: Accounts
  stop(): void
}

/** Starts an instance; it answers when this settles. @throws Error with `code` (EADDRINUSE …) when it can't listen; UsageError for a model that it can't read */
export async function startServer(options: Options): Promise<Sandbox> {
  startClock(() => options.quirks.number('clock-skew') ?? 0)
  const accounts = makeAccounts(options.seed)
  const company = sandboxSchema()
  const schema = options.model === undefined ? company : readModel(options.model, company)
  const { rows, seed } = options
  const database = seedDatabase(schema, accounts, { rows, seed, ...(schema === company ? {} : { company }) })
  const server = createServer()
  const root = await listen(server, options)

  const { quirks } = options
  const monitor = new Monitor()
  monitor.watch(server)
  const limits = { ...LIMITS }
  const sessions = new Sessions({ limits, accounts, quirks, monitor })
  const key = new SigningKey()
  const issuer = `${root}/id`
  const store = new IdentityStore(clientId => {
    const application = applicationOf(accounts, clientId)
    return application?.isEnabled ? clientMetadata(application) : undefined
  })
  const provider = createProvider({
    issuer, database: DATABASE, accounts, key, quirks, store, onSignOut: sids => sessions.end(sids),
  })
  const router = new Router({
    root, quirks, monitor, sessions,
    tools: new RootTools(root, quirks),
    identity: new IdentitySite({ provider, accounts, quirks }),
    people: new PeoplePages(accounts, store),
    access: new Access({ issuer, accounts, key }),
    domain: new DomainApi({ schema, database, quirks, root: `${root}/api/domain/` }),
    domainTurns: new Turns('session', {
      get concurrent() { return limits.sessionConcurrent }, get queue() { return limits.sessionQueue },
    }, monitor),
    table: new TableApi({
      schema, database, quirks, monitor, turns: new Turns('Table API', limits, monitor), root: `${root}/tableapi/odata/`,
    }),
    control: options.control
      ? new Control({ quirks, monitor, limits, sessions, accounts: new AccountChanges(accounts, store) })
      : undefined,
  })
  server.on('request', (request, response) => void router.answer(request, response))
  return {
    url: root,
    accounts,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function listen(server: Server, { port, host }: Options): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen(port, host, () => resolve(undefined))
  await promise
  const address = server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

interface RouterParts {
  readonly root: string
  readonly quirks: Quirks
  readonly monitor: Monitor
  readonly sessions: Sessions
  readonly tools: RootTools
  readonly identity: IdentitySite
  readonly people: PeoplePages
  readonly access: Access
  readonly domain: DomainApi
  readonly domainTurns: Turns
  readonly table: TableApi
  readonly control: Control | undefined
}

/** Sends each request to its site, and every failure back in ERP.net's form. */
class Router {
  readonly #parts: RouterParts

  constructor(parts: RouterParts) {
    this.#parts = parts
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { root, monitor, quirks } = this.#parts
    let exchange: Exchange | undefined
    try {
      exchange = { request, response, url: new URL(request.url ?? '/', root) }
      const { pathname } = exchange.url
      monitor.mark(
        request.socket,
        pathname.startsWith('/_control/') ? 'control' : pathname.startsWith('/tableapi/') ? 'table' : 'other',
      )
      await this.#route(exchange)
    } catch (error) {
      if (response.headersSent || !exchange) response.destroy()
      else sendProblem(exchange, asProblem(error), {
        wrapped: quirks.has('wrapped-errors'), retryAfter: !quirks.has('no-retry-after'),
      })
    }
  }

  async #route(exchange: Exchange): Promise<void> {
    const { pathname } = exchange.url
    const { control, tools, people } = this.#parts
    const site = SITES.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
    if (site) await this.#site(exchange, site)
    else if (control && pathname.startsWith('/_control/')) await control.answer(exchange)
    else if (pathname.startsWith('/manage/')) await people.answer(exchange)
    else tools.answer(exchange)
  }

  async #site(exchange: Exchange, { type, path }: (typeof SITES)[number]): Promise<void> {
    const { quirks, identity } = this.#parts
    if (quirks.text('site-missing') === type) throw notFound(exchange)
    if (quirks.text('site-not-working') === type) throw new Problem(503, 'SiteStoppedException', 'The site is stopped.')
    if (type === 'ID') {
      await identity.answer(exchange)
    } else if (quirks.has('html-page')) {
      sendPage(exchange, strayPage())
    } else {
      refuseByQuirk(quirks)
      refuseLongUrl(exchange, quirks.number('url-limit'))
      await this.#api(exchange, type, decodeURIComponent(exchange.url.pathname.slice(path.length)))
    }
  }

  async #api(exchange: Exchange, site: Exclude<SiteType, 'ID'>, path: string): Promise<void> {
    const { root, access, sessions, people, domain, domainTurns, table } = this.#parts
    const { request, response } = exchange
    switch (site) {
      case 'UserProfile': {
        if (path.startsWith('/security/')) {
          await people.answer(exchange)
          break
        }
        const { user } = access.check(request, undefined)
        if (path !== '/me') throw notFound(exchange)
        sendJson(exchange, whoAmI(root, user, request.headers['accept-language']))
        break
      }
      case 'DomainAPI':
        if (!domain.isAnonymous(path)) {
          const caller = access.check(request, site)
          sessions.call(caller)
          sessions.countCall(caller.session)
          if (!(await domainTurns.take(response, caller.session))) return
        }
        domain.answer(exchange, path)
        break
      case 'TableAPI':
        sessions.call(access.check(request, site))
        if (!path.startsWith('/odata/')) throw notFound(exchange)
        await table.answer(exchange, path.slice('/odata/'.length))
    }
  }
}

const ANSWERS = [
  ['answer-401', 401, 'AuthenticationException', 'The access token has been revoked.'],
  ['answer-403', 403, 'AuthorizationException', 'The user has no rights for this.'],
  ['answer-404', 404, 'NotFoundException', 'There is nothing here.'],
  ['answer-429', 429, 'TooManyRequestsException', 'Too many requests.'],
  ['answer-500', 500, 'InvalidOperationException', 'Something went wrong.'],
] as const

function refuseByQuirk(quirks: Quirks): void {
  for (const [quirk, status, type, message] of ANSWERS) {
    if (quirks.take(quirk)) throw new Problem(status, type, message, status === 429 ? { 'retry-after': '1' } : {})
  }
}

function refuseLongUrl({ request: { url = '' } }: Exchange, most = Infinity): void {
  if (url.length > most) throw new Problem(414, 'UriTooLongException', `The address has more than ${most} characters.`)
}

/** What isn't a refusal is a bug of the sandbox: its trace goes to stderr, so that it is found. */
function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof URIError) return new Problem(400, 'BadRequestException', 'The address is not well formed.')
  process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return new Problem(500, 'InternalException', 'The sandbox has failed.')
}
