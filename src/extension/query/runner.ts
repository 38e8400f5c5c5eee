import { workspace } from 'vscode'
import { asErpError } from '../../core/base/errors.ts'
import { type ResultSnapshot, ROWS_SHOWN } from '../../core/execute/result.ts'
import { ResultBuilder } from '../../core/execute/resultBuilder.ts'
import type { Connection } from '../../core/instance/connection.ts'
import { site, tableRoot } from '../../core/instance/instance.ts'
import { findTable } from '../../core/model/find.ts'
import type { Table } from '../../core/model/table.ts'
import { type Plan, planQuery } from '../../core/plan/plan.ts'
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

  /** What would be sent; sends nothing but what finds the instance. Fails as discovery does, and as `planQuery` does. */
  async plan(query: ResolvedQuery, connection: Connection): Promise<Plan> {
    return planFor(query, await this.#options.access(connection))
  }

  /** See `RunQuery`. */
  async run(query: ResolvedQuery, options: RunOptions): Promise<ResultSnapshot> {
    const { connection, signal, ask } = options
    // the head of an answer is refused, and so nothing of it has been shown
    return withAccess(this.#options.access, connection, access => this.#read(query, access, options), { signal, ask })
  }

  async #read(query: ResolvedQuery, access: Access, { connection, signal, keep, onProgress }: RunOptions): Promise<ResultSnapshot> {
    const { requests: [{ url } = { url: '' }], limit } = planFor(query, access)
    const table = findTable(await this.#options.tables(connection), query.resource)
    const result = new ResultBuilder({ select: query.select, table, url, limit, keep, now: () => performance.now() })
    const report = new Throttle(REPORT_EVERY_MS, () => onProgress?.(result.snapshot('running')))
    try {
      report.now()
      const { bytes } = await this.#options.engine.call('rows', { url, token: access.token }, {
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

function planFor(query: ResolvedQuery, { instance }: Access): Plan {
  const defaultTop = workspace.getConfiguration('erpnet').get('query.defaultTop', ROWS_SHOWN)
  return planQuery(query, { tableRoot: tableRoot(site(instance, 'TableAPI')), defaultTop })
}
