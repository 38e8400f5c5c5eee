import type { DatabaseSync } from 'node:sqlite'

import type { Schema } from '../data/schema.ts'
import { notFound, Problem, sendJson, sendPage, sendText, type Exchange } from '../http.ts'
import type { Quirks } from '../quirks.ts'
import { Catalog } from './catalog.ts'
import { languageOf } from './culture.ts'
import { defineFunctions } from './data/functions.ts'
import { domainEntities } from './entities.ts'
import { compactRepository, detailedRepository } from './model.ts'
import { ODataService } from './odata.ts'
import { queryBuilderPage, queryPage } from './pages.ts'
import { DomainError, DomainProblem } from './problem.ts'

export interface DomainApiParts {
  readonly schema: Schema
  readonly database: DatabaseSync
  readonly quirks: Quirks
  /** `…/api/domain/` */
  readonly root: string
}

/** The Domain API (protocol sheet, section 3): the model as JSON, the OData service, and pages for people. */
export class DomainApi {
  readonly #standard: Catalog
  readonly #current: Catalog
  readonly #odata: ODataService

  constructor(parts: DomainApiParts) {
    const { schema, database, quirks } = parts
    defineFunctions(database)
    this.#standard = new Catalog(schema, domainEntities(schema, false))
    this.#current = new Catalog(schema, domainEntities(schema, true))
    this.#odata = new ODataService({
      catalog: this.#current, database, quirks,
      get root() { return `${parts.root}odata/` },
    })
  }

  /** What needs no token, and so opens no session. */
  isAnonymous(path: string): boolean {
    return /^\/domain\/(?:standardmodel(?:\/|$)|query$|querybuilder$)/.test(path)
  }

  /** @param path what comes after the site's address, decoded */
  answer(exchange: Exchange, path: string): void {
    try {
      this.#route(exchange, path)
    } catch (error) {
      throw error instanceof DomainError ? new DomainProblem(error, languageOf(exchange)) : error
    }
  }

  #route(exchange: Exchange, path: string): void {
    const { method = '' } = exchange.request
    if (method !== 'GET') {
      const words = `The sandbox can only be read: ${method} is refused.`
      throw new Problem(405, 'NotSupportedException', words, { allow: 'GET' })
    }
    const [, domain, place, ...rest] = path.split('/')
    switch (domain === 'domain' ? place : undefined) {
      case 'standardmodel': this.#model(exchange, this.#standard, rest); break
      case 'currentmodel': this.#model(exchange, this.#current, rest); break
      case 'odata': this.#odata.answer(exchange, rest.join('/')); break
      // The sandbox's model never changes: there is nothing to forget.
      case 'reset': sendText(exchange, 'The model has been reset.'); break
      case 'query': sendPage(exchange, queryPage(this.#standard, languageOf(exchange))); break
      case 'querybuilder': sendPage(exchange, queryBuilderPage(this.#standard, languageOf(exchange))); break
      default: throw notFound(exchange)
    }
  }

  #model(exchange: Exchange, catalog: Catalog, [set]: readonly string[]): void {
    const { schema, entities } = catalog
    const language = languageOf(exchange)
    if (set !== undefined) {
      const entity = catalog.set(set)
      if (!entity) throw new Problem(404, 'NotFoundException', `There is no repository '${set}'.`)
      sendJson(exchange, detailedRepository(schema, entity, language))
    } else if (exchange.url.searchParams.get('details') === 'true') {
      sendJson(exchange, entities.map(entity => detailedRepository(schema, entity, language)))
    } else {
      sendJson(exchange, entities.map(entity => compactRepository(entity, language)))
    }
  }
}
