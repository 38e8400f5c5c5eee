import type { DatabaseSync } from 'node:sqlite'

import type { Schema } from '../data/schema.ts'
import { notFound, Problem, sendJson, sendPage, sendText, type Exchange } from '../http.ts'
import type { Quirks } from '../quirks.ts'
import { Catalog } from './catalog.ts'
import { languageOf, type Language } from './culture.ts'
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
  /** Whole models as they were answered, since they don't change while it runs: by name, details and language. */
  readonly #texts = new Map<string, string>()
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
      case 'standardmodel': case 'currentmodel': this.#model(exchange, place === 'standardmodel', rest); break
      case 'odata': this.#odata.answer(exchange, rest.join('/')); break
      // The sandbox's model never changes: there is nothing to forget.
      case 'reset': sendText(exchange, 'The model has been reset.'); break
      case 'query': sendPage(exchange, queryPage(this.#standard, languageOf(exchange))); break
      case 'querybuilder': sendPage(exchange, queryBuilderPage(this.#standard, languageOf(exchange))); break
      default: throw notFound(exchange)
    }
  }

  #model(exchange: Exchange, standard: boolean, [set]: readonly string[]): void {
    const catalog = standard ? this.#standard : this.#current
    const language = languageOf(exchange)
    if (set === undefined) {
      const detailed = exchange.url.searchParams.get('details') === 'true'
      const key = `${standard} ${detailed} ${language}`
      const text = this.#texts.get(key) ?? modelText(catalog, detailed, language)
      this.#texts.set(key, text)
      sendText(exchange, text, 'application/json')
    } else {
      const entity = catalog.set(set)
      if (!entity) throw new Problem(404, 'NotFoundException', `There is no repository '${set}'.`)
      sendJson(exchange, detailedRepository(catalog.schema, entity, language))
    }
  }
}

function modelText({ schema, entities }: Catalog, detailed: boolean, language: Language): string {
  return JSON.stringify(entities.map(
    entity => detailed ? detailedRepository(schema, entity, language) : compactRepository(entity, language),
  ))
}
