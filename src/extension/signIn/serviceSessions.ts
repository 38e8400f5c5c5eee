import { FLOWS } from '../../core/auth/flows.ts'
import type { SessionStore, TokenSession } from '../../core/auth/sessionStore.ts'
import type { Client, TokenSet } from '../../core/auth/tokens.ts'
import { ErpError, isErpError } from '../../core/base/errors.ts'
import { type Connection, placeOf } from '../../core/instance/connection.ts'
import { site } from '../../core/instance/instance.ts'
import type { IdentityEngine } from './browser.ts'
import type { Instances } from './instances.ts'
import { openSession } from './openSession.ts'
import type { SignInUi } from './ui.ts'

/** Loaded with the first sign-in. */
const withBrowser = () => import('./browser.ts')

export interface ServiceSessionsParts {
  readonly engine: IdentityEngine
  readonly ui: SignInUi
  readonly store: SessionStore
  readonly instances: Instances
  /** Ends all that is under way. */
  readonly signal: AbortSignal
}

/** Sessions at identity services: how they begin, are renewed and end. What becomes of them here is told by `Sessions`. */
export class ServiceSessions {
  readonly #parts: ServiceSessionsParts
  /** The places whose stored secret the identity service has refused: the next sign-in asks for another. */
  readonly #doubted = new Set<string>()

  constructor(parts: ServiceSessionsParts) {
    this.#parts = parts
  }

  /**
   * Signs in with the browser, or with the application's secret.
   *
   * @param keep stores the session; only then the sign-in is done
   * @throws `sign-in-cancelled` and the other ends of a sign-in; what discovery throws
   */
  async begin(connection: Connection, keep: (session: TokenSession) => Promise<void>): Promise<void> {
    try {
      await this.#signIn(connection, keep)
      this.#doubted.delete(placeOf(connection))
    } catch (error) {
      if (isErpError(error, 'sign-in-refused') && error.facts['error'] === 'invalid_client') this.#doubted.add(placeOf(connection))
      throw error
    }
  }

  async renew(connection: Connection, session: TokenSession): Promise<TokenSet> {
    const client = await this.#clientOf(connection, session)
    const { refreshToken } = session.tokens
    return refreshToken === undefined
      ? this.#parts.engine.call('serviceTokens', { ...client, scopes: connection.scopes })
      : this.#parts.engine.call('renewTokens', { ...client, refreshToken })
  }

  /** Nobody waits for it: the tokens are forgotten here, and a sign-out revokes them as well. */
  revoke(connection: Connection, session: TokenSession): void {
    const { refreshToken } = session.tokens
    if (refreshToken === undefined) return
    void this.#clientOf(connection, session)
      .then(client => this.#parts.engine.call('revokeToken', { ...client, refreshToken }))
      .catch(() => undefined)
  }

  /**
   * Ends the session in the browser. Returns when that is on its way.
   *
   * @param ended told whether the browser has come back
   */
  async end(
    connection: Connection, session: { readonly issuer: string; readonly clientId: string; readonly idToken: string },
    ended: (cameBack: boolean) => void,
  ): Promise<void> {
    const opened = Promise.withResolvers<undefined>()
    const goOn = (): void => opened.resolve(undefined)
    const { engine, ui, signal } = this.#parts
    void withBrowser()
      .then(({ signOutWithBrowser }) => signOutWithBrowser({ engine, ui, connection, signal }, session, goOn))
      .then(() => true, () => false)
      .then(ended)
      .finally(goOn)
    await opened.promise
  }

  async #signIn(connection: Connection, keep: (session: TokenSession) => Promise<void>): Promise<void> {
    const { engine, ui, store, instances, signal: life } = this.#parts
    const stored = this.#doubted.has(placeOf(connection)) ? undefined : await store.readClientSecret(connection)
    const { clientSecret: needsSecret, browser } = FLOWS[connection.application]
    const clientSecret = needsSecret ? stored ?? await ui.askClientSecret(connection) : undefined
    if (needsSecret && clientSecret === undefined) throw new ErpError('sign-in-cancelled')
    await ui.whileSigningIn(connection, async (given, offer) => {
      const signal = AbortSignal.any([given, life])
      const { url: issuer } = site(await instances.find(connection, signal), 'ID')
      const client = { issuer, clientId: connection.clientId ?? '', ...(clientSecret === undefined ? {} : { clientSecret }) }
      const open = async (user?: TokenSet): Promise<void> => {
        const session = await openSession({ engine, connection, client, user, signal })
        // a secret that was typed just now has proved right
        if (clientSecret !== undefined && clientSecret !== stored) await store.writeClientSecret(connection, clientSecret)
        await keep(session)
      }
      if (!browser) return open()
      const { signInWithBrowser } = await withBrowser()
      await signInWithBrowser({ engine, ui, connection, signal }, client, offer, open)
    })
  }

  /** The application that a session was issued to. */
  async #clientOf(connection: Connection, { issuer, clientId }: TokenSession): Promise<Client> {
    const clientSecret = await this.#parts.store.readClientSecret(connection)
    return { issuer, clientId, ...(clientSecret === undefined ? {} : { clientSecret }) }
  }
}
