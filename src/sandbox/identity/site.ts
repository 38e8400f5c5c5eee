import { errors, type Interaction, type Provider } from 'oidc-provider'

import { notFound, readBody, sendPage, type Exchange } from '../http.ts'
import type { Quirks } from '../quirks.ts'
import { applicationOf, userWithPassword, type Accounts, type User } from './accounts.ts'
import { errorPage, signInPage } from './pages.ts'
import { authorizeQuery } from './requests.ts'

/** What is documented; the library would answer at other addresses too. */
const ADDRESSES = [
  /^\/\.well-known\/openid-configuration(\/jwks)?$/, /^\/connect\/authorize(\/[\w-]+)?$/, /^\/connect\/token$/,
  /^\/connect\/endsession(\/confirm|\/success)?$/,
]

/** The ID site under `/id`: its own sign-in page, and the provider for everything else. */
export class IdentitySite {
  readonly #provider: Provider
  readonly #accounts: Accounts
  readonly #quirks: Quirks
  readonly #handle: ReturnType<Provider['callback']>

  constructor({ provider, accounts, quirks }: { provider: Provider; accounts: Accounts; quirks: Quirks }) {
    this.#provider = provider
    this.#accounts = accounts
    this.#quirks = quirks
    this.#handle = provider.callback()
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, response, url } = exchange
    const path = url.pathname.slice('/id'.length)
    if (path.startsWith('/account/sign-in/')) {
      await this.#signIn(exchange)
      return
    }
    if (!ADDRESSES.some(address => address.test(path))) throw notFound(exchange)
    // None of its pages may be shown in a frame.
    response.setHeader('x-frame-options', 'DENY')
    response.setHeader('content-security-policy', "frame-ancestors 'none'")
    if (path === '/connect/token') {
      if (request.headers.authorization !== undefined) {
        refuseBasic(exchange)
        return
      }
      request.headers.accept = 'application/json'
    }
    const query = path === '/connect/authorize' ? this.#authorizeQuery(url.searchParams) : url.search
    // The provider finds the place where it is mounted by comparing the two.
    Object.assign(request, { originalUrl: `/id${path}${query}`, url: `${path}${query}` })
    await this.#handle(request, response)
  }

  #authorizeQuery(query: URLSearchParams): string {
    return authorizeQuery(query, applicationOf(this.#accounts, query.get('client_id')), this.#quirks)
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
    const user = userWithPassword(this.#accounts, login, form.get('password') ?? '')
    if (form.get('action') === 'cancel') {
      const denied = { error: 'access_denied', error_description: 'The user has cancelled the sign-in.' }
      await this.#provider.interactionFinished(request, response, denied)
    } else if (user) {
      await this.#leaveOther(exchange, interaction, user)
      await this.#provider.interactionFinished(
        request, response, { login: { accountId: user.login, amr: ['pwd'] }, consent: {} },
      )
    } else {
      sendPage(exchange, this.#page(interaction, login))
    }
  }

  /**
   * Another user than the one whom the browser knew starts a sign-in of their own; that of the first stays as it is
   * (the library would sign the first out).
   */
  async #leaveOther({ response }: Exchange, interaction: Interaction, user: User): Promise<void> {
    if ((interaction.session?.accountId ?? user.login) === user.login) return
    delete interaction.session
    await interaction.save(interaction.exp - Math.floor(Date.now() / 1000))
    const name = this.#provider.cookieName('session')
    response.setHeader('set-cookie', [name, `${name}.sig`].map(cookie => `${cookie}=; path=/id; max-age=0; httponly`))
  }

  #page({ params }: Interaction, wrongLogin?: string): string {
    const application = applicationOf(this.#accounts, params['client_id'])
    return signInPage({
      application: application?.name ?? '',
      scopes: String(params['scope']).split(' '),
      login: wrongLogin,
      error: wrongLogin === undefined ? undefined : 'The login or the password is wrong.',
    })
  }
}

/** The secret goes into the body (protocol sheet, section 2); the provider would take Basic authentication too. */
function refuseBasic({ response }: Exchange): void {
  response.writeHead(401, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(
    JSON.stringify({ error: 'invalid_client', error_description: 'client authentication by header is not supported' }),
  )
}
