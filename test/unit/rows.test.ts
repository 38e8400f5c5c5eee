import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { isErpError } from '../../src/core/base/errors.ts'
import type { Batch } from '../../src/core/execute/batch.ts'
import { Nested, type ResultColumn, type Row } from '../../src/core/execute/result.ts'
import { FieldScanner } from '../../src/core/execute/fieldScanner.ts'
import { RowReader } from '../../src/core/execute/rowReader.ts'
import { RowScanner } from '../../src/core/execute/rowScanner.ts'
import { keysOf } from '../fakes/batch.ts'
import { Random } from './random.ts'

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

  it('reads them whatever comes together', () => {
    const bytes = new TextEncoder().encode(NASTY)
    for (let size = 1; size <= bytes.length; size++) {
      for (const together of [2, 3, Infinity]) {
        assert.deepEqual(readAll(chunks(bytes, size), COLUMNS, together), NASTY_ROWS, `${together} chunks of ${size} bytes`)
      }
    }
  })

  it('gives a row as soon as its last byte is there', () => {
    const scanner = new RowScanner()
    assert.equal(scanner.push(encode('{"value":[{"Id":"a"')), undefined)
    const batch = scanner.push(encode('}'))
    assert.equal(batch?.ends.length, 1)
    assert.deepEqual(keysOf(batch), ['Id'])
  })

  it('takes an empty answer', () => {
    assert.deepEqual(readAll([encode('\ufeff{"value":[]}')]), [])
  })

  it('tells what stands beside the rows', () => {
    const bodies: [body: string, nextLink: string | undefined, count: number | undefined][] = [
      [String.raw`{"@odata.count":3,"value":[{}],"@odata.next\u004cink":"a\"\u0062\/c"}`, 'a"b/c', 3],
      ['{"@odata.count" : "12" ,"value":[],"x":{"@odata.count":5,"@odata.nextLink":"no"}}', undefined, 12],
      ['{"value":[{"@odata.count":5}],"@odata.count":0}', undefined, 0],
      ['{"value":[],"@odata.nextLink":null,"@odata.count":null}', undefined, undefined],
      ['{"value":[],"@odata.nextLink":["a"],"@odata.count":1.5}', undefined, undefined],
      ['{"value":[],"@odata.nextLink":7,"@odata.count":-1}', undefined, undefined],
    ]
    for (const [body, nextLink, count] of bodies) {
      for (const size of [1, 5, 1000]) {
        const scanner = new RowScanner()
        for (const chunk of chunks(encode(body), size)) scanner.push(chunk)
        scanner.end()
        assert.deepEqual([scanner.nextLink, scanner.count], [nextLink, count], body)
      }
    }
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

/** @param together so many chunks at once */
function readAll(body: Iterable<Uint8Array>, columns = COLUMNS, together = 1): Row[] {
  const scanner = new RowScanner()
  const reader = new RowReader(columns)
  const rows: Row[] = []
  const take = (batch: Batch | undefined): void => {
    for (let index = 0; index < (batch?.ends.length ?? 0); index++) rows.push(reader.read(batch!, index))
  }
  const all = [...body]
  while (all.length > 0) take(scanner.push(...all.splice(0, together)))
  scanner.end()
  return rows
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function* chunks(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

describe('row scanner and reader on bodies made by chance', () => {
  const NAMES = ['Id', 'Amount', 'Count', 'State', 'Notes', 'Кафе', 'a"b', 'value', 'x'.repeat(40)]
  const columns = NAMES.map((name, index): ResultColumn => ({ name, type: ['Edm.Guid', 'Edm.Decimal', 'Edm.Int64', 'Edm.Double'][index] ?? 'Edm.String' }))
  const STRINGS = [
    '', 'a', '}', '{"x":[', '],"value":[', '"', '\\', '\\"', '\\'.repeat(97), '\\'.repeat(63) + '"', 'Винт', '😀',
    '\u0000\u001f\u2028', '\n\t\r', 'x'.repeat(70), '},{', ' '.repeat(64),
  ]
  const NUMBERS = ['0', '-0', '0.10', '1E400', '-12345678901234567890.10', '9007199254740993', '1e-7', '0.000001', '42', '-7', '1.5', '123456789012345678901234567890.12345678']
  const SPACES = ['', '', '', ' ', '\n', '\t \r\n', ' '.repeat(65)]

  /** JSON of a value, and what it is read as in a column of that type. */
  function value(random: Random, type: string): [json: string, value: unknown] {
    const kind = random.below(8)
    if (kind === 0) return ['null', null]
    if (kind === 1) return ['true', true]
    if (kind === 2) {
      const nested = `{"value" : [${random.pick(NUMBERS)}, {"]}":${JSON.stringify(random.pick(STRINGS))}}]}`
      return [nested, new Nested(nested)]
    }
    if (kind < 6) {
      const text = random.pick(STRINGS) + random.pick(STRINGS)
      const plain = JSON.stringify(text)
      return [random.below(3) > 0 ? plain : `"${Array.from(text, escaped).join('')}"`, text]
    }
    const number = random.pick(NUMBERS)
    if (type === 'Edm.Decimal' || type === 'Edm.Int64') return [number, number]
    if (type === 'Edm.Double') return [number, Number.isFinite(Number(number)) ? Number(number) : number]
    return [number, String(Number(number)) === number ? Number(number) : number]
  }

  function escaped(character: string): string {
    return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('')
  }

  function row(random: Random): [json: string, row: Row] {
    const read: unknown[] = NAMES.map(() => null)
    const space = () => random.pick(SPACES)
    const members = random.some(12, () => {
      const index = random.below(NAMES.length + 2)
      const name = NAMES[index] ?? `Extra_${random.below(5)}`
      const [json, was] = value(random, columns[index]?.type ?? '')
      if (index < NAMES.length) read[index] = was
      const key = random.below(5) > 0 ? JSON.stringify(name) : `"${Array.from(name, escaped).join('')}"`
      return `${space()}${key}${space()}:${space()}${json}${space()}`
    })
    return [`{${members.length > 0 ? members.join(',') : space()}}`, read as Row]
  }

  it('reads what JSON.parse reads, exactly, whatever the cut', () => {
    for (let seed = 1; seed <= 150; seed++) {
      const random = new Random(seed)
      const rows = random.some(30, () => row(random))
      const space = () => random.pick(SPACES)
      const before = random.pick(['', '"@odata.context":"[{\\"value\\":[{", ', '"a":[{"value":[1]}], "b":"\\\\", '])
      const after = random.pick(['', ', "value":[{"Id":1}]', ',"@odata.count":3'])
      const body = encode(`${space()}{${before}"value"${space()}:${space()}[${space()}${rows.map(([json]) => json).join(`${space()},${space()}`)}${space()}]${after}${space()}}${space()}`)
      assert.equal((JSON.parse(new TextDecoder().decode(body)) as { value: unknown[] }).value.length, after.includes('value') ? 1 : rows.length)
      assert.deepEqual(readAll(cutByChance(random, body), columns), rows.map(([, read]) => read), `seed ${seed}`)
    }
  })

  it('keeps all rows that came before the body was broken', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed)
      const rows = Array.from({ length: 20 }, () => row(random))
      const [first, second] = [rows.slice(0, 10), rows.slice(10)].map(half => half.map(([json]) => json).join(','))
      const good = encode(`{"value":[${first}`)
      const bad = encode(random.pick([',,', '1', ']]', `,1,${second}`, ',"x"', ',[', '{}', ',null', `x,${second}`]))
      const scanner = new RowScanner()
      let found = 0
      assert.throws(() => {
        for (const chunk of cutByChance(random, Buffer.concat([good, bad]))) found += scanner.push(chunk)?.ends.length ?? 0
        scanner.end()
      }, error => isErpError(error))
      assert.equal(found, 10, `seed ${seed}`)
    }
  })
})

describe('field scanner', () => {
  it('says where values are, and 0 where there are none', () => {
    const batch = new RowScanner().push(encode(String.raw`{"value":[{"a":1,"b":"x}"},{"b" : [2,"]"] ,"\u0061":{"a":3}},{},{"b":1,"b":"2"}]}`))!
    const { starts, ends, rows, width, bytes } = new FieldScanner(['b', 'nowhere', 'a']).scan(batch)
    const texts = [...starts].map((start, index) => start === 0 ? undefined : new TextDecoder().decode(bytes.subarray(start, ends[index])))
    assert.deepEqual([rows, width], [4, 3])
    assert.deepEqual(texts, [
      '"x}"', undefined, '1',
      '[2,"]"]', undefined, '{"a":3}',
      undefined, undefined, undefined,
      '"2"', undefined, undefined,
    ])
  })

  it('knows more keys than it can remember', () => {
    const columns = Array.from({ length: 3000 }, (_, index) => `Column_${index}_${'y'.repeat(30)}`)
    const json = `{${columns.map((name, index) => `"${name}":${index}`).join(',')}}`
    const batch = new RowScanner().push(encode(`{"value":[${json},${json}]}`))!
    const scanner = new FieldScanner(columns)
    for (let time = 0; time < 2; time++) {
      const { starts, ends, bytes } = scanner.scan(batch)
      for (const [place, start] of starts.entries()) {
        assert.equal(new TextDecoder().decode(bytes.subarray(start, ends[place])), String(place % 3000))
      }
    }
  })

  const broken = ['{', '{"a"}', '{"a":}', '{"a":1', '{"a":1,}', '{,}', '{"a":"x}', '{"a":[1}', '{"a":[}', '{"a":{"b":1}', '[]', 'x', '', '{"a":1}}', '{"a":1} ', '{"a":"\\', '{"a":\0}', '{"a":1 2}']
  for (const row of broken) {
    it(`refuses the row ${JSON.stringify(row)}, alone and before another`, () => {
      for (const text of [row, `${row},{"a":"x"}`]) {
        const batch = { bytes: new Uint8Array(encode(text)), ends: Uint32Array.from(text === row ? [row.length] : [row.length, text.length]) }
        assert.throws(() => new FieldScanner(['a']).scan(batch), error => isErpError(error, 'unexpected-answer'))
      }
    })
  }
})

describe('an error in place of a row', () => {
  const ERROR = '{"error":{"code":"","message":"The answer could not be finished."}}'

  const SPACED = '{\r\n  "error" : { "message": "The answer could not be finished." }\r\n}'
  const BARE = '{"message":"The answer could not be finished.","code":0,"type":"X","info":null}'

  for (const [how, written] of [['close together', ERROR], ['with white space', SPACED], ['bare', BARE]] as const) {
    it(`ends the rows with what the server said: ${how}`, () => {
      for (const size of [1, 7, 1000]) {
        const scanner = new RowScanner()
        let rows = 0
        for (const chunk of chunks(encode(`{"value":[{"Id":1},{"Id":2},${written}`), size)) rows += scanner.push(chunk)?.ends.length ?? 0
        assert.equal(rows, 2)
        assert.throws(() => scanner.end(), error =>
          isErpError(error, 'server-error') && error.facts['message'] === 'The answer could not be finished.')
      }
    })
  }

  it('is none where a row only begins like one', () => {
    for (const row of ['{"message":"a"}', '{"error":"a","Id":1}', '{"error":{}x}']) {
      const scanner = new RowScanner()
      assert.equal(scanner.push(encode(`{"value":[{"Id":1},${row}`))?.ends.length, 2)
      assert.throws(() => scanner.end(), error => isErpError(error, 'connection-cut'))
    }
  })

  it('is a row like others where the body goes on', () => {
    for (const rest of [']}', ',{"error":1}]}', `,${ERROR},{}]}`]) {
      for (const size of [1, 7, 1000]) {
        const found = readAll(chunks(encode(`{"value":[{"Id":"a"},${ERROR}${rest}`), size))
        assert.equal(found.length, 2 + (rest.match(/[,]\{/g)?.length ?? 0))
      }
    }
  })
})

describe('WebAssembly', () => {
  it('is what its source compiles to', async () => {
    const script = new URL('../../scripts/wasm.mjs', import.meta.url).href
    const { compileAll } = await import(script) as { compileAll: () => Promise<Map<string, string>> }
    for (const [file, text] of await compileAll()) assert.equal(readFileSync(file, 'utf8'), text, `run node scripts/wasm.mjs: ${file}`)
  })
})

function* cutByChance(random: Random, bytes: Uint8Array): Generator<Uint8Array> {
  const most = random.pick([3, 20, 200, 5000])
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + random.below(most)
    yield bytes.subarray(at, end)
    at = end
  }
}
