import { workspace } from 'vscode'
import { asErpError } from '../../core/base/errors.ts'
import type { ResultSnapshot } from '../../core/execute/result.ts'
import { ResultBuilder } from '../../core/execute/resultBuilder.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { site, tableRoot } from '../../core/instance/instance.ts'
import { findTable } from '../../core/model/findTable.ts'
import type { Table } from '../../core/model/table.ts'
import { type Plan, planQuery } from '../../core/plan/plan.ts'
import type { ResolvedQuery } from '../../core/query/resolved.ts'
import type { Engine } from '../../node/engine/client.ts'
import type { OpenAccess, RunOptions } from '../platform/contracts.ts'
import { Throttle } from './throttle.ts'

export interface QueryRunnerOptions {
  readonly engine: Engine
  readonly access: OpenAccess
  readonly tables: (connection: Connection) => Promise<readonly Table[]>
}

/** Between two progress reports. */
const REPORT_EVERY_MS = 100
/** A page of rows that a person looks at; a program says itself how many it wants. */
const ROWS_SHOWN = 1000

/** Plans queries and runs them in the engine. */
export class QueryRunner {
  readonly #options: QueryRunnerOptions

  constructor(options: QueryRunnerOptions) {
    this.#options = options
  }

  /** What would be sent; sends nothing but what finds the instance. Fails as discovery does, and as `planQuery` does. */
  async plan(query: ResolvedQuery, connection: Connection, defaultTop = configuredTop()): Promise<Plan> {
    const { instance } = await this.#options.access(connection)
    return planQuery(query, { tableRoot: tableRoot(site(instance, 'TableAPI')), defaultTop })
  }

  /** See `RunQuery`. `maxRows` is the limit of a query without `$top`, and the most rows that are kept. */
  async run(query: ResolvedQuery, options: RunOptions & { readonly maxRows?: number }): Promise<ResultSnapshot> {
    const { connection, signal, onProgress, maxRows } = options
    const { instance, token } = await this.#options.access(connection, signal)
    const plan = planQuery(query, { tableRoot: tableRoot(site(instance, 'TableAPI')), defaultTop: maxRows ?? configuredTop() })
    const [{ url } = { url: '' }] = plan.requests
    const table = findTable(await this.#options.tables(connection), query.resource)
    const result = new ResultBuilder({
      select: query.select, table, url, limit: plan.limit, keep: maxRows ?? ROWS_SHOWN, now: () => performance.now(),
    })
    const report = new Throttle(REPORT_EVERY_MS, () => onProgress?.(result.snapshot('running')))
    try {
      report.now()
      const { bytes } = await this.#options.engine.call('rows', { url, token }, {
        signal,
        onBatch: batch => {
          result.add(batch)
          report.soon()
        },
      })
      return result.snapshot('done', bytes)
    } catch (error) {
      onProgress?.(result.snapshot(asErpError(error).code === 'cancelled' ? 'cancelled' : 'failed'))
      throw error
    } finally {
      report.dispose()
    }
  }
}

function configuredTop(): number {
  return workspace.getConfiguration('erpnet').get('query.defaultTop', ROWS_SHOWN)
}
