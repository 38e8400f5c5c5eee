import { unlessAborted } from '../base/cancel.ts'
import type { Clock } from '../base/effects.ts'
import { asErpError, ErpError, isErpError } from '../base/errors.ts'
import { SingleFlight } from '../base/singleFlight.ts'
import type { Connection } from '../instance/connection.ts'
import type { SessionStore, TokenSession } from './sessionStore.ts'
import type { TokenSet } from './tokens.ts'

/** A token that expires sooner might not outlive the request that it is sent with. */
const MARGIN_MS = 60_000

export interface SessionRenewalParts {
  readonly store: SessionStore
  readonly clock: Clock
  /** Exchanges the session's refresh token at its identity service. */
  renew(connection: Connection, session: { issuer: string; clientId: string; refreshToken: string }): Promise<TokenSet>
  /** Told when the identity service has refused to renew, so that the session is over. */
  ended(connection: Connection): void
}

/**
 * Gives valid tokens of sessions, renewing them on demand. Refresh tokens rotate (protocol sheet, "Refresh tokens"):
 * one renewal of a session at a time, which runs to its end whoever stops waiting for it, and whose new refresh token
 * is stored before the new access token is used.
 */
export class SessionRenewal {
  readonly #parts: SessionRenewalParts
  readonly #renewals = new SingleFlight<TokenSet>()

  constructor(parts: SessionRenewalParts) {
    this.#parts = parts
  }

  /**
   * An access or reference token of that connection's session.
   *
   * @throws `signed-out` when the user has to sign in; network trouble and an identity service that fails are passed
   *   on, and leave the session as it is
   */
  async validToken(connection: Connection, signal?: AbortSignal): Promise<string> {
    const session = await this.#parts.store.read(connection)
    if (session === undefined) throw signedOut(connection)
    if (session.kind === 'referenceToken') return session.token
    if (this.#isFresh(session.tokens)) return session.tokens.accessToken
    const renewal = this.#renewals.run(`${connection.id} ${connection.url}`, () => this.#renew(connection))
    return (await unlessAborted(renewal, signal)).accessToken
  }

  /** Does that session still open anything, perhaps after a renewal? */
  isAlive({ tokens }: TokenSession): boolean {
    return tokens.refreshToken !== undefined || this.#isFresh(tokens)
  }

  async #renew(connection: Connection): Promise<TokenSet> {
    const session = await this.#readTokens(connection)
    const { issuer, clientId, tokens } = session
    if (this.#isFresh(tokens)) return tokens
    const { refreshToken } = tokens
    if (refreshToken === undefined) throw signedOut(connection)
    const [outcome] = await Promise.allSettled([this.#parts.renew(connection, { issuer, clientId, refreshToken })])
    // while we asked, the user may have signed out or in, and another window may have renewed: what is stored counts
    const current = await this.#readTokens(connection)
    if (current.tokens.refreshToken !== refreshToken) return this.#renew(connection)
    if (outcome.status === 'fulfilled') {
      const renewed = merge(tokens, outcome.value)
      await this.#parts.store.write(connection, { ...session, tokens: renewed })
      return renewed
    }
    if (!isInvalidGrant(outcome.reason)) throw asErpError(outcome.reason)
    await this.#parts.store.remove(connection)
    this.#parts.ended(connection)
    throw signedOut(connection)
  }

  async #readTokens(connection: Connection): Promise<TokenSession> {
    const session = await this.#parts.store.read(connection)
    if (session?.kind !== 'tokens') throw signedOut(connection)
    return session
  }

  #isFresh({ expiresAt }: TokenSet): boolean {
    return expiresAt - MARGIN_MS > this.#parts.clock.now()
  }
}

/** What an answer leaves out stays as it was: refresh token, ID token, scopes (RFC 6749, section 6), account. */
function merge(old: TokenSet, renewed: TokenSet): TokenSet {
  return { ...old, ...renewed, scopes: renewed.scopes.length === 0 ? old.scopes : renewed.scopes }
}

/** The identity service wants the user to sign in again (protocol sheet, "Refresh tokens"). */
function isInvalidGrant(error: unknown): boolean {
  return isErpError(error, 'sign-in-refused') && error.facts['error'] === 'invalid_grant'
}

function signedOut(connection: Connection): ErpError {
  return new ErpError('signed-out', { connection: connection.name })
}
