import { errors } from 'oidc-provider'

import type { Quirks } from '../quirks.ts'
import { userScopes, type Application } from './applications.ts'

/** What the provider library would let pass or treat otherwise than ERP.net, in requests for authorization. */

/** Parameters that ERP.net doesn't document: whoever relies on them should hear of it. */
const UNDOCUMENTED = [
  'acr_values', 'max_age', 'claims', 'claims_locales', 'id_token_hint', 'resource', 'request', 'request_uri',
  'registration', 'dpop_jkt', 'authorization_details',
]

/** The parameter by which a refusal reaches the place where the provider answers the application. */
export const REFUSAL = 'sandbox_refusal'

/**
 * The query for the provider. ERP.net does by itself what the provider wants to be asked for: all of the application's
 * scopes when none is named, `offline_access` without a page of consent, and `sid` in the tokens.
 */
export function authorizeQuery(query: URLSearchParams, application: Application | undefined, quirks: Quirks): string {
  const refusal = firstRefusal(query)
  for (const name of [...UNDOCUMENTED, REFUSAL]) query.delete(name)
  if (application) grantScopes(query, userScopes(application), quirks)
  if (refusal !== undefined) query.set(REFUSAL, refusal)
  const scopes = query.get('scope')?.split(' ') ?? []
  if (scopes.includes('offline_access')) query.set('prompt', `${query.get('prompt') ?? ''} consent`.trim())
  if (scopes.includes('openid')) query.set('claims', JSON.stringify({ id_token: { sid: null, auth_time: null } }))
  return `?${query.toString()}`
}

function grantScopes(query: URLSearchParams, allowed: readonly string[], quirks: Quirks): void {
  const { granted, refused } = chooseScopes(query.get('scope'), allowed, quirks)
  if (refused === undefined) query.set('scope', granted.join(' '))
  // The provider overlooks scopes that it has never heard of; `sec` it knows, and nobody may have it.
  else query.set('scope', 'sec')
}

/**
 * Of the scopes that were asked for, those that the application gets: all that it may have when none was named. One
 * that it may not have refuses the whole request, or (quirk `scopes-left-out`) is left out.
 */
export function chooseScopes(
  asked: string | null | undefined, allowed: readonly string[], quirks: Quirks,
): { granted: readonly string[]; refused: string | undefined } {
  const wanted = [...new Set(asked?.split(' ').filter(scope => scope !== '') ?? [])]
  if (wanted.length === 0) return { granted: allowed, refused: undefined }
  const granted = wanted.filter(scope => allowed.includes(scope))
  const tolerant = quirks.has('scopes-left-out') && granted.length > 0
  return { granted, refused: tolerant ? undefined : wanted.find(scope => !allowed.includes(scope)) }
}

function firstRefusal(query: URLSearchParams): string | undefined {
  const undocumented = UNDOCUMENTED.find(name => query.has(name))
  const names = [...query.keys()]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) return `the parameter ${twice} was sent twice`
  if (undocumented !== undefined) return `the parameter ${undocumented} is not supported`
  const prompt = query.get('prompt') ?? 'login'
  if (prompt !== 'login') return `prompt=${prompt} is not supported`
  const hybrid = query.get('response_type')?.split(' ').includes('id_token') === true
  const wanted = hybrid ? 'form_post' : 'query'
  const mode = query.get('response_mode') ?? 'query'
  return mode === wanted ? undefined : `response_mode must be ${wanted} for this response_type`
}

/** @throws InvalidRequest when there is a refusal */
export function refuse(refusal: string | undefined): void {
  if (refusal !== undefined) throw new errors.InvalidRequest(refusal)
}
