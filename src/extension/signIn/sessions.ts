import { FLOWS } from '../../core/auth/flows.ts'
import { checkReferenceToken } from '../../core/auth/referenceToken.ts'
import { SessionRenewal } from '../../core/auth/sessionRenewal.ts'
import { SessionStore, type Session } from '../../core/auth/sessionStore.ts'
import type { Client } from '../../core/auth/tokens.ts'
import { unlessAborted } from '../../core/base/cancel.ts'
import type { Clock, SecretStore } from '../../core/base/effects.ts'
import { ErpError } from '../../core/base/errors.ts'
import { SingleFlight } from '../../core/base/singleFlight.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { site, type Instance, type UsedSite } from '../../core/instance/instance.ts'
import type { Access } from '../platform/contracts.ts'
import { signInWithBrowser, signOutWithBrowser, type IdentityEngine } from './browser.ts'
import type { SignInUi } from './ui.ts'

export interface SessionsOptions {
  readonly engine: IdentityEngine
  readonly secrets: SecretStore
  readonly ui: SignInUi
  readonly clock: Clock
  /** Tells whose sign-in has changed. */
  readonly changes: Changes
}

/** As much of VS Code's `EventEmitter` as is needed. */
export interface Changes {
  readonly event: (listener: (connection: Connection) => unknown) => { dispose(): unknown }
  fire(connection: Connection): void
}

export interface SignInState {
  readonly signedIn: boolean
  /** Who is signed in, for people; unknown of a reference token. */
  readonly account?: string
  /** When the access token expires, in milliseconds since 1970, and whether it is renewed then. */
  readonly expiresAt?: number
  readonly renewable?: boolean
}

/** A session as VS Code's authentication shows it. */
export interface OpenSession {
  readonly token: string
  readonly scopes: readonly string[]
  readonly account?: string
}

/** Who is signed in to what. Tokens stay in the secret store and go nowhere but into the engine. */
export class Sessions {
  readonly #options: SessionsOptions
  readonly #store: SessionStore
  readonly #renewal: SessionRenewal
  /** By root URL, as long as the window lives. */
  readonly #instances = new Map<string, Promise<Instance>>()
  readonly #signIns = new SingleFlight<undefined>()
  readonly #life = new AbortController()
  readonly onDidChange: Changes['event']

  constructor(options: SessionsOptions) {
    this.#options = options
    this.#store = new SessionStore(options.secrets)
    this.#renewal = new SessionRenewal({
      store: this.#store,
      clock: options.clock,
      renew: async (connection, session) =>
        options.engine.call('renewTokens', { ...session, ...await this.#clientSecret(connection) }),
      ended: connection => options.changes.fire(connection),
    })
    this.onDidChange = options.changes.event
  }

