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
  /** Shows that a sign-in is under way; its signal is aborted with `sign-in-cancelled` when the person gives up. */
  whileSigningIn(connection: Connection, action: (signal: AbortSignal) => Promise<void>): Promise<void>
  /** Asks a person whose session has ended in the middle of their work. */
  askToSignInAgain(connection: Connection): Promise<boolean>
  /** Tells how the sign-out ended. */
  signedOut(connection: Connection, end: SignOutEnd): void
  /** What the browser shows at the end. */
  page(end: PageEnd, connection: Connection): ResultPage
}

/**
 * What became of the licence slot (protocol sheet, "Sessions and licences"):
 * - `freed`: the session at the instance has ended
 * - `unknown`: the browser did not come back; the slot gets free after 20 idle minutes at the latest
 * - `idle`: such a session can't be ended by hand; its slot gets free after 20 idle minutes
 * - `local`: this window held none
 */
export type SignOutEnd = 'freed' | 'unknown' | 'idle' | 'local'

export type PageEnd = 'signedIn' | 'signedOut' | 'stray' | { readonly failure: unknown }
