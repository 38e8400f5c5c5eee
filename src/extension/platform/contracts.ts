import type { Event } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { Instance } from '../../core/instance/instance.ts'

/** What the features of the shell know of each other; `extension.ts` brings the parts together. */

export interface Connections {
  list(): readonly Connection[]
  /** Throws `connection-unknown`. */
  get(id: string): Connection
  /** The one that the views show and that notebooks without a connection of their own use. */
  selected(): Connection | undefined
  /** Fires after the list or the selection has changed. */
  readonly onDidChange: Event<void>
}

/** A way into an instance's APIs. The token lives in memory only and goes nowhere but into the engine. */
export interface Access {
  readonly instance: Instance
  readonly token: string
}

/**
 * Finds the instance and a valid token for it. Never starts a sign-in by itself: fails with `signed-out` instead.
 * Other failures: those of discovery and of the way to the server.
 */
export type OpenAccess = (connection: Connection, signal?: AbortSignal) => Promise<Access>
