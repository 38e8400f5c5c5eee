import { workspace } from 'vscode'
import { asErpError } from '../../core/base/errors.ts'
import { type ResultSnapshot, ROWS_SHOWN } from '../../core/execute/result.ts'
import { ResultBuilder } from '../../core/execute/resultBuilder.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { site, tableRoot } from '../../core/instance/instance.ts'
import type { Table } from '../../core/model/table.ts'
import type { Plan } from '../../core/plan/plan.ts'
import { planQuery } from '../../core/plan/planQuery.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import type { Engine } from '../../node/engine/client.ts'
import { type Access, type OpenAccess, type RunOptions, withAccess } from '../platform/contracts.ts'
import { Throttle } from './throttle.ts'

export interface QueryRunnerOptions {
  readonly engine: Engine
  readonly access: OpenAccess
  readonly tables: (connection: Connection) => Promise<readonly Table[]>
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
   * What would be sent; sends nothing but what finds the instance and its model. Fails as these do, and as `planQuery`
   * does.
   */
  async plan(query: ResolvedQuery, connection: Connection): Promise<Plan> {
    return this.#plan(query, connection, await this.#options.access(connection))
  }

  /** See `RunQuery`. */
  async run(query: ResolvedQuery, options: RunOptions): Promise<ResultSnapshot> {
    const { connection, signal, ask } = options
    // the head of an answer is refused, and so nothing of it has been shown
    return withAccess(this.#options.access, connection, access => this.#read(query, access, options), { signal, ask })
  }

  async #read(query: ResolvedQuery, access: Access, { connection, signal, keep, onProgress }: RunOptions): Promise<ResultSnapshot> {
    const { requests: [{ url } = { url: '' }], limit, run } = await this.#plan(query, connection, access)
    const result = new ResultBuilder({ columns: run.columns, url, limit, keep, now: () => performance.now() })
    const report = new Throttle(REPORT_EVERY_MS, () => onProgress?.(result.snapshot('running')))
    try {
      report.now()
      const end = await this.#options.engine.call('query', { run, token: access.token }, {
        signal,
        onBatch: batch => {
          result.add(batch)
          report.soon()
        },
      })
      return result.snapshot('done', end)
    } catch (error) {
      onProgress?.(result.snapshot(asErpError(error).code === 'cancelled' ? 'cancelled' : 'failed'))
      throw error
    } finally {
      report.dispose()
    }
  }

  async #plan(query: ResolvedQuery, connection: Connection, { instance }: Access): Promise<Plan> {
    const tables = await this.#options.tables(connection)
    const defaultTop = workspace.getConfiguration('erpnet').get('query.defaultTop', ROWS_SHOWN)
    return planQuery(query, { tables, tableRoot: tableRoot(site(instance, 'TableAPI')), defaultTop })
  }
}
