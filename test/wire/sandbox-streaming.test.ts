import assert from 'node:assert/strict'

import { startSandbox, type SandboxUnderTest } from '../fakes/sandbox.ts'

describe('sandbox: streams and limits', () => {
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

  it('writes no faster than the client reads, and stops reading the database when it goes', async () => {
    await sandbox.stop()
    sandbox = await startSandbox({ rows: 30_000 })
    const cancel = new AbortController()
    const response = await ask(lines, cancel.signal)
    const { running } = await sandbox.control.wait({ rows: 1 })
    assert.equal(running.length, 1)
    cancel.abort()
    await assert.rejects(response.text())
    await sandbox.control.wait({ running: 0, tableSockets: 0 })
  }).timeout(60_000)

  it('runs two at a time, queues five, refuses the eighth, and lets the queue in afterwards', async () => {
    const stalled: Promise<Response>[] = []
    for (let count = 1; count <= 2; count += 1) {
      await sandbox.control.quirks({ 'stall-after-row': true })
      stalled.push(ask(lines))
      await sandbox.control.wait({ stalled: count })
    }
    const queued = Array.from({ length: 5 }, () => ask(lines))
    await sandbox.control.wait({ queued: 5 })
    const refused = await ask(lines)
    assert.equal(refused.status, 429)
    assert.equal(refused.headers.get('retry-after'), '1')
    await refused.text()
    await sandbox.control.release()
    for (const answer of [...stalled, ...queued]) assert.equal(countRows(await (await answer).text()), 2000)
  })

  it('forgets a queued request whose client has gone', async () => {
    await sandbox.control.limits({ concurrent: 1 })
    await sandbox.control.quirks({ 'stall-after-row': true })
    const running = ask(lines)
    await sandbox.control.wait({ stalled: 1 })
    const cancel = new AbortController()
    const waiting = ask(lines, cancel.signal)
    await sandbox.control.wait({ queued: 1 })
    cancel.abort()
    await assert.rejects(waiting)
    await sandbox.control.wait({ queued: 0 })
    await sandbox.control.release()
    await (await running).text()
    assert.equal(countRows(await (await ask(lines)).text()), 2000)
  })

  it('allows so many requests a minute, for each session', async () => {
    await sandbox.control.limits({ perMinute: 3 })
    const statuses = []
    for (let count = 0; count < 4; count += 1) {
      const response = await ask('tableapi/odata/')
      await response.text()
      statuses.push(response.status)
      if (response.status === 429) assert.ok(Number(response.headers.get('retry-after')) >= 1)
    }
    assert.deepEqual(statuses, [200, 200, 200, 429])
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
