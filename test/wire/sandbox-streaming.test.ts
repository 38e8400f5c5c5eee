import assert from 'node:assert/strict'

import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

describe('sandbox: streams', () => {
  let sandbox: SandboxUnderTest
  beforeEach(async () => { sandbox = await startSandbox({ rows: 2000 }) })
  afterEach(async () => sandbox.stop())

  const ask = (path: string, signal?: AbortSignal) =>
    fetch(`${sandbox.url}/${path}`, { headers: { 'x-api-key': sandbox.referenceToken }, ...(signal ? { signal } : {}) })
  const lines = 'tableapi/odata/Crm_Sales_Order_Lines'
  const countRows = (text: string) => text.split('"Sales_Order_Line_Id":').length - 1

  /** Reads an answer piece by piece, until what has come fits. */
  function readerOf(response: Response) {
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    return async (fits: (text: string) => boolean): Promise<string> => {
      while (!fits(text)) {
        const { done, value } = await reader.read()
        if (done) break
        text += value
      }
      return text
    }
  }
  const toTheEnd = () => false

  it('answers in chunks, and ends', async () => {
    const response = await ask(lines)
    assert.equal(response.headers.get('transfer-encoding'), 'chunked')
    assert.equal(response.headers.get('content-length'), null)
    assert.equal(countRows(await response.text()), 2000)
    assert.deepEqual((await sandbox.control.wait({ running: 0 })).running, [])
  })

  it('stalls after row 10, shows ten rows, and goes on when released', async () => {
    await sandbox.control.quirks({ 'stall-after-row': true })
    const response = await ask(lines)
    const state = await sandbox.control.wait({ stalled: 1 })
    assert.equal(state.running[0]?.rows, 10)
    assert.equal(state.running[0].table, 'Crm_Sales_Order_Lines')
    const read = readerOf(response)
    assert.equal(countRows(await read(text => countRows(text) >= 10)), 10)
    assert.equal(countRows(await (await ask(lines)).text()), 2000, 'only one request stalls')
    await sandbox.control.release()
    assert.equal(countRows(await read(toTheEnd)), 2000)
  })

  it('stalls once, also after the last row', async () => {
    await sandbox.control.quirks({ 'stall-after-row': 4 })
    const answer = ask('tableapi/odata/Gen_Currencies')
    await sandbox.control.wait({ stalled: 1 })
    await sandbox.control.release()
    assert.equal((await (await answer).json() as { value: unknown[] }).value.length, 4)
  })

  it('frees the socket when the client goes', async () => {
    await sandbox.control.quirks({ 'stall-after-row': true })
    const cancel = new AbortController()
    const response = await ask(lines, cancel.signal)
    await readerOf(response)(text => countRows(text) >= 10)
    assert.equal((await sandbox.control.state()).tableSockets, 1)
    cancel.abort()
    const { sockets } = await sandbox.control.wait({ running: 0, sockets: 0 })
    assert.equal(sockets, 0)
  })

  describe('of 100,000 rows', () => {
    beforeEach(async () => {
      await sandbox.stop()
      sandbox = await startSandbox({ rows: 100_000 })
    })

    /** Asks for all lines and reads nothing; gives the state in which the answer goes on no more. */
    async function heldBack(signal: AbortSignal) {
      const response = await ask(lines, signal)
      let before = await sandbox.control.wait({ rows: 1 })
      for (;;) {
        // Others are answered meanwhile, so it had its turns.
        await (await ask(`${lines}?$top=1000`)).text()
        const now = await sandbox.control.wait({ rows: 1 })
        if (now.running[0]?.rows === before.running[0]?.rows) return { response, run: now.running[0]! }
        before = now
      }
    }

    it('reads no row that the client does not take, and holds none', async () => {
      const cancel = new AbortController()
      const { response, run } = await heldBack(cancel.signal)
      assert.ok(run.rows < 50_000, `${run.rows} rows were read for nobody`)
      await (await ask(`${lines}?$top=20000`)).text()
      const [after] = (await sandbox.control.state()).running
      assert.deepEqual(after, run)
      cancel.abort()
      await assert.rejects(response.text())
      await sandbox.control.wait({ running: 0 })
    })

    it('goes on where it was held back, with every row once', async () => {
      const { response } = await heldBack(new AbortController().signal)
      const { value } = await response.json() as { value: { Sales_Order_Line_Id: string }[] }
      assert.equal(value.length, 100_000)
      assert.equal(new Set(value.map(row => row.Sales_Order_Line_Id)).size, 100_000)
    })

    it('stops at once when the client goes', async () => {
      const cancel = new AbortController()
      const { response } = await heldBack(cancel.signal)
      cancel.abort()
      await assert.rejects(response.text())
      await sandbox.control.wait({ running: 0, tableSockets: 1 })
    })

    it('stops at once when the client goes while nothing is found', async () => {
      const cancel = new AbortController()
      const waiting = ask(`${lines}?$filter=Product_Description%20like%20'%25nowhere%25'`, cancel.signal)
      await sandbox.control.wait({ running: 1 })
      cancel.abort()
      await assert.rejects(waiting)
      await sandbox.control.wait({ running: 0 })
    })
  })

  it('no-licence: no new session is opened, one that is open goes on', async () => {
    await sandbox.control.quirks({ 'no-licence': true })
    const refused = await ask(`${lines}?$top=1`)
    assert.equal(refused.status, 500)
    assert.match(await refused.text(), /MaximumLicenseCountExceeded/)
    await sandbox.control.clearQuirks()
    assert.equal((await ask(`${lines}?$top=1`)).status, 200)
    await sandbox.control.quirks({ 'no-licence': true })
    assert.equal((await ask(`${lines}?$top=1`)).status, 200)
  })
})
