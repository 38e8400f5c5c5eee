import { ErpError } from '../base/errors.ts'
import { CsdlDocument } from './csdl/document.ts'
import type { CsdlIndex } from './csdl/scan.ts'
import type { DomainEntityDetails } from './domain.ts'
import { readDomainEntity } from './readDomain.ts'
import { MetadataReader } from './readMetadata.ts'
import { indexRepositories, type RepositoryIndex } from './repositories.ts'

/** A whole Domain model as it came, with an index: each entity is read when it is looked at. */
export interface DomainSource {
  readonly bytes: Uint8Array
  readonly index: DomainIndex
  readonly entitySets: readonly string[]
  /** Undefined where there is no such entity set. Throws `unexpected-answer` where its part is broken. */
  read(entitySet: string): DomainEntityDetails | undefined
}

/** What finds the entities in the bytes; plain JSON, so that it can be kept with them. */
export type DomainIndex =
  | { readonly form: 'json'; readonly repositories: RepositoryIndex }
  | { readonly form: 'csdl'; readonly csdl: CsdlIndex }

/** The answer of `standardmodel` or `currentmodel` with `?details=true`. Throws `unexpected-answer` as `indexRepositories` does. */
export function repositorySource(bytes: Uint8Array, repositories = indexRepositories(bytes)): DomainSource {
  const places = new Map(repositories.map(place => [place[0], place]))
  return {
    bytes,
    index: { form: 'json', repositories },
    entitySets: [...places.keys()],
    read: entitySet => {
      const place = places.get(entitySet)
      return place && readDomainEntity(parsed(bytes, place[1], place[2]))
    },
  }
}

/** The Domain API's `$metadata`. Throws `unexpected-answer` as `scanCsdl` does. */
export function metadataSource(reader: MetadataReader): DomainSource {
  const { document } = reader
  return {
    bytes: document.bytes,
    index: { form: 'csdl', csdl: { ...document.index, sets: document.sets } },
    entitySets: document.sets.map(({ name }) => name),
    read: entitySet => reader.details(entitySet),
  }
}

/** The same once more, without looking for the entities again. */
export function sourceOf(bytes: Uint8Array, index: DomainIndex): DomainSource {
  return index.form === 'json'
    ? repositorySource(bytes, index.repositories)
    : metadataSource(new MetadataReader(new CsdlDocument(bytes, index.csdl)))
}

function parsed(bytes: Uint8Array, at: number, length: number): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes.subarray(at, at + length)))
  } catch (cause) {
    throw new ErpError('unexpected-answer', { reason: 'it does not describe an entity' }, { cause })
  }
}
