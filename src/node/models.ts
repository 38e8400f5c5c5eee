import type { DomainEntity, DomainEntityDetails } from '../core/model/domain.ts'
import { readDomainEntities, readDomainEntity } from '../core/model/readDomain.ts'
import { readTables } from '../core/model/readTables.ts'
import type { Table } from '../core/model/table.ts'
import { ErpError } from '../core/base/errors.ts'
import { isJsonObject, textOf } from '../core/base/json.ts'
import type { ApiParams } from './engine/protocol.ts'
import { readJson, readText } from './http.ts'

/** All entities of the instance in short, custom ones included. Fails as `readJson` does, and with `unexpected-answer`. */
export async function readDomainEntitiesFrom({ base, token }: ApiParams, signal: AbortSignal): Promise<DomainEntity[]> {
  return readDomainEntities(await readJson(`${base}/domain/currentmodel`, { token, signal }))
}

/** One entity in full. Fails as `readJson` does, and with `unexpected-answer`. */
export async function readDomainEntityFrom(
  { base, token, entitySet }: ApiParams & { entitySet: string }, signal: AbortSignal,
): Promise<DomainEntityDetails> {
  const url = `${base}/domain/currentmodel/${encodeURIComponent(entitySet)}`
  return readDomainEntity(await readJson(url, { token, signal }))
}

/** The tables and views of the Table API. Fails as `readText` does, and with `unexpected-answer`. */
export async function readTablesFrom({ base, token }: ApiParams, signal: AbortSignal): Promise<Table[]> {
  return readTables(await readText(`${base}$metadata`, { token, signal }))
}

/**
 * Asks an identity service who it says it is (OpenID Connect Discovery 1.0, section 4). Fails as `readJson` does, and
 * with `unexpected-answer` where it names another issuer: tokens of that one would not be for this instance.
 */
export async function readIssuer({ issuer }: { issuer: string }, signal: AbortSignal): Promise<string> {
  const url = `${issuer}/.well-known/openid-configuration`
  const json = await readJson(url, { signal })
  const named = isJsonObject(json) ? textOf(json, 'issuer') : undefined
  if (named !== issuer) throw new ErpError('unexpected-answer', { url, reason: `it names the issuer ${named ?? '?'}` })
  return named
}
