import type { DatabaseSync } from 'node:sqlite'

import { notFound, Problem, sendText, type Exchange } from '../http.ts'
import { versionOf } from '../instance/tools.ts'
import type { Quirks } from '../quirks.ts'
import { allowedValues } from './allowed.ts'
import type { Catalog } from './catalog.ts'
import { domainMetadata } from './csdl.ts'
import { languageOf } from './culture.ts'
import { Grouping } from './data/group.ts'
import { Reader } from './data/reader.ts'
import type { DomainEntity } from './entities.ts'
import { DomainError } from './problem.ts'
import { readOptions, tokenOf, type Options } from './query/options.ts'
import { readResource, RENAMED, type Resource, type To } from './resource.ts'

/** A page holds no more rows, whatever is asked for (protocol sheet, section 3, "Paging"). */
const PAGE = 1000

export interface ODataParts {
  readonly catalog: Catalog
  readonly database: DatabaseSync
  readonly quirks: Quirks
  /** `…/api/domain/odata/` */
  readonly root: string
}

/** What lies below the Domain API's service root. */
export class ODataService {
  readonly #parts: ODataParts
  #metadata: string | undefined

  constructor(parts: ODataParts) {
    this.#parts = parts
  }

  /** @param path what comes after the service root, decoded */
  answer(exchange: Exchange, path: string): void {
    const { catalog, quirks, root } = this.#parts
    switch (path) {
      case '':
        this.#send(exchange, '', `"value":${JSON.stringify(
          catalog.entities.map(({ entity: { set } }) => ({ name: set, kind: 'EntitySet', url: set })),
        )}`)
        break
      case '$metadata':
        this.#metadata ??= domainMetadata(catalog.schema, catalog.entities)
        sendText(exchange, this.#metadata, 'application/xml')
        break
      case 'GetVersion':
        this.#send(exchange, '#Erp.OpenObject', `"version":${JSON.stringify(versionOf(quirks))}`)
        break
      case 'GetRenamedEntityTypes':
        this.#send(exchange, '#Collection(Erp.OpenObject)', `"value":${JSON.stringify(this.#renamed())}`)
        break
      case 'ExecuteScript': case 'Import': case 'BeginTransaction': case 'EndTransaction':
        throw new DomainError('method', path)
      default: {
        const resource = readResource(catalog, path, root)
        if (!resource) throw new Problem(404, 'ODataException', `Resource not found for the segment '${path}'.`)
        this.#resource(exchange, resource)
      }
    }
  }

  #renamed(): readonly unknown[] {
    return RENAMED.filter(([, name]) => this.#parts.catalog.set(name))
      .map(([OldName, NewName, Version]) => ({ OldName, NewName, Version }))
  }

  #resource(exchange: Exchange, resource: Resource): void {
    const options = readOptions(resource.kind, exchange.url.searchParams)
    const reader = this.#reader(exchange, options)
    switch (resource.kind) {
      case 'set':
        if (options.apply) this.#groups(exchange, reader, resource.entity, options)
        else this.#rows(exchange, reader, resource, options)
        break
      case 'count':
        sendText(exchange, String(reader.count(resource.entity, options.query, options.search)))
        break
      case 'one':
        this.#one(exchange, reader, resource, options)
        break
      case 'stream':
        this.#stream(exchange, reader, resource)
        break
      case 'function': {
        const values = allowedValues(this.#parts, resource.entity, resource.call, languageOf(exchange))
        const { returns = '' } = resource.call.method
        this.#send(exchange, `#${returns}`, `"value":${JSON.stringify(values)}`)
      }
    }
  }

