import { isErpError } from '../../core/base/errors.ts'
import { CsdlDocument } from '../../core/model/csdl/document.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import { type DomainSource, metadataSource, repositorySource } from '../../core/model/domainSource.ts'
import { readDomainEntities, readDomainEntity } from '../../core/model/readDomain.ts'
import { MetadataReader } from '../../core/model/readMetadata.ts'
import { readRenamed, type RenamedEntity } from '../../core/model/renamed.ts'
import { readTables } from '../../core/model/readTables.ts'
import type { ModelAbout } from '../../core/model/about.ts'
import type { Table } from '../../core/model/table.ts'
import { readBytes, readJson, readText } from '../http.ts'

/** Where a Domain model is asked for, and by whom. */
export interface DomainPlace {
  /** The Domain API site. */
  readonly site: string
  /** Its OData root. */
  readonly odata: string
  /** Without one the standard model is asked for, which everybody may see: no session is opened. */
  readonly token?: string | undefined
  readonly language: string
}

/** What an instance tells of its Domain model in one answer. */
export interface DomainAnswer {
  readonly kind: ModelAbout['kind']
  readonly entities?: readonly DomainEntity[]
  readonly source?: DomainSource
}

/**
 * All entities in short: from `currentmodel`, `standardmodel`, or, where an older instance has neither, its `$metadata`,
 * which is the whole model. Fails as `readBytes` does, and with `unexpected-answer`.
 */
export async function readDomain(place: DomainPlace, signal: AbortSignal): Promise<DomainAnswer> {
  return orMetadata(place, signal, async kind => {
    const bytes = await readBytes(modelAddress(place), options(place, signal))
    return { kind, entities: readDomainEntities(parsed(bytes)) }
  })
}

/** All entities in full. Fails as `readDomain` does. */
export async function readDomainSource(place: DomainPlace, signal: AbortSignal): Promise<DomainAnswer> {
  return orMetadata(place, signal, async kind => {
    return { kind, source: repositorySource(await readBytes(`${modelAddress(place)}?details=true`, options(place, signal))) }
  })
}

/** One entity in full. Fails as `readJson` does, and with `unexpected-answer`. */
export async function readEntity(place: DomainPlace, entitySet: string, signal: AbortSignal): Promise<DomainEntityDetails> {
  return readDomainEntity(await readJson(`${modelAddress(place)}/${encodeURIComponent(entitySet)}`, options(place, signal)))
}

/** All entities in full, read; those that are broken are left out. Fails as `readDomain` does. */
export async function readWholeDomain(place: DomainPlace, signal: AbortSignal): Promise<DomainEntityDetails[]> {
  const { source } = await readDomainSource(place, signal)
  return source === undefined ? [] : readable(source, source.entitySets)
}

/** Entities in full from what is held; those that are broken are left out. */
export function readable(source: DomainSource, entitySets: readonly string[]): DomainEntityDetails[] {
  return entitySets.flatMap(entitySet => {
    try {
      return source.read(entitySet) ?? []
    } catch (error) {
      if (isErpError(error, 'unexpected-answer')) return []
      throw error
    }
  })
}

/** What entity sets were called before. Fails as `readJson` does, and with `unexpected-answer`. */
export async function readRenamedFrom({ base, token }: TablePlace, signal: AbortSignal): Promise<RenamedEntity[]> {
  return readRenamed(await readJson(`${base}GetRenamedEntityTypes`, { token, signal }))
}

export interface TablePlace {
  /** The Table API's OData root. */
  readonly base: string
  readonly token: string
}

/** The tables and views of the Table API. Fails as `readBytes` does, and with `unexpected-answer`. */
export async function readTablesFrom({ base, token }: TablePlace, signal: AbortSignal): Promise<Table[]> {
  return readTables(await readBytes(`${base}$metadata`, { token, signal }))
}

/** The version of an instance as everybody may know it; undefined where it doesn't tell. Fails as `readText` does. */
export async function readVersion({ root }: { root: string }, signal: AbortSignal): Promise<string | undefined> {
  return /^\s*"?(\d+(?:\.\d+)+)/.exec(await readText(`${root}/tools/ver`, { signal, answerWithinSeconds: 30 }))?.[1]
}

function modelAddress({ site, token }: DomainPlace): string {
  return `${site}/domain/${kindOf(token)}model`
}

function kindOf(token: string | undefined): 'current' | 'standard' {
  return token === undefined ? 'standard' : 'current'
}

/** English, where the instance hasn't got the language. */
function options({ token, language }: DomainPlace, signal: AbortSignal) {
  const headers = { 'accept': 'application/json', 'accept-language': language === 'en' ? 'en' : `${language}, en;q=0.5` }
  return { ...(token === undefined ? {} : { token }), signal, headers }
}

async function orMetadata(
  place: DomainPlace, signal: AbortSignal, read: (kind: 'current' | 'standard') => Promise<DomainAnswer>,
): Promise<DomainAnswer> {
  const { token, odata } = place
  try {
    return await read(kindOf(token))
  } catch (error) {
    if (!isErpError(error, 'not-found')) throw error
    const bytes = await readBytes(`${odata}$metadata`, { ...options(place, signal), headers: {} })
    const reader = new MetadataReader(new CsdlDocument(bytes))
    return { kind: 'metadata', entities: reader.entities(), source: metadataSource(reader) }
  }
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    // as what it isn't, it is refused by who reads it
    return undefined
  }
}
