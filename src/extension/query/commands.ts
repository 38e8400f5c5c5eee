import type { Disposable } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import { published } from '../../core/execute/published.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { parseCell } from '../../core/query/cell.ts'
import { resolveCell } from '../../core/query/resolve.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Messages } from '../platform/messages.ts'
import { reasonText, stepText, warningText } from '../platform/planWords.ts'
import type { QueryRunner } from './runner.ts'

export interface QueryCommandsOptions {
  readonly connections: Connections
  readonly runner: QueryRunner
  readonly messages: Messages
}

/** The commands `erpnet.query.plan` and `erpnet.query.run`, for programs: `{ text, connection?, maxRows? }`. */
export function registerQueryCommands(options: QueryCommandsOptions): Disposable[] {
  const { runner, messages } = options
  return [
    registerCommand('erpnet.query.plan', {
      interactive: missingText,
      called: async args => {
        const { query, connection } = await read(options, args)
        return publishedPlan(await runner.plan(query, connection))
      },
    }, messages),
    registerCommand('erpnet.query.run', {
      interactive: missingText,
      called: async args => {
        const { query, connection } = await read(options, args)
        const signal = new AbortController().signal
        return published(await runner.run(limited(query, args['maxRows']), { connection, keep: Infinity, signal, ask: false }))
      },
    }, messages),
  ]
}

function missingText(): never {
  throw new ErpError('query-empty')
}

async function read({ connections }: QueryCommandsOptions, args: JsonObject): Promise<{ query: ResolvedQuery; connection: Connection }> {
  const cell = parseCell(textOf(args, 'text') ?? '')
  const query = await resolveCell(cell, {
    variable: name => cell.variables.findLast(variable => variable.name === name)?.value,
    column: () => Promise.resolve(undefined),
    prompt: label => Promise.reject(new ErpError('variable-unknown', { name: `$prompt ${label}` })),
    now: () => new Date(),
    guid: () => crypto.randomUUID(),
  })
  if (query === undefined) throw new ErpError('query-empty')
  const id = textOf(args, 'connection') ?? query.connection
  const connection = id === undefined ? connections.selected() : connections.get(id)
  if (connection === undefined) throw new ErpError('no-connection')
  return { query, connection }
}

/** No more rows than the caller wants; a query without `$top` gets just that many. */
function limited(query: ResolvedQuery, maxRows: unknown): ResolvedQuery {
  if (typeof maxRows !== 'number' || !Number.isInteger(maxRows) || maxRows < 0) return query
  return { ...query, top: Math.min(query.top ?? maxRows, maxRows) }
}

function publishedPlan({ requests, local, warnings }: Plan): Readonly<Record<string, unknown>> {
  return {
    requests,
    local: local.map(step => ({ step: stepText(step), reason: reasonText(step) })),
    warnings: warnings.map(warning => ({ code: warning.code, message: warningText(warning) })),
  }
}