  #reader(exchange: Exchange, { skipNulls }: Options): Reader {
    const { database, catalog, quirks } = this.#parts
    return new Reader(database, catalog, {
      schema: catalog.schema, language: languageOf(exchange), skipNulls,
      amountsAsStrings: quirks.has('amounts-as-strings'), lowerCaseLanguages: quirks.has('lower-case-languages'),
    })
  }

  #rows(
    exchange: Exchange, reader: Reader, { entity, set }: Extract<Resource, { kind: 'set' }>, options: Options,
  ): void {
    const { query, search, skipToken } = options
    const skip = skipToken ?? query.skip
    const size = Math.min(query.top ?? PAGE, PAGE)
    const rows = reader.rows(entity, query, search, skip, size + 1)
    const more = query.top !== undefined && size > 0 && rows.length > size
    const parts = [
      ...(query.count ? [`"@odata.count":${reader.count(entity, query, search)}`] : []),
      `"value":[${rows.slice(0, size).join(',')}]`,
      ...(more ? this.#nextLink(exchange, skip + size) : []),
    ]
    const type = entity === set ? '' : `/Erp.${entity.entity.type}`
    this.#send(exchange, `#${set.entity.set}${type}`, parts.join(','))
  }

  /** Only pages that were asked for with `$top` lead on to the next one, from version 26.2. */
  #nextLink({ url }: Exchange, skip: number): readonly string[] {
    const { quirks, root } = this.#parts
    if (quirks.has('nextlink-none')) return []
    const next = new URLSearchParams(url.searchParams)
    next.delete('$skip')
    next.delete('$skiptoken')
    if (quirks.has('nextlink-skip')) next.set('$skip', String(skip))
    else next.set('$skiptoken', tokenOf(skip))
    const path = url.pathname.slice(new URL(root).pathname.length)
    const link = `${path}?${next.toString()}`
    return [`"@odata.nextLink":${JSON.stringify(quirks.has('nextlink-relative') ? link : root + link)}`]
  }

  #groups(exchange: Exchange, reader: Reader, entity: DomainEntity, options: Options): void {
    const { query, search, apply, expandGroup } = options
    if (!apply) return
    const grouping = new Grouping(reader, entity, apply, expandGroup)
    const rows = grouping.rows(query, search, Math.min(query.top ?? PAGE, PAGE))
    this.#send(exchange, '#Collection(Erp.OpenObject)', `"value":[${rows.join(',')}]`)
  }

  #one(
    exchange: Exchange, reader: Reader, { entity, set, key, to }: Extract<Resource, { kind: 'one' }>,
    { query }: Options,
  ): void {
    const own = reader.ids.own(entity, key)
    const wanted = to && own !== undefined ? this.#followed(reader, entity, own, to) : own
    const text = wanted === undefined ? undefined : reader.byId(to?.entity ?? entity, query)(wanted)
    if (text === undefined) throw notFound(exchange)
    this.#send(exchange, `#${set.entity.set}/$entity`, text.slice(1, -1))
  }

  /** What a reference leads to, as the id of the entity that is wanted of it. */
  #followed(reader: Reader, entity: DomainEntity, own: string, { reference, entity: wanted }: To): string | undefined {
    const held = reader.cell(entity, own, reference.table, reference.column)
    const target = this.#parts.catalog.of(reference.target)
    const key = typeof held === 'string' ? reader.ids.key(target, held) : undefined
    return key === undefined ? undefined : reader.ids.own(wanted, key)
  }

  #stream(
    exchange: Exchange, reader: Reader, { entity, key, attribute }: Extract<Resource, { kind: 'stream' }>,
  ): void {
    const own = reader.ids.own(entity, key)
    const { table, column } = attribute
    const value = own !== undefined && table !== undefined && column ? reader.cell(entity, own, table, column) : null
    if (typeof value !== 'string') throw notFound(exchange)
    exchange.response.writeHead(200, { 'content-type': 'application/octet-stream' })
    exchange.response.end(Buffer.from(value, 'base64'))
  }

  /** @param context what follows `$metadata` in the context, `#` included */
  #send(exchange: Exchange, context: string, members: string): void {
    exchange.response.setHeader('odata-version', '4.0')
    const start = `{"@odata.context":${JSON.stringify(`${this.#parts.root}$metadata${context}`)}`
    sendText(exchange, `${start},${members}}`, 'application/json; odata.metadata=minimal')
  }
}
