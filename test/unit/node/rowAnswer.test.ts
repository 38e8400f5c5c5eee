import assert from 'node:assert/strict'
import { rowBytes } from '../../../src/core/execute/batch.ts'
import { bodyOf } from '../../../src/node/body.ts'
import { type RowAnswer, rowAnswer, wholeAnswer } from '../../../src/node/run/rowAnswer.ts'

const rowsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => JSON.stringify({ Id: index, Text: 'x'.repeat(index % 500) }))

function answerOf(rows: readonly string[], pieceBytes: number): RowAnswer {
  const bytes = Buffer.from(`{"value":[${rows.join(',')}],"@odata.count":${rows.length}}`)
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield await Promise.resolve(bytes.subarray(at, at + pieceBytes))
  }
  return rowAnswer(bodyOf(pieces()), () => undefined)
}

async function read(answer: RowAnswer): Promise<{ rows: string[], largest: number }> {
  const rows: string[] = []
  let largest = 0
  for (let batch = await answer.next(); batch !== undefined; batch = await answer.next()) {
    for (let row = 0; row < batch.ends.length; row++) rows.push(Buffer.from(rowBytes(batch, row)).toString())
    largest = Math.max(largest, batch.bytes.length)
  }
  return { rows, largest }
}

describe('the rows of an answer', () => {
  const rows = rowsOf(3000)
  for (const pieceBytes of [100, 65_536, 300_000, 2_000_000]) {
    it(`come in batches of about 64 KB, when the body comes in pieces of ${pieceBytes} bytes`, async () => {
      const answer = answerOf(rows, pieceBytes)
      const { rows: come, largest } = await read(answer)
      assert.deepEqual(come, rows)
      assert.ok(largest < 131_072, String(largest))
      assert.deepEqual(answer.end(), { nextLink: undefined, count: 3000 })
    })
  }

  it('are all there, and end well, before the first is given, when they are wanted whole', async () => {
    const whole = await wholeAnswer(answerOf(rows, 65_536))
    assert.deepEqual((await read(whole)).rows, rows)
    const cut = rowAnswer(bodyOf(cutBody()), () => undefined)
    await assert.rejects(wholeAnswer(cut), { code: 'connection-cut' })
  })

  it('stream after all when they are many, though they are wanted whole', async () => {
    const many = rowsOf(40_000)
    const whole = await wholeAnswer(answerOf(many, 262_144))
    assert.deepEqual((await read(whole)).rows, many)
  })
})

async function* cutBody(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('{"value":[{"Id":1},'))
}
