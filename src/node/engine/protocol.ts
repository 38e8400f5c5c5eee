import type { MessagePort } from 'node:worker_threads'
import type { ErrorCode, Facts } from '../../core/base/errors.ts'
import type { Batch } from '../../core/execute/batch.ts'
import type { Wait } from '../../core/execute/source.ts'
import type { ExecuteStats } from '../../core/execute/execute.ts'
import type { Instance } from '../../core/instance/instance.ts'
import type { NetworkSettings } from '../../core/instance/way.ts'
import type {
  RedeemParams, RenewParams, ServiceParams, SignInParams, SignInStart, SignOutParams, TokenSet,
} from '../../core/auth/tokens.ts'
import type { DomainEntityDetails } from '../../core/model/domain.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { FoundItem } from '../../core/model/search/searchIndex.ts'
import type { LoadParams, ModelPlace, ModelSnapshot, SearchParams, SomeDetails } from '../model/modelCalls.ts'
import type { DomainPlace, TablePlace } from '../model/readModel.ts'
import type { Run } from '../../core/plan/plan.ts'
import type { LogLevel } from '../network.ts'

/** What the worker is started with. */
export interface EngineData {
  /** For temporary files; whoever started the worker removes it. */
  readonly folder: string
}

/**
 * What the extension host asks of the engine worker, where all HTTP happens (see ARCHITECTURE.md, "The engine").
 * Every call can be cancelled; every failure is an `ErpError`.
 */
export interface EngineMethods {
  /** Auto-discovery from an address as the user typed it (already a URL). */
  discover: { params: { address: string }; result: Instance }
  /** What an identity service says its issuer is. */
  issuer: { params: { issuer: string }; result: string }
  startSignIn: { params: SignInParams; result: SignInStart }
  redeemCode: { params: RedeemParams; result: TokenSet }
  renewTokens: { params: RenewParams; result: TokenSet }
  serviceTokens: { params: ServiceParams; result: TokenSet }
  revokeToken: { params: RenewParams; result: undefined }
  /** The address to open in the browser so that the session ends at the identity service. */
  signOutUrl: { params: SignOutParams; result: string }
  /** The version of the Domain API, as far as it tells it; `base` is its OData root. */
  domainVersion: { params: ApiParams; result: string | undefined }
  /** How many entity sets the service document of an API lists; `base` is its OData root. */
  resources: { params: ApiParams; result: number }
  /** The version of an instance (`/tools/ver`), as far as it tells it; anonymous. */
  instanceVersion: { params: { root: string }; result: string | undefined }
  /** What is held or kept of a model; sends nothing. See `ModelStore` for these, and ARCHITECTURE.md, "The model". */
  cachedModel: { params: ModelPlace; result: ModelSnapshot }
  loadEntities: { params: LoadParams; result: ModelSnapshot }
  loadTables: { params: ModelPlace & { api: TablePlace }; result: ModelSnapshot }
  loadDetails: { params: LoadParams & { anew: boolean }; result: ModelSnapshot }
  cachedEntity: { params: ModelPlace & { entitySet: string }; result: DomainEntityDetails | undefined }
  loadEntity: { params: LoadParams & { entitySet: string }; result: DomainEntityDetails }
  cachedDetails: { params: ModelPlace & { from: number; count: number }; result: SomeDetails | undefined }
  /** All entities of the standard model in full; nobody needs to sign in for it. */
  standardModel: { params: Omit<DomainPlace, 'token'>; result: DomainEntityDetails[] }
  /** What entities were called before; `base` is the OData root of the Domain API. */
  renamedEntities: { params: ApiParams; result: RenamedEntity[] }
  searchModel: { params: SearchParams; result: FoundItem[] }
  addedEntities: { params: ModelPlace; result: string[] }
  removeModels: { params: Omit<ModelPlace, 'language'>; result: undefined }
  /** Runs a plan to its end; the rows of the result come as batches (`Batch`) on the way. */
  query: { params: QueryParams; result: QueryEnd }
}

export interface ApiParams {
  /** Base address of the API: the Domain API site, or an OData root. */
  readonly base: string
  readonly token: string
}

export interface QueryParams {
  readonly run: Run
  readonly token: string
  /** Requests that the instance gets at once, those of other calls included; 2 when not said. */
  readonly maxConcurrent?: number
  /** The result gets no more rows than these. */
  readonly maxRows?: number
}

export interface QueryEnd extends ExecuteStats {
  /** Rows of the result. */
  readonly rows: number
  /** Of the bodies, unpacked. */
  readonly bytes: number
  /** There were more than `maxRows`. */
  readonly more: boolean
}

/** What a method in the worker gets beside its parameters. */
export interface CallContext {
  readonly signal: AbortSignal
  /** Sends a batch to the host; resolves when there is room for another. */
  readonly send: (batch: Batch) => Promise<void>
  /** Asks the host for another token; one question at a time. */
  readonly renew: (refused: string) => Promise<string>
  /** Tells the host why nothing comes; with nothing when it goes on. */
  readonly wait: (wait: Wait | undefined) => void
}

export type MethodName = keyof EngineMethods

/**
 * Host to worker. `taken` gives back the memory of a batch and lets its `query` send another; `renewed` answers
 * `refused`; `network` comes before the first call and whenever it has changed.
 */
export type Request =
  | { network: NetworkSettings }
  | { id: number; method: MethodName; params: unknown }
  | { id: number; cancel: true }
  | { id: number; taken: ArrayBuffer }
  | { id: number; renewed: { token: string } | { failure: Failure } }

/**
 * Worker to host. `refused` asks for another token than that; `fetch` asks for the editor's own `fetch`: see
 * `editorFetch.ts`.
 */
export type Reply =
  | { id: number; result: unknown }
  | { id: number; failure: Failure }
  | { id: number; batch: Batch }
  | { id: number; wait: Wait | undefined }
  | { id: number; refused: string }
  | { log: { level: LogLevel; line: string } }
  | { fetch: EditorRequest; port: MessagePort }

/** A request for the editor's `fetch`. */
export interface EditorRequest {
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** An `ErpError` on its way between the threads. */
export interface Failure {
  readonly code: ErrorCode
  readonly facts: Facts
}
