import assert from 'node:assert/strict'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'

import { useSandbox } from '../fakes/sandbox.ts'
import { chunkSizes, rawAsk, type RawAnswer } from './raw.ts'

type Row = Record<string, unknown>

describe('sandbox: faults of bodies', () => {
  const sandbox = useSandbox()
  /** Some rows as they are, with every kind of text in them (`Notes`). */
  let usual: RawAnswer
  before(async () => {
    usual = await ask()
  })
  afterEach(async () => sandbox.control.clearQuirks())

  const documents = "/tableapi/odata/Gen_Documents?$filter=Document_No like '_0000000_'"
  const ask = (path = documents, headers: Record<string, string> = {}): Promise<RawAnswer> =>
    rawAsk(encodeURI(sandbox.url + path), { 'x-api-key': sandbox.referenceToken, ...headers })
  const rowsOf = ({ body }: RawAnswer) => (JSON.parse(body.toString()) as { value: Row[] }).value

  describe('rows', () => {
    it('huge-field: a text of the first row', async () => {
      await sandbox.control.quirks({ 'huge-field': 2 })
      const rows = rowsOf(await ask())
      const lengths = rows.map(row => Math.max(...Object.values(row).map(value => String(value).length)))
      assert.equal(lengths[0], 2_000_000)
      assert.ok(lengths.slice(1).every(length => length < 10_000))
      assert.deepEqual(Object.keys(rows[0]!), Object.keys(rowsOf(usual)[0]!), 'of a column that is there')
    })

    it('deep-nesting: in each row, beside what it has', async () => {
      for (const wanted of [1, 2, 101]) {
        await sandbox.control.quirks({ 'deep-nesting': wanted })
        const rows = rowsOf(await ask())
        assert.deepEqual(rows.map(({ Extra_Nested: nested }) => depthOf(nested)), rows.map(() => wanted))
        assert.deepEqual(rows, rowsOf(usual).map((row, index) => ({ ...row, Extra_Nested: rows[index]?.['Extra_Nested'] })))
      }
    })

    it('extra-keys: so many in each row, beside what it has', async () => {
      await sandbox.control.quirks({ 'extra-keys': 6 })
      const rows = rowsOf(await ask())
      const added = rows.map(row => Object.keys(row).filter(key => key.startsWith('Extra_')).length)
      assert.deepEqual(added, rowsOf(usual).map(() => 6))
      for (const [index, row] of rowsOf(usual).entries()) assert.deepEqual({ ...rows[index], ...row }, rows[index])
    })

    it('keys-reversed: the same rows, the other way round', async () => {
      await sandbox.control.quirks({ 'keys-reversed': true })
      const rows = rowsOf(await ask())
      assert.deepEqual(rows, rowsOf(usual))
      assert.deepEqual(Object.keys(rows[0]!), Object.keys(rowsOf(usual)[0]!).reverse())
    })

    it('keeps the digits of numbers', async () => {
      await sandbox.control.quirks({ 'keys-reversed': true, 'extra-keys': true })
      const { body } = await ask('/tableapi/odata/Inv_Current_Balances?$top=1')
      assert.match(body.toString(), /"Base_Cost":12345678901234567890\.10\}/)
    })

    it('meets the rows of the Domain model too', async () => {
      await sandbox.control.quirks({ 'extra-keys': 1 })
      const { body } = await ask('/api/domain/standardmodel')
      for (const row of JSON.parse(body.toString()) as Row[]) assert.equal(row['Extra_1'], 'text')
    })

    it('invalid-utf8: not to be decoded strictly', async () => {
      const strict = new TextDecoder('utf8', { fatal: true })
      strict.decode(usual.body)
      await sandbox.control.quirks({ 'invalid-utf8': true })
      const answer = await ask()
      assert.throws(() => strict.decode(answer.body), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' })
      assert.equal(rowsOf(answer).length, rowsOf(usual).length, 'JSON beside that')
    })

    it('error-after-row: the body ends with an error where a row was due', async () => {
      await sandbox.control.quirks({ 'error-after-row': 3 })
      const { status, body, broken } = await ask()
      assert.deepEqual([status, broken], [200, false])
      const text = body.toString()
      assert.ok(text.endsWith(',{"error":{"code":"","message":"The answer could not be finished."}}'), text.slice(-200))
      assert.equal((JSON.parse(`${text}]}`) as { value: Row[] }).value.length, 4)
    })
  })

  describe('the body', () => {
    it('white-space: around every token, and the same when it is read', async () => {
      await sandbox.control.quirks({ 'white-space': true })
      const answer = await ask()
      assert.match(answer.body.toString(), /^\r\n\t \{ "@odata\.context"\r\n\t : "[^"]+"\r\n\t , "value"\r\n\t : \r\n\t \[ /)
      assert.deepEqual(rowsOf(answer), rowsOf(usual))
    })

    it('unicode-escapes: ASCII alone, and the same when it is read', async () => {
      await sandbox.control.quirks({ 'unicode-escapes': true, 'chunk-bytes': 1000 })
      const answer = await ask()
      assert.ok(usual.body.some(byte => byte > 127))
      assert.ok(answer.body.every(byte => byte < 128))
      const text = answer.body.toString()
      assert.match(text, /\\ud83d\\ude9a/, 'a character beyond 16 bits as two')
      assert.match(text, /:\\\/\\\/127/)
      assert.deepEqual(rowsOf(answer), rowsOf(usual))
    })

    it('content-type: another name, the same body', async () => {
      await sandbox.control.quirks({ 'content-type': true })
      const answer = await ask()
      assert.equal(answer.headers['content-type'], 'text/plain')
      assert.deepEqual(answer.body, usual.body)
      await sandbox.control.quirks({ 'content-type': 'application/json; charset=utf-16' })
      assert.equal((await ask()).headers['content-type'], 'application/json; charset=utf-16')
    })

    it('empty-body: 200 and nothing', async () => {
      await sandbox.control.quirks({ 'empty-body': true })
      const { status, body, broken } = await ask()
      assert.deepEqual([status, body.length, broken], [200, 0, false])
    })

    it('truncate-after-byte: ends properly, in the middle of JSON', async () => {
      await sandbox.control.quirks({ 'truncate-after-byte': 500 })
      const { body, broken } = await ask()
      assert.deepEqual([body, broken], [usual.body.subarray(0, 500), false])
      assert.throws(() => JSON.parse(body.toString()), SyntaxError)
      const long = await ask('/tableapi/odata/Crm_Sales_Order_Lines')
      assert.deepEqual([long.body.length, long.broken], [500, false])
      await sandbox.control.wait({ running: 0, answering: 0 })
    })

    it('several at once', async () => {
      await sandbox.control.quirks({ 'keys-reversed': true, 'white-space': true, 'unicode-escapes': true, 'compression': true })
      const { body } = await ask(documents, { 'accept-encoding': 'gzip' })
      const text = gunzipSync(body).toString()
      assert.match(text, /^\r\n\t \{ /)
      assert.deepEqual((JSON.parse(text) as { value: Row[] }).value, rowsOf(usual))
    })
  })

  describe('compression', () => {
    const unpack = { br: brotliDecompressSync, gzip: gunzipSync, deflate: inflateSync }
    const cases: readonly (readonly [accepted: string, encoding: keyof typeof unpack])[] = [
      ['gzip', 'gzip'], ['deflate', 'deflate'], ['br', 'br'], ['gzip, deflate, br', 'gzip'],
      ['gzip;q=0.5, BR;q=0.9', 'br'], ['zstd, deflate;q=0.1, gzip;q=0', 'deflate'],
    ]
    for (const [accepted, encoding] of cases) {
      it(`${accepted}: ${encoding}`, async () => {
        await sandbox.control.quirks({ compression: true })
        const { headers, body } = await ask(documents, { 'accept-encoding': accepted })
        assert.deepEqual([headers['content-encoding'], headers.vary], [encoding, 'accept-encoding'])
        assert.ok(body.length < usual.body.length)
        assert.deepEqual(unpack[encoding](body), usual.body)
      })
    }

    it('none without the wish, and none without the quirk', async () => {
      await sandbox.control.quirks({ compression: true })
      for (const headers of [{}, { 'accept-encoding': 'identity' }, { 'accept-encoding': 'gzip;q=0, *;q=0' }]) {
        const answer = await ask(documents, headers)
        assert.equal(answer.headers['content-encoding'], undefined)
        assert.deepEqual(answer.body, usual.body)
      }
      await sandbox.control.clearQuirks()
      assert.deepEqual((await ask(documents, { 'accept-encoding': 'gzip' })).body, usual.body)
    })

    it('hands rows on while they stream', async () => {
      await sandbox.control.quirks({ 'compression': true, 'stall-after-row': 3 })
      const response = await fetch(`${sandbox.url}/tableapi/odata/Gen_Documents`, {
        headers: { 'x-api-key': sandbox.referenceToken, 'accept-encoding': 'gzip' },
      })
      assert.equal(response.headers.get('content-encoding'), 'gzip')
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
      let text = ''
      while (!text.includes('"Document_No":')) text += (await reader.read()).value ?? ''
      await sandbox.control.wait({ stalled: 1 })
      await reader.cancel()
      await sandbox.control.wait({ running: 0 })
    })
  })

  describe('chunks', () => {
    it('chunk-bytes: none larger, and the same body', async () => {
      const path = '/tableapi/odata/Gen_Currencies?$top=2'
      const whole = (await ask(path)).body
      for (const bytes of [1, 7]) {
        await sandbox.control.quirks({ 'chunk-bytes': bytes })
        const sizes = await chunkSizes(sandbox.url + path, { 'x-api-key': sandbox.referenceToken })
        assert.equal(Math.max(...sizes), bytes)
        assert.equal(sizes.reduce((sum, size) => sum + size), whole.length)
      }
      await sandbox.control.quirks({ 'chunk-bytes': 1 })
      assert.deepEqual((await ask()).body, usual.body, 'letters and all')
    })

    it('of both APIs, errors too', async () => {
      await sandbox.control.quirks({ 'chunk-bytes': 5 })
      for (const path of ['/api/domain/odata/GetVersion', '/tableapi/odata/Nix']) {
        const sizes = await chunkSizes(sandbox.url + path, { 'x-api-key': sandbox.referenceToken })
        assert.equal(Math.max(...sizes), 5, path)
      }
    })
  })
})

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}
