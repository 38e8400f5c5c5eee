import assert from 'node:assert/strict'
import { isErpError } from '../../../src/core/base/errors.ts'
import { parseCell, splitQuery } from '../../../src/core/query/cell.ts'
import { tokenize } from '../../../src/core/query/lexer.ts'
import { decodeQuery } from '../../../src/core/query/percent.ts'
import { readQuery } from '../../../src/core/query/readQuery.ts'
import { Random } from '../random.ts'

describe('the parts of a cell', () => {
  const text = '# @name docs\r\n@from = 2026-01-01 # start\r\n  @б_2=\r\nT?$top=1 // one\r\n  &$select=A\r\n'
  const cell = parseCell(text)

  it('are its directives and variables', () => {
    assert.deepEqual([cell.name, cell.connection], ['docs', undefined])
    assert.deepEqual(cell.variables.map(({ name, value, range }) => [name, value, text.slice(range.start, range.end)]), [
      ['from', '2026-01-01', 'from'],
      ['б_2', '', 'б_2'],
    ])
  })

  it('are the query, at its own place', () => {
    assert.equal(cell.query.length, text.length)
    assert.equal(cell.query.trim(), 'T?$top=1       \r\n  &$select=A')
    const { resource, options } = splitQuery(cell.query)
    assert.equal(resource, 'T')
    assert.deepEqual(options.map(({ name, value, range, valueRange }) => [
      name, value, text.slice(range.start, range.start + name.length), text.slice(valueRange.start, valueRange.end),
    ]), [['$top', '1', '$top', '1'], ['$select', 'A', '$select', 'A']])
  })

  const directives: [line: string, name: string | undefined][] = [
    ['#@name a', 'a'],
    ['  //  @name   b  ', 'b'],
    ['# @name', undefined],
    ['# @name two words', undefined],
    ['# @names a', undefined],
    ['x # @name a', undefined],
  ]
  for (const [line, name] of directives) {
    it(`${JSON.stringify(line)} names ${name ?? 'nothing'}`, () => assert.equal(parseCell(line).name, name))
  }

  const variables: [line: string, value: string | undefined][] = [
    ['@a = 1', '1'],
    ['@a=x = y', 'x = y'],
    ['@a = \'x # y\' # z', '\'x # y\''],
    ['@a = https://x//y', 'https://x//y'],
    ['@a = {{$prompt Which #?}} # z', '{{$prompt Which #?}}'],
    ['@ a = 1', undefined],
    ['@1 = 1', undefined],
    ['@a', undefined],
    ['x @a = 1', undefined],
    ['T?$filter=A eq \'\n@a = 1\'', undefined],
  ]
  for (const [line, value] of variables) {
    it(`${JSON.stringify(line)} defines ${value ?? 'nothing'}`, () => assert.equal(parseCell(line).variables[0]?.value, value))
  }
})

describe('any text as a cell', () => {
  const pieces = [
    'Gen_Documents', 'https://x/tableapi/odata/T', 'GET ', 'domain/', '?', '&', '=', '$top', '$select', '$filter', '%24', '%27', '%', '+',
    '\'', '\'\'', '{{', '}}', '{{a}}', '{{$guid}}', '(', ')', ',', '/', '#', ' # ', ' // ', '\n', '\r\n', '\r', ' ', '\t', '@a = 1\n', '# @name x\n',
    '2026-01-01', ' eq ', ' in ', 'Ф', '😀', '\ud800', '\0', '\u2028',
  ]

  it('is read without an accident, and nothing of it moves', () => {
    for (let seed = 1; seed <= 5000; seed++) {
      const random = new Random(seed)
      const text = random.some(25, () => random.pick(pieces)).join('')
      const { query } = parseCell(text)
      assert.equal(query.length, text.length, `seed ${seed}`)
      assert.equal(tokenize(query).map(token => token.value).join(''), query, `seed ${seed}`)
      const decoded = decodeQuery(query)
      assert.equal(decoded.length, query.length, `seed ${seed}`)
      try {
        readQuery(decoded)
      } catch (error) {
        const known = (['query-syntax', 'query-option', 'query-empty'] as const).some(code => isErpError(error, code))
        assert.ok(known, `seed ${seed}: ${String(error)}`)
      }
    }
  })

  it('does not take for ever', () => {
    const hard = `T?$filter=A eq '${'{{a}}'.repeat(5000)}`
    assert.throws(() => readQuery(parseCell(hard).query), { code: 'query-syntax' })
  })
})
