import assert from 'node:assert/strict'

import {
  add, canonicalDecimal, ceiling, compareDecimals, type Decimal, divide, divideWhole, floor, multiply, parseDecimal, printDecimal, round,
  subtract, toDouble,
} from '../../../src/core/base/decimal.ts'

const number = (text: string): Decimal => parseDecimal(text) ?? assert.fail(text)

describe('exact decimals', () => {
  const forms: [text: string, printed: string | undefined, canonical?: string][] = [
    ['0', '0', '0'],
    ['-0', '0', '0'],
    ['-0.00', '0.00', '0'],
    ['1.50', '1.50', '1.5'],
    ['100', '100', '100'],
    ['-0.05', '-0.05', '-0.05'],
    ['1E+2', '100', '100'],
    ['1.5e-3', '0.0015', '0.0015'],
    ['12e-1', '1.2', '1.2'],
    ['99999999999999999999999999999999999999', '99999999999999999999999999999999999999', '99999999999999999999999999999999999999'],
    ['123456789012345678901234567890123456.78', '123456789012345678901234567890123456.78', '123456789012345678901234567890123456.78'],
    ['', undefined],
    ['-', undefined],
    ['1,5', undefined],
    ['INF', undefined],
    ['0x10', undefined],
  ]
  for (const [text, printed, canonical] of forms) {
    it(`reads ${JSON.stringify(text)}`, () => {
      const value = parseDecimal(text)
      assert.equal(value && printDecimal(value), printed)
      assert.equal(value && canonicalDecimal(value), canonical)
    })
  }

  it('compares by value, whatever the form', () => {
    const ascending = ['-1e3', '-1.5', '-0.01', '0', '0.0000001', '1', '1.01', '10', '123456789012345678901234567890123456.78', '123456789012345678901234567890123456.79']
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) assert.equal(Math.sign(compareDecimals(number(a), number(b))), Math.sign(i - j), `${a} ${b}`)
    }
    assert.equal(compareDecimals(number('1.0'), number('1')), 0)
  })

  const results: [what: string, value: Decimal, printed: string][] = [
    ['0.1 + 0.2', add(number('0.1'), number('0.2')), '0.3'],
    ['1 + 0.005', add(number('1'), number('0.005')), '1.005'],
    ['0.1 - 0.30', subtract(number('0.1'), number('0.30')), '-0.20'],
    ['1.1 × 1.10', multiply(number('1.1'), number('1.10')), '1.210'],
    ['1 ÷ 3', divide(number('1'), number('3'), 6), '0.333333'],
    ['2 ÷ 3', divide(number('2'), number('3'), 6), '0.666667'],
    ['-2 ÷ 3', divide(number('-2'), number('3'), 6), '-0.666667'],
    ['1 ÷ 8, half away from zero', divide(number('1'), number('8'), 2), '0.13'],
    ['-1 ÷ 8, half away from zero', divide(number('-1'), number('8'), 2), '-0.13'],
    ['1 ÷ -8', divide(number('1'), number('-8'), 2), '-0.13'],
    ['0.000001 ÷ 2', divide(number('0.000001'), number('2'), 6), '0.000001'],
    ['1.005 to 2 places', round(number('1.005'), 2), '1.01'],
    ['-2.5 to whole', round(number('-2.5'), 0), '-3'],
    ['2.4999 to whole', round(number('2.4999'), 0), '2'],
    ['7 to 2 places', round(number('7'), 2), '7.00'],
    ['floor of 1.5', floor(number('1.5')), '1'],
    ['floor of -1.5', floor(number('-1.5')), '-2'],
    ['floor of -2.0', floor(number('-2.0')), '-2'],
    ['ceiling of -1.5', ceiling(number('-1.5')), '-1'],
    ['ceiling of 1.2', ceiling(number('1.2')), '2'],
    ['-7 ÷ 2, whole', divideWhole(number('-7'), number('2')).whole, '-3'],
    ['-7 mod 2', divideWhole(number('-7'), number('2')).rest, '-1'],
    ['5.5 mod 2', divideWhole(number('5.5'), number('2')).rest, '1.5'],
  ]
  for (const [what, value, printed] of results) it(`${what} is ${printed}`, () => assert.equal(printDecimal(value), printed))

  it('is the nearest double', () => assert.equal(toDouble(number('0.1000000000000000055')), 0.1))
})
