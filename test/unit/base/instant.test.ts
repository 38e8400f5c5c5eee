import assert from 'node:assert/strict'

import {
  compareInstants, endOfSecond, type Instant, parseDate, parseTime, printDate, printDuration, printTime, startOfDay, startOfSecond, timeOfDay,
} from '../../../src/core/base/instant.ts'

const date = (text: string): Instant => parseDate(text) ?? assert.fail(text)

describe('dates and times', () => {
  const dates: [text: string, printed: string | undefined][] = [
    ['2026-01-01', '2026-01-01T00:00:00Z'],
    ['2026-01-01Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T10:20', '2026-01-01T10:20:00Z'],
    ['2026-01-01T10:20:30+02:00', '2026-01-01T08:20:30Z'],
    ['2026-01-01T00:00:00-05:30', '2026-01-01T05:30:00Z'],
    ['2026-01-01T00:00:00.120Z', '2026-01-01T00:00:00.12Z'],
    ['2026-01-01T00:00:00.123456789012Z', '2026-01-01T00:00:00.123456789012Z'],
    ['1969-12-31T23:59:59.9Z', '1969-12-31T23:59:59.9Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['9999-12-31T23:59:59.9999999Z', '9999-12-31T23:59:59.9999999Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['2023-02-29', undefined],
    ['2026-13-01', undefined],
    ['2026-01-01T24:00:00Z', undefined],
    ['2026-01-01T10:60:00Z', undefined],
    ['2026-01-01t10:20:30z', '2026-01-01T10:20:30Z'],
    ['2026-01-01T10:00:00+24:00', undefined],
    ['2026-01-01T10:00:00-00:60', undefined],
    ['26-01-01', undefined],
    ['x', undefined],
  ]
  for (const [text, printed] of dates) {
    it(`reads ${text}`, () => {
      const value = parseDate(text)
      assert.equal(value && printDate(value), printed)
    })
  }

  for (const [text, printed] of [
    ['PT09H30M00S', 'PT9H30M'], ['PT36H', 'P1DT12H'], ['P2D', 'P2D'], ['-PT0.5S', '-PT0.5S'], ['PT00H', 'PT0S'], ['10:20', 'PT10H20M'],
    ['-P1DT2H3M4.000000000001S', '-P1DT2H3M4.000000000001S'], ['PT60.123456789S', 'PT1M0.123456789S'],
  ] as const) {
    it(`prints ${text} as a length of time`, () => assert.equal(printDuration(parseTime(text) ?? assert.fail(text)), printed))
  }

  const times: [text: string, printed: string | undefined][] = [
    ['10:20:30', '10:20:30'],
    ['10:20', '10:20:00'],
    ['23:59:59.9999999', '23:59:59.9999999'],
    ['PT9H30M', '09:30:00'],
    ['PT0.5S', '00:00:00.5'],
    ['PT1H', '01:00:00'],
    ['24:00:00', undefined],
    ['PT', undefined],
    ['P', undefined],
    ['x', undefined],
  ]
  for (const [text, printed] of times) {
    it(`reads ${text}`, () => {
      const value = parseTime(text)
      assert.equal(value && printTime(value), printed)
    })
  }

  it('orders to the last digit, and lengths of time below zero', () => {
    const ascending = ['0001-01-01', '1969-12-31T23:59:59.999999999999Z', '1970-01-01', '1970-01-01T00:00:00.000000000001Z', '1970-01-01T00:00:00.001Z', '9999-12-31']
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) assert.equal(Math.sign(compareInstants(date(a), date(b))), Math.sign(i - j), `${a} ${b}`)
    }
    const lengths = ['-PT2S', '-PT1.5S', '-PT1S', 'PT0S', 'PT0.1S'].map(text => parseTime(text) ?? assert.fail(text))
    for (const [i, a] of lengths.entries()) for (const [j, b] of lengths.entries()) assert.equal(Math.sign(compareInstants(a, b)), Math.sign(i - j))
  })

  it('is moved to whole seconds and days', () => {
    assert.equal(printDate(startOfSecond(date('1969-12-31T23:59:58.5Z'))), '1969-12-31T23:59:58Z')
    assert.equal(printDate(endOfSecond(date('1969-12-31T23:59:58.5Z'))), '1969-12-31T23:59:59Z')
    assert.equal(printDate(endOfSecond(date('2026-01-01T00:00:01.000000000001Z'))), '2026-01-01T00:00:02Z')
    assert.equal(printDate(endOfSecond(date('2026-01-01T00:00:01Z'))), '2026-01-01T00:00:01Z')
    assert.equal(printDate(startOfDay(date('1969-12-31T23:59:58.5Z'))), '1969-12-31T00:00:00Z')
    assert.equal(printTime(timeOfDay(date('1969-12-31T23:59:58.5Z'))), '23:59:58.5')
  })
})
