import assert from 'node:assert/strict'
import { isErpError } from '../../src/core/base/errors.ts'
import type { Batch } from '../../src/core/execute/batch.ts'
import type { ResultColumn, Row } from '../../src/core/execute/result.ts'
import { rowKeys } from '../../src/core/execute/fieldScanner.ts'
import { RowReader } from '../../src/core/execute/rowReader.ts'
import { RowScanner } from '../../src/core/execute/rowScanner.ts'

const COLUMNS: ResultColumn[] = [
  { name: 'Id', type: 'Edm.Guid' },
  { name: 'Amount', type: 'Edm.Decimal' },
  { name: 'Count', type: 'Edm.Int64' },
  { name: 'State', type: 'Edm.Int32' },
  { name: 'Notes', type: 'Edm.String' },
]

const NASTY = String.raw`{"@odata.context":"x \"value\":[ y","extra":{"value":[{"no":1}],"more":[1,[2]]},"value" :
 [ {"Id":"a","Amount":12345678901234567890.10,"Count":9007199254740993,"State":30,"Notes":"},{\"Id\":\"x\"\\"} ,
 {"Notes":"Кафе ☕ \u00e9\n","State" : null , "Unknown":{"a":[1,"]}"]},"Count":"-9007199254740993","Amount":"0.10","Id":"b"},
 {} ] , "@odata.count":3, "value":[1]}` + '\n'

const NASTY_ROWS: Row[] = [
  ['a', '12345678901234567890.10', '9007199254740993', 30, '},{"Id":"x"\\'],
  ['b', '0.10', '-9007199254740993', null, 'Кафе ☕ é\n'],
  [null, null, null, null, null],
]

describe('row scanner and reader', () => {
  it('reads exact rows whatever the cut', () => {
    const bytes = new TextEncoder().encode(NASTY)
    for (let size = 1; size <= bytes.length; size++) {
      assert.deepEqual(readAll(chunks(bytes, size)), NASTY_ROWS, `chunks of ${size} bytes`)
    }
  })

  it('gives a row as soon as its last byte is there', () => {
    const scanner = new RowScanner()
    assert.equal(scanner.push(encode('{"value":[{"Id":"a"')), undefined)
    const batch = scanner.push(encode('}'))
    assert.equal(batch?.ends.length, 1)
    assert.deepEqual(rowKeys(batch, 0), ['Id'])
    assert.equal(scanner.rows, 1)
  })

  it('takes an empty answer', () => {
    assert.deepEqual(readAll([encode('\ufeff{"value":[]}')]), [])
  })

  const broken: [what: string, body: string, code: string][] = [
    ['cut in a row', '{"value":[{"Id":"a"},{"Id":"b', 'connection-cut'],
    ['cut between rows', '{"value":[{"Id":"a"},', 'connection-cut'],
    ['cut after the rows', '{"value":[{"Id":"a"}]', 'connection-cut'],
    ['nothing at all', '', 'connection-cut'],
    ['not an object', '[{"Id":"a"}]', 'unexpected-answer'],
    ['no value', '{"name":"x"}', 'unexpected-answer'],
    ['value is no array', '{"value":{"Id":"a"}}', 'unexpected-answer'],
    ['rows are no objects', '{"value":[1]}', 'unexpected-answer'],
    ['no comma between rows', '{"value":[{} {}]}', 'unexpected-answer'],
    ['a comma too many', '{"value":[{},]}', 'unexpected-answer'],
    ['something behind the end', '{"value":[]} x', 'unexpected-answer'],
  ]
  for (const [what, body, code] of broken) {
    it(`refuses: ${what}`, () => {
      assert.throws(() => readAll([encode(body)]), error => isErpError(error) && error.code === code)
    })
  }

  it('tells how many rows came before the cut', () => {
    assert.throws(() => readAll([encode('{"value":[{},{},{')]), error => isErpError(error) && error.facts['rows'] === 2)
  })

  const badRows = ['{"Id":tru}', '{"Id":01}', '{"Id":1.}', '{"Id" "a"}', '{"Id":"a" "State":1}', '{Id:1}', '{"Id":}', String.raw`{"Id":"\x"}`]
  for (const row of badRows) {
    it(`refuses the row ${row}`, () => {
      assert.throws(() => readAll([encode(`{"value":[${row}]}`)]), error => isErpError(error, 'unexpected-answer'))
    })
  }

  const numbers: [type: string, wire: string, value: string | number][] = [
    ['Edm.Decimal', '0.10', '0.10'],
    ['Edm.Decimal', '1E+2', '1E+2'],
    ['Edm.Int64', '-9223372036854775808', '-9223372036854775808'],
    ['Edm.Int32', '42', 42],
    ['Edm.Double', '1.50', 1.5],
    ['Edm.String', '42', 42],
    ['Edm.String', '1.50', '1.50'],
    ['Edm.String', '9007199254740993', '9007199254740993'],
  ]
  for (const [type, wire, value] of numbers) {
    it(`keeps ${wire} of ${type} exact`, () => {
      assert.deepEqual(readAll([encode(`{"value":[{"N":${wire}}]}`)], [{ name: 'N', type }]), [[value]])
    })
  }

  it('keeps a byte order mark inside a string', () => {
    assert.deepEqual(readAll([encode('{"value":[{"Notes":"\ufeffx"}]}')], [{ name: 'Notes', type: 'Edm.String' }]), [['\ufeffx']])
  })
})

function readAll(body: Iterable<Uint8Array>, columns = COLUMNS): Row[] {
  const scanner = new RowScanner()
  const reader = new RowReader(columns)
  const rows: Row[] = []
  const take = (batch: Batch | undefined): void => {
    for (let index = 0; index < (batch?.ends.length ?? 0); index++) rows.push(reader.read(batch!, index))
  }
  for (const chunk of body) take(scanner.push(chunk))
  scanner.end()
  return rows
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function* chunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
