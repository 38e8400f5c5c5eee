import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'

import { FormBrowser, type Page } from './form-browser.ts'
import type { ReadyLine } from './sandbox.ts'

export type Json = Readonly<Record<string, unknown>>
export interface TokenAnswer { readonly status: number; readonly body: Json }
type Fields = Readonly<Record<string, string | undefined>>

export interface SignInWishes {
  /** The client_id; the native application when not said. */
  readonly client?: string
  readonly login?: string
  readonly scope?: string
  readonly browser?: FormBrowser
  /** More for the authorization request. */
  readonly ask?: Fields
}

/** What a client of the sandbox's identity service does, parameter by parameter, so that a test can do it wrongly. */
export class IdentityClient {
  readonly #sandbox: ReadyLine
  readonly verifier = randomBytes(32).toString('base64url')
  readonly native = 'com.example/erpnet-tools'
  readonly confidential = 'com.example/web-reports'
  readonly portal = 'com.example/customer-portal'
  readonly service = 'com.example/stock-sync'

  constructor(sandbox: ReadyLine) {
    this.#sandbox = sandbox
  }

  get id(): string { return `${this.#sandbox.url}/id` }

  user(login = 'admin') {
    return this.#sandbox.users.find(user => user.login === login)!
  }

  application(client: string) {
    return this.#sandbox.applications.find(({ clientId }) => clientId === client)!
  }

  authorizeUrl(more: Fields = {}): URL {
    const url = new URL(`${this.id}/connect/authorize`)
    const parameters = {
      client_id: this.native, redirect_uri: this.application(this.native).redirectUris[0], response_type: 'code',
      scope: 'openid profile read', state: 'some-state', nonce: 'some-nonce',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'), code_challenge_method: 'S256',
      ...more,
    }
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
    return url
  }

  async askToken(fields: Fields, headers: Readonly<Record<string, string>> = {}): Promise<TokenAnswer> {
    const body = new URLSearchParams()
    for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.set(name, value)
    const response = await fetch(`${this.id}/connect/token`, { method: 'POST', body, headers })
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/)
    return { status: response.status, body: await response.json() as Json }
  }

  /** Signs in with the browser. @returns what is needed to redeem the code */
  async code({ client = this.native, login, scope, browser = new FormBrowser(), ask = {} }: SignInWishes = {}) {
    const url = this.authorizeUrl({ client_id: client, ...scope === undefined ? {} : { scope }, ...ask })
    const callback = await browser.signIn(url, this.user(login))
    return {
      grant_type: 'authorization_code', code: callback.searchParams.get('code') ?? '', client_id: client,
      redirect_uri: this.application(this.native).redirectUris[0], code_verifier: this.verifier,
      client_secret: this.application(client).secret,
    }
  }

  /** Signs in, and trades the code for tokens. */
  async signIn(wishes: SignInWishes = {}): Promise<Json> {
    const { status, body } = await this.askToken(await this.code(wishes))
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }

  /** @param token a refresh token @param client the native application when not said */
  renew(token: unknown, client = this.native, more: Fields = {}): Promise<TokenAnswer> {
    return this.askToken({
      grant_type: 'refresh_token', refresh_token: String(token), client_id: client,
      client_secret: this.application(client).secret, ...more,
    })
  }

  credentials(client = this.service, more: Fields = {}): Promise<TokenAnswer> {
    return this.askToken({
      grant_type: 'client_credentials', client_id: client, client_secret: this.application(client).secret, ...more,
    })
  }

  /** The status of a call with this token, by default to the Table API. */
  async call(token: unknown, path = '/tableapi/odata/', init: RequestInit = {}): Promise<number> {
    const headers = { authorization: `Bearer ${String(token)}` }
    const response = await fetch(this.#sandbox.url + path, { headers, ...init })
    await response.body?.cancel()
    return response.status
  }

  /** The `error` with which an authorization request is answered, at the application's address or on a page. */
  async refusal(more: Fields, browser = new FormBrowser()): Promise<string | undefined> {
    const end = await browser.open(this.authorizeUrl(more))
    if (end instanceof URL) return new URLSearchParams(end.search || end.hash.slice(1)).get('error') ?? undefined
    return end.hidden()['error'] ?? /<small>(\w+)<\/small>/.exec(end.text)?.[1]
  }

  async endSession(browser: FormBrowser, more: Fields): Promise<Page | URL> {
    const url = new URL(`${this.id}/connect/endsession`)
    for (const [name, value] of Object.entries(more)) if (value !== undefined) url.searchParams.set(name, value)
    return browser.open(url)
  }
}

/** The claims of a JWT, or with part 0 its header. */
export function claimsOf(token: unknown, part = 1): Json {
  return JSON.parse(Buffer.from(String(token).split('.').at(part) ?? '', 'base64url').toString()) as Json
}
