import { createHash } from 'node:crypto'

import { notFound, sendJson, sendText, type Exchange } from '../http.ts'
import type { Quirks } from '../quirks.ts'
import { OTHER_SITES, SITES, type SiteType } from './sites.ts'

/** What the sandbox says it is. */
const VERSION = '26.2.0.76'
/** A version before links to the next page (26.2). */
const OLDER_VERSION = '26.1.5.12'
export const DATABASE = 'E1_SANDBOX'

export function versionOf(quirks: Quirks): string {
  return quirks.has('nextlink-none') ? OLDER_VERSION : VERSION
}

export interface Site {
  readonly type: SiteType
  /** Where it lies below the root, e.g. `/tableapi`. */
  readonly path: string
  readonly system: boolean
}

/** The sites as they lie now: one may have been moved or doubled by a quirk. */
export function currentSites(quirks: Quirks): readonly Site[] {
  const [moved, place = ''] = quirks.text('site-address')?.split(':') ?? []
  const twice = quirks.text('site-twice')
  return SITES.flatMap(site => {
    const placed = site.type === moved ? { ...site, path: place } : site
    return site.type === twice ? [placed, { ...placed, path: `${placed.path}2` }] : [placed]
  })
}

/** The address of a site as it is now, without a slash at its end. */
export function siteAddress(root: string, quirks: Quirks, type: SiteType): string {
  return root + (currentSites(quirks).find(site => site.type === type)?.path ?? '')
}

/** The root tools, which everybody may ask (protocol sheet, section 1). */
export class RootTools {
  readonly #root: string
  readonly #quirks: Quirks

  constructor(root: string, quirks: Quirks) {
    this.#root = root
    this.#quirks = quirks
  }

  answer(exchange: Exchange): void {
    const { pathname, searchParams } = exchange.url
    const moved = this.#quirks.has('discovery-at-sys') && pathname === '/tools/auto-discovery'
    switch (moved ? undefined : pathname) {
      case '/tools/auto-discovery': case '/sys/auto-discovery':
        sendJson(exchange, this.#discovery())
        break
      case '/tools/ver':
        sendText(exchange, versionOf(this.#quirks))
        break
      case '/tools/server-info':
        sendJson(exchange, { version: versionOf(this.#quirks) })
        break
      case '/tools/sha256':
        sendJson(exchange, { sha256: createHash('sha256').update(searchParams.get('secret') ?? '').digest('base64') })
        break
      default:
        throw notFound(exchange)
    }
  }

  #discovery(): unknown {
    const quirks = this.#quirks
    const hidden = [quirks.text('site-missing'), quirks.text('site-unlisted')]
    const others = quirks.has('unknown-sites') ? OTHER_SITES : []
    return {
      Host: new URL(this.#root).host,
      DbName: DATABASE,
      WebSites: [
        ...currentSites(quirks).filter(({ type }) => !hidden.includes(type)).map(site => this.#entry(site)),
        ...others.map(({ type, path }) => ({ Type: type, Status: 'Working', Url: this.#root + path, System: false })),
      ],
    }
  }

  #entry({ type, path, system }: Site): unknown {
    const quirks = this.#quirks
    const [status, words] = type === quirks.text('site-not-working') ? ['NotWorking', 'The site is stopped.']
      : type === quirks.text('site-status-unknown') ? ['Unknown', 'The site has not been checked.'] : ['Working', 'OK']
    const url = this.#root + path
    const withRoot = type === 'DomainAPI' && !quirks.has('no-odata-root')
    return {
      Type: type, Status: status, StatusDescription: words, Url: url, System: system,
      ...(withRoot ? { AdditionalProperties: { ODataServiceRoot: `${url}/domain/odata/` } } : {}),
    }
  }
}
