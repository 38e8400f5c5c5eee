import { readFile } from 'node:fs/promises'
import type * as VSCode from 'vscode'
import { until } from '../until.ts'
import type { BridgeAddress, BridgeAnswer, BridgeRequest } from './protocol.ts'

/**
 * A function that runs in the extension host. It is sent as text, so it sees its arguments and nothing else:
 * the editor's API, one value that survives JSON, and the extension host's `require`.
 */
export type InEditor<A, T> = (vscode: typeof VSCode, argument: A, require: NodeJS.Require) => T | PromiseLike<T>

export interface Evaluate {
  <T>(fn: InEditor<undefined, T>): Promise<T>
  <T, A>(fn: InEditor<A, T>, argument: A): Promise<T>
}

/** The outer end of the bridge to one workbench's extension host. */
export interface Bridge {
  /** Runs a function in the extension host; what it gives comes back through JSON, errors with message and `code`. */
  readonly evaluate: Evaluate
  /** After a reload: waits for the new extension host. */
  readonly reconnect: () => Promise<void>
  /** @throws when the extension host is gone, or left a promise's failure unhandled */
  readonly verify: () => Promise<void>
}

/** @param file where the bridge inside writes its address */
export async function connectBridge(file: string, timeoutMs?: number): Promise<Bridge> {
  let host = await nextHost(file, undefined, timeoutMs)

  async function evaluate<T, A>(fn: InEditor<A, T>, argument?: A): Promise<T> {
    const answer = await ask(host, { source: fn.toString(), argument })
    if (answer.ok) return answer.value as T
    throw Object.assign(new Error(answer.message), { code: answer.code, inEditor: answer.stack })
  }

  return {
    evaluate,
    reconnect: async () => {
      host = await nextHost(file, host.pid)
    },
    verify: async () => {
      const { rejections } = await ask(host, { source: '() => undefined', argument: undefined })
      if (rejections.length > 0) throw new Error(`Nobody handled in the extension host:\n${rejections.join('\n')}`)
    },
  }
}

async function ask(host: BridgeAddress, request: BridgeRequest): Promise<BridgeAnswer> {
  try {
    const response = await fetch(`http://127.0.0.1:${host.port}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${host.token}` },
      body: JSON.stringify(request),
    })
    return await response.json() as BridgeAnswer
  } catch (error) {
    throw new Error('The extension host does not answer: it is dead or blocked', { cause: error })
  }
}

function nextHost(file: string, formerPid: number | undefined, timeoutMs?: number): Promise<BridgeAddress> {
  return until('the extension host', async () => {
    const address = await readAddress(file)
    return address?.pid === formerPid ? undefined : address
  }, timeoutMs)
}

async function readAddress(file: string): Promise<BridgeAddress | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as BridgeAddress
  } catch {
    return undefined // not there yet, or half written
  }
}
