import assert from 'node:assert/strict'

import type { SandboxUnderTest } from './sandbox.ts'

/** An entity as the Domain API writes it; numbers are their text, so that no digit is lost on the way to the test. */
export type Entity = Readonly<Record<string, unknown>>

export interface Page {
  readonly value: readonly Entity[]
  readonly '@odata.context': string
  readonly '@odata.count'?: string
  readonly '@odata.nextLink'?: string
}

export interface Refusal {
  readonly message: string
  readonly code: number
  readonly type: string
  readonly info: string
  readonly messageFormat: string
  readonly parameters: readonly string[]
}

/** Asks a sandbox's Domain API. */
export class DomainClient {
  readonly #sandbox: SandboxUnderTest

  constructor(sandbox: SandboxUnderTest) {
    this.#sandbox = sandbox
  }

  get root(): string {
    return `${this.#sandbox.url}/api/domain/odata/`
  }

  fetch(path: string, options: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) {
    const url = new URL(path, this.root)
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value)
    return fetch(url, { headers: { 'x-api-key': this.#sandbox.referenceToken, ...headers } })
  }

  async json(path: string, options: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const response = await this.fetch(path, options)
    const text = await response.text()
    assert.equal(response.status, 200, text)
    return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? context?.source ?? String(value) : value)
  }

  async page(path: string, options: Readonly<Record<string, string>> = {}): Promise<Page> {
    return await this.json(path, options) as Page
  }

  async rows(path: string, options: Readonly<Record<string, string>> = {}): Promise<readonly Entity[]> {
    return (await this.page(path, options)).value
  }

  async one(path: string, options: Readonly<Record<string, string>> = {}): Promise<Entity> {
    return await this.json(path, options) as Entity
  }

  async count(set: string, filter: string): Promise<number> {
    return Number(await this.json(`${set}/$count`, { $filter: filter }))
  }

  /** What is refused, in ERP.net's form: status 500, all of its fields. */
  async refused(
    path: string, options: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {},
  ): Promise<Refusal> {
    const response = await this.fetch(path, options, headers)
    const text = await response.text()
    assert.equal(response.status, 500, text)
    const refusal = JSON.parse(text) as Refusal
    assert.deepEqual(Object.keys(refusal), ['message', 'code', 'type', 'info', 'messageFormat', 'parameters'])
    return refusal
  }
}

/** A value deep in an answer, e.g. `at(order, 'Customer', '@odata.id')`. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  type Inner = Readonly<Record<string | number, unknown>> | null
  return path.reduce<unknown>((inner, name) => (inner as Inner)?.[name], value)
}
