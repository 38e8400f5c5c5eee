import { createHash } from 'node:crypto'

import { notFound, sendJson, sendText, type Exchange } from '../http.ts'
import type { Quirks } from '../quirks.ts'

/** What the sandbox says it is. */
const VERSION = '26.2.0.76'
/** A version before links to the next page (26.2). */
const OLDER_VERSION = '26.1.5.12'
export const DATABASE = 'E1_SANDBOX'

export function versionOf(quirks: Quirks): string {
  return quirks.has('nextlink-none') ? OLDER_VERSION : VERSION
}

/** The sites of the instance: ERP.net's type, where it lies below the root, and whether it belongs to the system. */
export const SITES = [
  { type: 'ID', path: '/id', system: true },
  { type: 'DomainAPI', path: '/api', system: false },
  { type: 'TableAPI', path: '/tableapi', system: false },
  { type: 'UserProfile', path: '/profile', system: true },
] as const

export type SiteType = (typeof SITES)[number]['type']

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
    const missing = this.#quirks.text('site-missing')
    const broken = this.#quirks.text('site-not-working')
    const sites = SITES.filter(({ type }) => type !== missing).map(({ type, path, system }) => ({
      Type: type,
      Status: type === broken ? 'NotWorking' : 'Working',
      StatusDescription: type === broken ? 'The site is stopped.' : 'OK',
      Url: this.#root + path,
      System: system,
      ...(type === 'DomainAPI' ? { AdditionalProperties: { ODataServiceRoot: `${this.#root}/api/domain/odata/` } } : {}),
    }))
    return { Host: new URL(this.#root).host, DbName: DATABASE, WebSites: sites }
  }
}
