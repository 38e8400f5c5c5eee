import { parentPort, type Transferable, workerData } from 'node:worker_threads'
import { asErpError, ErpError } from '../../core/base/errors.ts'
import type { Batch } from '../../core/execute/batch.ts'
import { discover } from '../discovery.ts'
import { ModelStore } from '../model/modelStore.ts'
import { readRenamedFrom, readVersion, readWholeDomain } from '../model/readModel.ts'
import { Network, useNetwork } from '../network.ts'
import { countResources, readDomainVersion, readIssuer } from '../probes.ts'
import { runQuery } from '../run/runQuery.ts'
import { BatchMemory } from './batchMemory.ts'
import { askEditor } from './editorFetch.ts'
import { sweepScratch } from '../spill.ts'
import type { CallContext, EngineData, EngineMethods, Failure, MethodName, Reply, Request } from './protocol.ts'

type Methods = {
  [M in MethodName]: (params: EngineMethods[M]['params'], context: CallContext) => Promise<EngineMethods[M]['result']>
}

/** Loaded with the first sign-in. */
const identity = () => import('../identity.ts')
const models = new ModelStore()
const { folder } = workerData as EngineData
void sweepScratch()

const METHODS: Methods = {
  discover: (params, { signal }) => discover(params, signal),
  issuer: (params, { signal }) => readIssuer(params, signal),
  startSignIn: async (params, { signal }) => (await identity()).startSignIn(params, signal),
  redeemCode: async (params, { signal }) => (await identity()).redeemCode(params, signal),
  renewTokens: async (params, { signal }) => (await identity()).renewTokens(params, signal),
  serviceTokens: async (params, { signal }) => (await identity()).serviceTokens(params, signal),
  revokeToken: async (params, { signal }) => (await identity()).revokeToken(params, signal).then(() => undefined),
  signOutUrl: async (params, { signal }) => (await identity()).signOutUrl(params, signal),
  domainVersion: (params, { signal }) => readDomainVersion(params, signal),
  resources: (params, { signal }) => countResources(params, signal),
  instanceVersion: (params, { signal }) => readVersion(params, signal),
  cachedModel: params => models.cached(params),
  loadEntities: (params, { signal }) => models.loadEntities(params, signal),
  loadTables: (params, { signal }) => models.loadTables(params, signal),
  loadDetails: (params, { signal }) => models.loadDetails(params, signal),
  cachedEntity: params => models.cachedEntity(params),
  loadEntity: (params, { signal }) => models.loadEntity(params, signal),
  cachedDetails: params => models.cachedDetails(params),
  standardModel: (params, { signal }) => readWholeDomain(params, signal),
  renamedEntities: (params, { signal }) => readRenamedFrom(params, signal),
  searchModel: params => models.search(params),
  addedEntities: params => models.addedTo(params),
  removeModels: params => models.remove(params).then(() => undefined),
  query: (params, context) => runQuery(params, context, { folder }),
}

/** Batches that may be on their way to the host before it has taken the first. */
const CREDIT = 16
const memory = new BatchMemory(CREDIT)

interface Running {
  readonly abort: AbortController
  credit: number
  /** Wakes the call that waits for credit. */
  wake: () => void
  /** Answers the token that was asked for. */
  renewed: (answer: { token: string } | { failure: Failure }) => void
}

const port = parentPort
if (port === null) throw new ErpError('internal', { reason: 'the engine runs in a worker only' })
const running = new Map<number, Running>()

port.on('message', (request: Request) => {
  if ('network' in request) {
    useNetwork(new Network(request.network, {
      askEditor: (url, outgoing) => askEditor((fetch, answer) => post({ fetch, port: answer }, [answer]), url, outgoing),
      log: (level, line) => post({ log: { level, line } }),
    }))
    return
  }
  const call = running.get(request.id)
  if ('method' in request) void run(request.id, request.method, request.params)
  else if ('cancel' in request) call?.abort.abort()
  else if ('renewed' in request) call?.renewed(request.renewed)
  else {
    memory.takeBack(request.taken)
    if (call === undefined) return
    call.credit++
    call.wake()
  }
})

async function run(id: number, method: MethodName, params: unknown): Promise<void> {
  const call: Running = { abort: new AbortController(), credit: CREDIT, wake: () => undefined, renewed: () => undefined }
  running.set(id, call)
  call.abort.signal.addEventListener('abort', () => call.wake())
  try {
    const invoke = METHODS[method] as (params: unknown, context: CallContext) => Promise<unknown>
    const { signal } = call.abort
    const result = await invoke(params, {
      signal,
      send: batch => send(id, call, batch),
      renew: refused => renew(id, call, refused),
      wait: wait => post({ id, wait }),
    })
    post({ id, result })
  } catch (error) {
    const { code, facts } = asErpError(error)
    post({ id, failure: { code, facts } })
  } finally {
    running.delete(id)
  }
}

/** Throws `cancelled`. */
async function send(id: number, call: Running, batch: Batch): Promise<void> {
  if (isAborted(call)) throw new ErpError('cancelled')
  const sent = memory.copy(batch)
  post({ id, batch: sent }, [sent.bytes.buffer])
  call.credit--
  while (call.credit <= 0 && !isAborted(call)) {
    await new Promise<void>(resolve => (call.wake = resolve))
  }
}

/** Asked anew each time: it changes on the way. */
function isAborted({ abort }: Running): boolean {
  return abort.signal.aborted
}

function renew(id: number, call: Running, refused: string): Promise<string> {
  return new Promise((resolve, reject) => {
    call.renewed = answer => {
      if ('token' in answer) resolve(answer.token)
      else reject(new ErpError(answer.failure.code, answer.failure.facts))
    }
    post({ id, refused })
  })
}

function post(reply: Reply, transfer: Transferable[] = []): void {
  port?.postMessage(reply, transfer)
}
