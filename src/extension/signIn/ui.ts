import type { Connection } from '../../core/instance/connection.ts'
import type { ResultPage } from '../../node/resultPage.ts'

/** What sign-in and sign-out need of the editor and of the person in front of it; tests bring their own person. */
export interface SignInUi {
  /** Loopback ports in the order in which they are tried, and how long the person may take. */
  settings(): { readonly ports: readonly number[]; readonly timeoutSeconds: number }
  /** False where it could not be opened. */
  openBrowser(url: string): Promise<boolean>
  /** Undefined where the person gave up. */
  askReferenceToken(connection: Connection): Promise<string | undefined>
  askClientSecret(connection: Connection): Promise<string | undefined>
  /** Shows that a sign-in is under way. */
  whileSigningIn(connection: Connection, action: SignInAction): Promise<void>
  /** Asks a person whose session has ended in the middle of their work. */
  askToSignInAgain(connection: Connection): Promise<boolean>
  /** Tells how the sign-out ended. */
  signedOut(connection: Connection, end: SignOutEnd): void
  /** What the browser shows at the end. */
  page(end: PageEnd, connection: Connection): ResultPage
}

/**
 * A sign-in under way.
 * @param signal aborted with `sign-in-cancelled` when the person gives up
 * @param offer tells the person's side that the browser is on its way
 */
export type SignInAction = (signal: AbortSignal, offer: (browser: BrowserOffer) => void) => Promise<void>

/** What a person can do where the browser and we don't find each other. */
export interface BrowserOffer {
  /** The sign-in page, for another browser. */
  readonly url: string
  /** Where that browser is sent back to. */
  readonly redirectUri: string
  /** Throws `sign-in-pasted` where a text isn't the address that the browser was sent back to. */
  check(text: string): void
  /** Goes on with that address. Throws as `check` does. */
  take(text: string): void
}

/**
 * What became of the licence slot (protocol sheet, "Sessions and licences"):
 * - `freed`: the session at the instance has ended
 * - `unknown`: the browser did not come back; the slot becomes free after 20 idle minutes at the latest
 * - `idle`: such a session can't be ended by hand; its slot becomes free after 20 idle minutes
 * - `local`: this window held none
 */
export type SignOutEnd = 'freed' | 'unknown' | 'idle' | 'local'

export type PageEnd = 'signedIn' | 'signedOut' | 'stray' | { readonly failure: unknown }
