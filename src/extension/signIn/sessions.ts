import { FLOWS } from '../../core/auth/flows.ts'
import { checkReferenceToken } from '../../core/auth/referenceToken.ts'
import { SessionRenewal } from '../../core/auth/sessionRenewal.ts'
import { isSessionKey, SessionStore, type Session, type TokenSession } from '../../core/auth/sessionStore.ts'
import { unlessAborted } from '../../core/base/cancel.ts'
import type { Clock, Lock, SecretStore } from '../../core/base/effects.ts'
import { ErpError, isErpError } from '../../core/base/errors.ts'
import { SingleFlight } from '../../core/base/singleFlight.ts'
import { type Connection, placeOf } from '../../core/instance/connection.ts'
import type { Instance } from '../../core/instance/instance.ts'
import type { Access, AccessWishes, SignInState } from '../platform/contracts.ts'
import type { IdentityEngine } from './browser.ts'
import type { Changes } from './changes.ts'
import { Instances } from './instances.ts'
import { ServiceSessions } from './serviceSessions.ts'
import { SignInAgain } from './signInAgain.ts'
import { Slots } from './slots.ts'
import type { SignInUi, SignOutEnd } from './ui.ts'

export interface SessionsOptions {
  readonly engine: IdentityEngine
  readonly secrets: SecretStore
  readonly ui: SignInUi
  readonly clock: Clock
  readonly lock: Lock
  /** Tells whose sign-in has changed. */
  readonly changes: Changes
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
  readonly #slots: Slots
  readonly #instances: Instances
  readonly #service: ServiceSessions
  readonly #signIns = new SingleFlight<undefined>()
  /** The places that this window knows to be signed in. */
  readonly #known = new Set<string>()
  readonly #again: SignInAgain
  readonly #life = new AbortController()
  readonly onDidChange: Changes['event']

