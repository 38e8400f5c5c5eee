import { ErpError } from '../base/errors.ts'
import { requestUrl } from '../query/print.ts'
import type { ResolvedQuery } from '../query/resolved.ts'

/** What a query costs the server, what is done here, and what one should know before it is sent. */
export interface Plan {
  readonly requests: readonly { readonly url: string }[]
  readonly local: readonly { readonly step: string; readonly reason: string }[]
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
  /** The number of rows at which the result is cut because the query itself names none. */
  readonly limit?: number
}

export interface PlanOptions {
  /** OData root of the Table API; ends with a slash. */
  readonly tableRoot: string
  /** The `$top` of a query that has none. */
  readonly defaultTop: number
}

/**
 * Plans a query: one request, as the Table API itself understands all that is offered now.
 * Throws `query-option` (fact: option) for the Domain API, which has no rows to stream yet.
 */
export function planQuery(query: ResolvedQuery, { tableRoot, defaultTop }: PlanOptions): Plan {
  if (query.api === 'domain') throw new ErpError('query-option', { option: `domain/${query.resource}` })
  const url = requestUrl(tableRoot, { ...query, top: query.top ?? defaultTop })
  const plan = { requests: [{ url }], local: [], warnings: [] }
  return query.top === undefined ? { ...plan, limit: defaultTop } : plan
}
