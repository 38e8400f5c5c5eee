import { ErpError } from '../base/errors.ts'
import { isJsonObject, type JsonObject } from '../base/json.ts'
import { plainLine } from '../base/redact.ts'
import { isLoopback } from './address.ts'
import { USED_SITES, type Instance, type Site } from './instance.ts'

/** Both documented addresses, the newer one first (protocol sheet, section 1). */
export const DISCOVERY_PATHS = ['/tools/auto-discovery', '/sys/auto-discovery'] as const

/** No instance lives deeper than this below its origin; what was typed beyond is some page of it. */
const DEEPEST_ROOT = 3

/**
 * Where an instance may live, given a normalised address of it: its path, then upwards to the origin.
 */
export function possibleRoots(address: string): string[] {
  const url = new URL(address)
  const segments = url.pathname.split('/').filter(segment => segment !== '').slice(0, DEEPEST_ROOT)
  const depths = Array.from({ length: segments.length + 1 }, (_, index) => segments.length - index)
  return depths.map(depth => [url.origin, ...segments.slice(0, depth)].join('/'))
}

/**
 * Reads the answer of auto-discovery. Unknown site types and fields are welcome; what we use must be right,
 * since tokens are sent there: absolute addresses, `https:` unless the instance is on this very machine.
 *
 * @param json the parsed body
 * @param root where it was found; no trailing slash
 * @throws `instance-not-found` for something that isn't an answer of discovery; `unexpected-answer` for a wrong one
 */
export function readDiscovery(json: unknown, root: string): Instance {
  const { Host: host, DbName: database, WebSites: sites } = fieldsOf(json)
  if (!Array.isArray(sites)) throw new ErpError('instance-not-found', { address: root })
  return {
    root,
    host: typeof host === 'string' && host !== '' ? plainLine(host, 200) : new URL(root).host,
    ...(typeof database === 'string' && database !== '' ? { database: plainLine(database, 200) } : {}),
    sites: sites.flatMap(entry => readSite(fieldsOf(entry), root)),
  }
}

/** The site, or nothing if it is broken and of no use to us. */
function readSite(entry: JsonObject, root: string): Site[] {
  const { Type: type, Status: status, StatusDescription: description, Url: address } = entry
  if (typeof type !== 'string') return []
  const url = readUrl(address, root)
  if (url === undefined) {
    // a site that is down may have no address
    if (status === 'NotWorking' || !isUsed(type)) return []
    throw wrongAddress(root, type)
  }
  return [{
    type,
    url: url.replace(/\/+$/, ''),
    status: status === 'Working' || status === 'NotWorking' ? status : 'Unknown',
    ...(typeof description === 'string' && description !== '' ? { statusDescription: plainLine(description) } : {}),
    ...readOdataRoot(entry, root),
  }]
}

function readOdataRoot(entry: JsonObject, root: string): { odataRoot?: string } {
  const { ODataServiceRoot: address } = fieldsOf(entry['AdditionalProperties'])
  if (entry['Type'] !== 'DomainAPI' || address === undefined || address === null || address === '') return {}
  const url = readUrl(address, root)
  if (url === undefined) throw wrongAddress(root, 'DomainAPI')
  return { odataRoot: url.endsWith('/') ? url : `${url}/` }
}

function readUrl(address: unknown, root: string): string | undefined {
  if (typeof address !== 'string' || !URL.canParse(address)) return undefined
  const url = new URL(address)
  const allowed = url.protocol === 'https:'
    || (url.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(new URL(root).hostname))
  if (!allowed || url.username !== '' || url.password !== '') return undefined
  return url.origin + url.pathname
}

function isUsed(type: string): boolean {
  return USED_SITES.some(used => used === type)
}

function wrongAddress(root: string, type: string): ErpError {
  return new ErpError('unexpected-answer', { url: root, status: 200, reason: `wrong address of the site ${type}` })
}

function fieldsOf(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {}
}
