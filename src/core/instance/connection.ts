import { ErpError } from '../base/errors.ts'
import { isJsonObject, type JsonObject } from '../base/json.ts'
import { normaliseAddress } from './address.ts'

/**
 * A connection: how one reaches one instance. Kept in the setting `erpnet.connections`; it holds no secrets.
 */
export interface Connection {
  readonly id: string
  readonly name: string
  /** Root URL of the instance, normalised: no query, no fragment, no trailing slash. */
  readonly url: string
  readonly application: ApplicationType
  /** The Trusted Application's `client_id`; every type but `referenceToken` has one. */
  readonly clientId?: string
  readonly scopes: readonly string[]
  /** Ask for `offline_access`, so that a sign-in as oneself outlives the access token. */
  readonly staySignedIn: boolean
  readonly production: boolean
}

/** A connection at its address: what is kept for it isn't found any more when somebody has edited the address. */
export function placeOf({ id, url }: Connection): string {
  return `${id} ${url}`
}

/** The five kinds of application that ERP.net knows (protocol sheet, section 2). */
const APPLICATION_TYPES = ['native', 'confidential', 'portal', 'service', 'referenceToken'] as const
export type ApplicationType = (typeof APPLICATION_TYPES)[number]

const DEFAULT_SCOPES: readonly string[] = ['read']
/** Ids stand in notebooks and in queries (`# @connection other`): one word of letters, digits and `.`, `_`, `-`. */
const ID_FORM = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u
/** RFC 6749, section 3.3. */
const SCOPE_FORM = /^[\x21\x23-\x5b\x5d-\x7e]+$/
/** RFC 6749, appendix A.1. */
const CLIENT_ID_FORM = /^[\x20-\x7e]+$/
/** A reference token, or a JSON web token. */
const TOKEN_FORM = /\benrt_|\beyJ[\w-]+\./i

/**
 * Reads a connection as a person may have edited it in the settings. Unknown fields are ignored.
 *
 * @throws `connection-invalid` with the `field` and the `reason`: `missing`, `text`, `boolean`, `list` (what it should
 *   have been), `form`, `unknown` or `token` (a secret, which no setting may hold); for the address what
 *   `normaliseAddress` throws
 */
export function readConnection(value: unknown): Connection {
  if (!isJsonObject(value)) throw invalid('connection', 'form')
  const id = text(value, 'id')
  if (!ID_FORM.test(id)) throw invalid('id', 'form')
  const url = normaliseAddress(text(value, 'url'))
  const application = readApplication(text(value, 'application'))
  const clientId = readClientId(value, application)
  return {
    id,
    name: optional(value, 'name') ?? new URL(url).host,
    url,
    application,
    ...(clientId === undefined ? {} : { clientId }),
    scopes: readScopes(value['scopes']),
    staySignedIn: flag(value, 'staySignedIn'),
    production: flag(value, 'production'),
  }
}

/** The form in which `erpnet.connections` keeps it. */
export function serialise(connection: Connection): JsonObject {
  const { id, name, url, application, clientId, scopes, staySignedIn, production } = connection
  return {
    id,
    name,
    url,
    application,
    ...(clientId === undefined ? {} : { clientId }),
    scopes: [...scopes],
    ...(staySignedIn ? { staySignedIn } : {}),
    production,
  }
}

/** Makes an id of a name or a host that isn't `taken` yet: `Demo (mine)` gives `demo-mine`, then `demo-mine-2`. */
export function connectionId(nameOrHost: string, taken: readonly string[]): string {
  const words = nameOrHost.normalize('NFC').toLowerCase().replace(/\.my\.erp\.net$/, '')
  const base = words.replace(/[^\p{L}\p{N}._]+/gu, '-').replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '').slice(0, 60)
  const stem = base === '' ? 'connection' : base
  const isTaken = (id: string) => taken.includes(id)
  if (!isTaken(stem)) return stem
  let number = 2
  while (isTaken(`${stem}-${number}`)) number += 1
  return `${stem}-${number}`
}

/** Throws `connection-invalid` with the reason `token`. */
export function refuseToken(field: string, value: string): void {
  if (TOKEN_FORM.test(value)) throw invalid(field, 'token')
}

function readApplication(name: string): ApplicationType {
  const known = APPLICATION_TYPES.find(type => type === name)
  if (known === undefined) throw invalid('application', 'unknown')
  return known
}

function readClientId(fields: JsonObject, application: ApplicationType): string | undefined {
  if (application === 'referenceToken') return optional(fields, 'clientId')
  const clientId = text(fields, 'clientId')
  if (!CLIENT_ID_FORM.test(clientId)) throw invalid('clientId', 'form')
  return clientId
}

function readScopes(value: unknown): readonly string[] {
  if (value === undefined || value === null) return DEFAULT_SCOPES
  if (!Array.isArray(value)) throw invalid('scopes', 'list')
  const scopes = value.map((scope: unknown) => {
    if (typeof scope !== 'string' || !SCOPE_FORM.test(scope)) throw invalid('scopes', 'form')
    return scope
  })
  return [...new Set(scopes)]
}

function text(fields: JsonObject, field: string): string {
  const value = optional(fields, field)
  if (value === undefined) throw invalid(field, 'missing')
  return value
}

function optional(fields: JsonObject, field: string): string | undefined {
  const value = fields[field]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw invalid(field, 'text')
  refuseToken(field, value)
  const trimmed = value.trim()
  return trimmed === '' ? undefined : trimmed
}

function flag(fields: JsonObject, field: string): boolean {
  const value = fields[field]
  if (value === undefined || value === null) return false
  if (typeof value !== 'boolean') throw invalid(field, 'boolean')
  return value
}

type Reason = 'missing' | 'text' | 'boolean' | 'list' | 'form' | 'unknown' | 'token'

function invalid(field: string, reason: Reason): ErpError {
  return new ErpError('connection-invalid', { field, reason })
}
