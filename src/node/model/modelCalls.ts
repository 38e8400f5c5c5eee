import type { ModelAbout } from '../../core/model/about.ts'
import type { DomainEntity, DomainEntityDetails } from '../../core/model/domain.ts'
import type { RenamedEntity } from '../../core/model/renamed.ts'
import type { Table } from '../../core/model/table.ts'
import type { DomainPlace } from './readModel.ts'

/** Which model: that of an instance, in a language, kept in a folder that the windows share. */
export interface ModelPlace {
  readonly folder: string
  /** Root URL of the instance. */
  readonly root: string
  readonly language: string
}

/** A value as JSON text: one string goes from thread to thread at a tenth of what the objects in it cost. */
export type Json<T> = string & { readonly of?: T }

/** What is known of a model, for the host; what is missing hasn't been loaded yet. */
export interface ModelSnapshot {
  readonly about?: ModelAbout | undefined
  readonly entities?: Json<DomainEntity[]> | undefined
  readonly tables?: Json<Table[]> | undefined
  /** Are all details there, and the tables joined with them? */
  readonly complete: boolean
}

export interface LoadParams extends ModelPlace {
  readonly domain: Omit<DomainPlace, 'language'>
  /** What the instance says now. */
  readonly version?: string | undefined
}

export interface SearchParams extends ModelPlace {
  readonly typed: string
  readonly limit: number
  /** The other languages. */
  readonly also: readonly string[]
  /** What entities were called before. */
  readonly renamed: Json<RenamedEntity[]>
}

export interface SomeDetails {
  readonly entities: Json<DomainEntityDetails[]>
  /** Were they the last? */
  readonly end: boolean
}
