import { ErpError } from '../base/errors.ts'

/** What auto-discovery tells of an instance (protocol sheet, section 1). */
export interface Instance {
  /** Root URL under which discovery answered; no trailing slash. */
  readonly root: string
  /** Host name as the instance itself says it. */
  readonly host: string
  readonly database?: string
  readonly sites: readonly Site[]
}

export interface Site {
  /** `ID`, `DomainAPI`, `TableAPI`, `UserProfile`, …; unknown ones are kept. */
  readonly type: string
  /** Absolute, without trailing slash. */
  readonly url: string
  readonly status: 'Unknown' | 'Working' | 'NotWorking'
  readonly statusDescription?: string
  /** Of a Domain API site, when the instance tells it; ends with a slash. */
  readonly odataRoot?: string
}

/** The sites that we use: an instance that gets one of them wrong is not guessed at. */
export const USED_SITES = ['ID', 'DomainAPI', 'TableAPI', 'UserProfile'] as const
export type UsedSite = (typeof USED_SITES)[number]

/**
 * The site of that type; of several the first that works, else the first of which it isn't known.
 *
 * @throws `site-missing`, `site-not-working`
 */
export function site(instance: Instance, type: UsedSite): Site {
  const sites = instance.sites.filter(candidate => candidate.type === type)
  const usable = sites.find(candidate => candidate.status === 'Working')
    ?? sites.find(candidate => candidate.status === 'Unknown')
  if (usable !== undefined) return usable
  const [broken] = sites
  if (broken === undefined) throw new ErpError('site-missing', { site: type, address: instance.root })
  throw new ErpError('site-not-working', {
    site: type,
    address: broken.url,
    ...(broken.statusDescription === undefined ? {} : { description: broken.statusDescription }),
  })
}

/** Service root of the Domain API's OData endpoints; ends with a slash (protocol sheet, section 1). */
export function odataRoot(domainApi: Site): string {
  return domainApi.odataRoot ?? `${domainApi.url}/domain/odata/`
}

/** Service root of the Table API; ends with a slash (protocol sheet, section 4). */
export function tableRoot(tableApi: Site): string {
  return `${tableApi.url}/odata/`
}
