import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { startClock } from './clock.ts'
import { Control, LIMITS, type Door } from './control.ts'
import { sandboxSchema } from './data/company.ts'
import { readModel } from './data/model/readModel.ts'
import { seedDatabase } from './data/seed/seed.ts'
import { DomainApi } from './domain/api.ts'
import { Faults } from './faults/faults.ts'
import { notFound, Problem, sendJson, sendProblem, type Exchange } from './http.ts'
import { Access } from './identity/access.ts'
import { applicationOf, makeAccounts, type Accounts } from './identity/accounts.ts'
import { IdentityStore } from './identity/adapter.ts'
import { AccountChanges } from './identity/changes.ts'
import { clientMetadata } from './identity/clients.ts'
import { SigningKey } from './identity/keys.ts'
import { createProvider } from './identity/provider.ts'
import { Sessions } from './identity/sessions.ts'
import { IdentitySite } from './identity/site.ts'
import { PeoplePages } from './instance/people.ts'
import { whoAmI } from './instance/profile.ts'
import type { SiteType } from './instance/sites.ts'
import { currentSites, DATABASE, RootTools, siteAddress, type Site } from './instance/tools.ts'
import { Monitor } from './monitor.ts'
import type { Options } from './options.ts'
import type { Quirks } from './quirks.ts'
import { TableApi } from './table/api.ts'
import { Turns } from './turns.ts'

export interface Sandbox {
  readonly url: string
  /** Control at an address of its own, for the time when nobody can connect to `url`. */
  readonly controlUrl: string | undefined
  readonly accounts: Accounts
  stop(): void
}

/**
 * Starts an instance; it answers when this settles.
 * @throws Error with `code` (EADDRINUSE …) when it can't listen; UsageError for a model that it can't read
 */
export async function startServer(options: Options): Promise<Sandbox> {
  startClock(() => options.quirks.number('clock-skew') ?? 0)
  const accounts = makeAccounts(options.seed)
  const company = sandboxSchema()
  const schema = options.model === undefined ? company : readModel(options.model, company)
  const { rows, seed } = options
  const database = seedDatabase(schema, accounts, { rows, seed, ...(schema === company ? {} : { company }) })
  const server = createServer()
  const url = await listen(server, options)
  const root = options.publicUrl ?? url
  const ownControl = options.control ? createServer() : undefined
  const controlUrl = ownControl && await listen(ownControl, { ...options, port: 0 })

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
  // A quirk can move the sites of the APIs while the sandbox runs.
  const router = new Router({
    root, quirks, monitor, sessions,
    faults: new Faults(quirks),
    tools: new RootTools(root, quirks),
    identity: new IdentitySite({ provider, accounts, quirks }),
    people: new PeoplePages(accounts, store),
    access: new Access({ issuer, accounts, key }),
    domain: new DomainApi({
      schema, database, quirks,
      get root() { return `${siteAddress(root, quirks, 'DomainAPI')}/domain/` },
    }),
    domainTurns: new Turns('session', {
      get concurrent() { return limits.sessionConcurrent }, get queue() { return limits.sessionQueue },
    }, monitor),
    table: new TableApi({
      schema, database, quirks, monitor, turns: new Turns('Table API', limits, monitor),
      get root() { return `${siteAddress(root, quirks, 'TableAPI')}/odata/` },
    }),
    control: options.control
      ? new Control({
        quirks, monitor, limits, sessions, accounts: new AccountChanges(accounts, store), door: doorOf(server, options),
      })
      : undefined,
  })
  const servers = ownControl ? [server, ownControl] : [server]
  for (const each of servers) {
    each.on('request', (request, response) => {
      // Node would tell the world's time
      response.setHeader('date', new Date(Date.now()).toUTCString())
      void router.answer(request, response)
    })
  }
  return {
    url,
    controlUrl,
    accounts,
    stop: () => {
      for (const each of servers) {
        each.close()
        each.closeAllConnections()
      }
    },
  }
}

/** Lets new connections in at the same port again, or no more; what is being answered goes on. */
function doorOf(server: Server, { host }: Options): Door {
  const { port } = server.address() as AddressInfo
  return {
    open: async () => { if (!server.listening) await listen(server, { port, host }) },
    close: () => { if (server.listening) server.close() },
  }
}

async function listen(server: Server, { port, host }: Pick<Options, 'port' | 'host'>): Promise<string> {
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
  readonly faults: Faults
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
    const { root, quirks } = this.#parts
    const url = URL.parse(request.url ?? '', root)
    if (!url) {
      response.destroy()
      return
    }
    const { pathname } = url
    const site = currentSites(quirks).find(({ path }) => pathname === path || pathname.startsWith(`${path}/`))
    const isApi = site !== undefined && site.type !== 'ID'
    await quirks.during({ path: pathname, isApi }, () => this.#answer({ request, response, url }, site))
  }

  async #answer(exchange: Exchange, site: Site | undefined): Promise<void> {
    const { monitor, quirks, faults, control, people, tools } = this.#parts
    const { request, response, url: { pathname } } = exchange
    try {
      if (control && pathname.startsWith('/_control/')) {
        monitor.mark(request.socket, 'control')
        await control.answer(exchange)
        return
      }
      monitor.mark(request.socket, site?.type === 'TableAPI' ? 'table' : 'other')
      monitor.requests.begin(request, response)
      if (await faults.meet(exchange)) return
      if (site) await this.#site(exchange, site)
      else if (pathname.startsWith('/manage/')) await people.answer(exchange)
      else tools.answer(exchange)
    } catch (error) {
      if (response.headersSent) response.destroy()
      else sendProblem(exchange, asProblem(error).withRetryAfter(faults.retryAfter()), quirks.has('wrapped-errors'))
    }
  }

  async #site(exchange: Exchange, { type, path }: Site): Promise<void> {
    const { quirks, identity } = this.#parts
    if (quirks.text('site-missing') === type) throw notFound(exchange)
    if (quirks.text('site-not-working') === type) throw new Problem(503, 'SiteStoppedException', 'The site is stopped.')
    if (type === 'ID') {
      await identity.answer(exchange)
    } else {
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
