import { requestedScopes } from '../../core/auth/flows.ts'
import type { Client, SignOutParams, TokenSet } from '../../core/auth/tokens.ts'
import { readPastedAddress } from '../../core/auth/pastedAddress.ts'
import { abortError } from '../../core/base/cancel.ts'
import { ErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Engine } from '../../node/engine/client.ts'
import { listenForCallback, type Loopback } from '../../node/loopback.ts'
import type { BrowserOffer, SignInUi } from './ui.ts'

/** The part of the engine that speaks to identity services. */
export type IdentityEngine = Pick<Engine, 'call'>

export interface BrowserParts {
  readonly engine: IdentityEngine
  readonly ui: SignInUi
  readonly connection: Connection
  /** Aborted with the `ErpError` that the sign-in is to end with. */
  readonly signal: AbortSignal
}

/**
 * Sends the person to the instance's own sign-in page and redeems what comes back: authorization code with PKCE over
 * loopback (RFC 8252). The browser shows how it ended.
 *
 * @param offer told when the browser is on its way
 * @param keep stores the tokens; only then the sign-in is done
 * @throws `sign-in-denied`, `-timed-out`, `-ports-busy`, `-state`, `-refused`, `-no-browser`, what the signal carries,
 *   and the failures of the way to the identity service: each of them at once
 */
export async function signInWithBrowser(
  parts: BrowserParts, client: Client, offer: (browser: BrowserOffer) => void, keep: (tokens: TokenSet) => Promise<void>,
): Promise<void> {
  const { engine, ui, connection } = parts
  await withLoopback(parts, '/callback', async (loopback, signal) => {
    const { redirectUri } = loopback
    const params = { ...client, redirectUri, scopes: requestedScopes(connection) }
    const { url, ...checks } = await engine.call('startSignIn', params, { signal })
    const pasted = Promise.withResolvers<string>()
    const read = (text: string): string => readPastedAddress(text, { redirectUri, state: checks.state })
    const back = Promise.race([loopback.wait(checks.state), pasted.promise])
    offer({ url, redirectUri, check: read, take: text => pasted.resolve(read(text)) })
    const [callbackUrl] = await Promise.all([back, openBrowser(ui, url)])
    await keep(await engine.call('redeemCode', { ...client, ...checks, callbackUrl }, { signal }))
    return ui.page('signedIn', connection)
  })
}

/**
 * Ends the session at the identity service, which takes the browser: only its cookie names the session there.
 *
 * @param opened called when the browser is on its way
 * @returns when the browser has come back
 * @throws `sign-in-timed-out` when it doesn't; otherwise as `signInWithBrowser`
 */
export async function signOutWithBrowser(
  parts: BrowserParts, session: Omit<SignOutParams, 'redirectUri'>, opened: () => void,
): Promise<void> {
  const { engine, ui, connection } = parts
  await withLoopback(parts, '/signed-out', async (loopback, signal) => {
    const params = { ...session, redirectUri: loopback.redirectUri }
    const url = await engine.call('signOutUrl', params, { signal })
    await Promise.all([loopback.wait(), openBrowser(ui, url).then(opened)])
    return ui.page('signedOut', connection)
  })
}

/** Listens for the browser until `action` is through, no longer than the settings allow, and shows it how that ended. */
async function withLoopback(
  { ui, connection, signal: given }: BrowserParts,
  path: string,
  action: (loopback: Loopback, signal: AbortSignal) => Promise<ReturnType<SignInUi['page']>>,
): Promise<void> {
  const { ports, timeoutSeconds } = ui.settings()
  const deadline = new AbortController()
  const signal = AbortSignal.any([given, deadline.signal])
  const expire = () => deadline.abort(new ErpError('sign-in-timed-out', { seconds: timeoutSeconds }))
  const timer = setTimeout(expire, timeoutSeconds * 1000)
  let loopback: Loopback | undefined
  try {
    loopback = await listenForCallback({ ports, path, signal, stray: ui.page('stray', connection) })
    loopback.finish(await action(loopback, signal))
  } catch (thrown) {
    const failure = signal.aborted ? abortError(signal) : thrown
    loopback?.finish(ui.page({ failure }, connection))
    throw failure
  } finally {
    clearTimeout(timer)
  }
}

async function openBrowser(ui: SignInUi, url: string): Promise<void> {
  if (!await ui.openBrowser(url)) throw new ErpError('sign-in-no-browser')
}
