/**
 * A test's hand inside VS Code: evaluates functions that a test sends over loopback in the extension host,
 * with the editor's API. Test-only; never part of the product.
 */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import * as vscode from 'vscode'
import { watchRejections } from '../rejections.ts'
import type { BridgeAddress, BridgeAnswer, BridgeRequest } from './protocol.ts'

export function activate(context: vscode.ExtensionContext): void {
  const file = process.env['ERPNET_BRIDGE']
  if (file === undefined) return
  const rejections = watchRejections()
  const token = randomUUID() // pages in the same browser must not get at it
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${token}`) response.writeHead(403).end()
    else void answer(request, rejections).then(body => response.end(body))
  })
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    writeFileSync(file, JSON.stringify({ port, pid: process.pid, token } satisfies BridgeAddress))
  })
  context.subscriptions.push({ dispose: () => server.close() })
}

async function answer(request: IncomingMessage, rejections: () => string[]): Promise<string> {
  let answer: BridgeAnswer
  try {
    const { source, argument } = JSON.parse(await text(request)) as BridgeRequest
    // The sender is the test itself, and its function is what this bridge is for.
    const evaluate = (0, eval)(`(${source})`) as (...given: unknown[]) => unknown
    answer = { ok: true, value: await evaluate(vscode, argument, createRequire(__filename)), rejections: rejections() }
  } catch (error) {
    const { message, code, stack } = error as Error & { code?: string }
    answer = { ok: false, message, code, stack, rejections: rejections() }
  }
  return JSON.stringify(answer)
}
