import { type Claims, EXTERNAL_USER, readClaims } from '../../core/auth/claims.ts'
import { FLOWS } from '../../core/auth/flows.ts'
import { grantedScopes, missingScopes } from '../../core/auth/inspection.ts'
import { checkReferenceToken } from '../../core/auth/referenceToken.ts'
import type { Session, TokenSession } from '../../core/auth/sessionStore.ts'
import { API_AUDIENCES } from '../../core/auth/tokens.ts'
import { asErpError, ErpError, type Facts, isErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { odataRoot, site, tableRoot } from '../../core/instance/instance.ts'
import type { Engine } from '../../node/engine/client.ts'
import type { OpenAccess, StoredSession } from '../platform/contracts.ts'

/** Fixed, in English: programs rely on them. */
export const STEP_NAMES = ['discovery', 'identity', 'token', 'audience and scope', 'Domain API', 'Table API'] as const
export type StepName = (typeof STEP_NAMES)[number]

/** One step of the way: what was found, or why it failed. */
export type Step =
  | { readonly name: StepName; readonly facts: Facts }
  | { readonly name: StepName; readonly error: ErpError }

export interface StepsOptions {
  readonly engine: Pick<Engine, 'call'>
  readonly access: OpenAccess
  readonly stored: StoredSession
}

/**
 * Goes the way of every request, step by step, with the smallest requests: only the two steps of the APIs open a
 * session there. Steps that need a failed one are left out.
 *
 * @throws `cancelled` alone
 */
export async function takeSteps(options: StepsOptions, connection: Connection, signal?: AbortSignal): Promise<Step[]> {
  const { engine } = options
  const steps: Step[] = []
  const step = async <T>(name: StepName, action: () => Promise<T>, facts: (result: T) => Facts): Promise<T | undefined> => {
    try {
      const result = await action()
      steps.push({ name, facts: facts(result) })
      return result
    } catch (thrown) {
      const error = asErpError(thrown)
      if (error.code === 'cancelled') throw error
      steps.push({ name, error })
      return undefined
    }
  }
  const failed = (name: StepName) => steps.flatMap(taken => taken.name === name && 'error' in taken ? taken.error : [])[0]

  const instance = await step(
    'discovery', () => engine.call('discover', { address: connection.url }, { signal }),
    ({ host, sites }) => ({ host, sites: sites.length }),
  )
  if (instance === undefined) return steps
  const issuer = await step(
    'identity', async () => engine.call('issuer', { issuer: site(instance, 'ID').url }, { signal }), named => ({ issuer: named }),
  )
  const token = await step('token', () => Token.open(options, connection, signal), ({ facts }) => facts)
  if (token === undefined) return steps
  await step('audience and scope', () => Promise.resolve(checkAccess(connection, token.session, issuer)), facts => facts)
  const obstacle = failed('audience and scope')
  const opens = (audience: string) => obstacle === undefined
    || (obstacle.code === 'audience-missing' && !String(obstacle.facts['audience']).includes(audience))
  if (opens('DomainAPI')) {
    await step(
      'Domain API',
      () => token.use(async value => engine.call('domainVersion', { base: odataRoot(site(instance, 'DomainAPI')), token: value }, { signal })),
      (version): Facts => version === undefined ? {} : { version },
    )
  }
  if (opens('TableAPI')) {
    await step(
      'Table API',
      () => token.use(async value => engine.call('resources', { base: tableRoot(site(instance, 'TableAPI')), token: value }, { signal })),
      tables => ({ tables }),
    )
  }
  return steps
}

/** The token that the APIs are called with, and what is kept of the sign-in that it comes from. */
class Token {
  readonly session: Session
  readonly #options: StepsOptions
  readonly #connection: Connection
  readonly #signal: AbortSignal | undefined
  #value: string

  private constructor(options: StepsOptions, connection: Connection, session: Session, value: string, signal?: AbortSignal) {
    this.session = session
    this.#options = options
    this.#connection = connection
    this.#value = value
    this.#signal = signal
  }

  /** Throws as `access` does: `signed-out`, what the identity service refuses. */
  static async open(options: StepsOptions, connection: Connection, signal?: AbortSignal): Promise<Token> {
    const { token } = await options.access(connection, { signal })
    const session = await options.stored(connection)
    if (session === undefined) throw new ErpError('signed-out', { connection: connection.name })
    return new Token(options, connection, session, token, signal)
  }

  get facts(): Facts {
    if (this.session.kind === 'referenceToken') {
      const { warning } = checkReferenceToken(this.session.token)
      return { kind: 'reference', ...(warning === undefined ? {} : { warning }) }
    }
    const { tokens, visitor, clientId } = this.session
    const { expiresAt, account } = tokens
    if (!this.#isService) return { kind: 'user', account: account?.name ?? '?', expiresAt }
    return { kind: 'service', account: account?.name ?? clientId, expiresAt, ...(visitor === undefined ? {} : { visitor: visitor.account.name }) }
  }

  /**
   * Calls an API. One that can be renewed is, once, when the API refuses it, as with every other request; a sign-in
   * that can't be renewed isn't ended by a mere test.
   */
  async use<T>(call: (token: string) => Promise<T>): Promise<T> {
    try {
      return await call(this.#value)
    } catch (error) {
      if (!isErpError(error, 'unauthorized') || !this.#renews) throw this.#explain(error)
      const { token } = await this.#options.access(this.#connection, { signal: this.#signal, refused: this.#value })
      this.#value = token
      return await call(token).catch((again: unknown) => {
        throw this.#explain(again)
      })
    }
  }

  get #isService(): boolean {
    return FLOWS[this.#connection.application].apis === 'service'
  }

  get #renews(): boolean {
    return this.session.kind === 'tokens' && (this.#isService || this.session.tokens.refreshToken !== undefined)
  }

  /** Adds what the answer alone doesn't tell. */
  #explain(error: unknown): unknown {
    const isRefused = isErpError(error, 'unauthorized')
    if (!isRefused && !isErpError(error, 'forbidden')) return error
    if (this.session.kind === 'referenceToken') return isRefused ? refused(error, 'reference') : error
    if (this.#isService && readClaims(this.#value)?.systemUser === undefined) {
      return new ErpError('no-system-user', { application: this.session.clientId }, { cause: error })
    }
    return isRefused ? refused(error, this.#isService ? 'service' : 'jwt') : error
  }
}

function refused(error: ErpError, token: 'jwt' | 'service' | 'reference'): ErpError {
  return new ErpError('unauthorized', { ...error.facts, token }, { cause: error })
}

/**
 * Does the token say that it opens the APIs? Nothing is sent. What can't be read of it, the APIs will tell.
 *
 * @throws `wrong-identity`, `no-api-access`, `scope-missing`, `audience-missing`
 */
function checkAccess(connection: Connection, session: Session, issuer: string | undefined): Facts {
  if (session.kind === 'referenceToken') return { unknown: 'reference' }
  const claims = readClaims(session.tokens.accessToken)
  if (claims === undefined) return { unknown: 'opaque' }
  if (issuer !== undefined && claims.issuer !== undefined && claims.issuer !== issuer) {
    throw new ErpError('wrong-identity', { issuer, named: claims.issuer })
  }
  return grantedAccess(connection, session, claims)
}

function grantedAccess(connection: Connection, session: TokenSession, { userType, audiences, name, subject }: Claims): Facts {
  if (userType === EXTERNAL_USER) throw new ErpError('no-api-access', { account: name ?? subject ?? '?', reason: 'external' })
  const scopes = grantedScopes(session)
  if (!scopes.includes('read')) {
    throw new ErpError('scope-missing', { scope: 'read', place: connection.scopes.includes('read') ? 'application' : 'connection' })
  }
  const absent = API_AUDIENCES.filter(audience => !audiences.includes(audience))
  if (absent.length > 0) throw new ErpError('audience-missing', { audience: absent.join(', ') })
  const missing = missingScopes(connection, session)
  return {
    scopes: scopes.join(' '), audiences: audiences.join(', '), ...(missing.length === 0 ? {} : { missing: missing.join(' ') }),
  }
}
