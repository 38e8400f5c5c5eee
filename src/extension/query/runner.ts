import { workspace } from 'vscode'
import { type ResultSnapshot, ROWS_SHOWN } from '../../core/execute/result.ts'
import { ResultBuilder } from '../../core/execute/resultBuilder.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { type Instance, odataRoot, site, tableRoot } from '../../core/instance/instance.ts'
import type { DomainEntityDetails } from '../../core/model/domain.ts'
import type { Table } from '../../core/model/table.ts'
import type { Plan, PlanWarning } from '../../core/plan/plan.ts'
import { planEntityQuery } from '../../core/plan/planEntityQuery.ts'
import { planQuery } from '../../core/plan/planQuery.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import { settleAddress } from '../../core/query/settleAddress.ts'
import type { Engine } from '../../node/engine/client.ts'
import { type Access, type OpenAccess, type RunOptions, withAccess } from '../platform/contracts.ts'
import { warningText } from '../platform/planWords.ts'
import { Throttle } from './throttle.ts'

export interface QueryRunnerOptions {
  readonly engine: Engine
  readonly access: OpenAccess
  /** Finds the instance, without a token. */
  readonly instance: (connection: Connection) => Promise<Instance>
  readonly tables: (connection: Connection) => Promise<readonly Table[]>
  /** Fails with `entity-unknown` where there is none of that name. */
  readonly entity: (connection: Connection, entitySet: string) => Promise<DomainEntityDetails>
  /** Is the Domain model, as far as it is known, without what the instance has added to it? */
  readonly isStandard: (connection: Connection) => boolean
}

/** Between two progress reports. */
const REPORT_EVERY_MS = 100

/** Plans queries and runs them in the engine. */
export class QueryRunner {
  readonly #options: QueryRunnerOptions

  constructor(options: QueryRunnerOptions) {
    this.#options = options
  }

  /**
   * What would be sent, by the model that is kept: nobody need be signed in. Sends nothing but what finds the instance,
   * and its model where none is kept. Fails as these do, and as `planQuery` does.
   */
  async plan(query: ResolvedQuery, connection: Connection): Promise<Plan> {
    const plan = await this.#plan(query, connection, await this.#options.instance(connection))
    if (query.api !== 'domain' || !this.#options.isStandard(connection)) return plan
    return { ...plan, warnings: [...plan.warnings, { code: 'standard-model', facts: { connection: connection.name } }] }
  }

  /** See `RunQuery`. */
  async run(query: ResolvedQuery, options: RunOptions): Promise<ResultSnapshot> {
    const { connection, signal, ask } = options
    // only what is asked before the rows: a token that is refused in the middle is renewed on the way
    const [access, plan] = await withAccess(this.#options.access, connection, async open =>
      [open, await this.#plan(query, connection, open.instance)] as const, { signal, ask })
    return this.#read(plan, access, options)
  }

  async #read(plan: Plan, access: Access, options: RunOptions): Promise<ResultSnapshot> {
    const { connection, signal, ask, keep, onRows, onProgress } = options
    const { requests: [{ url } = { url: '' }], warnings, limit, run } = plan
    const warning = warnings.find(({ code }) => code === 'other-instance')
    const result = new ResultBuilder({ columns: run.columns, url, limit, keep, now: () => performance.now() })
    const snapshot: ResultBuilder['snapshot'] = (state, end) => ({ ...result.snapshot(state, end), ...(warning === undefined ? {} : { note: warningText(warning) }) })
    const report = new Throttle(REPORT_EVERY_MS, () => onProgress?.(snapshot('running')))
    try {
      report.now()
      const end = await this.#options.engine.call('query', { run, token: access.token, ...limits() }, {
        signal,
        renew: async refused => (await this.#options.access(connection, { signal, ask, refused })).token,
        onWait: wait => {
          result.waits(wait)
          report.soon()
        },
        onBatch: batch => {
          result.add(batch)
          report.soon()
          return onRows?.(batch)
        },
      })
      return snapshot('done', end)
    } catch (error) {
      const failure = result.failure(error)
      onProgress?.(snapshot(failure.code === 'cancelled' ? 'cancelled' : 'failed'))
      throw failure
    } finally {
      report.dispose()
    }
  }

  async #plan(written: ResolvedQuery, connection: Connection, instance: Instance): Promise<Plan> {
    const { query, foreignRoot } = settleAddress(written, instance)
    const plan = await this.#planSettled(query, connection, instance)
    if (foreignRoot === undefined) return plan
    const warning: PlanWarning = { code: 'other-instance', facts: { written: foreignRoot, asked: plan.run.root } }
    return { ...plan, warnings: [warning, ...plan.warnings] }
  }

  async #planSettled(query: ResolvedQuery, connection: Connection, instance: Instance): Promise<Plan> {
    const defaultTop = workspace.getConfiguration('erpnet').get('query.defaultTop', ROWS_SHOWN)
    if (query.api === 'domain') {
      const domainRoot = odataRoot(site(instance, 'DomainAPI'))
      return planEntityQuery(query, { domainRoot, defaultTop, entity: name => this.#options.entity(connection, name) })
    }
    const tables = await this.#options.tables(connection)
    return planQuery(query, { tables, tableRoot: tableRoot(site(instance, 'TableAPI')), defaultTop })
  }
}

function limits(): { maxConcurrent: number, maxRows: number } {
  const settings = workspace.getConfiguration('erpnet')
  return { maxConcurrent: settings.get('query.maxConcurrentRequests', 2), maxRows: settings.get('query.maxRows', 1_000_000) }
}