  constructor(options: SessionsOptions) {
    const { engine, secrets, ui, clock, lock, changes } = options
    this.#options = options
    this.#store = new SessionStore(secrets, lock)
    this.#slots = new Slots(clock)
    this.#instances = new Instances(engine)
    const { signal } = this.#life
    this.#service = new ServiceSessions({ engine, ui, store: this.#store, instances: this.#instances, signal })
    this.#renewal = new SessionRenewal({
      store: this.#store,
      clock,
      lock,
      renew: (connection, session) => this.#service.renew(connection, session),
      renewed: connection => changes.fire({ connection, what: 'renewed' }),
      ended: connection => {
        this.#again.expect(connection)
        changes.fire({ connection, what: 'signedOut' })
      },
    })
    this.onDidChange = changes.event
    this.#again = new SignInAgain({ onDidChange: changes.event, ask: connection => ui.askToSignInAgain(connection) })
  }

  /**
   * The instance and a valid token for it. Starts no sign-in by itself; where a session has ended and the caller may
   * `ask`, the person is asked to sign in again, and the work goes on.
   *
   * @throws `signed-out`; what discovery, the renewal and the way there throw; `cancelled`
   */
  async access(connection: Connection, wishes: AccessWishes = {}): Promise<Access> {
    const { signal, refused } = wishes
    const token = await (wishes.ask === true ? this.#tokenOrAsk(connection, wishes) : this.#renewal.validToken(connection, { signal, refused }))
    const instance = await this.instance(connection, signal)
    if (this.#slots.called(connection)) this.#options.changes.fire({ connection, what: 'used' })
    return { token, instance }
  }

  /** The instance, without a token. Throws what discovery throws; `cancelled`. */
  instance(connection: Connection, signal?: AbortSignal): Promise<Instance> {
    return this.#instances.find(connection, signal)
  }

  /** Sends nothing. A secret store that fails counts as signed out here; a sign-in then says what is wrong with it. */
  async state(connection: Connection): Promise<SignInState> {
    const state = await this.#readState(connection)
    if (state.signedIn) {
      this.#known.add(placeOf(connection))
      this.#again.expect(connection)
    } else this.#known.delete(placeOf(connection))
    return state
  }

  async #readState(connection: Connection): Promise<SignInState> {
    const session = await this.#store.read(connection).catch(() => undefined)
    if (session === undefined) return { signedIn: false }
    const slotUntil = this.#slots.heldUntil(connection)
    const slot = slotUntil === undefined ? {} : { slotUntil }
    if (session.kind === 'referenceToken') return { signedIn: true, ...slot }
    if (!this.#renewal.isAlive(connection, session)) return { signedIn: false }
    const { expiresAt, refreshToken } = session.tokens
    const renewable = refreshToken !== undefined || FLOWS[connection.application].apis === 'service'
    return { signedIn: true, ...identitiesOf(connection, session), expiresAt, renewable, ...slot }
  }

  /** What is kept of the sign-in, as it is: nothing is renewed. */
  stored(connection: Connection): Promise<Session | undefined> {
    return this.#store.read(connection)
  }

  /** The session with a valid token, or undefined where the person would have to sign in. Throws as `access` does. */
  async open(connection: Connection): Promise<OpenSession | undefined> {
    if (!(await this.state(connection)).signedIn) return undefined
    const token = await this.#renewal.validToken(connection)
    const session = await this.#store.read(connection)
    if (session?.kind !== 'tokens') return { token, scopes: connection.scopes }
    const { account, service } = identitiesOf(connection, session)
    const name = account ?? service
    return { token, scopes: session.tokens.scopes, ...(name === undefined ? {} : { account: name }) }
  }

  /**
   * Signs in as the connection's application type does: in the browser, with the application's secret, or by asking
   * for the reference token. One sign-in of a connection at a time.
   *
   * @throws `sign-in-cancelled` and the other ends of a sign-in; `reference-token-form`; what discovery throws
   */
  async signIn(connection: Connection): Promise<void> {
    await this.#signIns.run(placeOf(connection), async () => {
      if (FLOWS[connection.application].apis === 'referenceToken') await this.#askReferenceToken(connection)
      else await this.#service.begin(connection, session => this.#keep(connection, session))
      return undefined
    })
  }

  /**
   * Forgets the tokens first, then revokes what can be revoked and ends the session at the identity service, where
   * there is one. Returns when the browser is on its way; the person is told what became of the licence slot.
   */
  async signOut(connection: Connection): Promise<void> {
    const session = await this.#store.read(connection)
    const idles = this.#slots.heldUntil(connection) !== undefined
    await this.#store.remove(connection)
    this.#slots.forget(connection)
    this.#again.forgo(connection)
    this.#options.changes.fire({ connection, what: 'signedOut' })
    const here: SignOutEnd = idles ? 'idle' : 'local'
    if (session?.kind === 'tokens') await this.#endAtService(connection, session, here)
    else this.#options.ui.signedOut(connection, here)
  }

  /** Throws `reference-token-form`. */
  async keepReferenceToken(connection: Connection, text: string): Promise<void> {
    await this.#keep(connection, { kind: 'referenceToken', token: checkReferenceToken(text).token })
  }

  async keepClientSecret(connection: Connection, secret: string): Promise<void> {
    await this.#store.writeClientSecret(connection, secret)
  }

  /** Forgets everything that is kept of a connection. */
  async forget(connection: Connection): Promise<void> {
    await this.#store.forget(connection)
    this.#slots.forget(connection)
    this.#again.forgo(connection)
    this.#instances.forget(connection)
    this.#options.changes.fire({ connection, what: 'signedOut' })
  }

  /** The secret store says that somebody, perhaps another window, has changed the entry `key`. */
  async secretChanged(key: string, connections: readonly Connection[]): Promise<void> {
    const connection = connections.find(candidate => isSessionKey(key, candidate))
    if (connection === undefined) return
    const before = this.#known.has(placeOf(connection))
    const { signedIn } = await this.state(connection)
    if (!signedIn && !before) return
    this.#options.changes.fire({ connection, what: !signedIn ? 'signedOut' : before ? 'renewed' : 'signedIn' })
  }

  /** The secret store has lost the entry `key` since a window before. */
  secretLost(key: string, connections: readonly Connection[]): void {
    const connection = connections.find(candidate => isSessionKey(key, candidate))
    if (connection !== undefined) this.#again.expect(connection)
  }

  dispose(): void {
    this.#life.abort()
  }

  async #tokenOrAsk(connection: Connection, { signal, refused }: AccessWishes): Promise<string> {
    const before = await this.#store.read(connection)
    try {
      return await this.#renewal.validToken(connection, { signal, refused })
    } catch (error) {
      const wasSignedIn = before !== undefined || refused !== undefined || this.#again.expects(connection)
      if (!wasSignedIn || !isErpError(error, 'signed-out')) throw error
      if (!await unlessAborted(this.#again.ask(connection), signal)) throw error
      if (!(await this.state(connection)).signedIn) await this.signIn(connection)
      return this.#renewal.validToken(connection, { signal })
    }
  }

  /** @param here what becomes of the slot where the service ends no session */
  async #endAtService(connection: Connection, session: TokenSession, here: SignOutEnd): Promise<void> {
    const { ui } = this.#options
    this.#service.revoke(connection, session)
    const { issuer, clientId, tokens, visitor } = session
    const idToken = visitor?.idToken ?? tokens.idToken
    // the slot of a portal is its application's own, which never signs out (protocol sheet, "Sessions and licences")
    const done = visitor === undefined ? 'freed' : here
    const tell = (cameBack: boolean): void => ui.signedOut(connection, cameBack ? done : 'unknown')
    if (idToken === undefined) ui.signedOut(connection, here)
    else await this.#service.end(connection, { issuer, clientId, idToken }, tell)
  }

  async #askReferenceToken(connection: Connection): Promise<void> {
    const text = await this.#options.ui.askReferenceToken(connection)
    if (text === undefined) throw new ErpError('sign-in-cancelled')
    await this.keepReferenceToken(connection, text)
  }

  async #keep(connection: Connection, session: Session): Promise<void> {
    await this.#store.write(connection, session)
    this.#again.expect(connection)
    this.#options.changes.fire({ connection, what: 'signedIn' })
  }
}

function identitiesOf(
  { application }: Connection, { tokens, visitor }: TokenSession,
): Pick<SignInState, 'account' | 'external' | 'service'> {
  const isService = FLOWS[application].apis === 'service'
  const user = isService ? visitor?.account : tokens.account
  return {
    ...(user === undefined ? {} : { account: user.name }),
    ...(user?.external === true ? { external: true } : {}),
    ...(isService && tokens.account !== undefined ? { service: tokens.account.name } : {}),
  }
}
