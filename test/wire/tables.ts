import assert from 'node:assert/strict'

import type { SandboxUnderTest } from '../fakes/sandbox.ts'

/** Every value as the answer's text has it: numbers aren't parsed, so that no digit is lost on the way to the test. */
export type ExactRow = Readonly<Record<string, string | boolean | null>>

export interface Tables {
  ask(path: string, options?: Record<string, string>, signal?: AbortSignal): Promise<Response>
  /** The rows of an answer that must be 200. */
  rows(table: string, options?: Record<string, string>): Promise<readonly ExactRow[]>
}

/** The Table API of a sandbox, with its reference token. */
export function tablesOf({ url: root, referenceToken }: Pick<SandboxUnderTest, 'url' | 'referenceToken'>): Tables {
  const ask: Tables['ask'] = (path, options = {}, signal) => {
    const url = new URL(`${root}/tableapi/odata/${path}`)
    for (const [name, value] of Object.entries(options)) url.searchParams.set(name, value)
    return fetch(url, { headers: { authorization: `Bearer ${referenceToken}` }, ...(signal ? { signal } : {}) })
  }
  return {
    ask,
    rows: async (table, options) => {
      const response = await ask(table, options)
      const text = await response.text()
      assert.equal(response.status, 200, text)
      return exactRows(text)
    },
  }
}

function exactRows(text: string): readonly ExactRow[] {
  const body = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' ? context?.source ?? String(value) : value) as { value: ExactRow[] }
  return body.value
}
