import { type Disposable, l10n } from 'vscode'
import { ErpError } from '../../core/base/errors.ts'
import { type JsonObject, textOf } from '../../core/base/json.ts'
import { published } from '../../core/execute/published.ts'
import type { Connection } from '../../core/instance/connection.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { parseCell } from '../../core/query/cell.ts'
import { resolveCell } from '../../core/query/resolve.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import { askForValue } from '../platform/ask.ts'
import { registerCommand } from '../platform/commands.ts'
import type { Connections } from '../platform/contracts.ts'
import type { Documents } from '../platform/documents.ts'
import type { Messages } from '../platform/messages.ts'
import { planPage, planTitle } from '../platform/planPage.ts'
import { reasonText, stepText, warningText } from '../platform/planWords.ts'
import { chosenConnection } from '../platform/target.ts'
import { askForQuery } from './askForQuery.ts'
import type { QueryRunner } from './runner.ts'

export interface QueryCommandsOptions {
  readonly connections: Connections
  readonly runner: QueryRunner
  readonly messages: Messages
  readonly documents: Documents
  readonly runInNotebook: (query: AskedQuery) => Promise<void>
}

interface AskedQuery {
  readonly text: string
  readonly connection: Connection
}

/**
 * The commands `erpnet.query.plan` and `erpnet.query.run`. Programs give `{ text, connection?, maxRows? }`; people are
 * asked for the query, and see its plan as a page and its rows in a new notebook.
 */
export function registerQueryCommands(options: QueryCommandsOptions): Disposable[] {
  const { runner, messages, documents, runInNotebook } = options
  return [
    registerCommand('erpnet.query.plan', {
      interactive: async () => {
        const asked = await ask(options, l10n.t('Plan a query'))
        if (asked === undefined) return
        const { connection } = asked
        const query = await resolve(asked.text, askForValue)
        await documents.show(planTitle(query), planPage(query, connection, await runner.plan(query, connection)))
      },
      called: async args => {
        const { query, connection } = await read(options, args)
        return publishedPlan(await runner.plan(query, connection))
      },
    }, messages),
    registerCommand('erpnet.query.run', {
      interactive: async () => {
        const asked = await ask(options, l10n.t('Run a query'))
        if (asked !== undefined) await runInNotebook(asked)
      },
      called: async args => {
        const { query, connection } = await read(options, args)
        const signal = new AbortController().signal
        return published(await runner.run(limited(query, args['maxRows']), { connection, keep: Infinity, signal, ask: false }))
      },
    }, messages),
  ]
}

/** Undefined where the person doesn't want to any more. */
async function ask({ connections }: QueryCommandsOptions, title: string): Promise<AskedQuery | undefined> {
  const text = await askForQuery(title)
  if (text === undefined) return undefined
  const named = parseCell(text).connection
  const connection = named === undefined
    ? await chosenConnection(connections, undefined, l10n.t('On which connection?'))
    : connections.get(named)
  return connection === undefined ? undefined : { text, connection }
}

async function read({ connections }: QueryCommandsOptions, args: JsonObject): Promise<{ query: ResolvedQuery; connection: Connection }> {
  const query = await resolve(textOf(args, 'text') ?? '', label => Promise.reject(new ErpError('variable-prompt', { label })))
  const id = textOf(args, 'connection') ?? query.connection
  const connection = id === undefined ? connections.selected() : connections.get(id)
  if (connection === undefined) throw new ErpError('no-connection')
  return { query, connection }
}

/** Knows the variables of the text itself, and no named results. */
async function resolve(text: string, prompt: (label: string) => Promise<string>): Promise<ResolvedQuery> {
  const cell = parseCell(text)
  const query = await resolveCell(cell, {
    variable: name => cell.variables.findLast(variable => variable.name === name)?.value,
    column: () => Promise.resolve(undefined),
    prompt,
    now: () => new Date(),
    guid: () => crypto.randomUUID(),
  })
  if (query === undefined) throw new ErpError('query-empty')
  return query
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
