import type { Schema } from '../data/schema.ts'
import { notFound, Problem, sendJson, sendText, type Exchange } from '../http.ts'
import { VERSION } from '../instance/tools.ts'
import { domainMetadata } from './csdl.ts'
import { domainEntities, type DomainEntity } from './entities.ts'
import { compactRepository, detailedRepository } from './model.ts'

const NO_DATA = 'The sandbox does not answer queries of entities yet; ask its Table API.'

/** The Domain API (protocol sheet, section 3): its model. The data of entities isn't in the sandbox yet. */
export class DomainApi {
  readonly #schema: Schema
  readonly #standard: readonly DomainEntity[]
  readonly #current: readonly DomainEntity[]
  /** Whole models as they were answered, since they don't change while it runs; by what was asked. */
  readonly #texts = new Map<string, string>()

  constructor(schema: Schema) {
    this.#schema = schema
    this.#standard = domainEntities(schema, false)
    this.#current = domainEntities(schema, true)
  }

  /** What needs no token, and so opens no session. */
  isAnonymous(path: string): boolean {
    return /^\/domain\/standardmodel(?:\/|$)/.test(path)
  }

  /** @param path what comes after the site's address, decoded */
  answer(exchange: Exchange, path: string): void {
    if (exchange.request.method !== 'GET') {
      throw new Problem(405, 'ODataException', 'The sandbox can only be read.', { allow: 'GET' })
    }
    const [, domain, place, ...rest] = path.split('/')
    if (domain !== 'domain') throw notFound(exchange)
    if (place === 'standardmodel') this.#model(exchange, place, this.#standard, rest)
    else if (place === 'currentmodel') this.#model(exchange, place, this.#current, rest)
    else if (place === 'odata') this.#odata(exchange, rest.join('/'))
    else throw notFound(exchange)
  }

  #model(exchange: Exchange, name: string, entities: readonly DomainEntity[], [set]: readonly string[]): void {
    const one = entities.find(({ entity }) => entity.set === set)
    if (set !== undefined && !one) throw new Problem(404, 'NotFoundException', `There is no repository '${set}'.`)
    const detailed = exchange.url.searchParams.get('details') === 'true'
    const full = (entity: DomainEntity) => detailedRepository(this.#schema, entity)
    if (one) {
      sendJson(exchange, full(one))
    } else {
      const text = this.#kept(`${name} ${detailed}`, exchange,
        () => JSON.stringify(entities.map(detailed ? full : compactRepository)))
      sendText(exchange, text, 'application/json')
    }
  }

  /** The text that was made for the same question in the same language, or a new one. */
  #kept(question: string, { request }: Exchange, make: () => string): string {
    const key = `${question} ${request.headers['accept-language'] ?? ''}`
    const known = this.#texts.get(key)
    if (known !== undefined) return known
    const text = make()
    // Clients have few languages; whoever invents them shall not fill the memory.
    if (this.#texts.size >= 12) this.#texts.clear()
    this.#texts.set(key, text)
    return text
  }

  #odata(exchange: Exchange, resource: string): void {
    const sets = this.#current.map(({ entity }) => entity.set)
    if (resource === '$metadata') {
      const text = this.#kept(resource, exchange, () => domainMetadata(this.#schema, this.#current))
      sendText(exchange, text, 'application/xml')
    } else if (resource === 'GetVersion') sendJson(exchange, { version: VERSION })
    else if (resource === 'GetRenamedEntityTypes') sendJson(exchange, { value: [] })
    else if (resource === '') sendJson(exchange, { value: sets.map(name => ({ name, kind: 'EntitySet', url: name })) })
    else if (sets.includes(/^\w*/.exec(resource)?.[0] ?? '')) throw new Problem(500, 'NotSupportedException', NO_DATA)
    else throw new Problem(404, 'ODataException', `Resource not found for the segment '${resource}'.`)
  }
}
