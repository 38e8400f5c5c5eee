import { unlessAborted } from '../base/cancel.ts'
import type { Clock, Lock } from '../base/effects.ts'
import { asErpError, ErpError, isErpError } from '../base/errors.ts'
import { SingleFlight } from '../base/singleFlight.ts'
import { type Connection, placeOf } from '../instance/connection.ts'
import { FLOWS } from './flows.ts'
import type { SessionStore, TokenSession } from './sessionStore.ts'
import type { TokenSet } from './tokens.ts'

/** A token that expires sooner might not outlive the request that it is sent with. */
const MARGIN_MS = 60_000

export interface SessionRenewalParts {
  readonly store: SessionStore
  readonly clock: Clock
  /** Held during a renewal: windows renew one after another, and the later ones find the work done. */
  readonly lock: Lock
  /** Gets new tokens for the session from its identity service. */
  renew(connection: Connection, session: TokenSession): Promise<TokenSet>
  /** Told when the session has new tokens. */
  renewed(connection: Connection): void
  /** Told when the identity service has refused to renew, so that the session is over. */
  ended(connection: Connection): void
}

export interface TokenWishes {
  readonly signal?: AbortSignal | undefined
  /** A token that an API has refused although it seemed valid: it was revoked, and another one is needed. */
  readonly refused?: string | undefined
}

/**
 * Gives valid tokens of sessions, renewing them on demand. Refresh tokens rotate (protocol sheet, "Refresh tokens"):
 * one renewal of a session at a time over all windows, which runs to its end whoever stops waiting for it, and whose
 * new refresh token is stored before the new access token is used.
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
  async validToken(connection: Connection, { signal, refused }: TokenWishes = {}): Promise<string> {
    const session = await this.#parts.store.read(connection)
    if (session === undefined) throw signedOut(connection)
    if (session.kind === 'referenceToken') return session.token
    if (this.#isGood(session.tokens, refused)) return session.tokens.accessToken
    const place = placeOf(connection)
    const renewal = this.#renewals.run(place, () => this.#parts.lock.hold(place, () => this.#renew(connection, refused)))
    return (await unlessAborted(renewal, signal)).accessToken
  }

  /** Does that session still open anything, perhaps after a renewal? */
  isAlive(connection: Connection, { tokens }: TokenSession): boolean {
    return canRenew(connection, tokens) || this.#isGood(tokens)
  }

  async #renew(connection: Connection, refused: string | undefined): Promise<TokenSet> {
    const session = await this.#readTokens(connection)
    const { tokens } = session
    if (this.#isGood(tokens, refused)) return tokens
    if (!canRenew(connection, tokens)) {
      if (tokens.accessToken === refused) return this.#end(connection)
      throw signedOut(connection)
    }
    const [outcome] = await Promise.allSettled([this.#parts.renew(connection, session)])
    // while we asked, the user may have signed out or in, and another window may have renewed: what is stored counts
    if (outcome.status === 'fulfilled') {
      const renewed = merge(tokens, outcome.value)
      if (!await this.#parts.store.renew(connection, tokens.accessToken, renewed)) return this.#renew(connection, refused)
      this.#parts.renewed(connection)
      return renewed
    }
    const current = await this.#readTokens(connection)
    if (current.tokens.accessToken !== tokens.accessToken) return this.#renew(connection, refused)
    if (!isInvalidGrant(outcome.reason)) throw asErpError(outcome.reason)
    return this.#end(connection)
  }

  /** The session opens nothing any more: nothing of it is kept. */
  async #end(connection: Connection): Promise<never> {
    await this.#parts.store.remove(connection)
    this.#parts.ended(connection)
    throw signedOut(connection)
  }

  async #readTokens(connection: Connection): Promise<TokenSession> {
    const session = await this.#parts.store.read(connection)
    if (session?.kind !== 'tokens') throw signedOut(connection)
    return session
  }

  #isGood({ accessToken, expiresAt }: TokenSet, refused?: string): boolean {
    return accessToken !== refused && expiresAt - MARGIN_MS > this.#parts.clock.now()
  }
}

/** An application that acts in its own name asks with its secret; a user's session lasts by its refresh token. */
function canRenew({ application }: Connection, { refreshToken }: TokenSet): boolean {
  return FLOWS[application].apis === 'service' || refreshToken !== undefined
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
