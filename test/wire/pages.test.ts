import assert from 'node:assert/strict'
import { isErpError } from '../../src/core/base/errors.ts'
import { type Batch, owned } from '../../src/core/execute/batch.ts'
import type { Request } from '../../src/core/plan/plan.ts'
import type { QueryEnd } from '../../src/node/engine/protocol.ts'
import { runQuery } from '../../src/node/run/runQuery.ts'
import { rowsOf } from '../fakes/oracle/answer.ts'
import { serve, type TestServer } from './servers.ts'

type Page = (server: TestServer) => string

const FIRST = '/odata/Set'

/** Links to the next page, right and wrong, over the wire; they are followed whichever API gives them. */
describe('pages', () => {
  let server: TestServer
  let elsewhere: TestServer
  let pages: Readonly<Record<string, Page>> = {}

  before(async () => {
    server = await serve((request, response) => {
      const page = pages[(request.url ?? '').replace(/[?&]\$(?:top|count)=\w+/g, '')]
      response.writeHead(page === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(page?.(server))
    })
    elsewhere = await serve((_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[{"Id":"stolen"}]}'))
  })
  after(async () => {
    await server.close()
    await elsewhere.close()
  })

  interface Outcome {
    readonly ids: readonly unknown[]
    readonly end?: QueryEnd
    readonly error?: unknown
    /** Requests to the server. */
    readonly asked: readonly (string | undefined)[]
  }

  async function read(given: Readonly<Record<string, Page>>, request: Partial<Request> = {}): Promise<Outcome> {
    pages = given
    const before = server.requests.length
    const batches: Batch[] = []
    const run = { root: `${server.url}/odata/`, maxUrlLength: 4000, requests: [{ resource: 'Set', conditions: [], ...request }], joins: [], stages: [], columns: [] }
    const ended = await runQuery({ run, token: 'enrt_TEST' }, {
      signal: new AbortController().signal,
      send: batch => Promise.resolve(void batches.push(owned(batch))),
      renew: () => assert.fail(),
      wait: () => undefined,
    }).then(end => ({ end }), (error: unknown) => ({ error }))
    return { ...ended, ids: batches.flatMap(rowsOf).map(row => row['Id']), asked: server.requests.slice(before).map(({ url }) => url) }
  }

  const page = (ids: string, link: Page | string): Page => known => {
    const next = typeof link === 'string' ? link : link(known)
    return `{"value":[${rowsWith(ids)}],"@odata.nextLink":${JSON.stringify(next)}}`
  }
  const last = (ids: string): Page => () => `{"value":[${rowsWith(ids)}]}`

  const apis: [name: string, request: Partial<Request>][] = [['Table API', {}], ['Domain API', { top: 2, pages: { skip: 0 } }]]
  for (const [name, request] of apis) {
    describe(`of the ${name}`, () => {
      const followed: [what: string, link: Page | string, second: string][] = [
        ['an absolute link', ({ url }) => `${url}/odata/Set?$skiptoken=x`, '/odata/Set?$skiptoken=x'],
        ['a link on another path', ({ url }) => `${url}/pages/2`, '/pages/2'],
        ['a link that is relative to the root', 'Set?$skiptoken=x', '/odata/Set?$skiptoken=x'],
        ['a link that is relative to the server', '/odata/Set?$skiptoken=x', '/odata/Set?$skiptoken=x'],
        ['a link that is a query alone', '?$skiptoken=x', '/odata/Set?$skiptoken=x'],
      ]
      for (const [what, link, second] of followed) {
        it(`follow ${what}`, async () => {
          const { ids, error, end } = await read({ [FIRST]: page('ab', link), [second]: page('cd', 'Set?$skiptoken=y'), '/odata/Set?$skiptoken=y': last('e') }, request)
          assert.equal(error, undefined)
          assert.deepEqual([ids.join(''), end?.requests], ['abcde', 3])
        })
      }

      it('end within a page that brings more rows than are wanted', async () => {
        const wanted: Partial<Request> = request.pages === undefined ? { top: 3 } : { ...request, pages: { ...request.pages, enough: 3 } }
        for (const counted of request.pages === undefined ? [false] : [false, true]) {
          const first: Page = known => page('ab', '?$skiptoken=x')(known).replace('{', '{"@odata.count":9,')
          const { ids, error, end } = await read({ [FIRST]: first, '/odata/Set?$skiptoken=x': page('cde', '?$skiptoken=y') }, { ...wanted, counted })
          assert.deepEqual([ids.join(''), error, end?.requests], ['abc', undefined, 2])
        }
      })

      it('end where a link is null', async () => {
        const { ids, error } = await read({ [FIRST]: () => '{"value":[{"Id":"a"}],"@odata.nextLink":null}' }, request)
        assert.deepEqual([ids.join(''), error], ['a', undefined])
      })

      const wrong: [what: string, link: Page | string, reason: RegExp][] = [
        ['leads to another server', () => `${elsewhere.url}/odata/Set`, /elsewhere/],
        ['leads to the same server by another scheme', ({ url }) => url.replace('http:', 'https:'), /elsewhere/],
        ['is no address', 'http://[', /elsewhere/],
        ['is not for the web', 'file:///etc/passwd', /elsewhere/],
        ['is empty', '', /back/],
        ['leads to its own page', ({ url }) => `${url}${FIRST}${request.top === undefined ? '' : '?$top=2'}`, /back/],
        ['leads round in a circle', 'Set?$skiptoken=x', /back/],
      ]
      for (const [what, link, reason] of wrong) {
        it(`fail where a link ${what}; the rows are kept`, async () => {
          const { ids, error, asked } = await read({ [FIRST]: page('ab', link), '/odata/Set?$skiptoken=x': page('', 'Set?$skiptoken=x') }, request)
          assert.ok(isErpError(error, 'unexpected-answer'), String(error))
          assert.match(String(error.facts['reason']), reason)
          assert.equal(ids.join(''), 'ab')
          assert.ok(asked.length <= 2, asked.join())
          assert.equal(elsewhere.requests.length, 0)
        })
      }
    })
  }

  it('are no more than hold the rows that are wanted', async () => {
    const given = { [FIRST]: page('ab', 'Set?$skiptoken=x'), '/odata/Set?$skiptoken=x': page('cd', 'Set?$skiptoken=y') }
    for (const request of [{ top: 4 }, { top: 2, pages: { skip: 0, enough: 4 } }]) {
      const { ids, error, asked } = await read(given, request)
      assert.deepEqual([ids.join(''), error, asked.length], ['abcd', undefined, 2])
    }
  })

  it('bring the count with the first of them', async () => {
    const first = page('ab', 'Set?$skiptoken=x')
    const counting = (count: string): Page => known => first(known).replace('{', `{"@odata.count":${count},`)
    const counted = { top: 2, pages: { skip: 0 }, counted: true }
    for (const count of ['12', '"12"', ' 12 ']) {
      const { end, asked } = await read({ [FIRST]: counting(count), '/odata/Set?$skiptoken=x': last('c') }, counted)
      assert.deepEqual([end?.count, end?.rows], [12, 3])
      assert.equal(asked[0], `${FIRST}?$count=true&$top=2`)
    }
    for (const count of ['null', '"many"', '""', '-1', '1.5', '9007199254740993', '{"a":5}']) {
      const { error, ids } = await read({ [FIRST]: counting(count) }, counted)
      assert.ok(isErpError(error, 'unexpected-answer'), count)
      assert.match(String(error.facts['reason']), /how many/)
      assert.equal(ids.join(''), 'ab')
    }
    const { error } = await read({ [FIRST]: first }, counted)
    assert.ok(isErpError(error, 'unexpected-answer'))
  })
})

function rowsWith(ids: string): string {
  return Array.from(ids, id => `{"Id":"${id}"}`).join(',')
}
