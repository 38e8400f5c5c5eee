import { planQuery, type PlanOptions } from '../../../src/core/plan/planQuery.ts'
import type { Plan } from '../../../src/core/plan/plan.ts'
import { parseCell } from '../../../src/core/query/cell.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { ROOT } from '../../fakes/tableApi.ts'

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
