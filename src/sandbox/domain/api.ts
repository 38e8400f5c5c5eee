import type { Schema } from '../data/schema.ts'
import { Problem, sendJson, type Exchange } from '../http.ts'
import { VERSION } from '../instance/tools.ts'

/** The Domain API (protocol sheet, section 3). */
export class DomainApi {
  readonly #schema: Schema
  readonly #site: string

  constructor(schema: Schema, site: string) {
    this.#schema = schema
    this.#site = site
  }

  isAnonymous(path: string): boolean {
    return /^\/domain\/standardmodel(\/|$)/.test(path)
  }

  answer(exchange: Exchange, path: string): void {
    if (path === '/domain/odata/GetVersion') return sendJson(exchange, { version: VERSION })
    throw new Problem(404, 'NotFoundException', `There is nothing at ${this.#site}${path} (${this.#schema.entities.size}).`)
  }
}
