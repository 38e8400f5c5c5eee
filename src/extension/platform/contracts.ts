import type { Event } from 'vscode'
import type { Session } from '../../core/auth/sessionStore.ts'
import { isErpError } from '../../core/base/errors.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Batch } from '../../core/execute/batch.ts'
import type { ResultSnapshot } from '../../core/execute/result.ts'
import type { Instance } from '../../core/instance/instance.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { Table } from '../../core/model/table.ts'
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

/** What is known of a connection's sign-in; nobody is asked for it. */
export interface SignInState {
  readonly signedIn: boolean
  /** Who is signed in, for people; unknown of a reference token. */
  readonly account?: string
  /** Is that an external user, to whom no API opens? */
  readonly external?: boolean
  /** The system user as whom the application calls the APIs by itself. */
  readonly service?: string
  /** When the access token expires, in milliseconds since 1970, and whether it is renewed then. */
  readonly expiresAt?: number
  readonly renewable?: boolean
  /** Until when the instance keeps a licence slot for what this window has asked last; milliseconds since 1970. */
  readonly slotUntil?: number
}

export interface AccessWishes {
  readonly signal?: AbortSignal | undefined
  /** A token that an API has refused although it seemed valid: another one is needed. */
  readonly refused?: string | undefined
  /** May the person be asked to sign in again, where their session has ended? Only where they wait for it. */
  readonly ask?: boolean | undefined
}

/**
 * Finds the instance and a valid token for it. Fails with `signed-out` where the person must sign in first.
 * Other failures: those of discovery and of the way to the server.
 */
export type OpenAccess = (connection: Connection, wishes?: AccessWishes) => Promise<Access>

/** What is kept of a connection's sign-in; asking for it renews and sends nothing. Its tokens go nowhere. */
export type StoredSession = (connection: Connection) => Promise<Session | undefined>

/**
 * Does something with access to an instance; once more with a new token when the first one is refused, be it that
 * something else has found so first, and the session is over.
 */
export async function withAccess<T>(
  open: OpenAccess, connection: Connection, action: (access: Access) => Promise<T>, wishes: AccessWishes = {},
): Promise<T> {
  const access = await open(connection, wishes)
  try {
    return await action(access)
  } catch (error) {
    if (!isErpError(error, 'unauthorized') && !isErpError(error, 'signed-out')) throw error
    const other = await open(connection, { ...wishes, refused: access.token })
    if (other.token === access.token) throw error
    return action(other)
  }
}

export interface RunOptions {
  readonly connection: Connection
  readonly signal: AbortSignal
  /** Does a person wait for it, who can be asked to sign in again? */
  readonly ask: boolean
  /** How many rows the result holds in the end; the rest is counted. */
  readonly keep: number
  /** Takes all rows; they are good until its promise resolves. What it throws ends the run. */
  readonly onRows?: (batch: Batch) => Promise<void>
  /** Called when there is more to show, at most ten times a second; holds the first `ROWS_SHOWN` rows. */
  readonly onProgress?: (result: ResultSnapshot) => void
}

/** Runs a query to its end. After a failure the last snapshot given to `onProgress` holds the rows that came. */
export type RunQuery = (query: ResolvedQuery, options: RunOptions) => Promise<ResultSnapshot>

/**
 * What the features ask of the models of an instance. All of it fails with what discovery, sign-in and the server fail
 * with.
 */
export interface ModelReader {
  /** All entities in short. */
  entities(connection: Connection): Promise<readonly DomainEntity[]>
  entity(connection: Connection, entitySet: string): Promise<DomainEntityDetails>
  tables(connection: Connection): Promise<readonly Table[]>
  /**
   * All entities in full. `standard` is what ERP.net ships, without what this instance has added; `known` the current
   * one, or what is had of it where nobody is signed in.
   */
  model(connection: Connection, model: 'current' | 'known' | 'standard', signal?: AbortSignal): Promise<readonly DomainEntityDetails[]>
  about(connection: Connection, signal?: AbortSignal): Promise<InstanceFacts>
  renamed(connection: Connection, signal?: AbortSignal): Promise<readonly RenamedEntity[]>
}

export interface InstanceFacts {
  readonly host: string
  readonly version?: string
  /** Is its model, as it is known, the standard one? */
  readonly standard: boolean
  /** Of the Domain API, with a slash at its end. */
  readonly odataRoot: string
}

/** What a line of a model tree stands for; the commands of its menu get it. */
export interface ModelTarget {
  readonly connectionId: string
  readonly name: string
  /** What is written at the cursor: a name, or the path to it from where the tree was entered. */
  readonly path: string
  /** The entity that it is, belongs to or leads to. */
  readonly entitySet?: string
  /** The table that it is, belongs to or leads to. */
  readonly table?: string
  /** Is it a part of the Domain model, or of the tables? */
  readonly of: 'entity' | 'table'
}
