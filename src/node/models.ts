import { ErpError } from '../core/base/errors.ts'
import { isJsonObject, textOf } from '../core/base/json.ts'
import type { DomainEntity, DomainEntityDetails } from '../core/model/domain.ts'
import { readDomainEntities, readDomainEntity } from '../core/model/readDomain.ts'
import { readTables } from '../core/model/readTables.ts'
import { readRenamed, type RenamedEntity } from '../core/model/renamed.ts'
import type { Table } from '../core/model/table.ts'
import type { ApiParams, EngineMethods } from './engine/protocol.ts'
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

/** All entities in full; an entry without a name is passed over. Fails as `readJson` does, and with `unexpected-answer`. */
export async function readDomainModelFrom(
  { base, token, model }: EngineMethods['domainModel']['params'], signal: AbortSignal,
): Promise<DomainEntityDetails[]> {
  const json = await readJson(`${base}/domain/${model}model?details=true`, { ...(token === undefined ? {} : { token }), signal })
  if (!Array.isArray(json)) throw new ErpError('unexpected-answer', { reason: 'the Domain model is not a list' })
  return json.filter(isJsonObject).filter(repository => textOf(repository, 'Name') !== undefined).map(readDomainEntity)
}

/** What entity sets were called before. Fails as `readJson` does, and with `unexpected-answer`. */
export async function readRenamedFrom({ base, token }: ApiParams, signal: AbortSignal): Promise<RenamedEntity[]> {
  return readRenamed(await readJson(`${base}GetRenamedEntityTypes`, { token, signal }))
}

/** The tables and views of the Table API. Fails as `readText` does, and with `unexpected-answer`. */
export async function readTablesFrom({ base, token }: ApiParams, signal: AbortSignal): Promise<Table[]> {
  return readTables(await readText(`${base}$metadata`, { token, signal }))
}
