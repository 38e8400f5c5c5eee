import { type Instance, odataRoot, tableRoot } from '../instance/instance.ts'
import { splitQuery } from './cell.ts'
import { syntaxErrorIn } from './readQuery.ts'
import type { ResolvedQuery } from './resolved.ts'

/** A query whose API is known. */
export interface Settled {
  readonly query: ResolvedQuery
  /** The service root of its address, where that is none of the instance's. */
  readonly foreignRoot?: string
}

/**
 * Finds the API that a whole address means: sites may have any address (protocol sheet, section 1), so the instance
 * tells. An address of another instance, such as one of ERP.net's documentation, is known by the usual ends of a
 * service root.
 *
 * @throws `query-syntax` for an address that is no API's
 */
export function settleAddress(query: ResolvedQuery, { sites }: Instance): Settled {
  const { serviceRoot, text } = query
  if (serviceRoot === undefined) return { query }
  const names = (root: string): boolean => URL.canParse(root) && new URL(root).href.toLowerCase() === serviceRoot.toLowerCase()
  for (const site of sites) {
    if (site.type === 'TableAPI' && names(tableRoot(site))) return { query: { ...query, api: 'table' } }
    // the page that puts queries together stands at the site, wherever the service root is
    const roots = [odataRoot(site), `${site.url}/domain/odata/`]
    if (site.type === 'DomainAPI' && roots.some(names)) return { query: { ...query, api: 'domain' } }
  }
  if (/\/odata\/$/i.test(serviceRoot)) return { query, foreignRoot: serviceRoot }
  const { resource, resourceRange } = splitQuery(text)
  throw syntaxErrorIn(text)(resourceRange.start, resource, 'the name of a table')
}
