import { readSchema, type Schema } from '../../../src/sandbox/data/schema.ts'
import { planQuery, type PlanOptions } from '../../../src/core/plan/planQuery.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { parseCell } from '../../../src/core/query/cell.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { ROOT, tablesOfSchema } from '../../fakes/tableApi.ts'

/** A plan in short: the requests behind the root, decoded, and the local steps. */
export interface Planned {
  readonly requests: readonly string[]
  readonly local: readonly string[]
  readonly warnings: readonly string[]
}

export function planText(text: string, options: Pick<PlanOptions, 'tables'> & Partial<PlanOptions>): Plan {
  const { query } = parseCell(text)
  return planQuery({ ...readQuery(query), text: query }, { tableRoot: ROOT, ...options })
}

export function inShort({ requests, local, warnings }: Plan): Planned {
  return {
    requests: requests.map(({ url }) => decodeURIComponent(url.slice(ROOT.length))),
    local: local.map(({ step, detail, reason }) => `${step} ${detail} (${reason})`),
    warnings: warnings.map(({ code, facts }) => `${code} ${Object.values(facts).join(' ')}`),
  }
}

/** One table, `T`, with the columns of these lines; see `src/sandbox/data/schema.ts`. */
export function schemaOf(columns: string): Schema {
  return readSchema([{ entity: 'Test.Ts', type: 'T', table: 'T', category: 'Definitions', display: '{Id}', columns }], '')
}

export { tablesOfSchema }
