import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { RowScanner } from '../../../src/core/execute/rowScanner.ts'
import { NdjsonFile } from '../../../src/node/ndjsonFile.ts'

describe('rows in a file of NDJSON', () => {
  let folder: string
  let handle: FileHandle

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'erpnet-ndjson-'))
    handle = await open(join(folder, 'rows'), 'w')
  })
  afterEach(async () => {
    await handle.close()
    rmSync(folder, { recursive: true })
  })

  /** Each body comes as one batch. */
  async function written(...bodies: readonly string[]): Promise<string[]> {
    const file = new NdjsonFile(handle)
    for (const body of bodies) {
      const batch = new RowScanner().push(new TextEncoder().encode(`{"value":[${body}]}`))
      if (batch !== undefined) await file.add(batch)
    }
    await file.end()
    const text = readFileSync(join(folder, 'rows'), 'utf8')
    assert.ok(text === '' || text.endsWith('\n'))
    return text.split('\n').slice(0, -1)
  }

  it('stand each on a line, as they came', async () => {
    assert.deepEqual(await written('{"a":1.10} , {"a":"Винт },{"}', '', '{}'), ['{"a":1.10}', '{"a":"Винт },{"}', '{}'])
  })

  it('lose line breaks between their tokens, and none in a text', async () => {
    assert.deepEqual(await written('{"a":\r\n"x\\ny",\n"b":2},\n{"a":3}'), ['{"a":  "x\\ny", "b":2}', '{"a":3}'])
  })

  it('are all there, however many and however long', async () => {
    const rows = Array.from({ length: 300 }, (_, index) => `{"a":"${String(index).repeat(index * 10)}"}`)
    const longest = `{"a":"${'x'.repeat(1_000_000)}"}`
    const found = await written(...rows.map(row => `${row},{"b":1}`), longest, '{"c":2}')
    assert.deepEqual(found, [...rows.flatMap(row => [row, '{"b":1}']), longest, '{"c":2}'])
  })

  it('are none where there are none', async () => {
    assert.deepEqual(await written(), [])
  })

  it('say when they can’t be written', async () => {
    await handle.close()
    await assert.rejects(written('{}'), { code: 'EBADF' })
    handle = await open(join(folder, 'rows'), 'w')
  })
})