  /**
   * The instance and a valid token for it; never starts a sign-in.
   *
   * @throws `signed-out`; what discovery, the renewal and the way there throw; `cancelled`
   */
  async access(connection: Connection, signal?: AbortSignal): Promise<Access> {
    const token = await this.#renewal.validToken(connection, signal)
    return { token, instance: await this.#instance(connection, signal) }
  }

  /** Sends nothing. A secret store that fails counts as signed out here; a sign-in then says what is wrong with it. */
  async state(connection: Connection): Promise<SignInState> {
    const session = await this.#store.read(connection).catch(() => undefined)
    if (session === undefined) return { signedIn: false }
    if (session.kind === 'referenceToken') return { signedIn: true }
    const { expiresAt, refreshToken } = session.tokens
    if (!this.#renewal.isAlive(session)) return { signedIn: false }
    return { signedIn: true, ...accountOf(session), expiresAt, renewable: refreshToken !== undefined }
  }

  /** The session with a valid token, or undefined where the person would have to sign in. Throws as `access` does. */
  async open(connection: Connection): Promise<OpenSession | undefined> {
    if (!(await this.state(connection)).signedIn) return undefined
    const token = await this.#renewal.validToken(connection)
    const session = await this.#store.read(connection)
    const scopes = session?.kind === 'tokens' ? session.tokens.scopes : connection.scopes
    return { token, scopes, ...(session === undefined ? {} : accountOf(session)) }
  }

  /**
   * Signs in: in the browser, or by asking for the reference token. One sign-in of a connection at a time.
   *
   * @throws `sign-in-cancelled` and the other ends of a sign-in; `reference-token-form`; what discovery throws
   */
  async signIn(connection: Connection): Promise<void> {
    const isBrowser = FLOWS[connection.application].signIn === 'browser'
    await this.#signIns.run(`${connection.id} ${connection.url}`, async () => {
      await (isBrowser ? this.#signInWithBrowser(connection) : this.#askReferenceToken(connection))
      return undefined
    })
  }

  /**
   * Forgets the tokens first, then ends the session at the identity service, where there is one. Returns when the
   * browser is on its way; the person is told when the slot is free.
   */
  async signOut(connection: Connection): Promise<void> {
    const session = await this.#store.read(connection)
    await this.#remove(connection)
    if (session?.kind !== 'tokens' || session.tokens.idToken === undefined) {
      this.#options.ui.signedOut(connection, 'local')
      return
    }
    const { engine, ui } = this.#options
    const opened = Promise.withResolvers<undefined>()
    const goOn = (): void => opened.resolve(undefined)
    void signOutWithBrowser({ engine, ui, connection, signal: this.#life.signal }, session, goOn)
      .then(() => 'freed' as const, () => 'unknown' as const)
      .then(end => ui.signedOut(connection, end))
      .finally(goOn)
    await opened.promise
  }

  /** Throws `reference-token-form`. */
  async keepReferenceToken(connection: Connection, text: string): Promise<void> {
    await this.#write(connection, { kind: 'referenceToken', token: checkReferenceToken(text).token })
  }

  async keepClientSecret(connection: Connection, secret: string): Promise<void> {
    await this.#store.writeClientSecret(connection, secret)
  }

  /** Forgets everything that is kept of a connection. */
  async forget(connection: Connection): Promise<void> {
    await this.#store.removeClientSecret(connection)
    await this.#remove(connection)
    this.#instances.delete(connection.url)
  }

  dispose(): void {
    this.#life.abort()
  }

  async #signInWithBrowser(connection: Connection): Promise<void> {
    const { engine, ui } = this.#options
    const stored = await this.#store.readClientSecret(connection)
    const needsSecret = FLOWS[connection.application].clientSecret
    const clientSecret = needsSecret ? stored ?? await ui.askClientSecret(connection) : undefined
    if (needsSecret && clientSecret === undefined) throw new ErpError('sign-in-cancelled')
    await ui.whileSigningIn(connection, async given => {
      const signal = AbortSignal.any([given, this.#life.signal])
      const { url: issuer } = site(await this.#instance(connection, signal), 'ID')
      const client: Client = {
        issuer, clientId: connection.clientId ?? '', ...(clientSecret === undefined ? {} : { clientSecret }),
      }
      await signInWithBrowser({ engine, ui, connection, signal }, client, async tokens => {
        // a secret that was typed just now has proved right
        if (clientSecret !== undefined && clientSecret !== stored) await this.#store.writeClientSecret(connection, clientSecret)
        await this.#write(connection, { kind: 'tokens', issuer, clientId: client.clientId, tokens })
      })
    })
  }

  async #askReferenceToken(connection: Connection): Promise<void> {
    const text = await this.#options.ui.askReferenceToken(connection)
    if (text === undefined) throw new ErpError('sign-in-cancelled')
    await this.keepReferenceToken(connection, text)
  }

  /** Everybody who asks meanwhile shares one discovery, so it isn't cancelled with one of them. */
  async #instance({ url }: Connection, signal?: AbortSignal): Promise<Instance> {
    let instance = this.#instances.get(url)
    if (instance === undefined) {
      instance = this.#options.engine.call('discover', { address: url })
      this.#instances.set(url, instance)
      const forget = () => this.#instances.delete(url)
      instance.then(found => isWhole(found) || forget(), forget)
    }
    return unlessAborted(instance, signal)
  }

  async #clientSecret(connection: Connection): Promise<{ clientSecret?: string }> {
    const clientSecret = await this.#store.readClientSecret(connection)
    return clientSecret === undefined ? {} : { clientSecret }
  }

  async #write(connection: Connection, session: Session): Promise<void> {
    await this.#store.write(connection, session)
    this.#options.changes.fire(connection)
  }

  async #remove(connection: Connection): Promise<void> {
    await this.#store.remove(connection)
    this.#options.changes.fire(connection)
  }
}

/** Is nothing missing or down that may be there the next time? */
function isWhole({ sites }: Instance): boolean {
  const works = (wanted: UsedSite) => sites.some(({ type, status }) => type === wanted && status !== 'NotWorking')
  return works('ID') && works('DomainAPI') && works('TableAPI')
}

function accountOf(session: Session): { account?: string } {
  const account = session.kind === 'tokens' ? session.tokens.account : undefined
  return account === undefined ? {} : { account: account.name }
}
