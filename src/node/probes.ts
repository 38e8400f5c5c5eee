import { GLOBAL_IDENTITY } from '../core/instance/address.ts'
import { ErpError, isErpError } from '../core/base/errors.ts'
import { isJsonObject, textOf } from '../core/base/json.ts'
import { plainLine } from '../core/base/redact.ts'
import type { ApiParams } from './engine/protocol.ts'
import { readJson } from './http.ts'

/** The smallest questions to an instance's sites, for the test of a connection. They fail as `readJson` does. */

const WITHIN = { answerWithinSeconds: 30 } as const

/**
 * Asks an identity service who it says it is (OpenID Connect Discovery 1.0, section 4). Anonymous.
 *
 * @throws `wrong-identity` where it names another issuer, whose tokens would not be for this instance; the global
 *   identity service isn't even asked
 */
export async function readIssuer({ issuer }: { issuer: string }, signal: AbortSignal): Promise<string> {
  const { hostname } = new URL(issuer)
  if (hostname === GLOBAL_IDENTITY) throw new ErpError('wrong-identity', { issuer, named: hostname })
  const url = `${issuer}/.well-known/openid-configuration`
  const json = await readJson(url, { signal, ...WITHIN })
  const named = isJsonObject(json) ? textOf(json, 'issuer') : undefined
  if (named === undefined) throw new ErpError('unexpected-answer', { url, status: 200, reason: 'it names no issuer' })
  if (named !== issuer) throw new ErpError('wrong-identity', { issuer, named: plainLine(named, 200) })
  return named
}

/**
 * The version of the Domain API (protocol sheet, section 3): `GetVersion`; where there is none the service document
 * must do, which tells no version.
 *
 * @param base the OData root, with a slash at its end
 */
export async function readDomainVersion({ base, token }: ApiParams, signal: AbortSignal): Promise<string | undefined> {
  try {
    const json = await readJson(`${base}GetVersion`, { token, signal, ...WITHIN })
    const version = isJsonObject(json) ? textOf(json, 'version') ?? textOf(json, 'value') : undefined
    return version === undefined ? undefined : plainLine(version, 50)
  } catch (error) {
    if (!isErpError(error, 'not-found')) throw error
    await countResources({ base, token }, signal)
    return undefined
  }
}

/**
 * How much the service document of an API lists (OData 4.01 JSON, section 5).
 *
 * @param base the OData root, with a slash at its end
 * @throws `unexpected-answer` for something else
 */
export async function countResources({ base, token }: ApiParams, signal: AbortSignal): Promise<number> {
  const json = await readJson(base, { token, signal, ...WITHIN })
  if (isJsonObject(json) && Array.isArray(json['value'])) return json['value'].length
  throw new ErpError('unexpected-answer', { url: base, status: 200, reason: 'not a service document' })
}
