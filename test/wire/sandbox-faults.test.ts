import assert from 'node:assert/strict'

import type { QuirkName, QuirkValue, Setting } from '../../src/sandbox/quirks.ts'
import { useSandbox } from '../fakes/sandbox.ts'
import { rawAsk, type RawAnswer } from './raw.ts'

type Quirked = Partial<Record<QuirkName, QuirkValue | false | Partial<Setting>>>

describe('sandbox: faults on the way', () => {
  const sandbox = useSandbox()
  afterEach(async () => sandbox.control.clearQuirks())

  const orders = '/tableapi/odata/Crm_Sales_Orders?$top=2'
  const model = '/api/domain/odata/GetVersion'
  const ask = (path = orders, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    rawAsk(sandbox.url + path, { 'x-api-key': sandbox.referenceToken, ...headers })
  const statuses = async (count: number, path = orders) => {
    const all: number[] = []
    for (let at = 0; at < count; at += 1) all.push((await ask(path)).status)
    return all
  }

  describe('another answer', () => {
    type Case = readonly [quirks: Quirked, status: number, words: RegExp]
    const cases: readonly Case[] = [
      [{ 'answer-401': true }, 401, /"type":"ErpNet.AuthenticationException"/],
      [{ 'answer-403': true }, 403, /"type":"ErpNet.AuthorizationException"/],
      [{ 'answer-404': true }, 404, /"type":"ErpNet.NotFoundException"/],
      [{ 'answer-429': true }, 429, /Too many requests/],
      [{ 'answer-500': true }, 500, /^\{"message":"Something went wrong/],
      [{ 'answer-500': true, 'wrapped-errors': true }, 500, /^\{"error":\{"message":"Something went wrong/],
      [{ 'answer-502': true }, 502, /^<html><head><title>502 Bad Gateway/],
      [{ 'answer-503': true }, 503, /being updated/],
      [{ 'answer-504': true }, 504, /^<html><head><title>504 Gateway Timeout/],
      [{ 'html-page': true }, 200, /^<!doctype html>/],
    ]
    for (const [quirks, status, words] of cases) {
      it(JSON.stringify(quirks), async () => {
        await sandbox.control.quirks(quirks)
        const answer = await ask()
        assert.equal(answer.status, status)
        assert.match(answer.body.toString(), words)
        await sandbox.control.clearQuirks()
        assert.equal((await ask()).status, 200)
      })
    }

    it('redirect-page: 302 to a page of the ID site', async () => {
      await sandbox.control.quirks({ 'redirect-page': true })
      const { status, headers } = await ask()
      assert.equal(status, 302)
      assert.equal(headers.location, `/id/account/sign-in?ReturnUrl=${encodeURIComponent(orders)}`)
      const page = await rawAsk(sandbox.url + headers.location)
      assert.equal(page.status, 200)
      assert.match(page.headers['content-type'] ?? '', /^text\/html/)
    })

    it('a number: so many answers', async () => {
      await sandbox.control.quirks({ 'answer-401': 2 })
      assert.deepEqual(await statuses(3), [401, 401, 200])
      await sandbox.control.quirks({ 'answer-503': 1, 'answer-500': 2 })
      assert.deepEqual(await statuses(4), [500, 500, 503, 200])
    })

    it('token-revoked: 401 for that token from then on, not for another', async () => {
      await sandbox.control.quirks({ 'token-revoked': true })
      const first = await ask()
      assert.equal(first.status, 401)
      assert.equal(first.headers['www-authenticate'], 'Bearer error="invalid_token"')
      assert.equal((await ask()).status, 401)
      const other = await rawAsk(sandbox.url + orders, { 'x-api-key': 'enrt_0123' })
      assert.match(other.body.toString(), /reference token is not valid/, 'checked as ever')
      await sandbox.control.quirks({ 'token-revoked': false })
      assert.equal((await ask()).status, 200)
    })
  })

  describe('Retry-After', () => {
    const after = async (quirks: Quirked) => {
      await sandbox.control.quirks(quirks)
      return (await ask()).headers['retry-after']
    }

    it('of 429 and 503: a second, seconds, none', async () => {
      assert.equal(await after({ 'answer-429': true }), '1')
      assert.equal(await after({ 'retry-after': '30' }), '30')
      assert.equal(await after({ 'retry-after': 'none' }), undefined)
      assert.equal(await after({ 'answer-429': false, 'answer-503': true, 'retry-after': '7' }), '7')
      assert.equal(await after({ 'answer-503': false, 'answer-500': true }), undefined)
    })

    it('as a date', async () => {
      const date = await after({ 'answer-429': 1, 'retry-after': 'date+120' })
      assert.match(String(date), /^\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/)
      const ahead = Date.parse(String(date)) - Date.now()
      assert.ok(ahead > 60_000 && ahead <= 120_000, String(ahead))
    })

    it('of a full queue and of too many requests in a minute as well', async () => {
      await sandbox.control.limits({ perMinute: 1 })
      await sandbox.control.quirks({ 'retry-after': 'none' })
      const answers = [await ask(model), await ask(model)]
      assert.deepEqual([answers.at(-1)?.status, answers.at(-1)?.headers['retry-after']], [429, undefined])
      await sandbox.control.limits({ perMinute: 600 })
    })
  })

  describe('the connection', () => {
    it('reset-connection: no answer, but a reset', async () => {
      await sandbox.control.quirks({ 'reset-connection': 1 })
      await assert.rejects(ask(), { code: 'ECONNRESET', message: 'read ECONNRESET' })
      assert.equal((await ask()).status, 200)
    })

    it('close-connection: no answer, but an end', async () => {
      await sandbox.control.quirks({ 'close-connection': 1 })
      await assert.rejects(ask(), { message: 'socket hang up' })
      assert.equal((await ask()).status, 200)
    })

    it('cut-after-byte: it breaks there, in both APIs', async () => {
      await sandbox.control.quirks({ 'cut-after-byte': 20 })
      for (const path of [orders, model]) {
        const { status, body, broken } = await ask(path)
        assert.deepEqual([status, body.length, broken], [200, 20, true])
      }
    })

    it('cut-after-byte: a long way into a long answer', async () => {
      await sandbox.control.quirks({ 'cut-after-byte': 100_001 })
      const { body, broken } = await ask('/tableapi/odata/Crm_Sales_Order_Lines')
      assert.deepEqual([body.length, broken], [100_001, true])
      await sandbox.control.wait({ running: 0, answering: 0 })
    })

    it('cut-after-byte: a shorter body comes whole', async () => {
      await sandbox.control.quirks({ 'cut-after-byte': 1000 })
      const { body, broken } = await ask(model)
      const { version } = JSON.parse(body.toString()) as { version: string }
      assert.deepEqual([version, broken], ['26.2.0.76', false])
    })

    it('cut-after-row: it breaks there', async () => {
      await sandbox.control.quirks({ 'cut-after-row': 25 })
      const { body, broken } = await ask('/tableapi/odata/Crm_Sales_Order_Lines')
      assert.deepEqual([body.toString().split('"Sales_Order_Line_Id":').length - 1, broken], [25, true])
    })

    it('latency: the answer waits so long', async () => {
      await sandbox.control.quirks({ latency: 150 })
      const begun = performance.now()
      assert.equal((await ask()).status, 200)
      assert.ok(performance.now() - begun >= 149, 'no sooner')
    })

    it('bandwidth: so many bytes a second', async () => {
      const whole = (await ask()).body
      await sandbox.control.quirks({ bandwidth: whole.length * 4 })
      const begun = performance.now()
      assert.deepEqual((await ask()).body, whole)
      assert.ok(performance.now() - begun >= 240, 'no sooner than in a quarter of a second')
    })
  })

  describe('whom it meets', () => {
    it('without a path: the APIs, not discovery and sign-in', async () => {
      await sandbox.control.quirks({ 'answer-500': true })
      const paths = [orders, model, '/profile/me', '/tools/ver', '/id/.well-known/openid-configuration']
      const all = []
      for (const path of paths) all.push((await ask(path)).status)
      assert.deepEqual(all, [500, 500, 500, 200, 200])
    })

    it('with a path: what begins so, discovery and sign-in too', async () => {
      await sandbox.control.quirks({ 'answer-503': { path: '/id/' }, 'html-page': { path: '/tools/' } })
      assert.equal((await ask('/id/.well-known/openid-configuration')).status, 503)
      assert.match((await ask('/tools/auto-discovery')).body.toString(), /^<!doctype html>/)
      assert.equal((await ask()).status, 200)
      await sandbox.control.clearQuirks()
      await sandbox.control.quirks({ 'truncate-after-byte': { path: '/id/', value: 9 } })
      assert.equal((await ask('/id/.well-known/openid-configuration')).body.length, 9)
      await sandbox.control.quirks({ 'answer-404': { path: '/api/' } })
      assert.deepEqual([(await ask(model)).status, (await ask()).status], [404, 200])
    })

    it('a quirk that is no fault as well', async () => {
      await sandbox.control.quirks({ 'decimals-as-strings': { path: '/tableapi/odata/Dmv_' } })
      const row = async (table: string) => (await ask(`/tableapi/odata/${table}?$top=1`)).body.toString()
      assert.match(await row('Dmv_Table_Info'), /"Row_Count":"\d+"/)
      assert.match(await row('Inv_Current_Balances'), /"Base_Cost":\d/)
    })

    it('with a number of times: so many of these requests', async () => {
      await sandbox.control.quirks({ 'answer-429': { path: '/tableapi/', times: 2 } })
      assert.equal((await ask(model)).status, 200)
      assert.deepEqual(await statuses(3), [429, 429, 200])
      await sandbox.control.quirks({ 'cut-after-byte': { value: 10, times: 1 } })
      assert.deepEqual([(await ask()).broken, (await ask()).broken], [true, false])
    })
  })
})
