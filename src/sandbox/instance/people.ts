import { notFound, Problem, readBody, sendPage, type Exchange } from '../http.ts'
import { userWithPassword, type Accounts, type User } from '../identity/accounts.ts'
import type { IdentityStore } from '../identity/adapter.ts'
import { issueToken, mayIssue, tokensOf } from '../identity/issuing.ts'
import { errorPage } from '../identity/pages.ts'
import { readInstallLink, register } from './install.ts'
import { donePage, installPage, passwordPage, personPage, tokensPage } from './pages.ts'

type Kind = 'PAT' | 'SAT'

/**
 * What people do by hand: their own tokens and password at the profile site, the tokens of system users and the
 * registration of applications at the Instance Manager. Each page asks who it is; its form carries a key that was given
 * out with it and is good once, so that no other site can send it.
 */
export class PeoplePages {
  readonly #accounts: Accounts
  readonly #store: IdentityStore
  /** The keys of the forms that are out, with the user who had signed in to see them. */
  readonly #forms = new Map<string, User | undefined>()

  constructor(accounts: Accounts, store: IdentityStore) {
    this.#accounts = accounts
    this.#store = store
  }

  async answer(exchange: Exchange): Promise<void> {
    const { request, url } = exchange
    try {
      const form = request.method === 'POST' ? new URLSearchParams(await readBody(request)) : undefined
      if (form === undefined && request.method !== 'GET') throw notFound(exchange)
      sendPage(exchange, this.#page(url, form) ?? fail(notFound(exchange)))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      sendPage(exchange, errorPage(String(error.status), error.message), error.status)
    }
  }

  #page(url: URL, form: URLSearchParams | undefined): string | undefined {
    switch (url.pathname) {
      case '/profile/security/tokens': return this.#tokens('PAT', form)
      case '/manage/security/tokens': return this.#tokens('SAT', form)
      case '/profile/security/password': return this.#password(form)
      case '/manage/apps/install': return this.#install(url.searchParams, form)
      default: return undefined
    }
  }

  #tokens(kind: Kind, form: URLSearchParams | undefined): string {
    if (!form) return personPage(kind === 'PAT' ? 'My tokens' : 'Tokens of system users', this.#key())
    const user = this.#who(form)
    if (kind === 'SAT' && !user.admin) throw forbidden()
    const mine = tokensOf(this.#accounts, user, kind)
    let shown: string | undefined
    if (form.get('action') === 'issue') {
      const wish = { kind, clientId: form.get('application') ?? '', days: Number(form.get('days')) }
      shown = issueToken(this.#accounts, user, wish).token
    } else {
      const token = mine[Number(form.get('revoke') ?? -1)]
      if (token) token.revoked = true
    }
    return tokensPage({
      shown, form: this.#key(user), tokens: tokensOf(this.#accounts, user, kind),
      applications: this.#accounts.applications.filter(application => mayIssue(user, kind, application)),
    })
  }

  #password(form: URLSearchParams | undefined): string {
    if (!form) return passwordPage(this.#key())
    const user = this.#who(form)
    const password = form.get('new-password') ?? ''
    if (password.length < 8) throw new Problem(400, 'BadRequestException', 'A password has at least 8 characters.')
    user.password = password
    this.#store.forgetRefreshTokens(user.login)
    return donePage('Your password is changed', 'Applications in which you stay signed in will ask you again.')
  }

  #install(query: URLSearchParams, form: URLSearchParams | undefined): string {
    const application = readInstallLink(query, this.#accounts.applications)
    if (!form) return installPage(application, this.#key())
    if (!this.#who(form).admin) throw forbidden()
    register(this.#accounts.applications, application)
    return donePage(`${application.name} is registered`, `Its client_id is ${application.clientId}.`)
  }

  #key(user?: User): string {
    const key = crypto.randomUUID()
    this.#forms.set(key, user)
    return key
  }

  /** Who sent this form: the one for whom it was made, or who signs in by it. @throws Problem 403 for nobody */
  #who(form: URLSearchParams): User {
    const key = form.get('form') ?? ''
    if (!this.#forms.has(key)) throw new Problem(403, 'AuthorizationException', 'This form has ended. Open it again.')
    const known = this.#forms.get(key)
    this.#forms.delete(key)
    const user = known ?? userWithPassword(this.#accounts, form.get('login') ?? '', form.get('password') ?? '')
    if (!user) throw new Problem(403, 'AuthorizationException', 'The login or the password is wrong.')
    return user
  }
}

function forbidden(): Problem {
  return new Problem(403, 'AuthorizationException', 'Only an administrator may do this.')
}

function fail(problem: Problem): never {
  throw problem
}
