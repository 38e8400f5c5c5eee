import type { Event } from 'vscode'
import type { Connection } from '../../core/instance/connection.ts'
import type { ResultSnapshot } from '../../core/execute/result.ts'
import type { Instance } from '../../core/instance/instance.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'

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

/** The sandbox as one window uses it. */
export interface SandboxStatus {
  /** `stopped`: somebody wanted it; `crashed`: nobody did. */
  readonly phase: 'starting' | 'running' | 'stopped' | 'crashed'
  /** Unknown until it has been ready once. */
  readonly connection?: Connection
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

export interface RunOptions {
  readonly connection: Connection
  readonly signal: AbortSignal
  /** How many rows the result holds in the end; the rest is counted. */
  readonly keep: number
  /** Called when there is more to show, at most ten times a second; holds the first `ROWS_SHOWN` rows. */
  readonly onProgress?: (result: ResultSnapshot) => void
}

/** Runs a query to its end. After a failure the last snapshot given to `onProgress` holds the rows that came. */
export type RunQuery = (query: ResolvedQuery, options: RunOptions) => Promise<ResultSnapshot>
