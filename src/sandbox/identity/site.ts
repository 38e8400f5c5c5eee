import { errors, type Interaction, type Provider } from 'oidc-provider'

import { readBody, sendPage, type Exchange } from '../http.ts'
import type { Accounts } from './accounts.ts'
import { errorPage, signInPage } from './pages.ts'

/** The ID site under `/id`: its own sign-in page, and the provider for everything else. */
export class IdentitySite {
  readonly #provider: Provider
  readonly #accounts: Accounts
  readonly #handle: ReturnType<Provider['callback']>

  constructor(provider: Provider, accounts: Accounts) {
    this.#provider = provider
    this.#accounts = accounts
    this.#handle = provider.callback()
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange
    const path = url.pathname.slice('/id'.length)
    if (path.startsWith('/account/sign-in/')) {
      await this.#signIn(exchange)
      return
    }
    if (path === '/connect/token' && request.headers.authorization !== undefined) {
      refuseBasic(exchange)
      return
    }
    const query = path === '/connect/authorize' ? authorizeQuery(url.searchParams, this.#accounts) : url.search
    // The provider finds the place where it is mounted by comparing the two.
    Object.assign(request, { originalUrl: `/id${path}${query}`, url: `${path}${query}` })
    await this.#handle(request, response)
  }

  async #signIn(exchange: Exchange): Promise<void> {
    const { request, response } = exchange
    const interaction = await this.#interaction(exchange)
    if (!interaction) {
      sendPage(
        exchange, errorPage('interaction_required', 'This sign-in has ended. Start it again in the application.'),
        400,
      )
    } else if (interaction.prompt.name !== 'login') {
      // Signing in is the consent: whoever is signed in already goes on at once.
      await this.#provider.interactionFinished(request, response, { consent: {} })
    } else if (request.method === 'POST') {
      await this.#answerForm(exchange, interaction, new URLSearchParams(await readBody(request)))
    } else {
      sendPage(exchange, this.#page(interaction))
    }
  }

  async #interaction({ request, response }: Exchange): Promise<Interaction | undefined> {
    try {
      return await this.#provider.interactionDetails(request, response)
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  async #answerForm(exchange: Exchange, interaction: Interaction, form: URLSearchParams): Promise<void> {
    const { request, response } = exchange
    const login = form.get('login') ?? ''
    const user = this.#accounts.users.find(candidate => candidate.login === login.trim().toLowerCase())
    if (form.get('action') === 'cancel') {
      const denied = { error: 'access_denied', error_description: 'The user has cancelled the sign-in.' }
      await this.#provider.interactionFinished(request, response, denied)
    } else if (user?.password === form.get('password')) {
      await this.#provider.interactionFinished(
        request, response, { login: { accountId: user.login, amr: ['pwd'] }, consent: {} },
      )
    } else {
      sendPage(exchange, this.#page(interaction, login))
    }
  }

  #page({ params }: Interaction, wrongLogin?: string): string {
    const application = this.#accounts.applications.find(({ clientId }) => clientId === params['client_id'])
    return signInPage({
      application: application?.name ?? '',
      scopes: String(params['scope']).split(' '),
      login: wrongLogin,
      error: wrongLogin === undefined ? undefined : 'The login or the password is wrong.',
    })
  }
}

/**
 * What ERP.net does by itself and the provider wants to be asked for: all of the application's scopes when none is
 * named, `offline_access` without a page of consent, and `sid` in the tokens.
 */
function authorizeQuery(query: URLSearchParams, { applications }: Accounts): string {
  const scope = query.get('scope') ?? applications.find(({ clientId }) => clientId === query.get('client_id'))?.scope
  if (scope !== undefined) query.set('scope', scope)
  const scopes = scope?.split(' ') ?? []
  if (scopes.includes('offline_access')) query.set('prompt', `${query.get('prompt') ?? ''} consent`.trim())
  if (scopes.includes('openid')) query.set('claims', JSON.stringify({ id_token: { sid: null, auth_time: null } }))
  return `?${query.toString()}`
}

/** The secret goes into the body (protocol sheet, section 2); the provider would take Basic authentication too. */
function refuseBasic({ response }: Exchange): void {
  response.writeHead(401, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(
    JSON.stringify({ error: 'invalid_client', error_description: 'client authentication by header is not supported' }),
  )
}
