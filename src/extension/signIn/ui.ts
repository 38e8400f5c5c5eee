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
  /** Tells how the sign-out ended. */
  signedOut(connection: Connection, end: SignOutEnd): void
  /** What the browser shows at the end. */
  page(end: PageEnd, connection: Connection): ResultPage
}

/**
 * The session at the instance has ended and its licence slot is free; or the browser did not come back, and the slot
 * gets free after 20 idle minutes (protocol sheet, "Sessions and licences"); or there was no session at the instance.
 */
export type SignOutEnd = 'freed' | 'unknown' | 'local'

export type PageEnd = 'signedIn' | 'signedOut' | 'stray' | { readonly failure: unknown }
