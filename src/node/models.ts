import type { DomainEntity, DomainEntityDetails } from '../core/model/domain.ts'
import { readDomainEntities, readDomainEntity } from '../core/model/readDomain.ts'
import { readTables } from '../core/model/readTables.ts'
import type { Table } from '../core/model/table.ts'
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
